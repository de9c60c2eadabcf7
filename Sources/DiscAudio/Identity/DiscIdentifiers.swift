public import LibCrypto
import LinuxCalls

/// The names of a disc with audio in the databases that know such discs.
///
/// All follow from the table of contents. Of an image that lacks a pregap before track 1, a track of
/// data or a session that the disc has, they are those of another disc.
public struct DiscIdentifiers: Hashable, Sendable {
    /// The name in AccurateRip.
    public let accurateRip: AccurateRipID
    /// The disc id of MusicBrainz, of the first session alone.
    public let musicBrainz: String
    /// What MusicBrainz is asked with where it does not know the id: first and last track, lead-out and
    /// starts, counted from the pause before track 1 on.
    public let musicBrainzTOC: String
    /// The id of the table of contents in the CUETools Database, of the audio alone.
    public let ctdb: String
    /// What that database is asked with: all starts, those of data with a minus, and the lead-out.
    public let ctdbTOC: String

    /// Makes the names of a disc.
    ///
    /// - Throws: ``LibCrypto/DigestError`` if the system's OpenSSL does not make SHA-1.
    public init(_ toc: AudioTOC) throws(DigestError) {
        accurateRip = AccurateRipID(toc)
        (musicBrainz, musicBrainzTOC) = try Self.musicBrainz(toc)
        ctdb = try Self.ctdb(toc)
        ctdbTOC =
            (toc.tracks.map { ($0.isAudio ? "" : "-") + String($0.start) } + [String(toc.leadOut)])
            .joined(separator: ":")
    }

    /// The freedb id in eight digits.
    public var freedb: String { Hexadecimal.word(accurateRip.freedb) }

    /// Where AccurateRip's server has its answer.
    public var accurateRipURL: String {
        "\(WebAddress.accurateRip)\(accurateRip.serverPath)"
    }

    /// Where the server of the CUETools Database answers.
    public var ctdbURL: String { "\(WebAddress.ctdb)\(ctdbQuery)" }

    /// What a server of the CUETools Database is asked.
    var ctdbQuery: String {
        "lookup2.php?version=3&ctdb=1&fuzzy=1&metadata=none&toc=\(ctdbTOC)"
    }

    /// What a server of MusicBrainz is asked.
    ///
    /// Where it does not know the disc's id, it looks for similar tables of contents.
    var musicBrainzQuery: String {
        "ws/2/discid/\(musicBrainz)?inc=artist-credits+recordings+labels&cdstubs=no&fmt=json&toc=\(musicBrainzTOC)"
    }

    /// The id and the query of MusicBrainz: SHA-1 over the numbers of the first session's tracks, its
    /// lead-out and its starts.
    private static func musicBrainz(_ toc: AudioTOC) throws(DigestError) -> (String, String) {
        let session = toc.tracks.first?.session
        let tracks = toc.tracks.filter { $0.session == session }
        let (first, last) = (tracks.first?.number ?? 1, tracks.last?.number ?? 1)
        // With one session it is the disc's lead-out, as the last track ends there.
        let end = (tracks.last?.end ?? toc.leadOut) + 150
        let starts = tracks.map { $0.start + 150 }
        let numbers = [first, last].map { Hexadecimal.upperWord($0).suffix(2) }.joined()
        let fields = [end] + starts + Array(repeating: 0, count: max(0, 99 - starts.count))
        let text = numbers + fields.map(Hexadecimal.upperWord).joined()
        let query = ([first, last, end] + starts).map { String($0) }.joined(separator: "+")
        return (try sha1(text), query)
    }

    /// The id of a table of contents: SHA-1 over where the audio tracks after the first begin and the
    /// last ends, counted from the first one's start on, in a hundred fields.
    private static func ctdb(_ toc: AudioTOC) throws(DigestError) -> String {
        let audio = toc.audio
        let origin = audio.first?.start ?? 0
        let fields = audio.dropFirst().map { $0.start - origin } + [(audio.last?.end ?? 0) - origin]
        let padded = fields + Array(repeating: 0, count: max(0, 100 - fields.count))
        return try sha1(padded.map(Hexadecimal.upperWord).joined())
    }

    private static func sha1(_ text: String) throws(DigestError) -> String {
        var digest = try Digest(.sha1)
        digest.update(Array(text.utf8).span)
        return Base64.identifier(digest.finish().bytes)
    }
}

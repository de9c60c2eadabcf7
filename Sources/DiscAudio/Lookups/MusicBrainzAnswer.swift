import FoundationEssentials

/// What MusicBrainz answers of a disc's id: the releases that have the disc.
public struct MusicBrainzAnswer: Hashable, Sendable {
    /// The releases, those with exactly this table of contents first.
    public let releases: [MusicBrainzRelease]

    /// No answer is as large.
    public static let mostBytes = 8 << 20
    /// No more releases are looked at.
    private static let mostReleases = 100
    /// No more discs of a release, and no more tracks of a disc, are looked at.
    private static let mostParts = 200

    /// Reads an answer's bytes, which may hold anything.
    ///
    /// - Parameters:
    ///   - bytes: The answer, in JSON.
    ///   - id: The disc's id.
    ///   - tracks: How many tracks of audio the disc's first session has.
    /// - Throws: ``AnswerProblem`` if they are no answer, or a part of one.
    public init(parsing bytes: [UInt8], of id: String, tracks: Int) throws(AnswerProblem) {
        if let problem = AnswerProblem(instead: bytes) { throw problem }
        guard bytes.count <= Self.mostBytes else { throw .tooLarge }
        guard let end = bytes.last(where: { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }) else {
            throw .empty
        }
        let decoded: Document
        do {
            decoded = try JSONDecoder().decode(Document.self, from: Data(bytes))
        } catch {
            let begin = bytes.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }
            throw begin == UInt8(ascii: "{") && end != UInt8(ascii: "}")
                ? .truncated : .malformed("it is no JSON as MusicBrainz sends it")
        }
        guard let found = decoded.releases else {
            if let error = decoded.error {
                if error.lowercased().hasPrefix("not found") { throw .notFound }
                throw .malformed("it says “\(Self.text(error, 80) ?? "")”")
            }
            throw .malformed("it has no releases")
        }
        let releases = found.prefix(Self.mostReleases).compactMap { release in
            Self.release(release, id, tracks)
        }
        self.releases = releases.filter(\.isExact) + releases.filter { !$0.isExact }
    }

    /// A release and the disc in it; `nil` if it does not say which of its discs it is.
    private static func release(_ release: Document.Release, _ id: String, _ tracks: Int)
        -> MusicBrainzRelease?
    {
        guard let uuid = release.id, isIdentifier(uuid), let title = text(release.title) else {
            return nil
        }
        let media = (release.media ?? []).prefix(mostParts)
        let named = media.indices.filter { index in
            media[index].discs?.contains { $0.id == id } == true
        }
        let alike = media.indices.filter { media[$0].tracks?.count == tracks }
        let own = named.isEmpty ? alike : named
        guard own.count == 1, let index = own.first else { return nil }
        let medium = media[index]
        var known: [Int: MusicBrainzRelease.Track] = [:]
        for (place, track) in (medium.tracks ?? []).prefix(mostParts).enumerated() {
            let number = track.position ?? place + 1
            guard (1...99).contains(number), known[number] == nil else { continue }
            known[number] = MusicBrainzRelease.Track(
                title: text(track.title) ?? text(track.recording?.title),
                performer: credit(track.artistCredit) ?? credit(track.recording?.artistCredit),
                recording: track.recording?.id.flatMap { isIdentifier($0) ? $0 : nil }
            )
        }
        let label = release.labelInfo?.first
        return MusicBrainzRelease(
            id: uuid.lowercased(),
            title: title,
            performer: credit(release.artistCredit),
            date: date(release.date),
            country: text(release.country, 8),
            label: text(label?.label?.name),
            catalogNumber: text(label?.catalogNumber, 40),
            barcode: text(release.barcode, 40),
            remark: text(release.disambiguation),
            disc: min(max(1, medium.position ?? index + 1), 999),
            discs: max(1, media.count),
            discTitle: text(medium.title),
            isExact: !named.isEmpty,
            tracks: known
        )
    }

    /// Whether a text is a UUID, as MusicBrainz names everything.
    public static func isIdentifier(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.map(\.count) == [8, 4, 4, 4, 12]
            && parts.joined().allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
    }

    /// A text of one line; `nil` if there is nothing in it.
    private static func text(_ text: String?, _ longest: Int = 300) -> String? {
        guard let text else { return nil }
        var line = ""
        for scalar in text.unicodeScalars.prefix(4 * longest) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.unicodeScalars.append(scalar)
            }
        }
        let words = line.split(separator: " ").joined(separator: " ").prefix(longest)
        return words.isEmpty ? nil : String(words)
    }

    /// A date of digits, as MusicBrainz has it; `nil` if it is none.
    private static func date(_ text: String?) -> String? {
        guard let text, (4...10).contains(text.utf8.count),
            text.utf8.allSatisfy({
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "-")
            })
        else { return nil }
        return text
    }

    /// The performers, as the sleeve joins them.
    private static func credit(_ credits: [Document.Credit]?) -> String? {
        guard let credits else { return nil }
        return text(
            credits.prefix(50).map { ($0.name ?? $0.artist?.name ?? "") + ($0.joinphrase ?? "") }
                .joined()
        )
    }
}

/// The answer as it is in JSON, as far as it is looked at.
private struct Document: Decodable {
    struct Named: Decodable {
        var id: String?
        var name: String?
    }

    struct Credit: Decodable {
        var name: String?
        var joinphrase: String?
        var artist: Named?
    }

    struct Recording: Decodable {
        var id: String?
        var title: String?
        var artistCredit: [Credit]?

        enum CodingKeys: String, CodingKey {
            case id, title
            case artistCredit = "artist-credit"
        }
    }

    struct Track: Decodable {
        var position: Int?
        var title: String?
        var artistCredit: [Credit]?
        var recording: Recording?

        enum CodingKeys: String, CodingKey {
            case position, title, recording
            case artistCredit = "artist-credit"
        }
    }

    struct Medium: Decodable {
        var position: Int?
        var title: String?
        var discs: [Named]?
        var tracks: [Track]?
    }

    struct Label: Decodable {
        var catalogNumber: String?
        var label: Named?

        enum CodingKeys: String, CodingKey {
            case label
            case catalogNumber = "catalog-number"
        }
    }

    struct Release: Decodable {
        var id: String?
        var title: String?
        var date: String?
        var country: String?
        var barcode: String?
        var disambiguation: String?
        var artistCredit: [Credit]?
        var labelInfo: [Label]?
        var media: [Medium]?

        enum CodingKeys: String, CodingKey {
            case id, title, date, country, barcode, disambiguation, media
            case artistCredit = "artist-credit"
            case labelInfo = "label-info"
        }
    }

    var releases: [Release]?
    var error: String?
}

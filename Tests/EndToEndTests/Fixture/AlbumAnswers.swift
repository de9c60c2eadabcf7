import Foundation
import TestSupport
import Testing

/// The names of a disc with audio, as `info --json` shows them.
struct DiscNames: Decodable, Sendable {
    var accuraterip: String
    var accurateripUrl: String
    var freedb: String
    var musicbrainz: String
    var ctdb: String
    var ctdbToc: String
}

/// What databases would answer of ``Album/audio``, made from their descriptions.
enum AlbumAnswers {
    /// Where the tracks begin, and where the last one ends.
    private static let starts = [0, 650, 1200, Album.soundSectors]

    static func word(_ value: UInt32) -> Data {
        Data((0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) })
    }

    /// Puts AccurateRip's answer about `album.cue` into a folder, and the CUETools Database's, if that is wanted.
    ///
    /// - Parameters:
    ///   - scratch: The test's directory.
    ///   - folder: The folder.
    ///   - withParity: Whether the CUETools Database has it, too, with parity.
    ///   - sound: What others ripped.
    /// - Throws: Errors of files, or if the program does not tell the disc's names.
    static func place(
        in scratch: Scratch,
        _ folder: String = "answers",
        withParity: Bool = false,
        of sound: Data = Album.sound
    ) async throws {
        let names = try await scratch.names(of: "album.cue")
        try FileManager.default.createDirectory(
            atPath: scratch.path(folder),
            withIntermediateDirectories: true
        )
        let answer = try accurateRip(names.accuraterip, of: sound)
        try scratch.write(answer, to: "\(folder)/dBAR-\(names.accuraterip).bin")
        guard withParity else { return }
        try scratch.write(ctdb(names, of: sound), to: "\(folder)/\(names.ctdb).xml")
        try scratch.write(parity(of: sound), to: "\(folder)/77")
    }

    /// AccurateRip's second sum of a track.
    private static func accurateRip(_ track: Int, _ sound: Data) -> UInt32 {
        let first = starts[track] * 588
        let count = starts[track + 1] * 588 - first
        let used =
            (track == 0 ? 2940 : 1)...(track == starts.count - 2 ? count - 2940 : count)
        let bytes = [UInt8](sound)
        var (low, high): (UInt32, UInt32) = (0, 0)
        for number in used {
            let place = (first + number - 1) * 4
            let sample = (0..<4).reduce(UInt32(0)) {
                $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1)
            }
            let product = UInt64(sample) * UInt64(number)
            low &+= UInt32(truncatingIfNeeded: product)
            high &+= UInt32(truncatingIfNeeded: product >> 32)
        }
        return low &+ high
    }

    /// AccurateRip's answer about a disc of three tracks with these ids.
    static func accurateRip(_ id: String, of sound: Data = Album.sound) throws -> Data {
        let ids = try id.split(separator: "-").dropFirst().map {
            try #require(UInt32($0, radix: 16))
        }
        var bytes = Data([3])
        for id in ids { bytes += word(id) }
        for track in 0..<3 {
            bytes += Data([UInt8(20 + track)]) + word(accurateRip(track, sound)) + word(0)
        }
        return bytes
    }

    /// Four rows of parity of the CUETools Database: rows of 11760 words, the first and the rest left out.
    static let parity = parity(of: Album.sound)

    private static func parity(of sound: Data) -> Data {
        let words = [UInt8](sound)
        let rows = Self.rows(sound)
        var parity = [UInt16](repeating: 0, count: 4 * 11_760)
        for row in 1...rows {
            for column in 0..<11_760 {
                let place = row * 23_520 + 2 * column
                let word = UInt16(words[place]) | UInt16(words[place + 1]) << 8
                for index in 0..<4 {
                    var value = UInt32(parity[index * 11_760 + column]) << UInt32(index)
                    for bit in (16..<20).reversed() where value >> UInt32(bit) & 1 == 1 {
                        value ^= 0x1100B << UInt32(bit - 16)
                    }
                    parity[index * 11_760 + column] = UInt16(value) ^ word
                }
            }
        }
        return Data(
            parity.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        )
    }

    private static func rows(_ sound: Data) -> Int { sound.count / 23_520 - 2 }

    /// The CUETools Database's CRC-32, in hexadecimal.
    private static func crc32(_ sound: Data) -> String {
        let bytes = [UInt8](sound)
        let rows = Self.rows(sound)
        var register: UInt32 = ~0
        for byte in bytes[23_520..<(rows + 1) * 23_520] {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register >> 1 ^ (register & 1) * 0xEDB8_8320 }
        }
        return String(~register, radix: 16)
    }

    /// Makes the CUETools Database's answer about a disc: an entry 77 with parity.
    ///
    /// - Parameters:
    ///   - names: The disc.
    ///   - parity: Where the answer says that the parity is.
    ///   - sound: What others ripped.
    /// - Returns: The answer.
    static func ctdb(
        _ names: DiscNames,
        parity: String = "http://p.cuetools.net/77",
        of sound: Data = Album.sound
    ) -> Data {
        let xml = """
            <?xml version="1.0"?>
            <ctdb><entry confidence="9" crc32="\(crc32(sound))" id="77" npar="4"
            hasparity="\(parity)" stride="5880" toc="\(names.ctdbToc)"/></ctdb>
            """
        return Data(xml.utf8)
    }

    /// Makes MusicBrainz's answer about a disc: for each album a release of two discs, of which it is the second.
    ///
    /// - Parameters:
    ///   - id: The disc's id; `nil` for releases with a table of contents like its.
    ///   - albums: The id, the title, and the titles of the tracks of each release.
    /// - Returns: The answer.
    /// - Throws: Errors of the encoder.
    static func musicBrainz(
        _ id: String?,
        _ albums: [(id: String, title: String, tracks: [String])]
    ) throws -> Data {
        func credit(_ name: String) -> [[String: Any]] {
            [["name": name, "joinphrase": " & "], ["name": "Band", "joinphrase": ""]]
        }
        let releases = albums.map { album -> [String: Any] in
            let tracks = album.tracks.enumerated().map { index, title -> [String: Any] in
                [
                    "position": index + 1, "number": "\(index + 1)", "title": title,
                    "length": NSNull(), "artist-credit": credit("Player \(index + 1)"),
                    "recording": [
                        "id": "aaaaaaaa-0000-4000-8000-00000000000\(index + 1)", "title": "Other",
                    ],
                ]
            }
            let discs: [[String: Any]] = id.map { [["id": $0, "sectors": 1750]] } ?? []
            let media: [[String: Any]] = [
                ["position": 1, "title": "", "discs": [], "tracks": [tracks[0]]],
                ["position": 2, "title": "", "discs": discs, "tracks": tracks],
            ]
            return [
                "id": album.id, "title": album.title, "artist-credit": credit("Singer"),
                "date": "1998-03", "country": "DE", "barcode": NSNull(), "media": media,
                "label-info": [["catalog-number": "CAT 1", "label": ["name": "Label"]]],
            ]
        }
        return try JSONSerialization.data(withJSONObject: ["releases": releases])
    }
}

extension Scratch {
    /// The names that an image of a disc has in databases.
    func names(of image: String) async throws -> DiscNames {
        struct Info: Decodable { var identifiers: DiscNames? }
        let outcome = try await spindle("info", image, "--json")
        let info = try JSONDecoder.snake.decode(Info.self, from: Data(outcome.output.utf8))
        return try #require(info.identifiers, "\(outcome)")
    }
}

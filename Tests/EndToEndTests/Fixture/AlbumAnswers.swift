import Foundation
import TestSupport
import Testing

/// What databases of rips would answer of ``Album/audio``, made from their descriptions.
enum AlbumAnswers {
    /// Where the tracks begin, and where the last one ends.
    private static let starts = [0, 650, 1200, Album.soundSectors]

    /// Puts AccurateRip's answer about `album.cue` into a folder, and the CUETools Database's, if that is wanted.
    ///
    /// - Parameters:
    ///   - scratch: The test's directory.
    ///   - folder: The folder.
    ///   - withParity: Whether the CUETools Database has it, too, with parity.
    ///   - sound: What others ripped.
    static func place(
        in scratch: Scratch,
        _ folder: String = "answers",
        withParity: Bool = false,
        of sound: Data = Album.sound
    ) async throws {
        struct Info: Decodable {
            struct Identifiers: Decodable {
                var accuraterip: String
                var ctdb: String
                var ctdbToc: String
            }
            var identifiers: Identifiers
        }
        let outcome = try await scratch.spindle("info", "album.cue", "--json")
        let info = try JSONDecoder.snake.decode(Info.self, from: Data(outcome.output.utf8))
        let names = info.identifiers
        try FileManager.default.createDirectory(
            atPath: scratch.path(folder),
            withIntermediateDirectories: true
        )
        var answer = Data([3])
        for id in names.accuraterip.split(separator: "-").dropFirst() {
            answer += word(try #require(UInt32(id, radix: 16)))
        }
        for track in 0..<3 {
            answer += Data([UInt8(20 + track)]) + word(accurateRip(track, sound)) + word(0)
        }
        try scratch.write(answer, to: "\(folder)/dBAR-\(names.accuraterip).bin")
        guard withParity else { return }
        let (crc32, parity) = ctdb(sound)
        let xml = """
            <?xml version="1.0"?>
            <ctdb><entry confidence="9" crc32="\(String(crc32, radix: 16))" id="77" npar="4"
            hasparity="http://p.cuetools.net/77" stride="5880" toc="\(names.ctdbToc)"/></ctdb>
            """
        try scratch.write(Data(xml.utf8), to: "\(folder)/\(names.ctdb).xml")
        try scratch.write(parity, to: "\(folder)/77")
    }

    private static func word(_ value: UInt32) -> Data {
        Data((0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) })
    }

    /// AccurateRip's second sum of a track.
    private static func accurateRip(_ track: Int, _ sound: Data) -> UInt32 {
        let first = starts[track] * 588
        let count = starts[track + 1] * 588 - first
        let used = (track == 0 ? 2940 : 1)...(track == 2 ? count - 2940 : count)
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

    /// The CUETools Database's CRC-32, and four rows of its parity: of rows of 11760 words, the first and the rest
    /// left out.
    private static func ctdb(_ sound: Data) -> (crc32: UInt32, parity: Data) {
        let bytes = [UInt8](sound)
        let rows = bytes.count / 23_520 - 2
        var parity = [UInt16](repeating: 0, count: 4 * 11_760)
        for row in 1...rows {
            for column in 0..<11_760 {
                let place = row * 23_520 + 2 * column
                let word = UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
                for index in 0..<4 {
                    var value = UInt32(parity[index * 11_760 + column]) << UInt32(index)
                    for bit in (16..<20).reversed() where value >> UInt32(bit) & 1 == 1 {
                        value ^= 0x1100B << UInt32(bit - 16)
                    }
                    parity[index * 11_760 + column] = UInt16(value) ^ word
                }
            }
        }
        var register: UInt32 = ~0
        for byte in bytes[23_520..<(rows + 1) * 23_520] {
            register ^= UInt32(byte)
            for _ in 0..<8 { register = register >> 1 ^ (register & 1) * 0xEDB8_8320 }
        }
        let words = parity.flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
        return (~register, Data(words))
    }
}

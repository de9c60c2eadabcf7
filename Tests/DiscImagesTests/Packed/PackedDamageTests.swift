import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Packed images that were damaged end with an answer, and soon.
struct PackedDamageTests {
    private let samples = PackedSamples.shared

    private static let small = PackedSamples.shared.names.filter {
        ($0.hasPrefix("same") || $0.hasPrefix("locked") || $0.hasSuffix(".ecm"))
            && !$0.contains("deep")
    }

    /// Makes the checksum of a DAA image's header right again, so that what was changed is looked at.
    private static func renew(_ bytes: inout [UInt8]) {
        guard bytes.count > 76, bytes.starts(with: "DAA".utf8) || bytes.starts(with: "GBI".utf8)
        else { return }
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes[..<72] {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        for i in 0..<4 { bytes[72 + i] = UInt8(truncatingIfNeeded: ~sum >> UInt32(8 * i)) }
    }

    /// Opens an image and reads all of it, or the first of it.
    private func exercise(_ path: FilePath) {
        let image: DiscImage
        do {
            image = try DiscImage(path, secrets: PackedSamples.secrets(for: path))
        } catch {
            #expect("\(error)".count < 1000)
            return
        }
        var buffer = [UInt8](repeating: 0, count: 2352 * 40)
        for track in image.layout.tracks {
            var sector = track.start.rawValue
            let end = min(track.end.rawValue, sector + 2000)
            while sector < end {
                var span = buffer.mutableSpan
                guard let count = try? image.disc.readStored(at: sector, into: &span) else {
                    sector += 97
                    continue
                }
                sector += max(1, count)
            }
        }
    }

    @Test(arguments: small)
    func `changed bytes`(_ name: String) throws {
        let bytes = try samples.bytes(name)
        let path = samples.path("changed-\(name)")
        var dice = SeededGenerator(
            seed: UInt64(name.utf8.reduce(7) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF })
        )
        let numbers: [[UInt8]] = [
            [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [127, 255, 255, 255],
            [0, 0, 0, 128], [128, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0],
            [127, 255, 255, 255, 255, 255, 255, 255],
        ]
        let clock = ContinuousClock()
        for round in 0..<Soak.count(20, long: 1000) {
            var changed = bytes
            for _ in 0...dice.roll(3) {
                // Headers, trailers, and anywhere.
                let place =
                    switch dice.roll(4) {
                    case 0: dice.roll(64)
                    case 1: dice.roll(2000)
                    case 2: max(0, changed.count - 1 - dice.roll(4000))
                    default: dice.roll(changed.count)
                    }
                if dice.roll(2) == 0 {
                    if changed.indices.contains(place) { changed[place] = UInt8(dice.roll(256)) }
                } else {
                    for (i, byte) in numbers[dice.roll(numbers.count)].enumerated()
                    where place + i < changed.count {
                        changed[place + i] = byte
                    }
                }
            }
            Self.renew(&changed)
            try PackedSamples.write(changed, to: path)
            let time = clock.measure { exercise(path) }
            #expect(time < .seconds(3), "round \(round) of \(name)")
        }
    }

    @Test(arguments: small)
    func `cut off`(_ name: String) throws {
        let bytes = try samples.bytes(name)
        let path = samples.path("cut-\(name)")
        try PackedSamples.write(bytes, to: path)
        let file = try File(path, .update)
        var sizes = [bytes.count - 1, bytes.count - 4, bytes.count - 511, bytes.count - 512]
        sizes += stride(
            from: bytes.count,
            to: 64,
            by: -max(1, bytes.count / Soak.count(10, long: 150))
        )
        sizes += [64, 33, 32, 31, 25, 24, 23, 16, 12, 10, 8, 5, 4, 3, 1, 0]
        for size in sizes.sorted(by: >) where size >= 0 {
            try file.setSize(size)
            exercise(path)
        }
    }

    @Test func `what is wrong is named with its place`() throws {
        let cso = try samples.bytes("same-1.cso")
        let dmg = try samples.bytes("same-zlib.dmg")
        let trailer = dmg.count - 512
        let max = [UInt8](repeating: 0xFF, count: 8)
        let cases: [(String, [UInt8], Int, [UInt8], String)] = [
            ("cso", cso, 8, max, "the size of the data at byte 8 is 18446744073709551615"),
            (
                "cso", cso, 8, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0],
                "the size of the data at byte 8"
            ),
            ("cso", cso, 16, [0, 0, 0, 0], "the size of a block at byte 16 is 0"),
            ("cso", cso, 20, [9], "the version at byte 20 is 9"),
            ("cso", cso, 21, [40], "the shift of the index at byte 21 is 40"),
            ("cso", cso, 24, [1, 0, 0, 0], "entry 0 of the index at byte 24 is 1"),
            ("dmg", dmg, trailer + 216, max, "the place of the property list"),
            ("dmg", dmg, trailer + 492, max, "the number of sectors at byte \(trailer + 492)"),
            ("dmg", dmg, trailer + 4, [0, 0, 0, 9], "the version at byte \(trailer + 4) is 9"),
        ]
        for (ending, bytes, place, value, words) in cases {
            var changed = bytes
            changed.replaceSubrange(place..<(place + value.count), with: value)
            let path = samples.path("named.\(ending)")
            try PackedSamples.write(changed, to: path)
            let error = try #require(throws: (any Error).self, "\(words)") {
                try DiscImage(path)
            }
            #expect("\(error)".contains(words), "\(error)")
        }
    }
}

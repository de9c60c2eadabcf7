import DiscImages
import DiscModel
import LinuxCalls
import Reports
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

    @Test func `the checksum of an Apple image's packed data counts`() throws {
        var dmg = try samples.bytes("same-zlib.dmg")
        let path = samples.path("checksum.dmg")
        try PackedSamples.write(dmg, to: path)
        try DiscImage(path).checkContainers()
        dmg[dmg.count - 512 + 88] ^= 1
        try PackedSamples.write(dmg, to: path)
        // Opening it reads little, and says what it leaves out.
        let image = try DiscImage(path)
        let left = "is checked when all of it is read, not here"
        #expect(image.evidence.contains { $0.contains(left) })
        let failure = try #require(throws: Failure.self) { try image.checkContainers() }
        #expect(failure.what.contains("the checksum of the packed data"), "\(failure.what)")
        #expect(failure.exitCode.rawValue == 1)
    }

    /// The partitions' own checksums say whether the content is right.
    @Test func `a wrong master checksum of an Apple image is named, and is no hindrance`() throws {
        var dmg = try samples.bytes("same-zlib.dmg")
        let path = samples.path("master.dmg")
        let place = dmg.count - 512 + 360
        dmg[place] ^= 1
        try PackedSamples.write(dmg, to: path)
        let image = try DiscImage(path)
        try image.checkContainers()
        #expect(
            image.warnings == [
                "The master checksum at byte \(place) is wrong: it is not that of the partitions' checksums, which count instead."
            ]
        )
        // The table's own, which no master checksum stands for any more: at 72 of it.
        try Self.changeTable(&dmg) { $0[72] ^= 1 }
        try PackedSamples.write(dmg, to: path)
        #expect(throws: ImageFormatError.self) {
            let disc = try DiscImage(path).disc
            var buffer = [UInt8](repeating: 0, count: 2048 * 64)
            var sector = 0
            while sector < disc.layout.tracks[0].length {
                var span = buffer.mutableSpan
                sector += max(1, try disc.readStored(at: sector, into: &span))
            }
        }
    }

    /// Without runs nothing is read that could be wrong: at 200 of the table stands their number.
    @Test func `a table of an Apple image that has lost its runs is damaged`() throws {
        var dmg = try samples.bytes("same-zlib.dmg")
        try Self.changeTable(&dmg) { $0.replaceSubrange(200..<204, with: [0, 0, 0, 0]) }
        let path = samples.path("emptied.dmg")
        try PackedSamples.write(dmg, to: path)
        let failure = try #require(throws: Failure.self) { try DiscImage(path).checkContainers() }
        #expect(failure.what.contains("the content of partition 0 has another checksum"))
    }

    /// At 492 of the trailer stands the number of sectors: 1680 of 512 bytes.
    @Test func `sectors behind the partitions of an Apple image are told`() throws {
        var dmg = try samples.bytes("same-zlib.dmg")
        let place = dmg.count - 512 + 492
        dmg.replaceSubrange(place..<place + 8, with: [0, 0, 0, 0, 0, 0, 0x06, 0xD0])
        let path = samples.path("behind.dmg")
        try PackedSamples.write(dmg, to: path)
        #expect(
            try DiscImage(path).warnings == [
                "Of the 1744 sectors of the image, 64 are in no partition; they are read as zeros."
            ]
        )
    }

    /// The first partition loses its last 28 sectors: at 16 of its table stands how many it has, at 64
    /// the kind of its checksum, and at 200 the number of its runs, the last of which is an end.
    @Test func `sectors between the partitions of an Apple image are told`() throws {
        var dmg = try samples.bytes("same-none.dmg")
        try Self.changeTable(&dmg) { table in
            let runs = Int(table[202]) << 8 | Int(table[203])
            let last = 204 + 40 * (runs - 2)
            let lost = Int(table[last + 22]) << 8 | Int(table[last + 23])
            let left = (Int(table[22]) << 8 | Int(table[23])) - lost
            #expect(lost == 28)
            (table[22], table[23]) = (UInt8(left >> 8), UInt8(left & 0xFF))
            (table[202], table[203]) = (UInt8((runs - 2) >> 8), UInt8((runs - 2) & 0xFF))
            table[67] = 0
        }
        let path = samples.path("between.dmg")
        try PackedSamples.write(dmg, to: path)
        let warnings = try DiscImage(path).warnings
        #expect(
            warnings.contains(
                "Of the 1680 sectors of the image, 28 are in no partition; they are read as zeros."
            ),
            "\(warnings)"
        )
    }

    /// Changes the first table of an image, in place.
    private static func changeTable(_ dmg: inout [UInt8], _ change: (inout [UInt8]) -> Void) throws
    {
        let mark = Array("<data>".utf8)
        let start =
            try #require((0..<dmg.count).first { dmg[$0...].starts(with: mark) }) + mark.count
        let end = try #require(dmg[start...].firstIndex(of: 0x3C))
        let letters = (start..<end).filter { dmg[$0] > 0x20 }
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
        )
        let bits = letters.flatMap { place in
            let value = alphabet.firstIndex(of: dmg[place]) ?? 0
            return (0..<6).map { UInt8(value >> (5 - $0) & 1) }
        }
        var table = (0..<bits.count / 8).map { i in
            bits[i * 8..<i * 8 + 8].reduce(0) { $0 << 1 | $1 }
        }
        change(&table)
        let new = table.flatMap { byte in (0..<8).map { byte >> UInt8(7 - $0) & 1 } }
        for (i, place) in letters.enumerated() where dmg[place] != 0x3D {
            let value = (0..<6).reduce(0) {
                $0 << 1 | (new.indices.contains(i * 6 + $1) ? Int(new[i * 6 + $1]) : 0)
            }
            dmg[place] = alphabet[value]
        }
    }

    @Test(arguments: [[0], [0x2D], [0x80], [0x3D]] as [[UInt8]])
    func `Base64 with anything else in it is refused`(_ other: [UInt8]) throws {
        var dmg = try samples.bytes("same-zlib.dmg")
        let mark = Array("<data>".utf8)
        let start = try #require((0..<dmg.count).first { dmg[$0...].starts(with: mark) })
        let path = samples.path("letters-\(other[0]).dmg")
        // Any letter of the table of blocks, wherever the lines end.
        for index in [20, 61, 102] where dmg[start + index] > 0x20 {
            let letter = dmg[start + index]
            dmg.replaceSubrange(start + index..<start + index + 1, with: other)
            try PackedSamples.write(dmg, to: path)
            let error = try #require(throws: (any Error).self) { try DiscImage(path) }
            #expect("\(error)".contains("the property list"), "\(error)")
            dmg[start + index] = letter
        }
    }
}

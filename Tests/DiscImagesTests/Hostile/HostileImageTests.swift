import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Images that were damaged on purpose: whatever they are, they end with an answer, and soon.
struct HostileImageTests {
    /// An image in several files, the one that is opened first.
    struct Sample: CustomTestStringConvertible {
        var name: String
        var files: [(name: String, bytes: [UInt8])]
        /// How many bytes at the end are changed; else those at the beginning.
        var tail: Int?
        var testDescription: String { name }
    }

    static let samples: [Sample] = {
        func text(_ text: String) -> [UInt8] { Array(text.utf8) }
        var samples: [Sample] = []
        for (name, disc) in SampleDisc.all where name != "errors" {
            samples.append(
                Sample(
                    name: "cue-\(name)",
                    files: [("image.cue", text(disc.cueSheet())), ("image.bin", disc.bytes)]
                )
            )
            samples.append(
                Sample(
                    name: "ccd-\(name)",
                    files: [
                        ("image.ccd", text(disc.ccdFile())), ("image.img", disc.bytes),
                        ("image.sub", disc.subBytes()),
                    ]
                )
            )
            guard name != "sessions" else { continue }
            samples.append(
                Sample(
                    name: "toc-\(name)",
                    files: [
                        ("image.toc", text(disc.tocFile(side: true))),
                        ("image.bin", disc.tocBytes(side: true)),
                    ]
                )
            )
        }
        for (name, disc) in SampleDisc.all where ["mixed", "sessions"].contains(name) {
            let (descriptor, sectors) = disc.mds(.side)
            samples.append(
                Sample(
                    name: "mds-\(name)",
                    files: [("image.mds", descriptor), ("image.mdf", sectors)]
                )
            )
            samples.append(
                Sample(
                    name: "cif-\(name)",
                    files: [("image.cif", disc.cif(describesFirst: true))]
                )
            )
            samples.append(Sample(name: "c2d-\(name)", files: [("image.c2d", disc.c2d(2448))]))
            let table = "2\n1 0 4 2352 a.bin 0\n2 45000 0 2352 \"image.bin\" 0\n"
            samples.append(
                Sample(
                    name: "gdi-\(name)",
                    files: [
                        ("image.gdi", text(table)), ("image.bin", disc.bytes),
                        ("a.bin", disc.bytes),
                    ]
                )
            )
            let (blind, parts) = disc.b6t(SampleDisc.Blind(reading: 4, ballast: 9))
            samples.append(
                Sample(
                    name: "b6t-\(name)",
                    files: [("image.b6t", blind), ("image.b6i", parts[0])]
                )
            )
            for version in name == "mixed" ? [2, 3, 35] : [35] {
                let way = SampleDisc.Juggled(version: version)
                samples.append(
                    Sample(
                        name: "cdi-\(name)-\(version)",
                        files: [("image.cdi", disc.cdi(way))],
                        tail: 1200
                    )
                )
            }
            for isOld in [false, true] {
                samples.append(
                    Sample(
                        name: "nrg-\(name)-\(isOld)",
                        files: [("image.nrg", disc.nrg(.raw, isOld: isOld))],
                        tail: 700
                    )
                )
            }
        }
        let once = SampleDisc.sessions.trackAtOnceNrg(.raw, isOld: false)
        samples.append(Sample(name: "nrg-once", files: [("image.nrg", once)], tail: 300))
        let wave = SampleDisc.wave(SampleDisc.audio.tracks[1].sectors.flatMap { $0 }, extra: true)
        let sheet = text("FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n")
        samples.append(Sample(name: "wave", files: [("a.wav", wave), ("image.cue", sheet)]))
        let aiff = SampleDisc.aiff(SampleDisc.audio.tracks[1].sectors.flatMap { $0 })
        let other = text("FILE a.aif AIFF\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n")
        samples.append(Sample(name: "aiff", files: [("a.aif", aiff), ("image.cue", other)]))
        let plain = SampleDisc.data.bytes
        samples.append(Sample(name: "raw", files: [("image.bin", plain)]))
        return samples
    }()

    private static let words: [[UInt8]] = [
        "99999999999999999999", "-1", "0", "99:59:74", "999:59:74", "2147483647", "-2147483648",
        "0x7fffffff", "00:00:00", "\"", "{", "}", "#", "#4611686018427387904",
        "INDEX 01 00:00:00\n",
        "TRACK 99 AUDIO\n", "PREGAP 90:00:00\n", "\0", "PLBA=2147483647\n", "REM SESSION 02\n",
        "START", "SILENCE 99:00:00\n", "FILE \"image.bin\" BINARY\n",
    ].map { Array($0.utf8) }

    /// Changes some bytes, or puts something in, or takes something out.
    static func mutate(_ bytes: [UInt8], _ dice: inout SeededGenerator, within limit: Int)
        -> [UInt8]
    {
        var bytes = bytes
        for _ in 0...dice.roll(3) {
            let place = dice.roll(min(bytes.count, limit))
            guard bytes.indices.contains(place) else { continue }
            switch dice.roll(6) {
            case 0: bytes[place] = UInt8(dice.roll(256))
            case 1: bytes[place] ^= 1 << UInt8(dice.roll(8))
            case 2: bytes.insert(contentsOf: words[dice.roll(words.count)], at: place)
            case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + dice.roll(20)))
            case 4:
                let end = min(bytes.count, place + 1 + dice.roll(60))
                bytes.insert(contentsOf: bytes[place..<end], at: dice.roll(min(bytes.count, limit)))
            default:
                // A number of four bytes, such as headers have them.
                let value: [UInt8] = [[0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127]][
                    dice.roll(3)
                ]
                for (i, byte) in value.enumerated() where place + i < bytes.count {
                    bytes[place + i] = byte
                }
            }
        }
        return bytes
    }

    /// Opens an image and reads here and there; errors are answers, too.
    static func exercise(_ path: FilePath) {
        guard let image = try? DiscImage(path) else { return }
        var buffer = [UInt8](repeating: 0, count: 2448 * 2)
        for (sectors, storage, _) in image.disc.stretches().prefix(300) {
            #expect(!sectors.isEmpty && storage.count > 0)
            for address in [sectors.lowerBound, sectors.upperBound - 1] {
                var span = buffer.mutableSpan
                _ = try? image.disc.readRaw(at: address, into: &span)
                _ = try? image.disc.readUserData(at: address, into: &span)
                _ = try? image.disc.readSubchannel(at: address, into: &span)
            }
        }
        var span = buffer.mutableSpan
        _ = try? image.source.read(at: 16, into: &span)
        _ = CDText(packs: image.layout.cdText)
    }

    @Test(arguments: samples)
    func `thousands of changes`(_ sample: Sample) throws {
        let folder = try Folder()
        for file in sample.files { try folder.write(file.name, file.bytes) }
        let first = sample.files[0]
        let opened = sample.name == "wave" || sample.name == "aiff" ? "image.cue" : first.name
        var dice = SeededGenerator(
            seed: UInt64(bitPattern: sample.name.utf8.reduce(Int64(7)) { $0 &* 31 &+ Int64($1) })
        )
        let clock = ContinuousClock()
        for round in 0..<Soak.count(50, long: 5000) {
            let head = sample.tail.map { first.bytes.dropLast($0) } ?? []
            let rest = Array(first.bytes.dropFirst(head.count))
            let bytes = head + Self.mutate(rest, &dice, within: 4000)
            try folder.write(first.name, bytes)
            let time = clock.measure { Self.exercise(folder.path.appending(opened)) }
            #expect(time < .seconds(5), "round \(round) of \(sample.name)")
        }
    }

    @Test func `a long sheet is read in the time that its length takes`() throws {
        let folder = try Folder()
        let sheet =
            "FILE \"a.bin\" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n"
            + String(repeating: "REM DATE 1998\n", count: 70_000)
        try folder.write("a.bin", SampleDisc.audio.bytes)
        try folder.write("a.cue", sheet)
        let time = ContinuousClock().measure { Self.exercise(folder.path("a.cue")) }
        #expect(time < .seconds(5))
        #expect(try DiscImage(folder.path("a.cue")).layout.sheetTexts?[1].remarks.count == 70_000)
    }

    @Test(arguments: samples)
    func `cut off anywhere`(_ sample: Sample) throws {
        let folder = try Folder()
        for file in sample.files { try folder.write(file.name, file.bytes) }
        let opened =
            sample.name == "wave" || sample.name == "aiff" ? "image.cue" : sample.files[0].name
        for file in sample.files {
            let handle = try File(folder.path.appending(file.name), .update)
            let step = max(1, file.bytes.count / Soak.count(25, long: 500))
            for size in stride(from: file.bytes.count, through: 0, by: -step) {
                try handle.setSize(size)
                Self.exercise(folder.path.appending(opened))
            }
            try folder.write(file.name, file.bytes)
        }
    }

    @Test func `layouts that no disc has`() {
        func track(_ number: Int, _ start: Int, _ length: Int, pregap: Int = 0) -> Track {
            Track(
                number: number,
                session: 1,
                mode: .mode1,
                start: LBA(start),
                length: length,
                pregap: pregap
            )
        }
        let wrong: [[Track]] = [
            [], [track(0, 0, 1)], [track(100, 0, 1)], [track(2, 0, 5), track(1, 5, 5)],
            [track(1, 0, 10), track(2, 9, 10)], [track(1, 0, -1)], [track(1, -151, 1)],
            [track(1, 0, .max)], [track(1, .max, 1)], [track(1, .min, 1)],
            [track(1, 0, 10), track(2, 20, 10, pregap: 11)],
            [track(1, 0, 10), track(2, 20, 10, pregap: -1)], [track(1, 449_999, 2)],
            [track(1, 0, 10), track(2, 20, 10, pregap: .max)],
        ]
        for tracks in wrong {
            let layout = DiscLayout(sessions: [
                DiscLayout.Session(number: 1, tracks: tracks, leadOut: LBA(400_000))
            ])
            #expect(throws: LayoutProblem.self) { _ = try layout.checked(isCD: true) }
        }
        let places: [[Placement]] = [
            [Placement(0..<10, .raw, offset: -1)], [Placement(0..<10, .raw, offset: .max)],
            [Placement(0..<10, .raw, offset: 0, stride: 1)],
            [Placement(0..<10, .raw, offset: 0, stride: .max)],
            [Placement(0..<10, .raw, file: 1, offset: 0)],
            [Placement(0..<10, .raw, offset: 0), Placement(9..<12, .raw, offset: 0)],
        ]
        for placements in places {
            #expect(throws: LayoutProblem.self) {
                _ = try ImageDisc(
                    medium: .cdROM,
                    layout: DiscLayout(sessions: [
                        DiscLayout.Session(number: 1, tracks: [track(1, 0, 20)], leadOut: LBA(20))
                    ]),
                    files: [Zeros()],
                    placements: placements
                )
            }
        }
    }

    /// Bytes without end.
    private final class Zeros: ByteSource {
        let name = "zeros"
        let byteCount = Int.max

        func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            for i in 0..<buffer.count { buffer[i] = 0 }
            return buffer.count
        }
    }
}

import DiscAuthoring
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Changes of images whose structures lie at unusual places, or cover something else.
@Suite struct UnusualImageTests {
    /// An image that is made wrong in some way.
    private struct Image {
        var bytes: [UInt8]

        var sectorCount: Int { bytes.count / 2048 }

        /// The number in both byte orders at a place.
        func number(_ place: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }

        /// Puts a number in both byte orders (ECMA-119 §7.3.3).
        mutating func put(_ value: Int, at place: Int) {
            for index in 0..<4 {
                bytes[place + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
                bytes[place + 7 - index] = bytes[place + index]
            }
        }

        /// Puts sectors after the end, and has the volume end after them.
        mutating func append(_ more: [UInt8]) {
            bytes += more
            put(sectorCount, at: 16 * 2048 + 80)
        }

        /// A sector's bytes.
        func sector(_ number: Int) -> [UInt8] {
            Array(bytes[(number * 2048)..<((number + 1) * 2048)])
        }

        /// Where the record of a name begins, by its name.
        func record(_ name: String) throws -> Int {
            let mark = [UInt8(name.utf8.count)] + Array(name.utf8)
            return try #require(bytes.firstRange(of: mark)).lowerBound - 32
        }

        /// Has a directory lie elsewhere and have other sectors.
        mutating func move(_ record: Int, to sector: Int, count: Int) {
            for place in [record, sector * 2048] {
                put(sector, at: place + 2)
                put(count * 2048, at: place + 10)
            }
        }
    }

    private static let noise = (0..<4 * 2048).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) }

    private func make(_ maker: String, in folder: Folder) throws -> Image {
        let script = """
            set -e; mkdir -p tree/folder tree/other; echo hello >tree/hello
            seq 2000 >tree/folder/numbers; echo deep >tree/folder/deep
            touch tree/$(printf 'n%.0s' $(seq 200)); echo new >new
            """
        let outcome = try Programs.run(["bash", "-c", "\(script)\n\(maker)"], in: folder)
        try #require(outcome.status == 0, "\(outcome)")
        return Image(bytes: try folder.read("x.iso"))
    }

    /// Changes an image, and gives what becomes of it.
    private func edit(_ image: Image, _ changes: [TreeChange], in folder: Folder) throws -> (
        status: JobStatus, sentence: String, image: Image?
    ) {
        try folder.write("y.iso", image.bytes)
        var options = EditOptions()
        options.output = folder.path("z.iso")
        options.replaces = true
        options.allowsLoss = true
        do {
            let result = try EditJob(folder.path("y.iso"), TreeChanges(changes), options)
                .run(cancellation: Cancellation()) { _ in }
            let changed = result.exitCode == 0 ? Image(bytes: try folder.read("z.iso")) : nil
            return (result.status, result.sentences.joined(separator: " "), changed)
        } catch let failure as Failure {
            return (failure.status, failure.description, nil)
        }
    }

    private static let makers = [
        "genisoimage -quiet -R -J -o x.iso tree", "xorriso -as mkisofs -quiet -R -J -o x.iso tree",
    ]

    /// A descriptor's number of a path table that leads to something else.
    @Test(arguments: makers, [140, 144, 148, 152])
    func `What is taken for a path table and is none keeps its bytes`(maker: String, field: Int)
        throws
    {
        let folder = try Folder()
        var image = try make(maker, in: folder)
        let place = image.sectorCount
        image.append(Self.noise)
        let number = (0..<4).map { UInt8(truncatingIfNeeded: (place + 1) >> (8 * $0)) }
        let start = 16 * 2048 + field
        image.bytes.replaceSubrange(
            start..<start + 4,
            with: field < 148 ? number : number.reversed()
        )
        let found = try edit(image, [.remove("folder")], in: folder)
        #expect(found.status == .verified, "\(found.sentence)")
        let bytes = try #require(found.image).bytes
        #expect(bytes[(place * 2048)..<(place * 2048 + Self.noise.count)] == Self.noise[...])
        // Both tables are right again.
        let outcome = try Programs.run(["isoinfo", "-p", "-i", "z.iso"], in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("OTHER"), "\(outcome)")
        #expect(!outcome.output.contains("FOLDER"), "\(outcome)")
    }

    @Test(arguments: [0, 2048 * 100, 0x7FFF_FFFF, 0xFFFF_FFFF])
    func `A path table of a size that can't be is made again elsewhere`(size: Int) throws {
        let folder = try Folder()
        var image = try make(Self.makers[1], in: folder)
        image.put(size, at: 16 * 2048 + 132)
        let found = try edit(image, [.remove("folder")], in: folder)
        #expect(found.status == .verified, "\(found.sentence)")
        let changed = try #require(found.image)
        #expect(changed.number(16 * 2048 + 132) < 100)
    }

    @Test func `A directory that covers something else is not written again`() throws {
        let folder = try Folder()
        var image = try make("genisoimage -quiet -R -o x.iso tree", in: folder)
        let record = try image.record("OTHER")
        let place = image.sectorCount
        // What follows its records begins with a zero in each sector, as the rest of one does.
        let other = (0..<4).flatMap { [0] + Self.noise[($0 * 2048)..<($0 * 2048 + 2047)] }
        image.append(image.sector(image.number(record + 2)) + other)
        image.move(record, to: place, count: 5)
        let inside = try edit(
            image,
            [.add(folder.path("new"), at: "other/new")],
            in: folder
        )
        #expect(inside.status == .refused, "\(inside.sentence)")
        #expect(
            inside.sentence.contains("sector \(place + 1)")
                || inside.sentence.contains("Sector \(place + 1)")
        )
        let beside = try edit(image, [.remove("hello")], in: folder)
        #expect(beside.status == .verified, "\(beside.sentence)")
        let bytes = try #require(beside.image).bytes
        #expect(bytes[(place * 2048)..<(image.bytes.count)] == image.bytes[(place * 2048)...])
    }

    @Test func `A directory that covers a file is not written again`() throws {
        let folder = try Folder()
        var image = try make("genisoimage -quiet -R -o x.iso tree", in: folder)
        let record = try image.record("OTHER")
        let file = try image.record("HELLO.;1")
        let place = image.sectorCount
        image.append(
            image.sector(image.number(record + 2)) + [UInt8](repeating: 0, count: 2048)
        )
        image.move(record, to: place, count: 2)
        image.put(place + 1, at: file + 2)
        let inside = try edit(
            image,
            [.add(folder.path("new"), at: "other/new")],
            in: folder
        )
        #expect(inside.status == .refused, "\(inside.sentence)")
        let beside = try edit(image, [.add(folder.path("new"), at: "new")], in: folder)
        #expect(beside.status == .verified, "\(beside.sentence)")
    }

    @Test func `Directories that cover each other are not read for ever`() throws {
        let folder = try Folder()
        var image = try make("genisoimage -quiet -R -o x.iso tree", in: folder)
        let (one, two) = (try image.record("OTHER"), try image.record("FOLDER"))
        let place = image.sectorCount
        let sectors = [one, two].map { image.sector(image.number($0 + 2)) }
        image.append(sectors[0] + sectors[1])
        image.move(one, to: place, count: 2)
        image.move(two, to: place + 1, count: 1)
        let found = try edit(image, [.add(folder.path("new"), at: "new")], in: folder)
        #expect(found.status == .refused, "\(found.sentence)")
        #expect(found.sentence.contains("two directories"), "\(found.sentence)")
    }

    /// The attributes of a file may go on in the sectors of another one.
    @Test func `Attributes that lie in a file stay when the file goes`() throws {
        let folder = try Folder()
        var image = try make("genisoimage -quiet -R -o x.iso tree", in: folder)
        let file = try image.record("NUMBERS.;1")
        // The entry that leads there has 28 bytes (SUSP §5.1).
        let places = image.bytes.indices.dropLast(28).filter {
            image.bytes[$0..<$0 + 4].elementsEqual([0x43, 0x45, 28, 1])
        }
        try #require(!places.isEmpty)
        let target = image.number(file + 2) + 1
        var next = target * 2048
        for place in places {
            let (block, offset, count) = (
                image.number(place + 4), image.number(place + 12), image.number(place + 20)
            )
            let area = image.bytes[(block * 2048 + offset)..<(block * 2048 + offset + count)]
            image.bytes.replaceSubrange(next..<next + count, with: Array(area))
            image.put(target, at: place + 4)
            image.put(next - target * 2048, at: place + 12)
            next += count
        }
        let found = try edit(image, [.remove("folder/numbers")], in: folder)
        #expect(found.status == .verified, "\(found.sentence)")
        let changed = try #require(found.image)
        #expect(
            changed.sector(target)[..<(next - target * 2048)]
                == image.sector(target)[..<(next - target * 2048)]
        )
        let outcome = try Programs.run(
            ["bash", "-c", "xorriso -indev z.iso -find / 2>&1"],
            in: folder
        )
        let name = String(repeating: "n", count: 200)
        #expect(outcome.output.contains(name), "\(outcome)")
        #expect(!outcome.output.contains("FAILURE"), "\(outcome)")
    }
}

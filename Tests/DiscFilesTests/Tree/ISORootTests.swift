import DiscFiles
import TestSupport
import Testing

/// Root directories and others whose records lead astray, and the path table that knows better.
@Suite struct ISORootTests {
    /// Whose names the tree has, and whether the path table is the big-endian one.
    struct Form: Sendable, CustomTestStringConvertible {
        var kind: FileTreeKind
        var isBig = false

        var testDescription: String { "\(kind.displayName)\(isBig ? ", big-endian" : "")" }
        /// The sector of the descriptor.
        var descriptor: Int { kind == .joliet ? 17 : 16 }
    }

    private static let forms = [
        Form(kind: .iso), Form(kind: .iso, isBig: true), Form(kind: .joliet),
        Form(kind: .joliet, isBig: true),
    ]

    /// A root in sector 20 with a file and a directory in sector 21, which has a file.
    private static func volume(_ form: Form) -> Image {
        var image = Image(sectors: 64)
        image.putPrimary(at: 16, size: 64, root: form.kind == .joliet ? 40 : 20)
        if form.kind == .joliet { image.putJoliet(at: 17, size: 64, level: 3, name: "J") }
        image.putTerminator(at: 18)
        if form.kind == .joliet { image.putDirectory(at: 40, []) }
        let name: (String) -> [UInt8] = { text in
            form.kind == .joliet
                ? text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } : Array(text.utf8)
        }
        image.putDirectory(
            at: 20,
            [
                Image.record(name("A"), block: 30, size: 8),
                Image.record(name("SUB"), block: 21, size: 2048, flags: 2),
            ]
        )
        image.putDirectory(at: 21, parent: 20, [Image.record(name("B"), block: 31, size: 8)])
        image.putPathTable(
            at: 19,
            of: form.descriptor,
            isBig: form.isBig,
            [(20, 1, [0]), (21, 1, name("SUB"))]
        )
        return image
    }

    private static let paths = ["A", "SUB/", "SUB/B"]

    @Test(arguments: forms)
    func `An intact volume is read without a word`(form: Form) throws {
        let reading = try TreeReading(Self.volume(form).bytes, form.kind)
        #expect(reading.paths == Self.paths)
        #expect(reading.problems.isEmpty)
    }

    // Places of the root's record in a descriptor: its length, block and size; ECMA-119 §9.1.
    @Test(arguments: [0, 1, 33, 68, 255] as [UInt8])
    func `The length of the root's record in a descriptor doesn't matter`(length: UInt8) throws {
        var image = Self.volume(Form(kind: .iso))
        image.put([length], at: 16 * 2048 + 156)
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == Self.paths)
        #expect(reading.problems.isEmpty)
    }

    @Test(arguments: forms, [UInt32(0), 30, 21, 63, 5000, .max])
    func `A root directory that isn't where the descriptor says is where the path table says`(
        form: Form,
        block: UInt32
    ) throws {
        var image = Self.volume(form)
        image.putBoth(block, at: form.descriptor * 2048 + 158)
        let reading = try TreeReading(image.bytes, form.kind)
        #expect(reading.paths == Self.paths)
        let told = reading.problems.filter {
            $0.sentence.contains("the path table's sector 20")
        }
        #expect(told.count == 1)
        #expect(!reading.isIncomplete)
    }

    @Test(arguments: forms, [UInt32(0), 4096])
    func `A root directory has the size that it gives itself`(form: Form, size: UInt32) throws {
        var image = Self.volume(form)
        image.putBoth(size, at: form.descriptor * 2048 + 166)
        let reading = try TreeReading(image.bytes, form.kind)
        #expect(reading.paths == Self.paths)
        #expect(reading.problems.first?.sentence.contains("gives \(size) bytes") == true)
    }

    @Test(arguments: [Form(kind: .iso), Form(kind: .joliet)])
    func `Without a path table a lost root directory opens no tree`(form: Form) throws {
        var image = Self.volume(form)
        image.putBoth(UInt32(30), at: form.descriptor * 2048 + 158)
        image.put([UInt8](repeating: 0, count: 24), at: form.descriptor * 2048 + 132)
        let trees = try DiscTrees(MemorySource(image.bytes))
        #expect(trees.tree(form.kind) == nil)
        #expect(trees.broken[form.kind]?.contains("sector 30 has no record of itself") == true)
        let descriptor = trees.content.iso9660?.descriptors.last
        #expect(descriptor?.rootProblem?.contains("no record of itself") == true)
        #expect(!trees.content.trees.contains(form.kind == .iso ? "iso9660" : "joliet"))
    }

    /// What is left of a disc if only its last session was read.
    @Test(arguments: [1000, 11400])
    func `A later session by itself is known for one, and is not truncated`(before: UInt32) throws {
        var image = Self.volume(Form(kind: .iso))
        image.putPrimary(at: 16, size: 64 + before, root: 20 + before)
        image.putLittle(19 + before, at: 16 * 2048 + 140)
        image.putDirectory(at: 20, [])
        for place in [20 * 2048, 20 * 2048 + 34] { image.putBoth(20 + before, at: place + 2) }
        let trees = try DiscTrees(MemorySource(image.bytes))
        #expect(trees.available.isEmpty)
        #expect(
            trees.broken[.iso]?.contains("count from \(before) sectors before this image") == true
        )
        #expect(trees.content.iso9660?.sectorsBefore == Int(before))
        #expect(trees.content.claimedEnd == 64)
    }

    @Test func `Records without one of their directory are listed and not called complete`() throws
    {
        var image = Self.volume(Form(kind: .iso))
        image.put([UInt8](repeating: 0, count: 24), at: 16 * 2048 + 132)
        image.put([UInt8](repeating: 0, count: 2048), at: 20 * 2048)
        image.put(Image.record("A", block: 30, size: 8), at: 20 * 2048)
        let reading = try TreeReading(image.bytes, .iso)
        #expect(reading.paths == ["A"])
        #expect(reading.problems.count == 1)
        #expect(reading.isIncomplete)
    }

    @Test(arguments: forms)
    func `A directory that isn't where its record says is where the path table says`(form: Form)
        throws
    {
        for block in [UInt32(0), 30, 5000] {
            var image = Self.volume(form)
            let place = try #require(Self.place(of: 21, in: 20, image.bytes))
            image.putBoth(block, at: place + 2)
            let reading = try TreeReading(image.bytes, form.kind)
            #expect(reading.paths == Self.paths)
            #expect(reading.problems.first?.sentence.contains("path table's sector 21") == true)
            #expect(!reading.isIncomplete)
            // Without a table nobody knows what is missing.
            image.put([UInt8](repeating: 0, count: 24), at: form.descriptor * 2048 + 132)
            let lost = try TreeReading(image.bytes, form.kind)
            #expect(lost.paths == ["A", "SUB/"])
            #expect(lost.isIncomplete)
        }
    }

    @Test func `A directory without a size has the one that it gives itself`() throws {
        var image = Self.volume(Form(kind: .iso))
        let place = try #require(Self.place(of: 21, in: 20, image.bytes))
        image.putBoth(UInt32(0), at: place + 10)
        #expect(try TreeReading(image.bytes, .iso).paths == Self.paths)
    }

    @Test func `High Sierra has its path table further on, and its fields in another order`() throws
    {
        var image = Image(sectors: 50)
        image.putHighSierra(at: 16, size: 50, name: "OLD")
        image.putBoth(UInt32(2048), at: 16 * 2048 + 190)
        image.putDirectory(at: 31, [Image.record("F", block: 40, size: 8)])
        // Block, attribute blocks, length of the name, parent, name.
        image.put([31, 0, 0, 0, 0, 1, 1, 0, 0], at: 33 * 2048)
        image.putBoth(UInt32(10), at: 16 * 2048 + 140)
        image.putLittle(UInt32(33), at: 16 * 2048 + 148)
        #expect(try TreeReading(image.bytes, .iso).paths == ["F"])
    }

    @Test(arguments: [FileTreeKind.iso, .joliet])
    func `A table that goes in circles or on for ever does no harm`(kind: FileTreeKind) throws {
        let form = Form(kind: kind)
        var image = Self.volume(form)
        image.putBoth(UInt32.max, at: form.descriptor * 2048 + 132)
        image.putBoth(UInt32(30), at: form.descriptor * 2048 + 158)
        let trees = try DiscTrees(MemorySource(image.bytes))
        #expect(trees.tree(kind) == nil || trees.broken[kind] == nil)
    }

    /// Where a directory's record stands in its parent.
    private static func place(of block: UInt8, in parent: Int, _ bytes: [UInt8]) -> Int? {
        var position = parent * 2048
        var count = 0
        while bytes[position] > 0 {
            if bytes[position + 2] == block, count >= 2 { return position }
            position += Int(bytes[position])
            count += 1
        }
        return nil
    }
}

import DiscAuthoring
import DiscFiles
import TestSupport
import Testing
import Transfer

/// Images with UDF, as Spindle's own reader finds them.
@Suite struct UDFImageTests {
    /// Compares what the reader finds with the tree.
    private func expectEqual(
        _ image: UDFImage,
        _ tree: AuthoredTree,
        _ comment: Comment? = nil
    ) throws {
        let listing = try Listing(image)
        #expect(listing.problems.isEmpty, comment)
        let paths = tree.paths()
        #expect(Set(listing.entries.keys) == Set(paths.keys), comment)
        for (path, node) in paths {
            guard let entry = listing.entries[path] else { continue }
            let kept = tree.nodes[node].attributes
            #expect(entry.mode.map { $0 & 0o7777 } == UInt32(kept.permissions), "\(path)")
            #expect(entry.userID == kept.userID && entry.groupID == kept.groupID, "\(path)")
            #expect(entry.modified?.seconds == kept.modified.seconds, "\(path)")
            #expect(entry.modified?.nanoseconds == kept.modified.nanoseconds / 1000 * 1000)
            #expect(entry.accessed?.seconds == (kept.accessed ?? kept.modified).seconds)
            if image.options.revision != .v1_02 {
                #expect(entry.created?.seconds == (kept.created ?? kept.modified).seconds)
            }
            switch tree.nodes[node].kind {
            case .directory: #expect(entry.kind == .directory, "\(path)")
            case .symlink(let target):
                #expect(entry.kind == .symlink, "\(path)")
                #expect(entry.target == target.readableText, "\(path)")
            case .file(let content):
                #expect(entry.kind == .file && entry.size == content.size, "\(path)")
                if let content = content as? BytesContent {
                    #expect(try listing.bytes(path) == content.bytes, "\(path)")
                }
            }
        }
    }

    @Test(arguments: UDFRevision.allCases)
    func `A mixed tree is read back as it was`(revision: UDFRevision) throws {
        let tree = try SampleTree.mixed()
        let image = try UDFImage(tree, SampleTree.options(revision))
        #expect(image.renames.isEmpty)
        try expectEqual(image, tree)
        let content = try DiscContent.examine(image)
        let udf = try #require(content.udf)
        #expect(udf.revision == revision.rawValue)
        #expect(udf.logicalVolumeIdentifier == "Größe 1")
        #expect(udf.integrity?.isClosed == true)
        #expect(content.claimedEnd == image.sectorCount)
        let count = try #require(image.sectorCount)
        #expect(
            udf.anchors == (revision == .v1_02 ? [256, count - 1] : [256, count - 257, count - 1])
        )
    }

    @Test(arguments: UDFRevision.allCases)
    func `An empty tree is a volume`(revision: UDFRevision) throws {
        let tree = SampleTree.empty()
        try expectEqual(try UDFImage(tree, SampleTree.options(revision, label: "")), tree)
    }

    @Test(arguments: UDFRevision.allCases)
    func `Sectors are the same whatever else is read`(revision: UDFRevision) throws {
        let image = try UDFImage(try SampleTree.mixed(), SampleTree.options(revision))
        let whole = try image.allBytes()
        #expect(whole == (try image.allBytes(piece: 1)))
        var random = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let start = random.roll(whole.count / 2048)
            let count = 1 + random.roll(20)
            var buffer = [UInt8](repeating: 0xAA, count: count * 2048)
            var span = buffer.mutableSpan
            let got = try image.read(at: start, into: &span)
            #expect(got == min(count, whole.count / 2048 - start))
            #expect(
                buffer.prefix(got * 2048).elementsEqual(whole[(start * 2048)...].prefix(got * 2048))
            )
        }
        var buffer = [UInt8](repeating: 0, count: 2048)
        var span = buffer.mutableSpan
        #expect(try image.read(at: whole.count / 2048, into: &span) == 0)
        #expect(try image.read(at: -1, into: &span) == 0)
    }

    @Test func `The same tree makes the same image`() throws {
        let options = SampleTree.options(.v2_50)
        let one = try UDFImage(try SampleTree.mixed(), options).allBytes()
        let two = try UDFImage(try SampleTree.mixed(), options).allBytes()
        #expect(one == two)
    }

    @Test func `The metadata's copy serves when the metadata is lost`() throws {
        let tree = try SampleTree.mixed()
        let image = try UDFImage(tree, SampleTree.options(.v2_50))
        let bytes = try image.allBytes()
        // The metadata file's entry is the partition's first block.
        let damaged = MemorySource(bytes, bad: Set(288..<400))
        let listing = try Listing(damaged)
        #expect(Set(listing.entries.keys) == Set(tree.paths().keys))
        #expect(listing.problems == ["The metadata file can't be read; its copy is used."])
    }

    @Test(arguments: [289, 290])
    func `Every other block of the metadata is read from the copy`(first: Int) throws {
        let tree = try SampleTree.mixed()
        let bytes = try UDFImage(tree, SampleTree.options(.v2_50)).allBytes()
        let damaged = MemorySource(bytes, bad: Set(stride(from: first, to: 400, by: 2)))
        let listing = try Listing(damaged)
        #expect(Set(listing.entries.keys) == Set(tree.paths().keys))
        #expect(!listing.problems.isEmpty)
        #expect(listing.problems.filter { !$0.hasSuffix(" used.") } == [])
    }

    @Test func `A tree of limited times makes the same image whenever it is read`() throws {
        let latest = FileTime(seconds: 1_650_000_000)
        func image(_ accessed: Int) throws -> [UInt8] {
            var tree = SampleTree.empty()
            var kept = SampleTree.attributes()
            kept.accessed = FileTime(seconds: accessed)
            try tree.addFile("late", BytesContent([1]), kept)
            kept.modified = FileTime(seconds: 1_000_000_000)
            try tree.addFile("early", BytesContent([2]), kept)
            tree.limitTimes(to: latest)
            let image = try UDFImage(tree, SampleTree.options(.v2_01))
            let entries = try Listing(image).entries
            #expect(entries["late"]?.modified == latest)
            #expect(entries["late"]?.created?.seconds == 1_600_000_000)
            #expect(entries["early"]?.modified?.seconds == 1_000_000_000)
            return try image.allBytes()
        }
        #expect(try image(1) == image(2))
    }

    @Test func `An appendable volume is read through its virtual table`() throws {
        var options = SampleTree.options(.v2_01)
        options.isAppendable = true
        for capacity in [nil, 2_295_104] {
            options.capacity = capacity
            let tree = try SampleTree.mixed()
            let image = try UDFImage(tree, options)
            try expectEqual(image, tree)
            let udf = try #require(try DiscContent.examine(image).udf)
            #expect(udf.partitionMaps == ["physical", "virtual"])
            #expect(udf.anchors == [256])
            #expect(!udf.isLeftOpen)
            let ends = udf.partitions.map { $0.start + $0.count }
            #expect(ends == [capacity ?? image.sectorCount])
        }
        options.capacity = 300
        let error = #expect(throws: AuthoringError.self) {
            try UDFImage(try SampleTree.mixed(), options)
        }
        #expect(error?.code == .tooLarge)
        options.revision = .v2_50
        #expect(throws: AuthoringError.self) { try UDFImage(SampleTree.empty(), options) }
    }

    @Test(arguments: UDFRevision.allCases)
    func `Random trees are read back as they were`(revision: UDFRevision) throws {
        for seed in 1...Soak.count(25, long: 400) {
            var random = SeededGenerator(seed: UInt64(seed))
            let tree = try randomTree(&random)
            try expectEqual(try UDFImage(tree, SampleTree.options(revision)), tree, "seed \(seed)")
        }
    }

    private func randomTree(_ random: inout SeededGenerator) throws -> AuthoredTree {
        var tree = SampleTree.empty()
        var directories = [AuthoredTree.root]
        var files: [Int] = []
        let letters = Array("abcXYZ019._- äßéЖ日本\u{301}😀;:*?\"<>|\\\u{7F}\u{1}")
        for index in 0..<random.roll(200) {
            // The number makes the names differ.
            let length = random.roll(random.roll(10) == 0 ? 100 : 12)
            let name =
                (0..<length).map { _ in String(letters[random.roll(letters.count)]) }.joined()
                + "\(index)"
            let parent = directories[random.roll(directories.count)]
            let kept = SampleTree.attributes(
                UInt16(random.roll(0o10000)),
                modified: FileTime(
                    seconds: random.roll(4_000_000_000) - 1_000_000_000,
                    nanoseconds: random.roll(1_000_000_000)
                ),
                user: random.roll(4) == 0 ? nil : UInt32(random.roll(70_000)),
                group: UInt32(random.roll(70_000))
            )
            switch random.roll(10) {
            case 0...2: directories.append(try tree.addDirectory(name, in: parent, kept))
            case 3:
                let target = random.roll(2) == 0 ? "/\(name)/x" : "../\(name)"
                try tree.addSymlink(
                    AuthoredName(name),
                    to: AuthoredName(target),
                    in: parent,
                    kept
                )
            case 4 where !files.isEmpty:
                try tree.addHardLink(name, to: files[random.roll(files.count)], in: parent)
            default:
                let size = random.roll(random.roll(8) == 0 ? 50_000 : 3000)
                let content = BytesContent(random.bytes(size))
                files.append(try tree.addFile(name, content, in: parent, kept))
            }
        }
        return tree
    }

    @Test func `A directory of many entries is read back`() throws {
        var tree = SampleTree.empty()
        let content = BytesContent([])
        for index in 0..<20_000 {
            try tree.addFile("file number \(index) with a name", content, SampleTree.attributes())
        }
        for revision in UDFRevision.allCases {
            let listing = try Listing(try UDFImage(tree, SampleTree.options(revision)))
            #expect(listing.entries.count == 20_000)
            #expect(listing.problems.isEmpty)
        }
    }

    // MARK: - Sizes

    /// Bytes that tell their own place: each eight of them are their offset divided by eight.
    private func places(_ size: Int) -> GeneratedContent {
        GeneratedContent(size: size) { offset, target in
            for index in 0..<target.count {
                let place = offset + index
                target[index] = UInt8(truncatingIfNeeded: (place / 8) >> (place % 8 * 8))
            }
        }
    }

    @Test(arguments: UDFRevision.allCases)
    func `Files about the limits of extents are read back`(revision: UDFRevision) throws {
        var tree = SampleTree.empty()
        let extent = 1 << 30 - 2048
        let sizes = [
            extent - 1, extent, extent + 1, 1 << 30 - 1, 1 << 30, 1 << 30 + 1, 1 << 32 - 1, 1 << 32,
            5 << 30 + 12_345,
        ]
        for size in sizes { try tree.addFile("\(size)", places(size), SampleTree.attributes()) }
        let image = try UDFImage(tree, SampleTree.options(revision))
        let kinds: [FileTreeKind] = revision == .v1_02 ? [.udf, .iso, .joliet] : [.udf]
        for kind in kinds {
            let listing = try Listing(image, kind)
            #expect(listing.problems.isEmpty)
            #expect(listing.entries.count == sizes.count)
            for (path, entry) in listing.entries {
                let size = try #require(Int(path.prefix { $0.isNumber }))
                #expect(entry.size == size, "\(kind) \(path)")
                let contents = try FileContents(image, entry)
                #expect(contents.count == size)
                // About the ends of all extents, and the file's own.
                let ends = Array(stride(from: extent, to: size, by: extent))
                for place in [0, size - 40] + ends.map({ $0 - 20 }) {
                    var buffer = [UInt8](repeating: 0, count: 40)
                    var done = 0
                    while done < min(40, size - place) {
                        var span = buffer.mutableSpan
                        var part = span._mutatingExtracting(done...)
                        let count = try contents.read(at: place + done, into: &part)
                        guard count > 0 else { break }
                        done += count
                    }
                    let wanted = (place..<min(size, place + 40)).map {
                        UInt8(truncatingIfNeeded: ($0 / 8) >> ($0 % 8 * 8))
                    }
                    #expect(
                        Array(buffer.prefix(wanted.count)) == wanted,
                        "\(kind) \(path) \(place)"
                    )
                }
            }
        }
    }

    @Test(arguments: UDFRevision.allCases)
    func `A file of more extents than its entry holds goes on elsewhere`(revision: UDFRevision)
        throws
    {
        // The entry holds 234, 229 or 114 descriptors, a block more 253 or 126.
        for gigabytes in [113, 114, 115, 229, 230, 234, 235, 240, 241, 500, 1100] {
            var tree = SampleTree.empty()
            let size = gigabytes << 30 - 4096
            try tree.addFile("large", places(size), SampleTree.attributes())
            try tree.addFile("small", BytesContent([1, 2, 3]), SampleTree.attributes())
            let image = try UDFImage(tree, SampleTree.options(revision))
            let listing = try Listing(image)
            #expect(listing.problems.isEmpty, "\(gigabytes)")
            let entry = try #require(listing.entries["large"])
            #expect(entry.size == size)
            #expect(entry.extents.map(\.length).reduce(0, +) == size, "\(gigabytes)")
            #expect(entry.extents.count == 1, "\(gigabytes)")
            #expect(try listing.bytes("small") == [1, 2, 3])
        }
    }

    @Test func `What no volume can hold is refused`() throws {
        for sizes in [[Int.max], [1 << 43], [5 << 40, 5 << 40]] {
            var tree = SampleTree.empty()
            for (index, size) in sizes.enumerated() {
                try tree.addFile("\(index)", places(size), SampleTree.attributes())
            }
            for revision in UDFRevision.allCases {
                #expect(throws: AuthoringError.self) {
                    try UDFImage(tree, SampleTree.options(revision))
                }
            }
        }
    }

    // MARK: - Names

    @Test func `Names that UDF can't have are changed and reported`() throws {
        var tree = SampleTree.empty()
        let long = String(repeating: "x", count: 300)
        let wide = String(repeating: "Ж", count: 130)
        for name in [long + ".text", long + "2.text", wide, "😀.txt", "mark\u{FEFF}"] {
            try tree.addFile(name, BytesContent([1]), SampleTree.attributes())
        }
        try tree.addFile(
            AuthoredName(bytes: [0x66, 0xFC, 0x72]),
            BytesContent([1]),
            SampleTree.attributes()
        )
        let image = try UDFImage(tree, SampleTree.options(.v2_01))
        let reasons = Dictionary(grouping: image.renames, by: \.reason).mapValues(\.count)
        #expect(
            reasons == [
                .tooLong: 3, .pairedCharacter: 1, .forbiddenCharacter: 1, .notUnicode: 1,
            ]
        )
        let listing = try Listing(image)
        #expect(listing.problems.isEmpty)
        #expect(Set(listing.entries.keys) == Set(image.renames.map(\.name)))
        #expect(listing.entries["für"] != nil)
        #expect(listing.entries["😀.txt"] != nil)
        #expect(listing.entries["mark_"] != nil)
        #expect(listing.entries.keys.contains { $0.hasSuffix(".text") && $0.utf8.count == 254 })
        #expect(listing.entries.keys.contains { $0.utf16.count == 127 && $0.contains("#") })
    }

    @Test func `Changed names stay apart`() throws {
        var tree = SampleTree.empty()
        for bytes in [[0x61, 0xFC], Array("aü".utf8)] as [[UInt8]] {
            try tree.addFile(
                AuthoredName(bytes: bytes),
                BytesContent(bytes),
                SampleTree.attributes()
            )
        }
        let image = try UDFImage(tree, SampleTree.options(.v2_01))
        let listing = try Listing(image)
        #expect(listing.entries.count == 2)
        #expect(try listing.bytes("aü") == Array("aü".utf8))
        #expect(image.renames.count == 1)
    }

    @Test func `Names that only look the same stay apart`() throws {
        var tree = SampleTree.empty()
        // “é” as one character and as two, which Swift's strings take for equal.
        for bytes in [[0xC3, 0xA9], [0x65, 0xCC, 0x81]] as [[UInt8]] {
            try tree.addFile(
                AuthoredName(bytes: bytes),
                BytesContent(bytes),
                SampleTree.attributes()
            )
        }
        for revision in UDFRevision.allCases {
            let image = try UDFImage(tree, SampleTree.options(revision))
            #expect(image.renames.isEmpty)
            let found = try #require(try DiscTrees(image).tree(.udf))
            let names = try found.entries(of: found.root).entries.map { Array($0.name.utf8) }
            #expect(names == [[0x65, 0xCC, 0x81], [0xC3, 0xA9]])
        }
    }

    @Test func `Names and trees that make no sense are refused`() throws {
        var tree = SampleTree.empty()
        for name in ["", ".", "..", "a/b", "a\0b"] {
            #expect(throws: AuthoringError.self) {
                try tree.addDirectory(name, SampleTree.attributes())
            }
        }
        let file = try tree.addFile("a", BytesContent([]), SampleTree.attributes())
        #expect(throws: AuthoringError.self) {
            try tree.addFile("b", BytesContent([]), in: file, SampleTree.attributes())
        }
        #expect(throws: AuthoringError.self) { try tree.addHardLink("c", to: AuthoredTree.root) }
        try tree.addFile("a", BytesContent([1]), SampleTree.attributes())
        let error = #expect(throws: AuthoringError.self) {
            try UDFImage(tree, SampleTree.options(.v2_01))
        }
        #expect(error?.code == .sameName)
        let label = String(repeating: "x", count: 127)
        let other = #expect(throws: AuthoringError.self) {
            try UDFImage(SampleTree.empty(), SampleTree.options(.v2_01, label: label))
        }
        #expect(other?.code == .unusableOption)
    }

    @Test func `Times far away and in other zones are kept or brought near`() throws {
        var tree = SampleTree.empty()
        let times = [
            FileTime(seconds: 0, minutesEast: 330),
            FileTime(seconds: 951_782_399, minutesEast: -720),
            FileTime(seconds: 1_000_000, minutesEast: nil), FileTime(seconds: .max),
            FileTime(seconds: .min, minutesEast: 60), FileTime(seconds: -62_135_596_800),
        ]
        for (index, time) in times.enumerated() {
            try tree.addFile(
                "\(index)",
                BytesContent([]),
                SampleTree.attributes(modified: time)
            )
        }
        for revision in UDFRevision.allCases {
            let listing = try Listing(try UDFImage(tree, SampleTree.options(revision)))
            for index in [0, 1, 2, 5] {
                #expect(listing.entries["\(index)"]?.modified == times[index], "\(index)")
            }
            #expect(listing.entries["3"]?.modified?.description == "9999-12-31T23:59:59Z")
            #expect(listing.entries["4"]?.modified?.description == "0001-01-01T00:00:00+01:00")
        }
    }

    // MARK: - Files that fail

    @Test func `A file that is shorter than it was ends the reading`() throws {
        struct Shrunk: AuthoredContent {
            let size = 10_000
            func open() -> any FileBytes { BytesContent([1, 2, 3]).open() }
        }
        var tree = SampleTree.empty()
        try tree.addFile("shrunk", Shrunk(), SampleTree.attributes())
        let image = try UDFImage(tree, SampleTree.options(.v2_01))
        let error = #expect(throws: AuthoringError.self) { try image.allBytes() }
        #expect(error?.code == .changed)
        #expect(error?.path == "shrunk")
    }
}

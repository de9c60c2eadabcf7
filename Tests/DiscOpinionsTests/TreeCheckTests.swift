import DiscFiles
import DiscImages
import DiscOpinions
import LinuxCalls
import SecondOpinion
import TestSupport
import Testing

/// Spindle's tree beside one that libiso9660 told, and that was changed on the way.
@Suite struct TreeCheckTests {
    private static let sum = String(repeating: "0", count: 64)

    /// Compares after a change to what libiso9660 told.
    private func report(
        _ change: (inout [OpinionLine]) -> Void = { _ in }
    ) throws -> TreeReport {
        let folder = try Folder()
        try folder.write("tree/a.txt", "abc")
        try folder.write("tree/sub/b.bin", [UInt8](repeating: 1, count: 5000))
        try Programs.run(["genisoimage", "-quiet", "-R", "-o", "x.iso", "tree"], in: folder)
        let path = folder.path("x.iso")
        var lines: [OpinionLine] = []
        let file = try File(path, .read)
        try OpinionProcess.ask(.tree(of: file, names: .primary, mostBytes: 1 << 20)) {
            lines.append($0)
            return true
        }
        change(&lines)
        var other = OtherTree()
        for line in lines where line.kind != .end {
            let isTaken = other.take(line)
            try #require(isTaken)
        }
        let image = try DiscImage(path)
        let trees = try DiscTrees(image.source, sessionStart: 0, sessionEnd: 1 << 20)
        let tree = try #require(trees.tree(.rockRidge))
        var check = TreeCheck(tree, image.source, other)
        return try check.run()
    }

    private func change(
        _ lines: inout [OpinionLine],
        _ name: String,
        _ body: (inout OpinionLine.Entry) -> Void
    ) {
        for index in lines.indices where lines[index].entry?.name == name {
            if var entry = lines[index].entry {
                body(&entry)
                lines[index].entry = entry
            }
        }
    }

    private func line(_ report: TreeReport) -> String? {
        report.differences.count == 1 ? report.differences[0].line : nil
    }

    @Test func `Trees that are the same differ in nothing`() throws {
        let report = try report()
        #expect(report.differences.isEmpty && report.limits.isEmpty)
        #expect(report.files == 2 && report.directories == 2)
        #expect(report.summed == 2 && report.summedBytes == 5003)
        #expect(report.sizesOnly.count == 0)
    }

    @Test func `A difference names the file and both sides`() throws {
        let size = try report { change(&$0, "b.bin") { $0.size = 4000 } }
        #expect(line(size) == "sub/b.bin: size: Spindle 5000 bytes, libiso9660 4000 bytes")
        let content = try report { change(&$0, "a.txt") { $0.sha256 = Self.sum } }
        #expect(
            line(content)
                == "a.txt: content: Spindle SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad, libiso9660 SHA-256 \(Self.sum)"
        )
        let short = try report {
            change(&$0, "a.txt") {
                $0.sha256 = nil
                $0.isShort = true
            }
        }
        #expect(line(short)?.hasSuffix("libiso9660 bytes past the end of the image") == true)
        let name = try report { change(&$0, "a.txt") { $0.name = "other name" } }
        #expect(line(name) == "a.txt: name: Spindle “a.txt”, libiso9660 “other name”")
        let kind = try report { change(&$0, "a.txt") { $0.mode = 0o120777 } }
        #expect(line(kind) == "a.txt: kind: Spindle a file of 3 bytes, libiso9660 a symlink")
        let missing = try report { $0.removeAll { $0.entry?.name == "a.txt" } }
        #expect(line(missing) == "a.txt: presence: Spindle a file of 3 bytes, libiso9660 nothing")
        let more = try report {
            $0.append(
                OpinionLine(
                    .entry,
                    entry: OpinionLine.Entry(
                        directory: 1,
                        name: Array("c\u{1B}[2J".utf8),
                        isDirectory: false,
                        start: 9,
                        size: 7
                    )
                )
            )
        }
        #expect(
            line(more) == "sub/c\\x1B[2J: presence: Spindle nothing, libiso9660 a file of 7 bytes"
        )
        let folder = try report {
            change(&$0, "sub") { $0.start = 1000 }
            change(&$0, "sub") { $0.name = "elsewhere" }
        }
        #expect(
            folder.differences.map(\.line) == [
                "sub: presence: Spindle a directory, libiso9660 nothing",
                "elsewhere: presence: Spindle nothing, libiso9660 a directory",
            ]
        )
    }

    @Test func `Known limits of libiso9660 are told, and are no difference`() throws {
        let cut = try report { change(&$0, "a.txt") { $0.name = "a.t" } }
        #expect(cut.differences.isEmpty && cut.limits[.continuation]?.example == "a.txt")
        let plain = try report { change(&$0, "a.txt") { $0.name = "A.TXT;1" } }
        #expect(plain.differences.isEmpty && plain.limits[.continuation]?.count == 1)
    }

    @Test
    func `Sums that were not made leave the size, and directories that were not listed nothing`()
        throws
    {
        let sizes = try report { change(&$0, "b.bin") { $0.sha256 = nil } }
        #expect(sizes.differences.isEmpty)
        #expect(sizes.sizesOnly.count == 1 && sizes.sizesOnly.example == "sub/b.bin")
        #expect(sizes.summed == 1)
        let unlisted = try report {
            $0.removeAll { $0.entry?.name == "b.bin" }
            $0.append(OpinionLine(.unlisted, directory: 1))
        }
        #expect(unlisted.differences.isEmpty)
        #expect(unlisted.unlisted.count == 1 && unlisted.unlisted.example == "sub")
    }

    @Test func `Lines that can't be are refused`() {
        let entry = OpinionLine.Entry(
            directory: 0,
            name: [0x61],
            isDirectory: false,
            start: 0,
            size: 0
        )
        var wrong: [OpinionLine.Entry] = []
        for change in [
            { (entry: inout OpinionLine.Entry) in entry.directory = 1 },
            { $0.directory = -1 }, { $0.size = -1 }, { $0.size = 1 << 32 }, { $0.start = -1 },
            { $0.start = 1 << 31 }, { $0.name = "" }, { $0.nameBytes = "6" },
        ] {
            var changed = entry
            change(&changed)
            wrong.append(changed)
        }
        /// Whether the last of some lines can follow the others.
        func takes(_ lines: OpinionLine...) -> Bool {
            var tree = OtherTree()
            return lines.map { tree.take($0) }.last ?? false
        }
        let right = OpinionLine(.entry, entry: entry)
        #expect(takes(right) && takes(right, right))
        for entry in wrong { #expect(!takes(OpinionLine(.entry, entry: entry))) }
        for line in [
            OpinionLine(.unlisted, directory: 1), OpinionLine(.table), OpinionLine(.volume),
            OpinionLine(.entry),
        ] {
            #expect(!takes(right, line))
        }
    }
}

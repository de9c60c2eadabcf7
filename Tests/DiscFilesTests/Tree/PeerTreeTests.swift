import DiscFiles
import TestSupport
import Testing

/// Images that other programs made, against what other programs list.
@Suite struct PeerTreeTests {
    /// Makes a folder of everything that trips readers of Rock Ridge.
    private static let tree: [String] = [
        "sh", "-c",
        """
        cd tree && mkdir -p a/b/c/d/e/f/g/h/i/j many empty
        echo deep > a/b/c/d/e/f/g/h/i/j/deep.txt
        echo long > \(String(repeating: "n", count: 244))
        echo a > "ünïcode ☃" && ln -s below link && ln -s /abs/../x absolute
        ln -s \((0..<30).map { "component\($0)" }.joined(separator: "/")) long-link
        mkfifo pipe && : > zero
        for i in $(seq 1 300); do echo $i > "many/file number $i.txt"; done
        chmod 4755 zero
        """,
    ]

    /// Takes the long symlink away, at which genisoimage 1.1.11 loops.
    private static let withoutLongLink = ["rm", "tree/long-link"]

    /// What bsdtar lists of an image, sorted.
    private static func bsdtar(_ prepare: [String], _ make: [String]) throws -> [String] {
        let list = try Tools.make(
            "list",
            tree,
            prepare,
            make,
            ["sh", "-c", "LC_ALL=C.UTF-8 bsdtar -tf out.iso | LC_ALL=C sort > list"]
        )
        return String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0 != "." && $0 != "./" }
    }

    static let programs: [[String]] = [
        ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-o", "out.iso", "tree"],
        ["genisoimage", "-quiet", "-R", "-o", "out.iso", "tree"],
    ]

    @Test(.enabled(if: Tools.has("bsdtar")), arguments: programs)
    func `Rock Ridge is listed as bsdtar lists it`(program: [String]) throws {
        guard let name = program.first, Tools.has(name) else { return }
        let isXorriso = name == "xorriso"
        let prepare = isXorriso ? ["true"] : Self.withoutLongLink
        let bytes = try Tools.make("out.iso", Self.tree, prepare, program)
        let reading = try TreeReading(bytes, .rockRidge)
        let expected = try Self.bsdtar(prepare, program).map {
            $0.hasSuffix("/") ? String($0.dropLast()) : $0
        }
        // bsdtar hides the directory that genisoimage puts the deep ones in, empty as it is.
        let found = reading.paths.filter { $0 != "rr_moved/" }
            .map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        #expect(Set(found) == Set(expected))
        #expect(found.count == expected.count)
        #expect(reading.problems.isEmpty)
        #expect(reading.entries["a/b/c/d/e/f/g/h/i/j/deep.txt"]?.size == 5)
        #expect(reading.entries["absolute"]?.target == "/abs/../x")
        let target = (0..<30).map { "component\($0)" }.joined(separator: "/")
        #expect(reading.entries["long-link"]?.target == (isXorriso ? target : nil))
        #expect(reading.entries["zero"]?.modeText == "-rwsr-xr-x")
        #expect(reading.entries["pipe"]?.kind == .fifo)
        let contents = try reading.contents("below/a file with a long name", bytes)
        #expect(contents == (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    }

    @Test(.enabled(if: Tools.has("genisoimage")))
    func `All trees of a hybrid show the same files`() throws {
        let bytes = try Tools.make(
            "out.iso",
            Self.tree,
            Self.withoutLongLink,
            [
                "timeout", "60", "genisoimage", "-quiet", "-R", "-J", "-joliet-long", "-udf",
                "-hfs", "-o", "out.iso",
                "tree",
            ]
        )
        let trees = try DiscTrees(MemorySource(bytes))
        #expect(trees.available == [.rockRidge, .udf, .joliet, .iso, .hfs])
        let choice = try #require(try TreeChoice(trees))
        #expect(choice.kind == .rockRidge)
        // Only the Mac's side has a desktop database.
        #expect(choice.differences.map(\.example) == ["Desktop DB"])
        for kind in trees.available {
            let reading = try TreeReading(bytes, kind)
            let sizes = reading.entries.values.filter { $0.kind == .file }.map(\.size).sorted()
            let files = sizes.filter { $0 > 0 && $0 != 8192 }
            #expect(files.count == 304, "\(kind)")
            #expect(files.last == 100_000, "\(kind)")
            #expect(reading.problems.isEmpty, "\(kind)")
        }
    }

    @Test(.enabled(if: Tools.has("genisoimage")))
    func `Files that one tree hides are told`() throws {
        let bytes = try Tools.make(
            "out.iso",
            Self.tree,
            Self.withoutLongLink,
            [
                "timeout", "60", "genisoimage", "-quiet", "-R", "-J", "-joliet-long",
                "-hide-joliet", "deep.txt", "-o",
                "out.iso", "tree",
            ]
        )
        let choice = try #require(try TreeChoice(try DiscTrees(MemorySource(bytes))))
        #expect(choice.kind == .rockRidge)
        #expect(
            choice.differences.map(\.sentence) == [
                "“a/b/c/d/e/f/g/h/i/j/deep.txt” is in the Rock Ridge tree and not in the Joliet one."
            ]
        )
        let other = try Tools.make(
            "out.iso",
            Self.tree,
            Self.withoutLongLink,
            [
                "timeout", "60", "genisoimage", "-quiet", "-R", "-J", "-joliet-long", "-hide",
                "deep.txt", "-o",
                "out.iso", "tree",
            ]
        )
        #expect(try TreeChoice(try DiscTrees(MemorySource(other)))?.kind == .joliet)
    }

    @Test(.enabled(if: Tools.has("xorriso")))
    func `A file of more than 4 GiB is one file`() throws {
        // Only the structures are wanted, which come first.
        let bytes = try Tools.make(
            "head",
            ["truncate", "-s", "4300M", "tree/big"],
            ["sh", "-c", "echo end >> tree/big"],
            [
                "sh", "-c",
                "xorriso -as mkisofs -quiet -R -J -iso-level 3 -o - tree | head -c 1048576 > head",
            ]
        )
        for kind in [FileTreeKind.rockRidge, .joliet, .iso] {
            let reading = try TreeReading(bytes, kind)
            let big = reading.entries[kind == .iso ? "BIG" : "big"]
            #expect(big?.size == 4300 << 20 + 4)
            #expect(big?.extents.count == 2)
        }
    }

    @Test(.enabled(if: Tools.has("xorriso")))
    func `The last session has the files of those before`() throws {
        let program = ["xorriso", "-as", "mkisofs", "-quiet", "-R"]
        let first = try Tools.make("one.iso", program + ["-o", "one.iso", "tree"])
        let second = try Tools.make(
            "two.iso",
            program + ["-o", "one.iso", "tree"],
            ["sh", "-c", "echo new > tree/new"],
            program + [
                "-C", "0,400", "-M", "one.iso", "-o", "two.iso", "-graft-points", "new=tree/new",
            ]
        )
        let gap = [UInt8](repeating: 0, count: 400 * 2048 - first.count)
        let disc = first + gap + second
        let one = try TreeReading(disc, .rockRidge)
        #expect(one.paths == ["below/", "below/a file with a long name"])
        let two = try TreeReading(disc, .rockRidge, sessionStart: 400)
        #expect(two.paths == ["below/", "below/a file with a long name", "new"])
        #expect(try two.contents("new", disc) == Array("new\n".utf8))
        let old = try #require(two.entries["below/a file with a long name"]?.extents.first?.offset)
        #expect(old < 400 * 2048)
    }

    @Test(.enabled(if: Tools.has("hformat")))
    func `A volume of hformat's is read`() throws {
        let bytes = try Tools.make(
            "out.hfs",
            [
                "sh", "-c",
                """
                export HOME="$PWD"
                truncate -s 4M out.hfs && hformat -l Mac out.hfs && hmkdir Sub
                for i in $(seq 1 60); do echo $i > f && hcopy -r f ":file $i"; done
                hcopy -r "tree/below/a file with a long name" ":Sub:data"
                """,
            ]
        )
        let reading = try TreeReading(bytes, .hfs)
        #expect(reading.paths.count == 62)
        #expect(reading.problems.isEmpty)
        #expect(
            try reading.contents("Sub/data", bytes)
                == (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        )
    }

    @Test(
        .enabled(if: Tools.has("mkudffs")),
        arguments: [("dvdrw", "1.50"), ("cdrw", "2.01"), ("dvd", "2.01"), ("hd", "2.01")]
    )
    func `An empty volume of mkudffs's is read`(media: String, revision: String) throws {
        let bytes = try Tools.make(
            "out.udf",
            ["truncate", "-s", "8M", "out.udf"],
            [
                "mkudffs", "--blocksize=2048", "--media-type=\(media)", "--udfrev=\(revision)",
                "out.udf",
            ]
        )
        let reading = try TreeReading(bytes, .udf)
        #expect(reading.paths.filter { $0 != "Non-Allocatable Space" } == [])
        #expect(reading.problems.isEmpty)
    }

    /// The virtual table of such a volume is the last block that was written.
    @Test(.enabled(if: Tools.has("mkudffs")), arguments: ["1.50", "2.01", "2.60"])
    func `A virtual table of mkudffs's is found`(revision: String) throws {
        var bytes = try Tools.make(
            "out.udf",
            ["truncate", "-s", "8M", "out.udf"],
            ["mkudffs", "--blocksize=2048", "--media-type=dvdr", "--udfrev=\(revision)", "out.udf"]
        )
        let last = try #require(bytes.lastIndex { $0 != 0 })
        bytes.removeLast(bytes.count - (last / 2048 + 1) * 2048)
        let reading = try TreeReading(bytes, .udf)
        #expect(reading.paths.isEmpty)
        #expect(reading.problems.isEmpty)
    }

    @Test(arguments: [
        "/usr/lib/ipxe/ipxe.iso", "/usr/lib/memtest86+/memtest86+ia32.iso",
        "/usr/lib/memtest86+/memtest86+x64.iso",
    ])
    func `Images that Debian ships are listed whole`(path: String) throws {
        guard Tools.exists(path), Tools.has("bsdtar") else { return }
        let trees = try DiscTrees(MemorySource(try Tools.contents(path)))
        let choice = try #require(try TreeChoice(trees))
        let reading = try TreeReading(try #require(trees.tree(choice.kind)))
        let list = try Tools.make("list", ["sh", "-c", "bsdtar -tf \(path) > list"])
        let lines = String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init)
        #expect(Set(reading.entries.keys) == Set(lines.filter { $0 != "." }))
        #expect(reading.problems.isEmpty)
    }
}

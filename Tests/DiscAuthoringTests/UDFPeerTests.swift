import DiscAuthoring
import DiscFiles
import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Images with UDF, as other programs find them.
@Suite struct UDFPeerTests {
    /// What a peer says of a file.
    private struct Line: Hashable {
        var kind: String
        var size: Int
        var sum: UInt64
        var path: String
    }

    /// FNV-1a with 64 bits.
    private static func sum(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// An image in a file of a folder of its own.
    private func made(_ revision: UDFRevision, _ tree: AuthoredTree, label: String = "Label 1")
        throws
        -> Folder
    {
        let folder = try Folder()
        try UDFImage(tree, SampleTree.options(revision, label: label))
            .write(to: folder.path("image.iso"))
        return folder
    }

    private static var hasUDFRead: Bool {
        Programs.has("cc") && FileSystem.exists("/usr/include/udfread/udfread.h")
    }

    @Test(.enabled(if: hasUDFRead), arguments: UDFRevision.allCases)
    func `libudfread finds the same files`(revision: UDFRevision) throws {
        let tree = try SampleTree.mixed()
        let folder = try made(revision, tree)
        let source = FilePath(#filePath).removingLastComponent().appending("Peers/udfread-peer.c")
        let built = try Programs.run(
            ["cc", "-O1", "-o", "peer", source.string, "-ludfread"],
            in: folder
        )
        #expect(built.status == 0, "\(built)")
        let outcome = try Programs.run([folder.path("peer").string, "image.iso"], in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        var lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.removeFirst() == "volume Label 1")
        let found = Set(
            lines.map { line in
                let parts = line.split(separator: " ", maxSplits: 3)
                return Line(
                    kind: String(parts[0]),
                    size: Int(parts[1]) ?? -1,
                    sum: UInt64(parts[2], radix: 16) ?? 0,
                    path: String(parts[3])
                )
            }
        )
        var wanted: Set<Line> = []
        for (path, node) in tree.paths() {
            switch tree.nodes[node].kind {
            case .directory: wanted.insert(Line(kind: "d", size: 0, sum: 0, path: path))
            case .file(let content):
                let bytes = try #require(content as? BytesContent).bytes
                wanted.insert(
                    Line(kind: "f", size: bytes.count, sum: Self.sum(bytes), path: path)
                )
            case .symlink: break
            }
        }
        // It lists links as files of their path's components.
        let links = Set(tree.paths().filter { tree.nodes[$0.value].isSymlink }.keys)
        #expect(found.filter { !links.contains($0.path) } == wanted)
    }

    @Test(.enabled(if: Programs.has("7z")), arguments: UDFRevision.allCases)
    func `7-Zip finds no error and the same files`(revision: UDFRevision) throws {
        // 7-Zip 26.02 opens no volume that has a symbolic link.
        let tree = try SampleTree.mixed(hasLinks: false)
        let folder = try made(revision, tree)
        let listed = try Programs.run(["7z", "l", "-slt", "image.iso"], in: folder)
        #expect(listed.status == 0, "\(listed)")
        #expect(listed.output.contains("Type = Udf"))
        for word in ["Error", "Warning", "Tail Size"] {
            #expect(!listed.said.contains(word), "\(listed)")
        }
        let outcome = try Programs.run(["7z", "x", "-oout", "image.iso"], in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("Everything is Ok"))
        for (path, node) in tree.paths() {
            guard let content = tree.nodes[node].content as? BytesContent else { continue }
            #expect(try folder.read("out/" + path) == content.bytes, "\(path)")
        }
    }

    @Test(.enabled(if: Programs.has("7z")), arguments: UDFRevision.allCases)
    func `7-Zip finds no error in an empty volume`(revision: UDFRevision) throws {
        let folder = try made(revision, SampleTree.empty())
        let outcome = try Programs.run(["7z", "t", "image.iso"], in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(!outcome.said.contains("Error") && !outcome.said.contains("Warning"), "\(outcome)")
    }

    @Test(.enabled(if: Programs.has("udfdump")), arguments: UDFRevision.allCases)
    func `udfclient finds the same files`(revision: UDFRevision) throws {
        let tree = try SampleTree.mixed()
        let folder = try made(revision, tree)
        let outcome = try Programs.run(["udfdump", "-t", "-b", "2048", "image.iso"], in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.output.contains("marked closed"))
        let found = outcome.output.split(separator: "\n").filter { $0.hasPrefix(":Rootdir/") }
            .map { String($0.dropFirst(9)) }
        // It lists no directory but what is in it.
        let files = tree.paths().filter { !tree.nodes[$0.value].isDirectory }
        #expect(found.count == files.count, "\(outcome)")
        // It shows what is not ASCII in a way of its own.
        let plain = files.keys.filter { $0.utf8.allSatisfy { $0 < 0x80 } }
        #expect(Set(plain).isSubset(of: found), "\(outcome)")
    }

    @Test(.enabled(if: Programs.has("udfinfo")), arguments: UDFRevision.allCases)
    func `udfinfo finds a whole volume`(revision: UDFRevision) throws {
        let tree = try SampleTree.mixed()
        let folder = try made(revision, tree)
        let outcome = try Programs.run(["udfinfo", "--utf8", "image.iso"], in: folder)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.errors.isEmpty, "\(outcome)")
        let directories = Set(tree.nodes.indices.filter { tree.nodes[$0].isDirectory }).count
        for line in [
            "label=Label 1", "udfrev=\(revision.rawValue)", "integrity=closed",
            "accesstype=readonly", "blocksize=2048", "numdirs=\(directories)",
            "numfiles=\(tree.nodes.count - directories)",
        ] {
            #expect(
                outcome.output.split(separator: "\n").contains { $0 == line },
                "\(line) \(outcome)"
            )
        }
        let label = try Programs.run(["udflabel", "--utf8", "image.iso"], in: folder)
        #expect(label.output == "Label 1\n")
    }

    @Test(.enabled(if: Programs.has("isoinfo") && Programs.has("bsdtar")))
    func `A bridge's ISO 9660 and Joliet name the same files`() throws {
        let tree = try SampleTree.mixed()
        let folder = try made(.v1_02, tree)
        for options in [[], ["-J"]] {
            let listed = try Programs.run(
                ["isoinfo"] + options + ["-f", "-i", "image.iso"],
                in: folder
            )
            #expect(listed.status == 0, "\(listed)")
            // All but the four links.
            let count = tree.paths().values.count { !tree.nodes[$0].isSymlink }
            #expect(listed.output.split(separator: "\n").count == count, "\(listed)")
        }
        let extracted = try Programs.run(
            ["isoinfo", "-i", "image.iso", "-x", "/ORDNER/UPPER.TXT;1"],
            in: folder
        )
        #expect(extracted.bytes == SampleTree.bytes(103, seed: 3))
        try FileSystem.makeDirectory(folder.path("out"))
        let outcome = try Programs.run(
            ["bsdtar", "-x", "-f", "image.iso", "-C", "out"],
            in: folder.path,
            variables: ["LC_ALL": "C.UTF-8"]
        )
        #expect(outcome.status == 0, "\(outcome)")
        for (path, node) in tree.paths() {
            guard let content = tree.nodes[node].content as? BytesContent else { continue }
            // bsdtar composes letters and their accents; Swift takes both forms for equal.
            let name = path == "Ordner/\u{E9}" ? "Ordner/\u{E9}" : path
            #expect(try folder.read("out/" + name) == content.bytes, "\(path)")
        }
    }

    @Test(.enabled(if: Programs.has("isoinfo") && Programs.has("xorriso")))
    func `A bridge's boot entries are found by other programs`() throws {
        var tree = try SampleTree.mixed()
        let boot = try tree.addDirectory("boot", SampleTree.attributes(0o755))
        try tree.addFile(
            "bios.bin",
            BytesContent(SampleTree.bytes(4096)),
            in: boot,
            SampleTree.attributes()
        )
        try tree.addFile(
            "efi.img",
            BytesContent(SampleTree.bytes(90_000)),
            in: boot,
            SampleTree.attributes()
        )
        var options = SampleTree.options(.v1_02, label: "BOOT")
        options.bootEntries = [
            UDFImageOptions.BootEntry(.bios, path: "boot/bios.bin"),
            UDFImageOptions.BootEntry(.efi, path: "boot/efi.img"),
        ]
        let image = try UDFImage(tree, options)
        let content = try DiscContent.examine(image)
        #expect(content.bootEntries.map(\.platform) == [.x86, .efi])
        #expect(content.udf?.revision == "1.02")
        let folder = try Folder()
        try image.write(to: folder.path("image.iso"))
        let isoinfo = try Programs.run(["isoinfo", "-d", "-i", "image.iso"], in: folder)
        #expect(isoinfo.output.contains("Eltorito validation header:"), "\(isoinfo)")
        let xorriso = try Programs.run(
            ["xorriso", "-indev", "image.iso", "-report_el_torito", "plain"],
            in: folder
        )
        let bios = try #require(image.firstSector(of: "boot/bios.bin"))
        let efi = try #require(image.firstSector(of: "boot/efi.img"))
        let lines = xorriso.output.split(separator: "\n").filter { $0.contains("boot img") }
            .map { $0.split(separator: " ").map(String.init) }
        #expect(
            lines.contains { $0.contains("BIOS") && $0.contains("8") && $0.last == "\(bios)" },
            "\(xorriso)"
        )
        #expect(
            lines.contains { $0.contains("UEFI") && $0.contains("176") && $0.last == "\(efi)" },
            "\(xorriso)"
        )
        for path in ["boot/none", "boot", "size 0"] {
            options.bootEntries = [UDFImageOptions.BootEntry(.bios, path: path)]
            let error = #expect(throws: AuthoringError.self) { try UDFImage(tree, options) }
            #expect(error?.code == .unusableOption)
        }
        options.bootEntries = [UDFImageOptions.BootEntry(.bios, path: "boot/bios.bin")]
        options.hasISO9660 = false
        #expect(throws: AuthoringError.self) { try UDFImage(tree, options) }
    }

    @Test(.enabled(if: Programs.has("7z") && Programs.has("bsdtar")))
    func `Other programs read a file of more than 4 GiB`() throws {
        var tree = SampleTree.empty()
        let size = 4 << 30 + 5000
        let content = GeneratedContent(size: size) { offset, target in
            // Zeros but for the last bytes, so that the image takes little room.
            guard offset + target.count > size - 9 else { return }
            for index in 0..<target.count where offset + index >= size - 9 { target[index] = 0x39 }
        }
        try tree.addFile("LARGE.BIN", content, SampleTree.attributes())
        for revision in UDFRevision.allCases {
            let folder = try made(revision, tree)
            let listed = try Programs.run(["7z", "l", "image.iso"], in: folder)
            #expect(listed.status == 0 && listed.output.contains(" \(size) "), "\(listed)")
            #expect(!listed.said.contains("Error"), "\(listed)")
            guard revision == .v1_02 else { continue }
            let tar = try Programs.run(["bsdtar", "-t", "-v", "-f", "image.iso"], in: folder)
            #expect(tar.output.contains(" \(size) "), "\(tar)")
            let isoinfo = try Programs.run(["isoinfo", "-l", "-i", "image.iso"], in: folder)
            #expect(isoinfo.status == 0, "\(isoinfo)")
        }
    }
}

extension AuthoredTree.Node {
    var isSymlink: Bool {
        guard case .symlink = kind else { return false }
        return true
    }
}

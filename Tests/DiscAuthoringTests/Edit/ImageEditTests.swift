import DiscAuthoring
import DiscFiles
import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Changes of images through the library: many at random, and of images that are broken at random.
@Suite struct ImageEditTests {
    private static let makers = [
        "genisoimage -quiet -R -J -o x.iso tree", "genisoimage -quiet -R -o x.iso tree",
        "xorriso -as mkisofs -quiet -R -J -o x.iso tree",
        "xorriso -as mkisofs -quiet -R -iso-level 4 -o x.iso tree",
    ]

    private static let tree = """
        mkdir -p tree/a/b/c tree/d new/in; for i in $(seq 60); do seq $((i * 20)) >tree/d/file-number-$i; done
        echo one >tree/a/one; echo two >tree/a/b/two; : >tree/a/b/c/nothing; ln -s ../one tree/a/b/link
        for i in $(seq 9); do head -c $((i * 1700)) /dev/urandom >new/new-$i; done
        ln -s new-1 new/link; echo deep >new/in/deep

        """

    private func shell(_ script: String, in folder: Folder) throws {
        let outcome = try Programs.run(["bash", "-c", "set -e; \(script)"], in: folder)
        try #require(outcome.status == 0, "\(outcome)")
    }

    /// All paths of an image with what they lead to.
    private func listing(_ path: FilePath) throws -> [String: [UInt8]] {
        let image = try DiscImage(path)
        let listing = try Listing(image.source, .rockRidge)
        #expect(listing.problems == [])
        var found: [String: [UInt8]] = [:]
        for (path, entry) in listing.entries {
            switch entry.kind {
            case .directory: found[path] = Array("directory".utf8)
            case .symlink: found[path] = Array((entry.target ?? "").utf8)
            default: found[path] = try listing.bytes(path)
            }
        }
        return found
    }

    /// A change at random of what is there, made in a model, too.
    private func change(
        _ model: inout [String: [UInt8]],
        _ sources: [(path: FilePath, content: [UInt8])],
        _ random: inout SeededGenerator
    ) -> TreeChange? {
        let directory = Array("directory".utf8)
        let directories = model.filter { $0.value == directory }.keys.sorted() + [""]
        let parent = directories.randomElement(using: &random) ?? ""
        let name =
            "n\(Int.random(in: 0..<40, using: &random))"
            + String(
                repeating: "ä",
                count: Int.random(in: 0..<3, using: &random) * 40
            )
        let path = parent.isEmpty ? name : "\(parent)/\(name)"
        switch Int.random(in: 0..<10, using: &random) {
        case 0:
            guard model[path] == nil || model[path] == directory else { return nil }
            model[path] = directory
            return .makeDirectory(path)
        case 1..<6:
            guard model[path] != directory, let source = sources.randomElement(using: &random)
            else { return nil }
            model[path] = source.content
            return .add(source.path, at: path)
        case 6..<8:
            guard let old = model.keys.sorted().randomElement(using: &random) else { return nil }
            for key in model.keys where key == old || key.hasPrefix(old + "/") { model[key] = nil }
            return .remove(old)
        default:
            guard let old = model.keys.sorted().randomElement(using: &random), model[path] == nil,
                path != old, !path.hasPrefix(old + "/")
            else { return nil }
            for (key, value) in model where key == old || key.hasPrefix(old + "/") {
                model[key] = nil
                model[path + key.dropFirst(old.count)] = value
            }
            return .move(old, to: path)
        }
    }

    @Test(arguments: makers)
    func `Changes at random make what the same changes of a directory make`(maker: String) throws {
        let folder = try Folder()
        try shell(Self.tree + maker, in: folder)
        let image = folder.path("x.iso")
        var model = try listing(image)
        var sources: [(path: FilePath, content: [UInt8])] = []
        for number in 1...9 {
            sources.append((folder.path("new/new-\(number)"), try folder.read("new/new-\(number)")))
        }
        sources.append((folder.path("new/link"), Array("new-1".utf8)))
        var random = SeededGenerator(seed: UInt64(maker.utf8.count))
        for round in 0..<6 {
            var list: [TreeChange] = []
            while list.count < 12 {
                if let change = change(&model, sources, &random) { list.append(change) }
            }
            var changes = TreeChanges(list)
            changes.replacesFiles = true
            let result = try EditJob(image, changes, EditOptions())
                .run(cancellation: Cancellation()) { _ in }
            try #require(result.status == .verified, "round \(round): \(result) of \(list)")
            let found = try listing(image)
            try #require(Set(found.keys) == Set(model.keys), "round \(round): \(list)")
            for (path, content) in model { #expect(found[path] == content, "\(path)") }
        }
        // What others read.
        try shell(
            """
            mkdir out; bsdtar -C out -xpf x.iso
            xorriso -indev x.iso -check_media -- >log 2>&1 || { cat log; exit 1; }
            (cd out && find . -mindepth 1 | LC_ALL=C sort) >bsdtar
            isoinfo -R -f -i x.iso 2>/dev/null | sed 's,^/,./,' | LC_ALL=C sort | diff bsdtar -
            """,
            in: folder
        )
    }

    @Test func `XA's attributes stay before those of Rock Ridge`() throws {
        let folder = try Folder()
        try shell(
            "mkdir -p tree/a; echo 1 >tree/a/one-with-a-name; echo 2 >new; genisoimage -quiet -R -xa -o x.iso tree",
            in: folder
        )
        let image = folder.path("x.iso")
        let changes = TreeChanges([
            .add(folder.path("new"), at: "a new file"),
            .move("a/one-with-a-name", to: "moved-with-a-name"), .makeDirectory("a/directory"),
        ])
        let result = try EditJob(image, changes, EditOptions())
            .run(cancellation: Cancellation()) { _ in }
        #expect(result.status == .verified, "\(result)")
        let found = try listing(image)
        #expect(found.keys.sorted() == ["a", "a new file", "a/directory", "moved-with-a-name"])
        #expect(found["moved-with-a-name"] == Array("1\n".utf8))
        // What another reader reads, which wants XA's attributes in every record.
        try shell(
            """
            isoinfo -R -f -i x.iso 2>log | LC_ALL=C sort >isoinfo
            printf '/%s\\n' a 'a new file' a/directory moved-with-a-name | diff - isoinfo
            """,
            in: folder
        )
    }

    @Test func `Broken images are refused or changed rightly, and stay as they were`() throws {
        let folder = try Folder()
        try shell(
            "mkdir -p tree/a/b; echo 1 >tree/a/one; echo 2 >tree/a/b/two; ln -s one tree/a/l; echo 3 >new; "
                + "genisoimage -quiet -R -J -b a/one -no-emul-boot -o x.iso tree",
            in: folder
        )
        let sound = try folder.read("x.iso")
        var random = SeededGenerator(seed: 13)
        var outcomes: [JobStatus: Int] = [:]
        let structures = 16 * 2048..<48 * 2048
        for _ in 0..<150 {
            var broken = sound
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // Where something is: zeros between records say little.
                var place = Int.random(in: structures, using: &random)
                while broken[place] == 0 { place = Int.random(in: structures, using: &random) }
                broken[place] = UInt8.random(in: 0...255, using: &random)
            }
            try folder.write("y.iso", broken)
            var options = EditOptions()
            options.output = folder.path("z.iso")
            options.replaces = true
            let changes = TreeChanges([
                .add(folder.path("new"), at: "a/b/new"), .move("a/one", to: "moved"),
                .makeDirectory("x"),
            ])
            do {
                let result = try EditJob(folder.path("y.iso"), changes, options)
                    .run(cancellation: Cancellation()) { _ in }
                outcomes[result.status, default: 0] += 1
            } catch {
                outcomes[error.status, default: 0] += 1
            }
            #expect(try folder.read("y.iso") == broken)
            #expect(!folder.has("z.iso.part"))
        }
        #expect(outcomes[.verified, default: 0] > 10, "\(outcomes)")
        #expect(outcomes[.refused, default: 0] > 5, "\(outcomes)")
    }

    /// Puts a number in both byte orders (ECMA-119 §7.3.3).
    private func put(_ value: Int, at place: Int, in bytes: inout [UInt8]) {
        for index in 0..<4 {
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
            bytes[place + 7 - index] = bytes[place + index]
        }
    }

    @Test(arguments: [16, 17])
    func `A volume that ends before its last file is not as it should be`(sector: Int) throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; echo 1 >tree/one; echo 2 >new; genisoimage -quiet -R -J -o x.iso tree",
            in: folder
        )
        let editing = try ISOEditing(
            folder.path("x.iso"),
            TreeChanges([.add(folder.path("new"), at: "new")]),
            time: 0,
            Cancellation()
        )
        var bytes = try self.bytes(of: editing)
        func difference() throws -> String? {
            try self.difference(editing, bytes, in: folder)
        }
        #expect(try difference() == nil)
        let added = try Listing(MemorySource(bytes), .rockRidge).entries["new"]
        let place = try #require(added?.extents.first?.sectors)
        put(place.lowerBound, at: sector * 2048 + 80, in: &bytes)
        let found = try #require(try difference())
        #expect(found.contains("new lies past the volume's end"), "\(found)")
        put(19, at: sector * 2048 + 80, in: &bytes)
        let other = try #require(try difference())
        #expect(other.contains("past the volume's end"), "\(other)")
    }

    /// P1282 §4.1.1: entries with one number are names of one file.
    @Test func `What further changes add has numbers of its own`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; echo x >tree/x; echo one >one; echo 'two, and longer' >two; "
                + "xorriso -compliance new_rr -outdev x.iso -map tree / 2>log",
            in: folder
        )
        let image = folder.path("x.iso")
        for name in ["one", "two"] {
            let changes = TreeChanges([.add(folder.path(name), at: name)])
            let result = try EditJob(image, changes, EditOptions())
                .run(cancellation: Cancellation()) { _ in }
            #expect(result.status == .verified, "\(result)")
        }
        let entries = try Listing(DiscImage(image).source, .rockRidge).entries
        let numbers = try ["one", "two", "x"].map { try #require(entries[$0]?.number) }
        #expect(Set(numbers).count == 3)
        // Another reader takes entries with one number for one file.
        try shell(
            "mkdir out; bsdtar -C out -xf x.iso; cmp one out/one; cmp two out/two",
            in: folder
        )

        try shell("cp two three", in: folder)
        let editing = try ISOEditing(
            image,
            TreeChanges([.add(folder.path("three"), at: "three")]),
            time: 0,
            Cancellation()
        )
        var bytes = try self.bytes(of: editing)
        #expect(try difference(editing, bytes, in: folder) == nil)
        // PX ends with the number; TF, of 26 bytes, lies between it and the name.
        let name = Array("NM".utf8) + [10, 1, 0] + Array("three".utf8)
        let place = try #require(bytes.firstRange(of: name)).lowerBound - 26 - 8
        put(Int(numbers[0]), at: place, in: &bytes)
        let found = try #require(try difference(editing, bytes, in: folder))
        #expect(found.contains("has the number of another file"), "\(found)")
    }

    /// The bytes of a changed image.
    private func bytes(of editing: ISOEditing) throws -> [UInt8] {
        let source = editing.source()
        var bytes = [UInt8](repeating: 0, count: editing.byteCount)
        var done = 0
        while done < bytes.count {
            var span = bytes.mutableSpan
            var rest = span._mutatingExtracting(done...)
            done += try source.read(at: done / 2048, into: &rest) * 2048
        }
        return bytes
    }

    /// What the proof finds wrong with bytes in place of a changed image's.
    private func difference(_ editing: ISOEditing, _ bytes: [UInt8], in folder: Folder) throws
        -> String?
    {
        let path = folder.path("y.iso")
        let files = try UnfinishedFiles([path], replaces: true)
        try files.begin()[0].write(bytes.span, at: 0)
        return try editing.difference(in: path, files, Cancellation()) { _ in }
    }

    @Test func `A file and a directory beside it never look alike for Windows`() throws {
        let folder = try Folder()
        let name = String(repeating: "n", count: 130)
        try shell(
            "mkdir -p tree/d; echo x >tree/d/f; echo z >tree/\(name)1; "
                + "xorriso -as mkisofs -quiet -R -J -o x.iso tree 2>log",
            in: folder
        )
        let image = folder.path("x.iso")
        func move(_ target: String) throws -> JobResult {
            try EditJob(image, TreeChanges([.move("d", to: target)]), EditOptions())
                .run(cancellation: Cancellation()) { _ in }
        }
        let before = try folder.read("x.iso")
        #expect(throws: Failure.self) { try move(String(repeating: "n", count: 256)) }
        #expect(try folder.read("x.iso") == before)
        let result = try move(name + "0")
        #expect(result.status == .verified, "\(result)")
        let joliet = try Listing(DiscImage(image).source, .joliet).entries
        #expect(joliet.values.map(\.kind).count { $0 == .directory } == 1)
        #expect(joliet.count == 3)
    }

    /// genisoimage has a link name the sector behind the last file's, in which the root comes to lie otherwise.
    @Test(arguments: ["ln -s one tree/two", ": >tree/two"])
    func `No directory lies in a sector that an entry without bytes names`(
        last: String
    ) throws {
        let folder = try Folder()
        let name = String(repeating: "n", count: 200)
        try shell(
            """
            mkdir -p tree new/\(name)/in; echo 1 >tree/one; \(last); echo 3 >new/\(name)/in/three
            echo 4 >tree/a; genisoimage -quiet -R -J -o x.iso tree; bsdtar -tf x.iso
            """,
            in: folder
        )
        let image = folder.path("x.iso")
        let changes = TreeChanges([.add(folder.path("new"), at: "/")])
        for appends in [true, false] {
            var options = EditOptions()
            options.output = folder.path(appends ? "session.iso" : "changed.iso")
            options.appendsSession = appends
            let result = try EditJob(image, changes, options)
                .run(cancellation: Cancellation()) { _ in }
            #expect(result.status == .verified, "\(result)")
        }
        try shell(
            """
            mkdir out; bsdtar -C out -xf changed.iso; cmp out/\(name)/in/three new/\(name)/in/three
            cmp out/one tree/one; cmp out/a tree/a; [ $(bsdtar -tf changed.iso | wc -l) = 7 ]
            """,
            in: folder
        )
    }

    /// genisoimage has the root's attributes go on behind Joliet's directories, where libarchive passes them.
    @Test(arguments: ["-R -J", "-R"])
    func `libarchive reads long names that are added below the root`(options: String) throws {
        let folder = try Folder()
        let name = String(repeating: "n", count: 200)
        try shell(
            """
            mkdir -p tree/there new/sub/\(name) more; echo 1 >tree/one; echo 2 >tree/there/two
            echo 3 >new/sub/\(name)/three; echo 4 >more/\(name); genisoimage -quiet \(options) -o x.iso tree
            """,
            in: folder
        )
        let changes = TreeChanges([
            .add(folder.path("new"), at: "/"), .add(folder.path("more"), at: "there"),
        ])
        let result = try EditJob(folder.path("x.iso"), changes, EditOptions())
            .run(cancellation: Cancellation()) { _ in }
        #expect(result.status == .verified, "\(result)")
        try shell(
            """
            mkdir out; bsdtar -C out -xf x.iso; cp -r new/sub tree/sub; cp more/\(name) tree/there
            diff -r tree out
            """,
            in: folder
        )
    }

    @Test func `Paths of another tree are changed only where they lead to the same`() throws {
        let folder = try Folder()
        let long = String(repeating: "l", count: 80)
        try shell(
            "mkdir -p tree/docs tree/\(long); echo 1 >tree/docs/one; echo 2 >tree/\(long)/two; echo 3 >new; "
                + "genisoimage -quiet -R -J -o d.iso tree",
            in: folder
        )
        let image = folder.path("d.iso")
        var options = EditOptions()
        options.output = folder.path("x.iso")
        options.replaces = true
        func change(_ path: String, _ tree: FileTreeKind) throws -> JobResult {
            var changes = TreeChanges([.add(folder.path("new"), at: path)])
            changes.tree = tree
            return try EditJob(image, changes, options)
                .run(cancellation: Cancellation()) { _ in }
        }
        #expect(try change("docs/new", .joliet).status == .verified)
        #expect(try change("\(long)/new", .rockRidge).status == .verified)
        // Nobody wants a second directory “DOCS” beside “docs”.
        let plain = #expect(throws: Failure.self) { try change("DOCS/NEW", .iso) }
        #expect(plain?.reason == .loss)
        let short = String(long.prefix(64))
        let cut = #expect(throws: Failure.self) { try change("\(short)/new", .joliet) }
        #expect(cut?.what.contains("does not have the same “\(short)”") ?? false)
    }

    @Test func `Names that plain ISO 9660 has in another form are told`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; echo 1 >tree/one; echo 2 >new; genisoimage -quiet -o x.iso tree",
            in: folder
        )
        let long = "a rather long name that there is no room for.text"
        func losses(_ names: [String]) throws -> [JobLoss]? {
            var losses: [JobLoss]?
            let list = names.map { TreeChange.add(folder.path("new"), at: $0) }
            let result = try EditJob(folder.path("x.iso"), TreeChanges(list), EditOptions())
                .run(cancellation: Cancellation()) { event in
                    if case .plan(let plan) = event { losses = plan.losses }
                }
            #expect(result.status == .verified, "\(result)")
            return losses
        }
        #expect(try losses(["plain.txt"]) == nil)
        let told = try losses([long, "x.y.z", "two"])
        #expect(told?.map(\.feature) == ["iso-names"])
        let text = told?.first?.text ?? ""
        #expect(text.hasPrefix("2 names, which ISO 9660 has in another form: "), "\(text)")
        #expect(text.contains("\(long) (A_RATHER_LONG_NAME_THAT_TH.TEXT)"), "\(text)")
        #expect(text.contains("x.y.z (X_Y.Z)"), "\(text)")
    }

    @Test func `A new name that Joliet has in another form is told`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; echo 1 >tree/one; ln -s one tree/link; genisoimage -quiet -R -J -o x.iso tree",
            in: folder
        )
        func losses(_ from: String, _ to: String) throws -> [String]? {
            var losses: [JobLoss]?
            let changes = TreeChanges([.move(from, to: to)])
            let result = try EditJob(folder.path("x.iso"), changes, EditOptions())
                .run(cancellation: Cancellation()) { event in
                    if case .plan(let plan) = event { losses = plan.losses }
                }
            #expect(result.status == .verified, "\(result)")
            return losses?.map(\.feature)
        }
        #expect(try losses("one", "two") == nil)
        #expect(try losses("two", "x;y") == ["joliet-names"])
        #expect(try losses("link", "a;b") == nil)
    }

    @Test func `Audio beside the data is not left out without consent`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; echo 1 >tree/one; echo 2 >two; head -c 705600 /dev/urandom >a.bin; "
                + "genisoimage -quiet -R -J -o d.iso tree",
            in: folder
        )
        let data = "FILE \"d.iso\" BINARY\n TRACK 01 MODE1/2048\n  INDEX 01 00:00:00\n"
        try folder.write("d.cue", Array(data.utf8))
        let audio = "FILE \"a.bin\" BINARY\n TRACK 02 AUDIO\n  INDEX 01 00:00:00\n"
        try folder.write("mixed.cue", Array((data + audio).utf8))
        var options = EditOptions()
        options.output = folder.path("x.iso")
        options.replaces = true
        let changes = TreeChanges([.add(folder.path("two"), at: "two")])
        func change(_ image: String) throws -> JobResult {
            try EditJob(folder.path(image), changes, options)
                .run(cancellation: Cancellation()) { _ in }
        }
        #expect(try change("d.cue").status == .verified)
        try folder.write("x.iso", [])
        let failure = #expect(throws: Failure.self) { try change("mixed.cue") }
        #expect(failure?.reason == .loss)
        #expect(failure?.what.contains("audio, of track 2") ?? false)
        #expect(try folder.read("x.iso") == [])
        options.allowsLoss = true
        #expect(try change("mixed.cue").status == .verified)
        #expect(try listing(folder.path("x.iso")).keys.sorted() == ["one", "two"])
    }

    @Test func `A volume that is too small reaches over its files after a change`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; echo 1 >tree/one; head -c 90000 /dev/urandom >tree/two; "
                + "genisoimage -quiet -R -o x.iso tree",
            in: folder
        )
        var bytes = try folder.read("x.iso")
        put(30, at: 16 * 2048 + 80, in: &bytes)
        try folder.write("x.iso", bytes)
        let image = folder.path("x.iso")
        let before = try Listing(DiscImage(image).source, .rockRidge)
        #expect(before.problems.count == 1)
        #expect(
            before.problems.first?.contains("“two” lies partly or wholly past the end") ?? false
        )
        let result = try EditJob(image, TreeChanges([.remove("one")]), EditOptions())
            .run(cancellation: Cancellation()) { _ in }
        #expect(result.status == .verified, "\(result)")
        #expect(try Listing(DiscImage(image).source, .rockRidge).problems == [])
    }

    @Test func `Thousands of files in a directory are replaced in little time`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; (cd tree; seq 8000 | split -l 1 -a 5 - file-); cp -r tree new; "
                + "genisoimage -quiet -R -J -o x.iso tree; echo x >new/file-aaaaa",
            in: folder
        )
        var changes = TreeChanges([.add(folder.path("new"), at: "/")])
        changes.replacesFiles = true
        let result = try EditJob(folder.path("x.iso"), changes, EditOptions())
            .run(cancellation: Cancellation()) { _ in }
        #expect(result.status == .verified, "\(result)")
        #expect(try listing(folder.path("x.iso"))["file-aaaaa"] == Array("x\n".utf8))
    }

    @Test func `Removed sectors become zeros, or what the same command adds`() throws {
        let folder = try Folder()
        try shell(
            "mkdir tree; head -c 1000000 /dev/urandom >tree/large; echo 1 >tree/one; "
                + "head -c 900000 /dev/urandom >new; genisoimage -quiet -R -J -o x.iso tree",
            in: folder
        )
        let image = folder.path("x.iso")
        let before = try folder.read("x.iso").count
        func change(_ list: [TreeChange]) throws -> JobResult {
            try EditJob(image, TreeChanges(list), EditOptions())
                .run(cancellation: Cancellation()) { _ in }
        }
        let large = try folder.read("tree/large")
        let whole = try folder.read("x.iso")
        #expect(try change([.remove("large")]).status == .verified)
        #expect(try folder.read("x.iso").count == before)
        #expect(try folder.read("x.iso").firstRange(of: large[2048..<4096]) == nil)
        // Zeros that nothing names may be anyone's.
        #expect(try change([.add(folder.path("new"), at: "large")]).status == .verified)
        #expect(try folder.read("x.iso").count > before)
        #expect(try listing(image)["large"] == folder.read("new"))
        try folder.write("x.iso", whole)
        let replaced = try change([.remove("large"), .add(folder.path("new"), at: "large")])
        #expect(replaced.status == .verified)
        #expect(try folder.read("x.iso").count == before)
        #expect(try listing(image)["large"] == folder.read("new"))
    }
}

import Foundation
import TestSupport
import Testing

/// Comparisons of the files of discs, images and directories.
@Suite struct FilesVerifyTests {
    private static let tree = """
        set -e
        mkdir -p tree/folder/deep tree/empty
        echo hello >tree/hello.txt; seq 100000 >tree/folder/numbers; : >tree/folder/nothing
        ln -s ../hello.txt tree/folder/link; ln tree/hello.txt tree/hard
        printf y >tree/größe; printf "w" >"tree/$(printf 'latin-\\xe9')"
        mkfifo tree/pipe; chmod 640 tree/hello.txt; chmod 2750 tree/folder
        touch -d "2001-02-03 04:05:06.7 UTC" tree/hello.txt tree/folder/deep
        touch -h -d "1999-12-31 23:59:59 UTC" tree/folder/link
        """

    private func use(_ body: (Scratch) async throws -> Void) async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.run(["bash", "-c", Self.tree])
            try #require(made.status == 0, "\(made)")
            let image = try await scratch.spindle("create", "x.iso", "tree")
            try #require(image.status == 0, "\(image)")
            try await body(scratch)
        }
    }

    private func compare(_ arguments: String..., in scratch: Scratch) async throws -> Event {
        try await scratch.run([Products.spindle, "verify", "--json"] + arguments).result()
    }

    @Test func `What went in is verified, from either side, and in a drive`() async throws {
        try await use { scratch in
            for pair in [["tree", "x.iso"], ["x.iso", "tree"]] {
                let result = try await compare(pair[0], pair[1], in: scratch)
                #expect(result.status == "verified", "\(result.sentences ?? [])")
                #expect(result.entries == 11)
                #expect(result.notCompared == nil)
            }
            try await scratch.makeDisc(.dvdPlusR)
            let burnt = try await scratch.burn("x.iso")
            #expect(burnt.status == "verified")
            let drive = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify tree /dev/sr0 --json"
            )
            #expect(try drive.result().status == "verified", "\(drive)")
        }
    }

    @Test(arguments: [
        (
            "echo hellO >tree/hello.txt; touch -d '2001-02-03 04:05:06 UTC' tree/hello.txt",
            "content"
        ),
        ("echo >>tree/folder/numbers", "size"),
        ("chmod 600 tree/hello.txt", "permissions"),
        ("touch tree/hello.txt", "time"),
        ("chown 1234:77 tree/hello.txt", "owner"),
        ("rm tree/größe", "presence"),
        ("touch tree/more", "presence"),
        ("rm tree/folder/nothing; mkdir tree/folder/nothing", "kind"),
        ("ln -sfn ../hard tree/folder/link", "target"),
        ("mv tree/größe tree/gro$'\\u0308'ße", "presence"),
    ])
    func `Each kind of change is found and named`(change: String, subject: String) async throws {
        try await use { scratch in
            let changed = try await scratch.run(["bash", "-c", "export LC_ALL=C.UTF-8; \(change)"])
            try #require(changed.status == 0, "\(changed)")
            let outcome = try await scratch.run([
                Products.spindle, "verify", "tree", "x.iso", "--json",
            ])
            #expect(outcome.status == 2, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "differs")
            let subjects = Set((result.differences ?? []).map(\.subject))
            #expect(subjects.contains(subject), "\(result.sentences ?? [])")
            // A changed entry changes its directory's time, and nothing else.
            let others: Set = ["time", subject]
            #expect(subjects.isSubset(of: others), "\(subjects)")
        }
    }

    @Test func `Metadata can be left out, and the result says so`() async throws {
        try await use { scratch in
            _ = try await scratch.run(["chmod", "600", "tree/hello.txt"])
            let strict = try await compare("tree", "x.iso", in: scratch)
            #expect(
                (strict.sentences ?? []).contains { $0.contains("files themselves are the same") }
            )
            let result = try await compare(
                "tree",
                "x.iso",
                "--ignore",
                "permissions,time",
                in: scratch
            )
            #expect(result.status == "verified", "\(result.sentences ?? [])")
            #expect(result.notCompared == ["permissions", "time"])
            #expect(
                (result.sentences ?? []).contains(
                    "Not compared, as --ignore says: permissions, time."
                )
            )
            let wrong = try await scratch.spindle("verify", "tree", "x.iso", "--ignore", "content")
            #expect(wrong.status == 64)
        }
    }

    @Test func `What a tree does not keep is named`() async throws {
        try await use { scratch in
            let joliet = try await compare("x.iso", "tree", "--tree", "joliet", in: scratch)
            // Joliet has neither links nor pipes.
            #expect(joliet.status == "differs")
            #expect(joliet.notCompared == ["permissions", "owner"])
            let both = try await compare("x.iso", "x.iso", "--files", in: scratch)
            #expect(both.status == "verified")
            #expect(both.notCompared == nil)
        }
    }

    @Test func `Two images of one tree in other file systems have the same files`() async throws {
        try await use { scratch in
            _ = try await scratch.run(["bash", "-c", "rm tree/pipe tree/latin*"])
            let made = try await scratch.spindle("create", "y.iso", "tree", "--udf", "2.01")
            try #require(made.status == 0, "\(made)")
            let again = try await scratch.spindle("create", "z.iso", "tree")
            try #require(again.status == 0, "\(again)")
            let result = try await compare(
                "y.iso",
                "z.iso",
                "--files",
                "--ignore",
                "permissions,time",
                in: scratch
            )
            #expect(result.status == "verified", "\(result.sentences ?? [])")
        }
    }

    @Test func `Sectors that can't be read leave it incomplete`() async throws {
        try await use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            _ = try await scratch.burn("x.iso")
            let image = try scratch.bytes("x.iso")
            // “seq” has this line once, in the middle of the file.
            let place = try #require(image.range(of: Data("\n50000\n".utf8))).lowerBound
            let sector = place / 2048
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["read lba=\(sector)-\(sector) sense=3/11/05"],
                run: "exec \"$SPINDLE\" verify tree /dev/sr0 --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete")
            #expect(result.damagedFiles?.map(\.path) == ["folder/numbers"])
        }
    }

    @Test func `What lies behind a thousand unreadable sectors is compared`() async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.run([
                "bash", "-c", "mkdir tree && seq 600000 >tree/large",
            ])
            try #require(made.status == 0, "\(made)")
            let created = try await scratch.spindle("create", "x.iso", "tree")
            try #require(created.status == 0, "\(created)")
            try await scratch.makeDisc(.dvdPlusR)
            _ = try await scratch.burn("x.iso")
            let image = try scratch.bytes("x.iso")
            let sector = try #require(image.range(of: Data("\n100000\n".utf8))).lowerBound / 2048
            let faults = ["read lba=\(sector)-\(sector + 1049) sense=3/11/05"]
            let run = "exec \"$SPINDLE\" verify tree /dev/sr0 --ignore time --json"
            let same = try await scratch.withDrive("disc", faults: faults, run: run)
            #expect(same.status == 3, "\(same)")
            let result = try same.result()
            // Behind the thousandth the next one is tried after 2, 4, 8, 16 and 32 sectors.
            #expect(result.damagedFiles?.map(\.unreadableSectors) == [1004])
            let sentence =
                "large: after 1000 sectors that can't be read, 57 others were not tried."
            #expect(result.sentences?.contains(sentence) ?? false, "\(same)")
            _ = try await scratch.run([
                "bash", "-c", "printf x | dd of=tree/large bs=1 seek=4000000 conv=notrunc",
            ])
            let changed = try await scratch.withDrive("disc", faults: faults, run: run)
            #expect(changed.status == 2, "\(changed)")
            #expect(try changed.result().differences?.map(\.subject) == ["content"])
        }
    }

    @Test func `What a broken directory may have is neither there nor missing`() async throws {
        try await use { scratch in
            let made = try await scratch.run([
                "bash", "-c",
                "rm tree/pipe tree/gr* tree/latin*; xorriso -as mkisofs -quiet -R -o y.iso tree 2>log",
            ])
            try #require(made.status == 0, "\(made)")
            let image = try scratch.bytes("y.iso")
            // Of the directory's record, the place is behind its first two bytes (ECMA-119 §9.1).
            let name = try #require(image.range(of: Data([6] + Array("FOLDER".utf8)))).lowerBound
            let sector = (0..<4).reduce(0) { $0 | Int(image[name - 30 + $1]) << ($1 * 8) }
            _ = try await scratch.run([
                "bash", "-c",
                "head -c 2048 /dev/zero | tr '\\0' '\\377' "
                    + "| dd of=y.iso bs=2048 seek=\(sector) conv=notrunc",
            ])
            for pair in [["tree", "y.iso"], ["y.iso", "tree"]] {
                let outcome = try await scratch.run([
                    Products.spindle, "verify", pair[0], pair[1], "--json", "--ignore",
                    "permissions,time,owner",
                ])
                #expect(outcome.status == 3, "\(outcome)")
                let result = try outcome.result()
                #expect(result.status == "incomplete")
                #expect(result.differences == nil)
                // In it are two files, a link and a directory.
                let sentence =
                    "Whether y.iso has 4 entries of tree, too, is not known, since not all of its directories can be read."
                #expect(result.sentences?.contains(sentence) ?? false, "\(outcome)")
            }
        }
    }

    @Test func `Nothing compared is never verified`() async throws {
        try await Scratch.use { scratch in
            _ = try await scratch.run(["mkdir", "one", "two"])
            let outcome = try await scratch.run([
                Products.spindle, "verify", "one", "two", "--json",
            ])
            #expect(outcome.status == 1, "\(outcome)")
            #expect(try outcome.result().status == "not-verified")
            let alone = try await scratch.spindle("verify", "one")
            #expect(alone.status == 64)
            let missing = try await scratch.spindle("verify", "one", "nowhere.iso")
            #expect(missing.status == 1)
        }
    }
}

import Foundation
import TestSupport
import Testing

/// Files that are taken out of images and discs.
@Suite struct ExtractTests {
    /// Makes a tree with what trees have, and images of it by xorriso and genisoimage.
    private func make(in scratch: Scratch) async throws {
        let made = try await scratch.run(
            [
                "sh", "-c",
                """
                set -e
                mkdir -p tree/folder/deep tree/empty
                echo hello >tree/hello.txt
                seq 100000 >tree/folder/numbers
                : >tree/folder/nothing
                head -c 3000000 /dev/zero >tree/zeros
                head -c 700001 /dev/urandom >tree/folder/deep/noise
                ln -s ../hello.txt tree/folder/link
                ln -s /etc/passwd tree/absolute
                ln -s ../../.. tree/folder/up
                printf x >"tree/name with blanks"
                printf y >tree/größe
                chmod 750 tree/folder; chmod 640 tree/hello.txt; chmod 555 tree/folder/deep
                touch -d "2001-02-03 04:05:06 UTC" tree/hello.txt tree/folder/deep tree/empty
                genisoimage -quiet -R -J -udf -V T -o udf.iso tree
                xorriso -as mkisofs -quiet -R -J -o plain.iso tree 2>/dev/null
                xorriso -as mkisofs -quiet -z -R -o packed.iso tree 2>/dev/null || true
                xorriso -outdev zisofs.iso -zisofs level=6:block_size=32k -map tree / -set_filter_r --zisofs / -- -commit >/dev/null 2>&1
                """,
            ],
            within: 60
        )
        try #require(made.status == 0, "\(made)")
    }

    private func compare(_ one: String, _ other: String, in scratch: Scratch) async throws
        -> Outcome
    {
        try await scratch.run(["diff", "-r", "--no-dereference", one, other], within: 60)
    }

    @Test(arguments: ["plain.iso", "udf.iso", "zisofs.iso"])
    func `Everything comes out as it went in`(_ image: String) async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await scratch.spindle("extract", image, "--to", "out", "--json")
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "done")
            let same = try await compare("tree", "out", in: scratch)
            #expect(same.status == 0, "\(same)")
            let facts = try await scratch.run(
                [
                    "stat", "-c", "%a %Y", "out/hello.txt", "out/folder", "out/folder/deep",
                    "out/empty",
                ],
                within: 10
            )
            // What the umask takes is gone, and the owner may write.
            #expect(facts.lines[0] == "640 981173106")
            #expect(facts.lines[1].hasPrefix("750 "))
            #expect(facts.lines[2] == "755 981173106")
            #expect(facts.lines[3] == "755 981173106")
            let leftovers = try await scratch.run(
                ["find", "out", "-name", ".spindle*"],
                within: 10
            )
            #expect(leftovers.output.isEmpty)
        }
    }

    @Test func `Permissions are those of the disc, but not who programs run as`() async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.run([
                "sh", "-c",
                "mkdir -p t/tmp && echo x >t/prog && chmod 1777 t/tmp && chmod 6755 t/prog",
            ])
            try #require(made.status == 0, "\(made)")
            let image = try await scratch.spindle("create", "x.iso", "t")
            try #require(image.status == 0, "\(image)")
            let outcome = try await scratch.spindle(
                "extract",
                "x.iso",
                "--permissions",
                "--to",
                "out"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let modes = try await scratch.run(["stat", "-c", "%a", "out/tmp", "out/prog"])
            #expect(modes.output == "1777\n755\n")
        }
    }

    @Test func `Single files and folders are taken with the folders above them`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await scratch.spindle(
                "extract",
                "plain.iso",
                "/folder/deep/",
                "hello.txt",
                "--to",
                "out"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let found = try await scratch.run(["sh", "-c", "cd out && find . | sort"], within: 10)
            #expect(
                found.lines == [
                    ".", "./folder", "./folder/deep", "./folder/deep/noise", "./hello.txt",
                ]
            )
            let none = try await scratch.spindle(
                "extract",
                "plain.iso",
                "nope",
                "--to",
                "none",
                "--json"
            )
            #expect(none.status == 1)
            #expect(none.output.contains("\"reason\":\"no-source\""))
            #expect(!scratch.has("none"))
        }
    }

    @Test func `What is there is not replaced, but with force`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let prepared = try await scratch.run(
                ["sh", "-c", "mkdir out && echo mine >out/hello.txt"],
                within: 10
            )
            #expect(prepared.status == 0)
            let outcome = try await scratch.spindle("extract", "plain.iso", "--to", "out", "--json")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.output.contains("\"reason\":\"output-exists\""))
            #expect(try scratch.text("out/hello.txt") == "mine\n")
            #expect(scratch.has("out/folder/numbers"))
            let forced = try await scratch.spindle("extract", "plain.iso", "--to", "out", "--force")
            #expect(forced.status == 0, "\(forced)")
            let same = try await compare("tree", "out", in: scratch)
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test func `Links in the target lead nowhere`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let prepared = try await scratch.run(
                [
                    "sh", "-c",
                    "mkdir out elsewhere && ln -s ../elsewhere out/folder && ln -s ../elsewhere/x out/hello.txt",
                ],
                within: 10
            )
            #expect(prepared.status == 0)
            let outcome = try await scratch.spindle(
                "extract",
                "plain.iso",
                "--to",
                "out",
                "--force"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let found = try await scratch.run(["find", "elsewhere", "-mindepth", "1"], within: 10)
            #expect(found.output.isEmpty)
        }
    }

    @Test func `What can't be read is named, and the rest is there`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let listed = try await scratch.spindle("list", "plain.iso", "--json")
            // The file's first sector, from the list.
            let pattern = #/"path":"folder/numbers","sectors":\[\{"count":\d+,"start":(\d+)/#
            let start = try #require(
                listed.output.firstMatch(of: pattern).flatMap { Int($0.1) },
                "\(listed.output)"
            )
            let outcome = try await scratch.run(
                [
                    "sh", "-c",
                    """
                    exec "$SPINDLE" virtual run --disc plain.iso --fault "read lba=\(start + 3)" -- sh -c '
                    "$SPINDLE" extract $SPINDLE_DRIVE --to out --json'
                    """,
                ],
                within: 60
            )
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.output.contains("\"path\":\"folder/numbers\""))
            #expect(try scratch.bytes("out/hello.txt") == scratch.bytes("tree/hello.txt"))
            let numbers = try scratch.bytes("tree/folder/numbers")
            let got = try scratch.bytes("out/folder/numbers")
            #expect(got.count == numbers.count)
            #expect(got[..<(3 * 2048)] == numbers[..<(3 * 2048)])
            #expect(got[(3 * 2048)..<(4 * 2048)].allSatisfy { $0 == 0 })
            #expect(got[(4 * 2048)...] == numbers[(4 * 2048)...])
        }
    }

    @Test func `Too little room is told before anything is written`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            // A file system that is full for whoever asks.
            let outcome = try await scratch.spindle(
                "extract",
                "plain.iso",
                "--to",
                "/dev/shm/../../proc/x"
            )
            #expect(outcome.status == 1, "\(outcome)")
        }
    }

    /// Prints the extended attributes of all that is in a directory, with the values in hexadecimal digits.
    private static let attributes = """
        import os, sys
        os.chdir(sys.argv[1])
        for place, names, files in sorted(os.walk(".")):
            for name in [""] + sorted(files):
                path = os.path.join(place, name) if name else place
                for key in sorted(os.listxattr(path, follow_symlinks=False)):
                    print(path, key, os.getxattr(path, key, follow_symlinks=False).hex())
        """

    /// What goes into an image with attributes and access control lists: some of root, some of other users.
    private static let attributed = """
        import os
        os.makedirs("tree/sub"), open("tree/file", "w").write("bytes"), open("tree/sub/list", "w").write("x")
        os.setxattr("tree/file", "user.note", b"a value\\0\\xff"), os.setxattr("tree/file", "user.long", b"v" * 900)
        os.setxattr("tree/sub", "user.empty", b""), os.setxattr("tree", "user.root", b"1")
        entry = lambda tag, rights, number=0xFFFFFFFF: tag.to_bytes(2, "little") + rights.to_bytes(2, "little") + number.to_bytes(4, "little")
        named = [entry(1, 6), entry(2, 6, 70000), entry(4, 4), entry(8, 4, 5), entry(16, 6), entry(32, 4)]
        os.setxattr("tree/sub/list", "system.posix_acl_access", b"\\2\\0\\0\\0" + b"".join(named))
        os.setxattr("tree/sub", "system.posix_acl_default", b"\\2\\0\\0\\0" + b"".join(named))
        """

    @Test(arguments: [
        "xorriso -xattr on -acl on -outdev x.iso -map tree / -commit",
        "$SPINDLE create -q x.iso tree --xattrs --acls",
        "$SPINDLE create -q x.iso tree --xattrs --acls --file-md5 --boot sub/list",
    ])
    func `Attributes and access control lists come out as they went in`(maker: String) async throws
    {
        try await Scratch.use { scratch in
            try scratch.write(Data(Self.attributes.utf8), to: "attributes.py")
            try scratch.write(Data(Self.attributed.utf8), to: "attributed.py")
            let outcome = try await scratch.run(
                [
                    "bash", "-c",
                    """
                    set -e
                    python3 attributed.py; dd if=/dev/zero bs=100 count=1 status=none >>tree/sub/list
                    \(maker) 2>/dev/null
                    $SPINDLE extract -q x.iso --to out --xattrs --acls
                    python3 attributes.py tree >want; python3 attributes.py out >found
                    [ $(wc -l <want) = 6 ]
                    diff <(grep -v '^[.] ' want) <(grep -v '^[.] ' found)
                    [ $(stat -c %a out/sub/list) = $(stat -c %a tree/sub/list) ]
                    $SPINDLE extract x.iso --to plain 2>notes
                    [ -z "$(python3 attributes.py plain)" ]
                    grep -q 'extended attributes of 2 files and directories are left out; --xattrs' notes
                    grep -q 'access control lists of 2 files and directories are left out; --acls' notes
                    $SPINDLE list --long x.iso | grep 'attributes: user' | grep -q user.note
                    $SPINDLE list --json x.iso | grep '"attributes":' | grep -q '{"name":"user.long","size":900}'
                    # xorriso has its own reader.
                    mkdir other; xorriso -xattr on -acl on -osirrox on -indev x.iso -extract / other 2>/dev/null
                    diff <(grep -v '^[.] ' want) <(python3 attributes.py other | grep -Ev '^[.] |boot.cat')
                    # A file of an image that is changed keeps them, also where its name changes.
                    $SPINDLE edit -q x.iso --move file=renamed --output y.iso
                    $SPINDLE extract -q y.iso --to moved --xattrs
                    python3 attributes.py moved | grep -c renamed
                    """,
                ],
                within: 60
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines.last == "2", "\(outcome)")
        }
    }

    @Test func `What links lead to has its attributes, and names that can't be kept are told`()
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run(
                [
                    "bash", "-c",
                    """
                    set -e
                    mkdir real links; echo bytes >real/file; ln -s ../real/file links/file; ln -s links operand
                    python3 -c 'import os; os.setxattr("real/file", "user.note", b"1")'
                    $SPINDLE create -q x.iso operand --xattrs --follow-links
                    $SPINDLE list --json x.iso | grep '"attributes":' | grep '{"name":"user.note","size":1}' >/dev/null
                    python3 -c 'import os; os.setxattr("real/file", b"user.\\xff", b"1")'
                    if $SPINDLE create y.iso real --xattrs --json >refused; then exit 1; fi
                    grep '"reason":"loss"' refused >/dev/null; grep '"attribute-names"' refused >/dev/null
                    $SPINDLE create -q y.iso real --xattrs --allow-loss
                    $SPINDLE extract -q y.iso --to out --xattrs
                    [ "$(python3 -c 'import os; print(os.listxattr("out/file"))')" = "['user.note']" ]
                    """,
                ],
                within: 60
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `A disk with room for no more directories is told once`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run(
                [
                    "bash", "-c",
                    """
                    set -e
                    mkdir small; for i in $(seq 30); do mkdir -p tree/d$i; echo $i >tree/d$i/file; done
                    ln -s d1 tree/link; $SPINDLE create -q x.iso tree
                    place="unshare -m"; [ $(id -u) = 0 ] || place="unshare -rm"
                    $place true || exit 77
                    $place sh -ec '
                        mount -t tmpfs -o size=1m,nr_inodes=20 none small || exit 77
                        code=0; "$SPINDLE" extract x.iso --to small --json >out || code=$?
                        [ $code = 1 ]; grep -q "\\"reason\\":\\"no-space\\"" out
                        [ $(grep -o "No space left on device" out | sort | wc -l) -le 2 ]
                        [ -z "$(find small -name ".spindle*")" ]
                    ' || { code=$?; [ $code = 77 ] || cat out >&2; exit $code; }
                    """,
                ],
                within: 60
            )
            // A machine may give nobody a place of its own to mount in.
            #expect(outcome.status == 0 || outcome.status == 77, "\(outcome)")
        }
    }
}

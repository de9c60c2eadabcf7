import Foundation
import TestSupport
import Testing

/// Images that are made of files.
@Suite struct CreateTests {
    /// A tree with what trees have: names of all kinds, links, depth, holes, devices.
    private static let oddTree = """
        set -e
        mkdir -p tree/folder/deep tree/empty tree/.hidden tree/many
        echo hello >tree/hello.txt; seq 100000 >tree/folder/numbers; : >tree/folder/nothing
        head -c 3000000 /dev/zero >tree/zeros; head -c 700001 /dev/urandom >tree/folder/deep/noise
        ln -s ../hello.txt tree/folder/link; ln -s /etc/passwd tree/absolute
        ln -s ../../.. tree/folder/up; ln tree/hello.txt tree/hard
        printf x >"tree/name with blanks"; printf y >tree/größe; printf z >tree/日本語🙂.txt
        printf q >'tree/semi;colon:*?.txt'; printf d >tree/trailing.; printf d2 >tree/.dot
        printf l >"tree/$(printf 'l%.0s' $(seq 200)).dat"
        printf U >tree/UPPER; printf u >tree/upper; printf u >tree/Upper
        for i in $(seq 300); do printf $i >tree/many/file$i.longer-than-eight; done
        p=tree; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do p=$p/level-$i-abcdefghij; done
        mkdir -p $p; echo deep >$p/file
        mkfifo tree/fifo; chmod 750 tree/folder; chmod 4755 tree/UPPER; chmod 640 tree/hello.txt
        touch -d "2001-02-03 04:05:06 UTC" tree/hello.txt tree/folder/deep tree/empty
        touch -h -d "1999-12-31 23:59:59 UTC" tree/absolute
        """

    private func make(_ script: String = oddTree, in scratch: Scratch) async throws {
        let made = try await scratch.run(["bash", "-c", script], within: 60)
        try #require(made.status == 0, "\(made)")
    }

    /// The paths in an image, in order.
    private func names(_ image: String, in scratch: Scratch) async throws -> [String] {
        try await scratch.spindle("list", image, "--quiet").lines
            .map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }.sorted()
    }

    @Test(arguments: [
        [], ["--no-joliet"], ["--zisofs"], ["--iso-level", "1"], ["--reproducible"],
        ["--joliet-long"], ["--file-md5"], ["--implant-md5"],
    ])
    func `An image is verified, and other programs read what went in`(options: [String])
        async throws
    {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await scratch.run(
                [Products.spindle, "create", "x.iso", "tree", "--json"] + options
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified")
            #expect(try await result.sha256 == scratch.sha256("x.iso"))
            #expect(result.bytes == (try scratch.bytes("x.iso")).count)
            #expect(!scratch.has("x.iso.part"))
            // Times and modes of everything, content, links.
            let times = options.contains("--reproducible") ? "" : " %T@ "
            let read = try await scratch.shell(
                """
                mkdir out && bsdtar -C out -xpf x.iso && rm -f out/boot.cat
                list() { (cd $1 && find . -mindepth 1 -printf '%p %y %m %l\(times)\\n' | sed 's/\\.[0-9]* *$//' | sort); }
                list tree >want; list out >have; diff want have || exit 1
                find tree out -name fifo -delete; diff -r --no-dereference tree out
                """
            )
            #expect(read.status == 0, "\(read)")
        }
    }

    @Test func `Every reader finds every file`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let made = try await scratch.spindle("create", "x.iso", "tree")
            #expect(made.status == 0, "\(made)")
            let found = try await scratch.shell(
                """
                (cd tree && find . -mindepth 1 | sort) >want
                xorriso -indev x.iso -find / 2>/dev/null | sed "s/^'//; s/'$//; s,^/,./," | grep -v '^./$' | sort >xorriso
                diff want xorriso || exit 1
                isoinfo -R -f -i x.iso 2>/dev/null | sed 's,^/,./,' | sort >isoinfo
                diff want isoinfo || exit 2
                mkdir joliet && bsdtar --options '!rockridge' -C joliet -xf x.iso
                (cd tree && find . -type f ! -name 'llll*' ! -name 'semi*' ! -name 'trailing*' -exec sha256sum {} +) >sums
                (cd joliet && sha256sum --quiet -c ../sums) || exit 3
                7z x -osevenzip x.iso >/dev/null || exit 4
                (cd sevenzip && sha256sum --quiet -c ../sums) || exit 5
                """
            )
            #expect(found.status == 0, "\(found)")
        }
    }

    /// As `Scripts/guest isofs` shows; the image itself has them whole.
    @Test func `Names that Linux shows the beginning of are noted`() async throws {
        try await Scratch.use { scratch in
            let script = """
                mkdir tree
                for n in 253 254 255; do echo $n >"tree/$(printf '%0*d' $n 0)"; done
                """
            try await make(script, in: scratch)
            let outcome = try await scratch.spindle(
                "create",
                "x.iso",
                "tree",
                "--no-joliet",
                "--json"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let notes = try #require(try outcome.events().first?.notes)
            let note = try #require(notes.first { $0.contains("Linux") }, "\(notes)")
            #expect(note.hasPrefix("2 names have more than 253 bytes"))
            #expect(note.contains(String(repeating: "0", count: 255)))
            let lengths = try await names("x.iso", in: scratch).map(\.count)
            #expect(lengths == [253, 254, 255])
        }
    }

    @Test func `What the trees can't keep is told before it is written`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await scratch.spindle("create", "x.iso", "tree", "--json")
            let plan = try #require(try outcome.events().first)
            #expect(plan.event == "plan")
            let losses = try #require(plan.losses)
            #expect(Set(losses.map(\.feature)) == ["joliet-names", "joliet-links"])
            let names = try #require(losses.first { $0.feature == "joliet-names" })
            #expect(names.text.contains("semi;colon:*?.txt") && names.text.hasPrefix("3 names"))
            #expect(outcome.output.contains("UPPER") || outcome.output.contains("upper"))
            #expect(plan.bytes == (try outcome.result()).bytes)
        }
    }

    @Test func `What an image has in another form is told, and is no difference`() async throws {
        try await Scratch.use { scratch in
            try await make(
                """
                mkdir -p j u/dir y; echo 1 >'j/What_.mp3'; echo 2 >'j/What?.mp3'; ln -s dir/ u/link
                echo x >y/f; touch -d 2200-01-01 y/f
                """,
                in: scratch
            )
            for (tree, feature, text) in [
                ("j", "joliet-names", "2 names"), ("y", "times", "1 time"),
            ] {
                let outcome = try await scratch.spindle("create", "\(tree).iso", tree, "--json")
                #expect(outcome.status == 0, "\(outcome)")
                let losses = try outcome.events().first?.losses ?? []
                #expect(losses.map(\.feature) == [feature])
                #expect(losses.first?.text.hasPrefix(text) ?? false, "\(losses)")
            }
            for revision in ["1.02", "2.01", "2.50"] {
                let outcome = try await scratch.spindle(
                    "create",
                    "u-\(revision).iso",
                    "u",
                    "--udf",
                    revision
                )
                #expect(outcome.status == 0, "\(outcome)")
            }
        }
    }

    @Test(arguments: [
        ("l", "would both be read as “café”"), ("deep", "more than 1023 deep"),
        ("/proc/version", "changed while it was read"),
    ])
    func `What could not be read back as it is makes no image`(tree: String, reason: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await make(
                """
                mkdir l; echo u >"l/$(printf 'caf\\351')"; echo v >l/café
                mkdir -p "deep/$(printf 'd/%.0s' $(seq 1100))"
                """,
                in: scratch
            )
            for options in [[], ["--udf", "2.01"]] {
                let outcome = try await scratch.run(
                    [Products.spindle, "create", "x.iso", tree] + options
                )
                #expect(outcome.status == 1, "\(outcome)")
                #expect((outcome.output + outcome.errors).contains(reason), "\(outcome)")
                #expect(!scratch.has("x.iso"))
            }
        }
    }

    @Test func `Operands become the root or entries of it, and places can be named`() async throws {
        try await Scratch.use { scratch in
            try await make(
                """
                mkdir -p a/sub b; echo 1 >a/one; echo 2 >a/sub/two; echo 3 >b/three; echo o >a/x.o
                ln -s . a/loop; ln -s one a/link; echo '=' >'b/eq=x'
                """,
                in: scratch
            )
            func list(_ arguments: String...) async throws -> [String] {
                let made = try await scratch.run(
                    [Products.spindle, "create", "--force", "--quiet", "x.iso"] + arguments
                )
                #expect(made.status == 0, "\(made)")
                return try await names("x.iso", in: scratch)
            }
            #expect(try await list("a") == ["link", "loop", "one", "sub", "sub/two", "x.o"])
            #expect(try await list("a/") == ["link", "loop", "one", "sub", "sub/two", "x.o"])
            #expect(try await list("b", "a/one") == ["b", "b/eq=x", "b/three", "one"])
            #expect(try await list("a/one") == ["one"])
            #expect(
                try await list("a", "--exclude", "*.o", "--exclude", "sub/*", "--exclude", "l*")
                    == ["one", "sub"]
            )
            #expect(
                try await list("b", "--map", "/docs/new=a/one", "--map", "/docs/=a/sub")
                    == ["docs", "docs/new", "docs/two", "eq=x", "three"]
            )
            #expect(try await list("--map", "/in/=a/one") == ["in", "in/one"])
            #expect(try await list("--map", "/a\\=b=a/one") == ["a=b"])
            #expect(
                try await list("a", "--follow-links", "--exclude", "*.o")
                    == ["link", "one", "sub", "sub/two"]
            )
            let conflict = try await scratch.spindle(
                "create",
                "y.iso",
                "a",
                "--map",
                "/one=b/three"
            )
            #expect(conflict.status == 64, "\(conflict)")
            let bare = try await scratch.spindle("create", "y.iso", "a", "--map", "foo")
            #expect(bare.status == 64)
            #expect(bare.errors.contains("Usage: spindle create [<options>] <out>"), "\(bare)")
            let missing = try await scratch.spindle("create", "y.iso", "nope", "--json")
            #expect(missing.status == 1)
            #expect(missing.output.contains("\"reason\":\"no-source\""))
            let nothing = try await scratch.spindle("create", "y.iso", "b", "--exclude", "*")
            #expect(nothing.status == 1, "\(nothing)")
            let other = try await scratch.spindle("create", "y.cue", "a")
            #expect(other.status == 64)
            #expect(!scratch.has("y.iso") && !scratch.has("y.iso.part"))
        }
    }

    @Test func `Nothing is replaced without force, and an image never holds itself`() async throws {
        try await Scratch.use { scratch in
            try await make("mkdir d; echo 1 >d/one; echo old >d/x.iso", in: scratch)
            let refused = try await scratch.spindle("create", "d/x.iso", "d", "--json")
            #expect(refused.status == 1)
            #expect(refused.output.contains("\"reason\":\"output-exists\""))
            #expect(try scratch.text("d/x.iso") == "old\n")
            let forced = try await scratch.spindle("create", "d/x.iso", "d", "--force")
            #expect(forced.status == 0, "\(forced)")
            #expect(try await scratch.spindle("list", "d/x.iso", "--quiet").lines == ["one"])
        }
    }

    @Test func `What can't be read is named, and nothing is made unless it may be left out`()
        async throws
    {
        try await Scratch.use { scratch in
            // A path that is longer than any that can be opened.
            try await make(
                """
                mkdir d; echo 1 >d/one; cd d; n=$(printf 'n%.0s' $(seq 240))
                for i in $(seq 20); do mkdir $n; cd $n; done; echo far >file
                """,
                in: scratch
            )
            let refused = try await scratch.spindle("create", "x.iso", "d", "--json")
            #expect(refused.status == 1)
            #expect(refused.output.contains("\"reason\":\"loss\""))
            #expect(!scratch.has("x.iso"))
            let made = try await scratch.spindle("create", "x.iso", "d", "--allow-loss", "--json")
            #expect(made.status == 0, "\(made)")
            #expect(try made.result().losses?.map(\.feature).contains("unreadable-files") == true)
            // Too deep for what cleans up after tests.
            _ = try await scratch.shell("rm -rf d")
        }
    }

    @Test func `A file that changes while it is read ends the job, and nothing is kept`()
        async throws
    {
        try await Scratch.use { scratch in
            try await make("mkdir d; head -c 30000000 /dev/zero >d/log", in: scratch)
            let outcome = try await scratch.shell(
                """
                (while :; do echo more >>d/log; done) & writer=$!
                \(Products.spindle) create x.iso d --json; code=$?
                kill $writer; exit $code
                """
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.output.contains("\"reason\":\"source-changed\""))
            #expect(!scratch.has("x.iso") && !scratch.has("x.iso.part"))
        }
    }

    @Test func `The same files make the same image, whoever owns them and however they lie`()
        async throws
    {
        try await Scratch.use { scratch in
            try await make(
                """
                mkdir -p a/s; echo 1 >a/one; echo 2 >a/s/two; ln a/one a/hard; ln -s one a/link
                mkdir -p b/s; ln -s one b/link; echo 2 >b/s/two; echo 1 >b/hard; ln b/hard b/one
                chown -R 1234:5678 b 2>/dev/null || true
                """,
                in: scratch
            )
            for (name, tree) in [("1.iso", "a"), ("2.iso", "b")] {
                let made = try await scratch.shell(
                    "SOURCE_DATE_EPOCH=1000000000 \(Products.spindle) create \(name) \(tree) --volume V --reproducible --hfsplus"
                )
                #expect(made.status == 0, "\(made)")
            }
            #expect(try scratch.bytes("1.iso") == scratch.bytes("2.iso"))
            let bad = try await scratch.shell(
                "SOURCE_DATE_EPOCH=soon \(Products.spindle) create 3.iso a --reproducible"
            )
            #expect(bad.status == 64)
        }
    }

    @Test func `A disc boots from what was named, and a stick, too`() async throws {
        try await Scratch.use { scratch in
            try await make(
                """
                set -e
                mkdir -p d/isolinux; head -c 40000 /dev/urandom >d/isolinux/isolinux.bin
                head -c 1474560 /dev/zero >efi.img; head -c 432 /dev/zero >mbr; echo x >d/x
                """,
                in: scratch
            )
            let made = try await scratch.run([
                Products.spindle, "create", "x.iso", "d", "--boot", "isolinux/isolinux.bin",
                "--boot-info-table", "--efi-boot", "efi.img", "--isohybrid", "mbr", "--json",
            ])
            #expect(made.status == 0, "\(made)")
            #expect(try made.result().status == "verified")
            let report = try await scratch.shell(
                "xorriso -indev x.iso -report_el_torito plain -report_system_area plain 2>/dev/null"
            )
            #expect(report.output.contains("BIOS  y   none"))
            #expect(report.output.contains("UEFI  y   none"))
            #expect(report.output.contains("img path :   1  /isolinux/isolinux.bin"))
            #expect(report.output.contains("img path :   2  /boot/efi.img"))
            #expect(report.output.contains("MBR"))
            let table = try await scratch.shell(
                "xorriso -indev x.iso -report_el_torito plain 2>/dev/null | grep boot-info"
            )
            #expect(table.output.contains("boot-info-table"), "\(report)")
            let without = try await scratch.spindle("create", "y.iso", "d", "--boot-info-table")
            #expect(without.status == 64)
            let small = try await scratch.spindle("create", "y.iso", "d", "--boot", "x")
            #expect(small.status == 1)
            #expect(!scratch.has("y.iso"))
        }
    }

    @Test func `A volume of HFS Plus is there, but not of names that it takes for the same`()
        async throws
    {
        try await Scratch.use { scratch in
            try await make("mkdir d; echo 1 >d/One; echo 2 >d/two", in: scratch)
            let made = try await scratch.spindle("create", "x.iso", "d", "--hfsplus")
            #expect(made.status == 0, "\(made)")
            let listed = try await scratch.spindle("list", "x.iso", "--tree", "hfs", "--quiet")
            #expect(listed.lines == ["One", "two"], "\(listed)")
            try await make("echo 3 >d/one", in: scratch)
            let refused = try await scratch.spindle("create", "y.iso", "d", "--hfsplus")
            #expect(refused.status == 1, "\(refused)")
            #expect(!scratch.has("y.iso"))
        }
    }

    /// Names that are equal by their letters, and not by their bytes: “é” as one character and as two; and one that
    /// begins with a mark, which makes one character with the slash before it.
    private static let twins = """
        set -e
        one=$(printf '\\303\\251'); two=$(printf 'e\\314\\201')
        mkdir -p tree/d$one tree/d$two tree/marks other
        printf 1 >tree/$one; printf 22 >tree/$two; printf 1 >tree/d$one/f; printf 22 >tree/d$two/f
        printf m >tree/marks/$(printf '\\314\\201abc'); ln -s $one tree/link
        cp -a tree other; ln -sfn $two other/tree/link
        """

    @Test(arguments: [[], ["--udf", "1.02"], ["--udf", "2.01"]])
    func `Names whose letters are composed in another way are others`(options: [String])
        async throws
    {
        try await Scratch.use { scratch in
            try await make(Self.twins, in: scratch)
            let made = try await scratch.run(
                [Products.spindle, "create", "x.iso", "tree", "--json"] + options
            )
            #expect(made.status == 0, "\(made)")
            #expect(try made.result().status == "verified")
            let taken = try await scratch.shell(
                """
                \(Products.spindle) extract x.iso --to out --quiet &&
                diff -r --no-dereference tree out &&
                \(Products.spindle) extract x.iso marks --to part --quiet && diff -r tree/marks part/marks
                """
            )
            #expect(taken.status == 0, "\(taken)")
            #expect(try await scratch.spindle("verify", "tree", "x.iso").status == 0)
            // The target of a link is a name, too.
            let other = try await scratch.spindle("verify", "other/tree", "x.iso", "--json")
            #expect(other.status == 2, "\(other)")
            let subjects = Set((try other.result().differences ?? []).map(\.subject))
            #expect(subjects.contains("target"), "\(other)")
        }
    }

    @Test func `One of two such names is changed, and the other one stays`() async throws {
        try await Scratch.use { scratch in
            try await make(Self.twins, in: scratch)
            #expect(try await scratch.spindle("create", "x.iso", "tree").status == 0)
            let changed = try await scratch.shell(
                """
                set -e
                one=$(printf '\\303\\251'); two=$(printf 'e\\314\\201')
                \(Products.spindle) edit x.iso --remove d$one --move $two=moved --move marks=signs
                \(Products.spindle) extract x.iso --to out --quiet
                cd tree; rm -r d$one; mv $two moved; mv marks signs; cd ..
                diff -r --no-dereference tree out
                """
            )
            #expect(changed.status == 0, "\(changed)")
        }
    }

    @Test func `HFS Plus has no two such names`() async throws {
        try await Scratch.use { scratch in
            try await make(Self.twins, in: scratch)
            let refused = try await scratch.spindle("create", "x.iso", "tree", "--hfsplus")
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("however they are composed"), "\(refused)")
            #expect(!scratch.has("x.iso"))
        }
    }

    @Test func `Links may end in a slash or have several`() async throws {
        try await Scratch.use { scratch in
            try await make(
                """
                set -e; mkdir -p tree/folder/deep; echo 1 >tree/folder/deep/one
                ln -s folder/deep/ tree/ends; ln -s folder//deep tree/several; ln -s . tree/here
                """,
                in: scratch
            )
            for options in [[], ["--udf", "2.01"]] {
                let image = options.isEmpty ? "x.iso" : "y.iso"
                let made = try await scratch.run(
                    [Products.spindle, "create", image, "tree"] + options
                )
                #expect(made.status == 0, "\(made)")
                let same = try await scratch.spindle("verify", "tree", image)
                #expect(same.status == 0, "\(same)")
            }
            try await make("ln -sfn folder/ tree/ends", in: scratch)
            for image in ["x.iso", "y.iso"] {
                #expect(try await scratch.spindle("verify", "tree", image).status == 2)
            }
        }
    }

    @Test(arguments: [[], ["--udf", "1.02"], ["--udf", "2.50"]])
    func `A tree may have many more names than files`(options: [String]) async throws {
        try await Scratch.use { scratch in
            // As copies of a folder that share its files.
            try await make(
                """
                set -e; mkdir -p tree/a; echo 1 >tree/a/0
                for i in $(seq 99); do ln tree/a/0 tree/a/$i; done
                for i in $(seq 119); do cp -al tree/a tree/b$i; done
                """,
                in: scratch
            )
            let made = try await scratch.run(
                [Products.spindle, "create", "x.iso", "tree", "--json"] + options
            )
            #expect(made.status == 0, "\(made)")
            #expect(try made.result().status == "verified")
            let listed = try await scratch.spindle("list", "x.iso", "--quiet")
            #expect(listed.status == 0)
            #expect(listed.lines.count == 120 * 101)
        }
    }

    @Test func `A file of more than 4 GiB is whole, and needs level 3`() async throws {
        try await Scratch.use { scratch in
            let size = (4 << 30) + 12345
            try await make("mkdir d", in: scratch)
            try scratch.makeSparse("d/large", size: size, beginning: Data("begin".utf8))
            let low = try await scratch.spindle("create", "x.iso", "d", "--iso-level", "2")
            #expect(low.status == 1, "\(low)")
            let made = try await scratch.run(
                [Products.spindle, "create", "x.iso", "d", "--json"],
                within: 600
            )
            #expect(made.status == 0, "\(made)")
            #expect(try made.result().status == "verified")
            let listed = try await scratch.shell("bsdtar -tvf x.iso large")
            #expect(listed.output.contains(" \(size) "), "\(listed)")
        }
    }

    @Test func `Stopping it leaves nothing`() async throws {
        try await Scratch.use { scratch in
            try await make("mkdir d", in: scratch)
            try scratch.makeSparse("d/large", size: 3 << 30)
            let outcome = try await scratch.shell(
                """
                \(Products.spindle) create x.iso d --json & job=$!
                sleep 0.5; kill -TERM $job; wait $job
                """
            )
            #expect(outcome.status == 130, "\(outcome)")
            #expect(!scratch.has("x.iso") && !scratch.has("x.iso.part"))
        }
    }

    // MARK: Onto a disc

    @Test(arguments: [Medium.cdR, .dvdPlusR, .dvdPlusRW])
    func `Directories are burned with no image between, and the disc is verified`(medium: Medium)
        async throws
    {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            try await scratch.makeDisc(medium)
            let burned = try await scratch.burn("tree", "--volume", "STRAIGHT")
            #expect(burned.status == "verified")
            let out = try await scratch.spindle("extract", "disc", "--to", "out")
            #expect(out.status == 0, "\(out)")
            let same = try await scratch.shell(
                "rm -f tree/fifo out/fifo; diff -r --no-dereference tree out"
            )
            #expect(same.status == 0, "\(same)")
            #expect(try await scratch.spindle("info", "disc").output.contains("STRAIGHT"))
        }
    }

    @Test func `Several operands are burned as they are put into an image`() async throws {
        try await Scratch.use { scratch in
            try await make("mkdir a b; echo 1 >a/one; echo 2 >b/two; echo 3 >three", in: scratch)
            try await scratch.makeDisc(.cdR)
            let burned = try await scratch.burn("a", "b", "three")
            #expect(burned.status == "verified")
            let listed = try await names("disc", in: scratch)
            #expect(listed == ["a", "a/one", "b", "b/two", "three"])
        }
    }
}

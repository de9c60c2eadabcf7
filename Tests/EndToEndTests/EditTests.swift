import Foundation
import TestSupport
import Testing

/// Images whose files are changed.
@Suite struct EditTests {
    /// What is at a place in the image, and what computers boot from, as xorriso tells it.
    private static let boots = """
        boots() { xorriso -indev $1 -report_el_torito plain 2>/dev/null | grep -v '^El Torito cat path\\|^El Torito img blks'; }
        tree() { rm -rf out-$1; mkdir out-$1; bsdtar -C out-$1 -xpf $1; chmod -R u+rwX out-$1; }

        """

    private static let tree = """
        mkdir -p tree/docs/deep tree/boot; echo hello >tree/hello.txt; seq 20000 >tree/docs/numbers
        head -c 300001 /dev/urandom >tree/docs/deep/noise; ln -s ../hello.txt tree/docs/link
        printf z >tree/größe; ln tree/hello.txt tree/hard; chmod 640 tree/hello.txt
        touch -d "2001-02-03 04:05:06 UTC" tree/hello.txt
        mkdir new; echo added >new/added.txt; head -c 100000 /dev/urandom >new/more
        mkdir new/inside; printf x >new/inside/ünïcode; ln -s added.txt new/inside/link

        """

    @Test(arguments: [
        "/usr/lib/grub-rescue/grub-rescue-cdrom.iso", "/usr/lib/ipxe/ipxe.iso",
        "/usr/lib/memtest86+/memtest86+x64.iso",
    ])
    func `A file goes into a boot image of Debian's, and all that boots stays as it was`(
        image: String
    ) async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare("cp \(image) x.iso; cp x.iso old.iso; seq 5000 >added.cfg")
            let added = try await scratch.spindle(
                ["add", "x.iso", "added.cfg", "--at", "extra/dir", "--json"]
            )
            #expect(added.status == 0, "\(added)")
            let result = try added.result()
            #expect(result.status == "verified")
            #expect(try await result.sha256 == scratch.sha256("x.iso"))
            let same = try await scratch.shell(
                Self.boots + """
                    # What lies after the volume, as memtest86+'s partition for EFI does, has another place.
                    efi() { sfdisk -d $1 | sed -n 's/.*iso2 : start= *\\([0-9]*\\).*type=ef.*/\\1/p'; }
                    placed() { start=$(efi $1); boots $1 | sed "s/ $((${start:-0} / 4))\\$/ AFTER/"; }
                    diff <(placed old.iso) <(placed x.iso) || exit 1
                    cmp -n 440 old.iso x.iso || exit 2
                    tree old.iso; tree x.iso
                    cmp added.cfg out-x.iso/extra/dir/added.cfg || exit 3
                    # The catalogue is a file as well.
                    [ -z "$(efi x.iso)" ] || rm -f out-*.iso/boot.catalog
                    rm -r out-x.iso/extra; diff -r --no-dereference out-old.iso out-x.iso || exit 4
                    xorriso -indev x.iso -report_system_area plain 2>/dev/null | grep -v 'ISO image size\\|MBR partition ' >new
                    xorriso -indev old.iso -report_system_area plain 2>/dev/null | grep -v 'ISO image size\\|MBR partition ' >before
                    diff before new || exit 5
                    fdisk -l x.iso | grep x.iso1 || exit 6
                    """
            )
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test(arguments: [
        "genisoimage -quiet -R -J -hidden numbers -o x.iso tree",
        "genisoimage -quiet -R -o x.iso tree",
        "genisoimage -quiet -J -o x.iso tree",
        "xorriso -as mkisofs -quiet -R -J -joliet-long -o x.iso tree",
        "xorriso -as mkisofs -quiet -R -iso-level 4 -o x.iso tree",
        "$SPINDLE create -q x.iso tree", "$SPINDLE create -q x.iso tree --zisofs",
        "$SPINDLE create -q x.iso tree --file-md5",
    ])
    func `What is added, removed and moved is so in every tree`(maker: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(Self.tree + maker)
            let edited = try await scratch.spindle(
                [
                    "edit", "x.iso", "--json", "--add", "new=/", "--remove", "docs/deep",
                    "--move", "hello.txt=docs/renamed file.txt", "--make-directory", "empty",
                    "--allow-loss",
                ]
            )
            #expect(edited.status == 0, "\(edited)")
            #expect(try edited.result().status == "verified")
            let hasLinks = maker.contains("-R") || maker.contains("create")
            let same = try await scratch.shell(
                Self.boots + """
                    cp -a tree want; cp -a new/. want/; rm -r want/docs/deep
                    mv want/hello.txt "want/docs/renamed file.txt"; mkdir want/empty
                    \(hasLinks ? "" : "find want -type l -delete")
                    tree x.iso; rm -f out-x.iso/boot.cat
                    diff -r --no-dereference want out-x.iso || exit 1
                    \(hasLinks ? "test $(stat -c %Y,%a 'out-x.iso/docs/renamed file.txt') = 981173106,640 || exit 2" : "")
                    xorriso -indev x.iso -check_media -- >log 2>&1 || { cat log; exit 3; }
                    if isoinfo -d -i x.iso | grep -q 'Joliet with'; then
                        mkdir joliet; bsdtar --options '!rockridge' -C joliet -xf x.iso
                        find want joliet -name link -delete; (cd want && find . | sort) >names
                        (cd joliet && find . | sort) | diff names - || exit 4
                        isoinfo -J -f -i x.iso | grep -q '/docs/renamed file.txt' || exit 5
                    fi
                    """
            )
            #expect(same.status == 0, "\(same)")
            if maker.contains("-hidden") {
                let listed = try await scratch.spindle(["list", "x.iso", "--json"])
                #expect(listed.output.contains("\"is_hidden\":true"), "\(listed)")
            }
        }
    }

    @Test func `What can't be kept right is refused, and the image stays as it was`() async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                Self.tree + """
                    genisoimage -quiet -R -J -udf -o udf.iso tree
                    xorriso -as mkisofs -quiet -R -hfsplus -o hfs.iso tree
                    genisoimage -quiet -R -o x.iso tree
                    $SPINDLE create -q --udf 2.01 pure.iso tree
                    head -c 20000 /dev/urandom >tree/boot/boot.bin
                    genisoimage -quiet -R -b boot/boot.bin -no-emul-boot -boot-load-size 4 -boot-info-table -o boot.iso tree
                    ln -s x.iso link.iso; sha256sum *.iso >sums
                    """
            )
            let cases: [(arguments: [String], status: Int32, says: String)] = [
                (["add", "udf.iso", "new/more"], 1, "UDF tree"),
                (
                    ["add", "udf.iso", "new/more"], 1,
                    "“spindle create”, of ISO 9660 or, with --udf,"
                ),
                (["add", "hfs.iso", "new/more"], 1, "HFS+ tree"),
                (["add", "hfs.iso", "new/more"], 1, "“spindle create”, which makes no HFS+ tree"),
                (["add", "pure.iso", "new/more"], 1, "UDF alone"),
                (["add", "pure.iso", "new/more"], 1, "“spindle extract”"),
                (["add", "link.iso", "new/more"], 1, "is a link"),
                (["add", "x.iso", "tree/hello.txt"], 1, "is in the image already"),
                (["add", "x.iso", "new/nothing"], 1, "new/nothing can't be read"),
                (["add", "x.iso", "new/more", "--at", "hello.txt"], 1, "is not a directory"),
                (["edit", "x.iso", "--add", "new/more=docs"], 1, "is a directory"),
                (["remove", "x.iso", "nothing"], 1, "There is no “nothing”"),
                (["remove", "x.iso", "/"], 64, "root directory"),
                (["remove", "boot.iso", "boot"], 1, "Computers boot from"),
                (["move", "x.iso", "docs", "docs/deep"], 64, "into itself"),
                (["move", "x.iso", "hello.txt", "nowhere/x"], 1, "There is no “nowhere”"),
                (["move", "x.iso", "hello.txt", "größe"], 1, "is in the image already"),
                (["remove", "x.iso", "../x"], 64, "no path in an image"),
                (["add", "x.iso", "new/more", "--force"], 64, "--output"),
                (["add", "x.iso", "new/more", "--output", "boot.iso"], 1, "is there already"),
                (["add", "new/added.txt", "new/more"], 1, "new/added.txt"),
                (["edit", "x.iso"], 64, "Say what to change"),
            ]
            for (arguments, status, says) in cases {
                let refused = try await scratch.spindle(arguments)
                #expect(refused.status == status, "\(arguments): \(refused)")
                #expect(refused.errors.contains(says), "\(arguments): \(refused)")
            }
            let same = try await scratch.shell("sha256sum --quiet -c sums && ! ls *.part")
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test func `A trial and an output leave the image alone, and an image keeps its mode`()
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                Self.tree + """
                    # Of smaller images checkisomd5 doesn't take what implantisomd5 makes.
                    head -c 3000000 /dev/urandom >tree/large
                    $SPINDLE create -q x.iso tree --implant-md5; chmod 600 x.iso; sha256sum x.iso >sums
                    """
            )
            let trial = try await scratch.spindle(
                ["add", "x.iso", "new", "--dry-run", "--json"]
            )
            #expect(trial.status == 0 && trial.output.contains("\"simulate\":true"), "\(trial)")
            let aside = try await scratch.spindle(
                ["add", "x.iso", "new", "--output", "y.iso"]
            )
            #expect(aside.status == 0, "\(aside)")
            let again = try await scratch.spindle(
                ["add", "x.iso", "new", "--output", "y.iso", "--force"]
            )
            #expect(again.status == 0, "\(again)")
            let same = try await scratch.shell(
                "sha256sum --quiet -c sums && checkisomd5 y.iso"
            )
            #expect(same.status == 0, "\(same)")
            let inPlace = try await scratch.spindle(["add", "x.iso", "new/added.txt"])
            #expect(inPlace.status == 0, "\(inPlace)")
            let kept = try await scratch.shell(
                "test $(stat -c %a x.iso) = 600 && checkisomd5 x.iso && ! ls *.part"
            )
            #expect(kept.status == 0, "\(kept)")
            let replaced = try await scratch.shell(
                """
                echo other >new/added.txt; $SPINDLE add -q x.iso new/added.txt --replace || exit 1
                test "$(isoinfo -R -x /added.txt -i x.iso)" = other || exit 2
                rm new/added.txt; ln -s x new/added.txt
                $SPINDLE add -q x.iso new/added.txt --replace || exit 3
                $SPINDLE list --long x.iso | grep 'added.txt -> x'
                """
            )
            #expect(replaced.status == 0, "\(replaced)")
        }
    }

    @Test func `A hybrid image's partitions grow with it`() async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                Self.tree + """
                    cp /usr/lib/ISOLINUX/isolinux.bin tree/boot
                    truncate -s 1440K tree/boot/efi.img; mkfs.vfat tree/boot/efi.img >/dev/null
                    xorriso -as mkisofs -quiet -R -J -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin \\
                        -b boot/isolinux.bin -c boot/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \\
                        -eltorito-alt-boot -e boot/efi.img -no-emul-boot -isohybrid-gpt-basdat \\
                        -isohybrid-apm-hfsplus -o x.iso tree
                    cp x.iso old.iso; head -c 9000000 /dev/urandom >new/large
                    """
            )
            let added = try await scratch.spindle(["add", "x.iso", "new"])
            #expect(added.status == 0, "\(added)")
            let same = try await scratch.shell(
                Self.boots + """
                    diff <(boots old.iso) <(boots x.iso) || exit 1
                    diff <(sgdisk -v old.iso 2>&1) <(sgdisk -v x.iso 2>&1) || exit 2
                    area() { xorriso -indev $1 -report_system_area plain 2>/dev/null | sed "s/\\b$2\\b/ALL/; s/\\b$(($2 - 1))\\b/LAST/"; }
                    area x.iso $(($(stat -c %s x.iso) / 512)) | grep '^GPT lba range.* LAST$' || exit 3
                    fdisk -l x.iso | grep "x.iso1.* $(($(stat -c %s x.iso) / 512 - 1)) " || exit 6
                    test $(($(stat -c %s x.iso) % 1048576)) = 0 || exit 4
                    tree old.iso; tree x.iso; cmp new/large out-x.iso/new/large || exit 5
                    rm -r out-x.iso/new; diff -r out-old.iso out-x.iso
                    """
            )
            #expect(same.status == 0, "\(same)")
        }
    }

    /// Words for what peers say of an image with a partition after its volume: where the program for EFI begins,
    /// and what the partitions are without their numbers.
    private static let peers = """
        export PATH="$PATH:/sbin:/usr/sbin"
        efi() { xorriso -indev $1 -report_el_torito plain 2>/dev/null | awk '/boot img.*UEFI/ { print $NF }'; }
        kinds() { sfdisk -d $1 | sed '1,/^$/d; s/start= *[0-9]*//; s/size= *[0-9]*//; s/^[a-z]*.iso//'; }
        start() { sfdisk -d $1 | sed -n "s/^$1$2 : start= *\\([0-9]*\\).*/\\1/p"; }
        size() { sfdisk -d $1 | sed -n "s/^$1$2 :.*size= *\\([0-9]*\\).*/\\1/p"; }

        """

    @Test(arguments: [
        "", "-isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin",
        "-isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin -appended_part_as_gpt",
        "-isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin -isohybrid-gpt-basdat",
        "--grub2-mbr /usr/lib/ISOLINUX/isohdpfx.bin -partition_offset 16 --mbr-force-bootable -appended_part_as_gpt",
    ])
    func `A partition after the volume moves, and peers find all that names it`(options: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                Self.tree + """
                    cp /usr/lib/ISOLINUX/isolinux.bin tree/boot; rm tree/hard
                    truncate -s 1440K efi.img; mkfs.vfat efi.img >/dev/null
                    xorriso -as mkisofs -quiet -R -J -append_partition 2 0xef efi.img \\
                        -b boot/isolinux.bin -c boot/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \\
                        -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot \(options) -o x.iso tree
                    cp x.iso old.iso; head -c 9000000 /dev/urandom >new/large
                    """
            )
            let edited = try await scratch.spindle(
                ["edit", "x.iso", "--add", "new=/", "--remove", "docs/deep", "--json"]
            )
            #expect(edited.status == 0, "\(edited)")
            #expect(try edited.result().status == "verified")
            #expect(edited.output.contains("What follows the volume moves by"), "\(edited)")
            let same = try await scratch.shell(
                Self.boots + Self.peers + """
                    before=$(efi old.iso); now=$(efi x.iso); test $now -gt $before || exit 1
                    cmp efi.img <(tail -c +$((now * 2048 + 1)) x.iso | head -c $(stat -c %s efi.img)) || exit 2
                    diff <(boots old.iso | grep -v UEFI) <(boots x.iso | grep -v UEFI) || exit 3
                    diff <(kinds old.iso) <(kinds x.iso) || exit 4
                    n=$(sfdisk -d x.iso | sed -n "s/^x.iso\\([0-9]\\) : start= *$((now * 4)),.*/\\1/p"); test -n "$n" || exit 5
                    test $(size x.iso $n) = $(size old.iso $n) || exit 6
                    if sfdisk -d x.iso | grep -q 'label: gpt'; then
                        sgdisk -v x.iso | grep -q 'No problems found' || exit 7
                        test $(($(start x.iso 1) + $(size x.iso 1))) -le $((now * 4)) || exit 8
                    fi
                    tree old.iso; tree x.iso; cp -a out-old.iso want; cp -a new/. want; rm -r want/docs/deep
                    # The catalogue is a file of the tree, and names the new place.
                    cmp want/boot/boot.cat out-x.iso/boot/boot.cat && exit 12; rm want/boot/boot.cat
                    diff -r --no-dereference want out-x.iso | grep -vx 'Only in out-x.iso/boot: boot.cat' && exit 9
                    mkdir seven; 7z x -y -oseven x.iso >log || { cat log; exit 10; }
                    cmp seven/large new/large || exit 11
                    """
            )
            #expect(same.status == 0, "\(same)")
            guard options.contains("-partition_offset") else { return }
            // Who looks at the partition alone finds the same files.
            let inside = try await scratch.shell(
                Self.boots + """
                    tail -c +32769 x.iso >part.iso; tree part.iso
                    diff -r --no-dereference out-x.iso out-part.iso || exit 1
                    isoinfo -R -f -i part.iso | grep -q '^/inside/ünïcode$' || exit 2
                    isoinfo -R -x /large -i part.iso | cmp - new/large || exit 3
                    isoinfo -J -x /large -i part.iso | cmp - new/large || exit 4
                    """
            )
            #expect(inside.status == 0, "\(inside)")
        }
    }

    @Test func `Directories that Rock Ridge has moved are changed where they are shown`()
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                p=tree; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do p=$p/level-$i; mkdir -p $p; echo $i >$p/file; done
                genisoimage -quiet -R -o x.iso tree; echo new >new; mkdir want; cp -a tree want
                for i in $(seq 200); do echo $i >new$i; done
                """
            )
            let deep = (1...9).map { "level-\($0)" }.joined(separator: "/")
            let edited = try await scratch.shell(
                Self.boots + """
                    $SPINDLE add -q x.iso new new? new?? new??? --at \(deep) || exit 1
                    cp new new? new?? new??? want/tree/\(deep)
                    $SPINDLE remove -q x.iso \(deep)/level-10/level-11 || exit 2
                    rm -r want/tree/\(deep)/level-10/level-11
                    tree x.iso; rm -rf out-x.iso/rr_moved; diff -r want/tree out-x.iso || exit 3
                    $SPINDLE remove -q x.iso level-1 || exit 4
                    $SPINDLE list -q x.iso
                    """
            )
            #expect(edited.status == 0, "\(edited)")
            #expect(edited.lines.allSatisfy { $0.hasPrefix("rr_moved") }, "\(edited)")
        }
    }

    @Test func `A killed or hindered change leaves the image as it was`() async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                Self.tree + """
                    $SPINDLE create -q x.iso tree; sha256sum x.iso >sums
                    head -c 500000000 /dev/urandom >large
                    """
            )
            let killed = try await scratch.shell(
                """
                for pause in 0.05 0.1 0.2 0.4; do
                    $SPINDLE add x.iso large & sleep $pause; kill -9 $!; wait $!
                    sha256sum --quiet -c sums || exit 1
                done
                (ulimit -f 2000; exec $SPINDLE add -q x.iso large); test $? = 1 || exit 3
                sha256sum --quiet -c sums || exit 4
                $SPINDLE add x.iso large & sleep 0.2; kill -TERM $!; wait $!
                test $? = 130 || exit 5
                sha256sum --quiet -c sums || exit 6
                $SPINDLE add -q x.iso new || exit 7
                ls *.part && exit 8; exit 0
                """
            )
            #expect(killed.status == 0, "\(killed)")
        }
    }

    @Test func `A session behind an image has the changes, and leaves what is there`() async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                Self.tree + "genisoimage -quiet -R -J -o x.iso tree; cp x.iso old.iso"
            )
            let edited = try await scratch.spindle(
                [
                    "edit", "x.iso", "--session", "--add", "new=/", "--remove", "docs/deep",
                    "--move", "hello.txt=docs/moved", "--json",
                ]
            )
            #expect(edited.status == 0, "\(edited)")
            #expect(try edited.result().status == "verified")
            let same = try await scratch.shell(
                """
                cmp -n $(stat -c %s old.iso) old.iso x.iso || exit 1
                cp -a tree want; cp -a new/. want/; rm -r want/docs/deep; mv want/hello.txt want/docs/moved
                $SPINDLE extract -q x.iso --to out && diff -r --no-dereference want out || exit 2
                start=$((($(stat -c %s old.iso) / 2048 + 31) / 32 * 32))
                xorriso -load sbsector $start -indev x.iso -find / -type f 2>/dev/null | wc -l
                isoinfo -N 0 -T $start -R -f -i x.iso | grep -q '^/docs/moved$' || exit 3
                """
            )
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test(arguments: [Medium.cdRW, .dvdPlusR, .dvdPlusRW])
    func `A disc gets the changes as a further session`(medium: Medium) async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(Self.tree + "genisoimage -quiet -R -J -o x.iso tree")
            try await scratch.makeDisc(medium)
            let burned = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    $SPINDLE burn x.iso --quiet \(medium == .dvdPlusRW ? "" : "--keep-open") || exit 90
                    $SPINDLE add $SPINDLE_DRIVE new --at docs --json || exit 91
                    $SPINDLE remove $SPINDLE_DRIVE docs/numbers --json || exit 92
                    """
            )
            #expect(burned.status == 0, "\(burned)")
            #expect(try burned.result().status == "verified")
            let same = try await scratch.shell(
                """
                cp -a tree want; cp -a new want/docs; rm want/docs/numbers
                $SPINDLE extract -q disc --to out && diff -r --no-dereference want out
                """
            )
            #expect(same.status == 0, "\(same)")
        }
    }
}

import TestSupport
import Testing

/// Changes of images in which something is not named, named twice, or named by what nobody understands.
@Suite struct EditSafetyTests {
    @Test(arguments: ["genisoimage -quiet", "xorriso -as mkisofs -quiet"])
    func `A boot image that no directory shows keeps its bytes, zeros too`(maker: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir boot; truncate -s 512K boot/efi.img; mkfs.vfat boot/efi.img >/dev/null
                echo 1 >boot/one; head -c 300000 /dev/urandom >fill; head -c 3000 /dev/urandom >small
                \(maker) -R -J -b efi.img -no-emul-boot -boot-load-size 4 -hide efi.img \\
                    -hide-joliet efi.img -c boot.cat -o x.iso boot; cp x.iso old.iso
                """
            )
            let same = try await scratch.shell(
                """
                $SPINDLE add -q x.iso fill small || exit 1
                start=$(xorriso -indev old.iso -report_el_torito plain 2>/dev/null | \\
                    awk '/^El Torito boot img/ { lba = $NF } END { print lba }')
                dd if=x.iso bs=2048 skip=$start count=256 status=none | cmp - boot/efi.img || exit 2
                $SPINDLE remove -q x.iso one && $SPINDLE add -q x.iso fill --replace || exit 3
                dd if=x.iso bs=2048 skip=$start count=256 status=none | cmp - boot/efi.img || exit 4
                mkdir out && bsdtar -C out -xpf x.iso && cmp fill out/fill && cmp small out/small
                """
            )
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test func `Files whose names become the same in plain ISO 9660 are all there`() async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir -p hj col/Foo col/foo; echo 0 >hj/x; genisoimage -quiet -o x.iso hj
                echo 1 >col/a+b.txt; echo 2 >col/a_b.txt; echo 3 >col/A_B.TXT
                echo 4 >col/Foo/r; echo 5 >col/foo/r; echo 6 >col/X
                """
            )
            let edited = try await scratch.spindle(["edit", "x.iso", "--add", "col=/"])
            #expect(edited.status == 0, "\(edited)")
            let there = try await scratch.shell(
                "mkdir out; bsdtar -C out -xf x.iso; find out -type f -exec cat {} + | sort | tr -d '\\n'"
            )
            // The one that was there before is replaced: `edit` does that.
            #expect(there.output == "123456", "\(there)")
            let refused = try await scratch.spindle(["add", "x.iso", "col/X"])
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("is in the image already"), "\(refused)")
            let twice = try await scratch.shell(
                "mkdir other; echo 7 >other/n; echo 8 >n; $SPINDLE add x.iso n other/n"
            )
            #expect(twice.status == 1, "\(twice)")
            #expect(twice.errors.contains("would be there twice"), "\(twice)")
        }
    }

    @Test(arguments: ["-alpha-boot", "-mips-boot"])
    func `A boot loader that the first sectors name is not taken away`(option: String) async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir mb; head -c 40000 /dev/urandom >mb/bl; head -c 90000 /dev/urandom >mb/other; echo more >more
                xorriso -as mkisofs -quiet -R \(option) bl -o x.iso mb; cp x.iso old.iso
                """
            )
            let refused = try await scratch.spindle(["remove", "x.iso", "bl"])
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("may boot from “bl”"), "\(refused)")
            let replaced = try await scratch.spindle(["add", "x.iso", "mb/bl", "--replace"])
            #expect(replaced.status == 1, "\(replaced)")
            let added = try await scratch.spindle(["add", "x.iso", "more"])
            #expect(added.status == 0, "\(added)")
            let same = try await scratch.shell(
                """
                isoinfo -R -x /bl -i x.iso | cmp - mb/bl || exit 1
                cmp -n 32768 old.iso x.iso || exit 2
                isoinfo -R -x /other -i x.iso | cmp - mb/other || exit 3
                isoinfo -R -x /more -i x.iso | cmp - more
                """
            )
            #expect(same.status == 0, "\(same)")
        }
    }

    /// Records of Rock Ridge are longer than those of Joliet, so its root directory outgrows its sector first.
    @Test(arguments: ["genisoimage -quiet", "xorriso -as mkisofs -quiet"])
    func `libarchive shows Rock Ridge's names beside Joliet's after a change`(maker: String)
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir tree few; long=$(printf 'l%.0s' {1..100}); echo 1 >tree/$long
                for i in $(seq 16); do echo $i >few/file-number-$i; done; \(maker) -R -J -o x.iso tree
                [ $(bsdtar -tf x.iso | wc -L) = 100 ]
                """
            )
            let added = try await scratch.shell(
                "$SPINDLE add -q x.iso few/* && bsdtar -tf x.iso | wc -L"
            )
            #expect(added.lines == ["100"], "\(added)")
        }
    }

    @Test(arguments: ["-alpha-boot", "-mips-boot", "-mipsel-boot"])
    func `All but the boot loader that a known boot block names can be removed`(option: String)
        async throws
    {
        try await Scratch.use { scratch in
            // The loader's size in blocks of 512 bytes, 79, is the number of a sector that a small file is in.
            try await scratch.prepare(
                """
                mkdir mb; head -c 40000 /dev/urandom >mb/bl; for i in $(seq 100 200); do echo $i >mb/f$i; done
                xorriso -as mkisofs -quiet -R \(option) bl -o x.iso mb
                isoinfo -R -x /bl -i x.iso >loader
                """
            )
            let names = (100...200).map { "f\($0)" }
            let removed = try await scratch.spindle(["remove", "-q", "x.iso"] + names)
            #expect(removed.status == 0, "\(removed)")
            let refused = try await scratch.spindle(["remove", "x.iso", "bl"])
            #expect(refused.status == 1, "\(refused)")
            let same = try await scratch.shell("isoinfo -R -x /bl -i x.iso | cmp - loader")
            #expect(same.status == 0, "\(same)")
        }
    }

    @Test(arguments: ["$SPINDLE create -q x.iso tree", "genisoimage -quiet -R -J -o x.iso tree"])
    func `A hard link whose other name can't be told is not removed`(maker: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir tree; x=$(printf 'x%.0s' {1..66}); echo bytes >tree/Alpha$x; ln tree/Alpha$x tree/Beta$x
                echo one >tree/one; ln tree/one tree/two; echo long >tree/Gamma$x
                \(maker); sha256sum x.iso >sums
                """
            )
            let tail = String(repeating: "x", count: 66)
            for arguments in [
                ["remove", "x.iso", "Alpha\(tail)"], ["move", "x.iso", "Beta\(tail)", "new"],
            ] {
                let refused = try await scratch.spindle(arguments)
                #expect(refused.status == 1, "\(refused)")
                #expect(refused.errors.contains("it is not known which"), "\(refused)")
            }
            let same = try await scratch.shell("sha256sum --quiet -c sums")
            #expect(same.status == 0, "\(same)")
            // Links with names of their own, and the only one of some bytes.
            let removed = try await scratch.spindle(
                ["remove", "x.iso", "one", "Gamma\(tail)"]
            )
            #expect(removed.status == 0, "\(removed)")
            let names = try await scratch.shell("isoinfo -J -f -i x.iso | sort | cut -c 1-4")
            #expect(names.lines == ["/Alp", "/Bet", "/two"], "\(names)")
        }
    }

    @Test(arguments: [
        "genisoimage -quiet -R", "xorriso -as mkisofs -quiet -R",
    ])
    func `Long names and targets are read by others`(maker: String) async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir -p many/sub new; for i in $(seq 60); do echo $i >many/file_with_a_rather_long_name_$i; done
                long=$(printf 'L%.0s' {1..230}); echo long >many/sub/old$long; : >many/sub/empty$long
                \(maker) -o x.iso many; echo new >new/new$long; : >new/nothing$long
                ln -s $(printf 't%.0s' {1..200}) new/link
                """
            )
            let same = try await scratch.shell(
                """
                long=$(printf 'L%.0s' {1..230})
                $SPINDLE move -q x.iso file_with_a_rather_long_name_5 $long || exit 1
                $SPINDLE add -q x.iso new || exit 2
                mkdir more; for i in $(seq 50); do echo $i >more/another_file_in_the_directory_$i; done
                $SPINDLE edit -q x.iso --add more=sub || exit 3
                mv many/file_with_a_rather_long_name_5 many/$long; cp -a new many; cp more/* many/sub
                mkdir out; bsdtar -C out -xpf x.iso || exit 4
                diff -r --no-dereference many out || exit 5
                xorriso -indev x.iso -lsl / >log 2>&1 || exit 6
                isoinfo -R -f -i x.iso 2>/dev/null | grep -c $long
                """
            )
            #expect(same.status == 0, "\(same)")
            #expect(same.lines == ["5"], "\(same)")
        }
    }

    @Test func `A link that leads too far for others is left out only if that is allowed`()
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir tree new; echo 1 >tree/one; genisoimage -quiet -R -o x.iso tree; echo 2 >new/two
                part=$(printf 'x%.0s' {1..199}); ln -s $part/$part/$part/$part/$part/$(printf 'y%.0s' {1..23}) new/near
                ln -s $part/$part/$part/$part/$part/$(printf 'y%.0s' {1..24}) new/far
                """
            )
            let refused = try await scratch.spindle(["add", "x.iso", "new"])
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("new/far"), "\(refused)")
            let added = try await scratch.spindle(["add", "x.iso", "new", "--allow-loss"])
            #expect(added.status == 0, "\(added)")
            let same = try await scratch.shell(
                "xorriso -indev x.iso -find / 2>/dev/null | sort | tr '\\n' ' '"
            )
            #expect(same.output.contains("'/new/near' '/new/two'"), "\(same)")
            #expect(!same.output.contains("far"), "\(same)")
        }
    }

    @Test func `What another tree hides or hasn't is told or refused`() async throws {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir -p tree/sub; echo a >tree/a; echo b >tree/b; echo c >tree/sub/c; echo new >b; echo new >new
                genisoimage -quiet -R -J -hide-joliet sub -o hj.iso tree
                genisoimage -quiet -R -J -hide b -o hb.iso tree; sha256sum hb.iso >sums
                """
            )
            let told = try await scratch.spindle(
                ["add", "hj.iso", "new", "--at", "sub", "--json"]
            )
            #expect(told.status == 0, "\(told)")
            #expect(told.output.contains("\"hidden-directories\""), "\(told)")
            let refused = try await scratch.spindle(["add", "hb.iso", "b"])
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("in the image already"), "\(refused)")
            let same = try await scratch.shell("sha256sum --quiet -c sums")
            #expect(same.status == 0, "\(same)")
            let replaced = try await scratch.spindle(["add", "hb.iso", "b", "--replace"])
            #expect(replaced.status == 0, "\(replaced)")
            let both = try await scratch.shell(
                "cmp b <(isoinfo -R -x /b -i hb.iso) && cmp b <(isoinfo -J -x /b -i hb.iso)"
            )
            #expect(both.status == 0, "\(both)")
        }
    }

    @Test func `Images with shared or copied descriptors are changed in all of them`() async throws
    {
        try await Scratch.use { scratch in
            try await scratch.prepare(
                """
                mkdir -p tree/sub; echo a >tree/a; echo c >tree/sub/c; echo new >new; touch -d 2200-01-01 future
                p=deep; for i in 1 2 3 4 5 6 7 8 9 10; do p=$p/level-$i; mkdir -p $p; echo $i >$p/file; done
                genisoimage -quiet -R -iso-level 4 -o four.iso tree
                genisoimage -quiet -iso-level 4 -o plain.iso tree
                xorriso -as mkisofs -quiet -R -J -rr_reloc_dir rr_moved -o reloc.iso deep
                genisoimage -quiet -R -o moved.iso deep; sha256sum moved.iso >sums
                xorriso -md5 on -joliet on -outdev md5.iso -map tree / -commit >log 2>&1
                """
            )
            for image in ["four.iso", "plain.iso", "reloc.iso", "md5.iso"] {
                let added = try await scratch.spindle(["add", image, "new", "tree"])
                #expect(added.status == 0, "\(image): \(added)")
                let same = try await scratch.shell(
                    """
                    rm -rf out; mkdir out; bsdtar -C out -xf \(image) || exit 1
                    cmp new out/new || exit 2; diff -r tree out/tree || exit 3
                    xorriso -md5 on -indev \(image) -check_media -- >log 2>&1 || { cat log; exit 4; }
                    grep -i mismatch log && exit 5; exit 0
                    """
                )
                #expect(same.status == 0, "\(image): \(same)")
            }
            let refused = try await scratch.spindle(["remove", "moved.iso", "rr_moved"])
            #expect(refused.status == 1, "\(refused)")
            #expect(refused.errors.contains("shows elsewhere"), "\(refused)")
            let late = try await scratch.spindle(["add", "four.iso", "future", "--json"])
            #expect(late.status == 0, "\(late)")
            #expect(late.output.contains("\"times\""), "\(late)")
            let tail = try await scratch.shell(
                "sha256sum --quiet -c sums; printf tail >>moved.iso; $SPINDLE add moved.iso new --output tail.iso --json; grep -q tail tail.iso"
            )
            #expect(tail.status == 0, "\(tail)")
        }
    }
}

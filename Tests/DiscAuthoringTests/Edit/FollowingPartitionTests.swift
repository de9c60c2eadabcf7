import DiscAuthoring
import DiscFiles
import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Changes of images whose volume other partitions follow, as `xorriso -append_partition` makes them.
@Suite struct FollowingPartitionTests {
    /// Boot images by their options: with an MBR alone, one like ISOLINUX's, a GPT, both, an Apple map as well,
    /// and with directories of its own for the volume's partition, as Ubuntu, Fedora and Arch make theirs.
    static let makers = [
        "", "$mbr", "$mbr -appended_part_as_gpt", "$mbr -isohybrid-gpt-basdat",
        "$mbr -isohybrid-gpt-basdat -isohybrid-apm-hfsplus",
        "--grub2-mbr /usr/lib/ISOLINUX/isohdpfx.bin -partition_offset 16 --mbr-force-bootable -appended_part_as_gpt",
        "-partition_offset 16 $mbr",
    ]

    /// A partition for EFI with noise in it, and one of another kind after it.
    private static let beginning = """
        export PATH="$PATH:/sbin:/usr/sbin"; mbr='-isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin'
        if [ ! -e efi.img ]; then
        mkdir -p tree/boot tree/docs new; cp /usr/lib/ISOLINUX/isolinux.bin tree/boot
        seq 20000 >tree/docs/numbers; echo hi >tree/hello.txt; ln -s docs/numbers tree/link
        head -c 3000001 /dev/urandom >new/large; echo small >new/small
        truncate -s 1440K efi.img; mkfs.vfat efi.img >/dev/null
        head -c 300000 /dev/urandom | dd of=efi.img bs=1k seek=900 conv=notrunc 2>/dev/null
        head -c 400000 /dev/urandom >data.img
        fi
        boot='-b boot/isolinux.bin -c boot/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table'
        boot="$boot -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot"
        make() { xorriso -as mkisofs -quiet -R -J -append_partition 2 0xef efi.img $boot "$@" -o x.iso tree 2>log; }

        """

    private func shell(_ script: String, in folder: Folder) throws {
        let outcome = try Programs.run(
            ["bash", "-c", "set -e; \(Self.beginning)\(script)"],
            in: folder
        )
        try #require(outcome.status == 0, "\(outcome)")
    }

    /// A partition, in bytes.
    private struct Part: Equatable {
        var table: String
        var number: Int
        var start: Int
        var end: Int
    }

    private func parts(_ content: DiscContent) -> [Part] {
        var found: [Part] = []
        for one in content.masterBootRecord?.partitions ?? [] {
            let start = one.start * 512
            found.append(
                Part(table: "mbr", number: one.number, start: start, end: start + one.count * 512)
            )
        }
        if let table = content.guidPartitionTable {
            for one in table.partitions {
                found.append(
                    Part(
                        table: "gpt",
                        number: one.number,
                        start: Int(one.first) * table.blockSize,
                        end: Int(one.last + 1) * table.blockSize
                    )
                )
            }
        }
        if let map = content.applePartitionMap {
            for (index, one) in map.partitions.enumerated() {
                let start = one.start * map.blockSize
                found.append(
                    Part(
                        table: "apple",
                        number: index,
                        start: start,
                        end: start + one.count * map.blockSize
                    )
                )
            }
        }
        return found
    }

    private func content(_ path: FilePath) throws -> DiscContent {
        try DiscContent.examine(DiscImage(path).source)
    }

    private func edit(_ path: FilePath, _ list: [TreeChange]) throws(Failure) -> JobResult {
        var changes = TreeChanges(list)
        changes.replacesFiles = true
        return try EditJob(path, changes, EditOptions()).run(cancellation: Cancellation()) { _ in }
    }

    /// Where the program for a kind of computer begins, by the boot catalogue.
    private func bootStart(_ content: DiscContent, _ platform: BootEntry.Platform) throws -> Int {
        let entry = content.iso9660?.bootCatalog?.entries.first { $0.platform == platform }
        return try #require(entry?.start) * 2048
    }

    private func efiStart(_ content: DiscContent) throws -> Int { try bootStart(content, .efi) }

    @Test(arguments: makers)
    func `They move byte for byte, with all that names them`(maker: String) throws {
        let folder = try Folder()
        try shell("make \(maker) -append_partition 3 0x83 data.img", in: folder)
        let image = folder.path("x.iso")
        let (old, before) = (try folder.read("x.iso"), try content(image))
        let efi = try efiStart(before)
        let result = try edit(image, [.add(folder.path("new"), at: "/"), .remove("hello.txt")])
        #expect(result.status == .verified, "\(result)")
        let (new, after) = (try folder.read("x.iso"), try content(image))
        let distance = try efiStart(after) - efi
        try #require(distance >= 3_000_000)
        #expect(new.count == old.count + distance)
        #expect(distance % (efi % 1_048_576 == 0 ? 1_048_576 : 2048) == 0)
        let (then, now) = (parts(before), parts(after))
        try #require(then.count == now.count)
        var moved = 0
        for (was, part) in zip(then, now) {
            #expect((part.table, part.number) == (was.table, was.number))
            if was.start >= efi {
                moved += 1
                #expect(part.start == was.start + distance)
                #expect(part.end == was.end + distance)
                let end = min(was.end, old.count)
                #expect(new[part.start..<end + distance] == old[was.start..<end])
            } else {
                #expect(part.start == was.start)
                // The volume's own grows; one over the whole disk goes on to cover it.
                let isVolume = was.start <= 32768 && was.end > 32768
                #expect(part.end == was.end + (isVolume ? distance : 0))
            }
        }
        #expect(moved >= 2)
        if let table = after.guidPartitionTable {
            #expect(table.hasAlternate && table.hasValidEntries)
            #expect(Int(table.alternate + 1) * table.blockSize == new.count)
        }
        let listing = try Listing(DiscImage(image).source, .rockRidge)
        #expect(listing.problems == [])
        #expect(try listing.bytes("large") == folder.read("new/large"))
        #expect(listing.entries["hello.txt"] == nil)
        try shell(
            "mkdir out; bsdtar -C out -xf x.iso; cmp out/large new/large; diff -r tree/docs out/docs",
            in: folder
        )
        guard maker.contains("-partition_offset") else { return }
        // The partition by itself shows the same files, with places of its own.
        try folder.write("part.iso", Array(new[32768...]))
        let inside = try Listing(DiscImage(folder.path("part.iso")).source, .rockRidge)
        #expect(inside.problems == [])
        #expect(Set(inside.entries.keys) == Set(listing.entries.keys))
        #expect(try inside.bytes("large") == folder.read("new/large"))
        #expect(try inside.bytes("docs/numbers") == folder.read("tree/docs/numbers"))
        try shell(
            "mkdir part; bsdtar -C part -xf part.iso; diff -r --no-dereference out part; xorriso -indev part.iso -find / -name small 2>log | grep small",
            in: folder
        )
    }

    @Test(arguments: makers)
    func `Nothing moves for what fits`(maker: String) throws {
        let folder = try Folder()
        try shell("make \(maker)", in: folder)
        let image = folder.path("x.iso")
        let (old, before) = (try folder.read("x.iso"), try content(image))
        let efi = try efiStart(before)
        let result = try edit(image, [.add(folder.path("new/small"), at: "docs/numbers")])
        #expect(result.status == .verified, "\(result)")
        let new = try folder.read("x.iso")
        #expect(try parts(content(image)) == parts(before))
        #expect(new.count == old.count && new[efi...] == old[efi...])
        let listing = try Listing(DiscImage(image).source, .rockRidge)
        #expect(try listing.bytes("docs/numbers") == Array("small\n".utf8))
    }

    @Test func `Many changes one after the other leave the partition what it was`() throws {
        let folder = try Folder()
        let offset = try #require(Self.makers.first { $0.contains("--mbr-force-bootable") })
        try shell("make \(offset)", in: folder)
        let image = folder.path("x.iso")
        let size = try folder.read("efi.img").count
        let long = String(repeating: "n", count: 200)
        for list: [TreeChange] in [
            [.add(folder.path("new"), at: "more/deep")], [.makeDirectory("a/b/\(long)")],
            [.move("docs", to: "a/docs"), .setAttributes("a", of: folder.path("new"))],
            [.add(folder.path("new/small"), at: "a/b/\(long)/small"), .remove("more")],
            [.move("a/docs/numbers", to: "a/\(long)")],
        ] {
            let result = try edit(image, list)
            try #require(result.status == .verified, "\(result) of \(list)")
        }
        let start = try efiStart(content(image))
        #expect(try folder.read("x.iso")[start..<start + size] == folder.read("efi.img")[...])
        try shell(
            "tail -c +32769 x.iso >part.iso; mkdir out part; bsdtar -C out -xf x.iso; bsdtar -C part -xf part.iso; diff -r --no-dereference out part; sgdisk -v x.iso | grep 'No problems'",
            in: folder
        )
    }

    /// FAT's `BPB_HiddSec`: the block that the partition begins with.
    @Test(arguments: ["-F 12", "-F 32 -S 512"])
    func `A boot sector that says where its partition begins says so after the move`(
        format: String
    ) throws {
        let folder = try Folder()
        try shell("make $mbr", in: folder)
        let image = folder.path("x.iso")
        let block = try efiStart(content(image)) / 512
        let isLarge = format.contains("32")
        try shell(
            """
            rm efi.img; truncate -s \(isLarge ? 40 : 1)M efi.img; mkfs.vfat \(format) -h \(block) efi.img >/dev/null
            make $mbr
            """,
            in: folder
        )
        let old = try folder.read("efi.img")
        #expect(number(old, 0x1C) == block)
        var told: [String] = []
        let job = EditJob(
            image,
            TreeChanges([.add(folder.path("new"), at: "new")]),
            EditOptions()
        )
        let result = try job.run(cancellation: Cancellation()) { event in told.append("\(event)") }
        #expect(result.status == .verified, "\(result)")
        #expect(told.contains { $0.contains("says where the partition begins") }, "\(told)")
        let start = try efiStart(content(image))
        try #require(start / 512 > block)
        let new = Array(try folder.read("x.iso")[start..<start + old.count])
        var wanted = old
        // FAT32 has a copy of it in sector 6.
        for place in isLarge ? [0, 6 * 512] : [0] {
            put(start / 512, at: place + 0x1C, in: &wanted)
        }
        #expect(new == wanted)
    }

    private func number(_ bytes: [UInt8], _ place: Int) -> Int {
        bytes[place..<place + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private func put(_ value: Int, at place: Int, in bytes: inout [UInt8]) {
        for index in 0..<4 {
            bytes[place + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
        }
    }

    /// The sum of a boot information table: over all words of the program from byte 64 on.
    private func sum(_ program: [UInt8]) -> Int {
        stride(from: 64, to: program.count, by: 4)
            .reduce(0) { ($0 + number(program, $1)) & 0xFFFF_FFFF }
    }

    /// Uses both of what programs that boot know of their place.
    ///
    /// That is a boot information table, as `mkisofs -boot-info-table` makes it, and what `xorriso --grub2-boot-info`
    /// puts into GRUB's image: the number of its second block and more. The table's sum is over that number, too.
    @Test(arguments: [false, true])
    func `What is booted from there gets its new place`(isSumRight: Bool) throws {
        let folder = try Folder()
        try shell(
            """
            xorriso -as mkisofs -quiet -R -J -append_partition 2 0xef efi.img -c boot/boot.cat \\
                -b --interval:appended_partition_2:all:: -no-emul-boot -boot-load-size 4 -o x.iso tree 2>log
            """,
            in: folder
        )
        let image = folder.path("x.iso")
        var old = try folder.read("x.iso")
        let start = try bootStart(content(image), .x86)
        for (index, value) in [16, start / 2048, 4096, 7].enumerated() {
            put(value, at: start + 8 + index * 4, in: &old)
        }
        put(start / 512 + 5, at: start + 2548, in: &old)
        put(0, at: start + 2552, in: &old)
        if isSumRight { put(sum(Array(old[start..<start + 4096])), at: start + 20, in: &old) }
        try folder.write("x.iso", old)
        let result = try edit(image, [.add(folder.path("new"), at: "new")])
        #expect(result.status == .verified, "\(result)")
        let (new, after) = (try folder.read("x.iso"), try content(image))
        let now = try bootStart(after, .x86)
        try #require(now > start)
        let entry = after.iso9660?.bootCatalog?.entries.first { $0.platform == .x86 }
        #expect(entry?.informationTable?.start == now / 2048)
        #expect(entry?.informationTable?.isChecksumRight == isSumRight)
        var wanted = Array(old[start...])
        put(now / 2048, at: 12, in: &wanted)
        put(now / 512 + 5, at: 2548, in: &wanted)
        if isSumRight { put(sum(Array(wanted[..<4096])), at: 20, in: &wanted) }
        #expect(new[now...].elementsEqual(wanted))
    }

    @Test(arguments: ["code", "tables", "exfat", "grub", "directories"])
    func `What names the partition and can't be changed forbids the move`(what: String) throws {
        let folder = try Folder()
        let makers = [
            "grub":
                "$mbr -appended_part_as_gpt -append_partition 3 4861682149646f6e744e656564454649 data.img",
            "directories": "-partition_offset 16 $mbr",
        ]
        try shell("make \(makers[what] ?? "$mbr")", in: folder)
        let image = folder.path("x.iso")
        var bytes = try folder.read("x.iso")
        let start = try efiStart(content(image))
        var says = ""
        switch what {
        case "code":
            for index in 0..<8 { bytes[0x1B0 + index] = 0 }
            put(start / 512 + 4, at: 0x1B0, in: &bytes)
            says = "the code in the MBR names block"
        case "tables":
            // The type of the second entry.
            bytes[446 + 16 + 4] = 0x0F
            says = "holds a table of further ones"
        case "exfat":
            for index in 0..<512 { bytes[start + index] = 0 }
            bytes.replaceSubrange(start..<start + 3, with: [0xEB, 0x76, 0x90])
            bytes.replaceSubrange(start + 3..<start + 11, with: Array("EXFAT   ".utf8))
            put(start / 512, at: start + 0x40, in: &bytes)
            bytes[start + 0x6C] = 9
            bytes.replaceSubrange(start + 510..<start + 512, with: [0x55, 0xAA])
            says = "the exFAT file system in partition 2 of the image's MBR"
        case "directories":
            // The name of a file in the second of the two trees.
            let name = Array("hello.txt".utf8)
            let first = try #require(bytes.firstRange(of: name)).upperBound
            let second = try #require(bytes[first...].firstRange(of: name)).lowerBound
            bytes[second + 1] = 0x61
            says = "which are not the same as the first one"
        default: says = "holds code of GRUB"
        }
        try folder.write("x.iso", bytes)
        do {
            let result = try edit(image, [.add(folder.path("new"), at: "new")])
            Issue.record("\(result)")
        } catch {
            #expect(error.status == .refused)
            #expect(error.description.contains(says), "\(error)")
            #expect(error.advice.contains("spindle create"))
        }
        #expect(try folder.read("x.iso") == bytes)
        // What fits needs no move.
        guard what != "directories" else { return }
        let result = try edit(image, [.add(folder.path("new/small"), at: "hello.txt")])
        #expect(result.status == .verified, "\(result)")
    }
}

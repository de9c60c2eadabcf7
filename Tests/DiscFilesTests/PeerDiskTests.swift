import DiscFiles
import TestSupport
import Testing

/// Disks, and other things that are no discs, as other programs make them.
@Suite struct PeerDiskTests {
    /// A program that makes a file of 16 MiB something, and what is said of that.
    struct Peer: Sendable, CustomTestStringConvertible {
        var command: [String]
        var name: String
        var title: String?
        var testDescription: String { command.joined(separator: " ") }
    }

    static let peers = [
        Peer(
            command: ["mkfs.vfat", "-n", "SMALL", "f"],
            name: "a FAT16 file system",
            title: "SMALL"
        ),
        Peer(
            command: ["mkfs.vfat", "-F", "12", "-s", "16", "-n", "OLD", "f"],
            name: "a FAT12 file system",
            title: "OLD"
        ),
        Peer(
            command: ["mkfs.vfat", "-F", "32", "-n", "LARGE", "f"],
            name: "a FAT32 file system",
            title: "LARGE"
        ),
        Peer(
            command: ["mkfs.ext2", "-q", "-L", "two", "f"],
            name: "an ext2 file system",
            title: "two"
        ),
        Peer(
            command: ["mkfs.ext3", "-q", "-L", "three", "f"],
            name: "an ext3 file system",
            title: "three"
        ),
        Peer(
            command: ["mkfs.ext4", "-q", "-L", "four", "f"],
            name: "an ext4 file system",
            title: "four"
        ),
        Peer(command: ["mkntfs", "-q", "-F", "f"], name: "an NTFS file system"),
        Peer(command: ["mkfs.exfat", "f"], name: "an exFAT file system"),
        Peer(command: ["mkswap", "-L", "swap", "f"], name: "a swap space of Linux", title: "swap"),
        Peer(
            command: ["mksquashfs", "tree", "f", "-quiet", "-no-progress", "-noappend"],
            name: "a squashfs file system"
        ),
        Peer(
            command: ["qemu-img", "create", "-q", "-f", "qcow2", "f", "10M"],
            name: "a QCOW image of a virtual machine's disk"
        ),
        Peer(
            command: ["qemu-img", "create", "-q", "-f", "vmdk", "f", "10M"],
            name: "a VMDK image of a virtual machine's disk"
        ),
        Peer(
            command: ["qemu-img", "create", "-q", "-f", "vdi", "f", "10M"],
            name: "a VDI image of a virtual machine's disk"
        ),
        Peer(
            command: ["qemu-img", "create", "-q", "-f", "vpc", "f", "10M"],
            name: "a VHD image of a virtual machine's disk"
        ),
        Peer(
            command: [
                "qemu-img", "create", "-q", "-f", "vpc", "-o", "subformat=fixed", "f", "10M",
            ],
            name: "a VHD image of a virtual machine's disk"
        ),
        Peer(
            command: ["qemu-img", "create", "-q", "-f", "vhdx", "f", "10M"],
            name: "a VHDX image of a virtual machine's disk"
        ),
        Peer(
            command: ["wimlib-imagex", "capture", "tree", "f", "--quiet"],
            name: "a Windows image (WIM)"
        ),
        Peer(command: ["7z", "a", "-bd", "-t7z", "f.x", "tree"], name: "a 7z archive"),
        Peer(command: ["7z", "a", "-bd", "-tzip", "f.x", "tree"], name: "a zip archive"),
        Peer(command: ["tar", "-cf", "f", "tree"], name: "a tar archive"),
    ].filter { Tools.has($0.command[0]) }

    @Test(arguments: peers)
    func `What other programs make is named`(peer: Peer) throws {
        // Packers want no file of that name to be there.
        let isMaker = peer.command[0].hasPrefix("mk") && peer.command[0] != "mksquashfs"
        let bytes =
            isMaker
            ? try Tools.make("f", ["truncate", "-s", "16M", "f"], peer.command)
            : try Tools.make(peer.command.contains("f.x") ? "f.x" : "f", peer.command)
        // A file's last sector is filled up with zeros when it is read.
        let fill = (2048 - bytes.count % 2048) % 2048
        let content = try DiscContent.examine(
            MemorySource(bytes + [UInt8](repeating: 0, count: fill))
        )
        #expect(content.other?.name == peer.name)
        #expect(content.other?.title == peer.title)
        #expect(content.reasonNotADisc != nil)
    }

    @Test(.enabled(if: Tools.has("implantisomd5") && Tools.has("genisoimage")))
    func `implantisomd5's sum is found, and an image without has none`() throws {
        let make = ["genisoimage", "-quiet", "-r", "-o", "out.iso", "tree"]
        let plain = try DiscContent.examine(MemorySource(try Tools.make("out.iso", make)))
        #expect(plain.implantedChecksum == nil)
        let bytes = try Tools.make("out.iso", make, ["implantisomd5", "out.iso"])
        let sum = try #require(
            try DiscContent.examine(MemorySource(bytes)).implantedChecksum
        )
        #expect(sum.md5.utf8.count == 32)
        #expect(sum.skippedSectors == 15)
        #expect(sum.fragmentCount == 20)
    }

    @Test(.enabled(if: Tools.has("mkudffs")), arguments: ["0x0102", "0x0150", "0x0200", "0x0201"])
    func `mkudffs's revisions, and its counts of files`(revision: String) throws {
        let bytes = try Tools.make(
            "f",
            ["truncate", "-s", "8M", "f"],
            ["mkudffs", "--media-type=dvdram", "--udfrev=\(revision)", "-b", "2048", "f"]
        )
        let content = try DiscContent.examine(MemorySource(bytes))
        let udf = try #require(content.udf)
        let digits = revision.dropFirst(3)
        #expect(udf.revision == "\(digits.prefix(1)).\(digits.suffix(2))")
        #expect(udf.integrity?.isClosed == true)
        #expect(udf.integrity?.folderCount == 1)
        #expect(content.trees == ["udf"])
    }

    @Test(
        .enabled(if: Tools.has("mkudffs")),
        arguments: [512, 1024, 2048, 4096],
        ["0x0150", "0x0201"]
    )
    func `mkudffs's blocks of all sizes`(size: Int, revision: String) throws {
        let bytes = try Tools.make(
            "f",
            ["truncate", "-s", "8M", "f"],
            ["mkudffs", "--udfrev=\(revision)", "-l", "Blocks", "-b", "\(size)", "f"]
        )
        let content = try DiscContent.examine(MemorySource(bytes))
        let udf = try #require(content.udf)
        #expect(udf.blockSize == size)
        #expect(udf.logicalVolumeIdentifier == "Blocks")
        #expect(udf.integrity?.folderCount == 1)
        #expect(content.trees == ["udf"])
        let reading = try TreeReading(bytes, .udf)
        #expect(reading.paths.filter { $0 != "Non-Allocatable Space" } == [])
        #expect(reading.problems.isEmpty)
    }

    @Test(.enabled(if: Tools.has("xorriso")))
    func `A boot program's own checksum is looked at`() throws {
        var bytes = try Tools.make(
            "out.iso",
            ["cp", "tree/below/a file with a long name", "tree/boot.img"],
            [
                "xorriso", "-as", "mkisofs", "-quiet", "-o", "out.iso", "-b", "boot.img",
                "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "tree",
            ]
        )
        let entry = try #require(
            try DiscContent.examine(MemorySource(bytes)).bootEntries.first
        )
        #expect(entry.isWithinSource == true)
        #expect(entry.informationTable?.length == 100_000)
        #expect(entry.informationTable?.isChecksumRight == true)
        bytes[entry.start * 2048 + 5000] ^= 1
        let damaged = try #require(
            try DiscContent.examine(MemorySource(bytes)).bootEntries.first
        )
        #expect(damaged.informationTable?.isChecksumRight == false)
    }
}

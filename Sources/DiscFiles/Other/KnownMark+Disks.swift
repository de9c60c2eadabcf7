extension KnownMark {
    /// File systems of hard disks and sticks, what manages or encrypts them, and images of whole
    /// disks.
    ///
    /// FAT and ext are not here: their marks are two bytes, so ``DiskVolume`` asks more of them.
    static let disks: [KnownMark] = [
        KnownMark(
            "an exFAT file system",
            .fileSystem,
            at: 3,
            "EXFAT   ",
            size: SizeField(72, 8, unit: 512)
        ),
        KnownMark(
            "an NTFS file system",
            .fileSystem,
            at: 3,
            "NTFS    ",
            size: SizeField(0x28, 8, unitField: (11, 2))
        ),
        KnownMark("a BitLocker volume", .fileSystem, at: 3, "-FVE-FS-"),
        KnownMark("a ReFS file system", .fileSystem, at: 3, bytes: Array("ReFS\0\0\0\0".utf8)),
        KnownMark(
            "an XFS file system",
            .fileSystem,
            "XFSB",
            title: (108, 12),
            size: SizeField(8, 8, .big, unitField: (4, 4))
        ),
        KnownMark(
            "a Btrfs file system",
            .fileSystem,
            at: 0x10040,
            "_BHRfS_M",
            title: (0x1012B, 256),
            size: SizeField(0x10070, 8)
        ),
        KnownMark("a squashfs file system", .fileSystem, "hsqs", size: SizeField(40, 8)),
        KnownMark("a cramfs file system", .fileSystem, bytes: [0x45, 0x3D, 0xCD, 0x28]),
        KnownMark("a romfs file system", .fileSystem, "-rom1fs-", title: (16, 16)),
        KnownMark("an EROFS file system", .fileSystem, at: 1024, bytes: [0xE2, 0xE1, 0xF5, 0xE0]),
        KnownMark("an F2FS file system", .fileSystem, at: 1024, bytes: [0x10, 0x20, 0xF5, 0xF2]),
        KnownMark("a JFS file system", .fileSystem, at: 0x8000, "JFS1"),
        KnownMark("a ReiserFS file system", .fileSystem, at: 0x10034, "ReIsEr"),
        KnownMark(
            "an APFS container",
            .fileSystem,
            at: 32,
            "NXSB",
            size: SizeField(40, 8, unitField: (36, 4))
        ),
        KnownMark("an LVM physical volume", .fileSystem, at: 512, "LABELONE"),
        KnownMark("an LVM physical volume", .fileSystem, at: 0, "LABELONE"),
        KnownMark(
            "a LUKS encrypted volume",
            .fileSystem,
            bytes: Array("LUKS".utf8) + [0xBA, 0xBE]
        ),
        KnownMark("a swap space of Linux", .fileSystem, at: 4086, "SWAPSPACE2", title: (1052, 16)),
        KnownMark(
            "a part of a RAID of Linux",
            .fileSystem,
            at: 4096,
            bytes: [0xFC, 0x4E, 0x2B, 0xA9]
        ),
        KnownMark("a UBI image", .fileSystem, "UBI#"),

        KnownMark(
            "a QCOW image of a virtual machine's disk",
            .diskImage,
            bytes: Array("QFI".utf8) + [0xFB],
            size: SizeField(24, 8, .big)
        ),
        KnownMark(
            "a VMDK image of a virtual machine's disk",
            .diskImage,
            "KDMV",
            size: SizeField(12, 8, unit: 512)
        ),
        KnownMark("a VMDK image of a virtual machine's disk", .diskImage, "COWD"),
        KnownMark("the descriptor of a VMDK image", .diskImage, "# Disk DescriptorFile"),
        KnownMark(
            "a VDI image of a virtual machine's disk",
            .diskImage,
            at: 64,
            bytes: [0x7F, 0x10, 0xDA, 0xBE],
            size: SizeField(0x170, 8)
        ),
        KnownMark(
            "a VHD image of a virtual machine's disk",
            .diskImage,
            "conectix",
            size: SizeField(48, 8, .big)
        ),
        KnownMark("a VHDX image of a virtual machine's disk", .diskImage, "vhdxfile"),
        KnownMark("a Parallels image of a virtual machine's disk", .diskImage, "WithoutFreeSpace"),
        KnownMark("a Parallels image of a virtual machine's disk", .diskImage, "WithouFreSpacExt"),
        KnownMark(
            "a QED image of a virtual machine's disk",
            .diskImage,
            bytes: Array("QED\0".utf8)
        ),
        KnownMark(
            "an EnCase image of a disk",
            .diskImage,
            bytes: Array("EVF".utf8) + [9, 13, 10, 0xFF]
        ),
        KnownMark(
            "an EnCase image of a disk",
            .diskImage,
            bytes: Array("EVF2".utf8) + [13, 10, 0x81]
        ),
        KnownMark(
            "an EnCase file of evidence",
            .diskImage,
            bytes: Array("LVF".utf8) + [9, 13, 10, 0xFF]
        ),
        KnownMark(
            "an EnCase file of evidence",
            .diskImage,
            bytes: Array("LEF2".utf8) + [13, 10, 0x81]
        ),
        KnownMark("an AFF image of a disk", .diskImage, bytes: Array("AFF10".utf8) + [13, 10, 0]),
        KnownMark("an image of a Windows device (FFU)", .diskImage, at: 4, "SignedImage "),
        KnownMark("a partclone image of a partition", .diskImage, "partclone-image"),
        KnownMark("an Android sparse image", .diskImage, bytes: [0x3A, 0xFF, 0x26, 0xED]),
        KnownMark("a WBFS image of a Wii disc", .diskImage, "WBFS"),
        KnownMark(
            "an RVZ image of a GameCube or Wii disc",
            .diskImage,
            bytes: Array("RVZ".utf8) + [1]
        ),
        KnownMark(
            "a WIA image of a GameCube or Wii disc",
            .diskImage,
            bytes: Array("WIA".utf8) + [1]
        ),
        KnownMark(
            "a GCZ image of a GameCube or Wii disc",
            .diskImage,
            bytes: [0x01, 0xC0, 0x0B, 0xB1]
        ),
        KnownMark(
            "a TGC file with a GameCube disc in it",
            .diskImage,
            bytes: [0xAE, 0x0F, 0x38, 0xA2]
        ),
        KnownMark(
            "a WUX file with a packed Wii U disc in it",
            .diskImage,
            bytes: Array("WUX0".utf8) + [0x2E, 0xD0, 0x99, 0x10]
        ),
        KnownMark("a CCI file with a packed Xbox disc in it", .diskImage, "CCIM"),
        KnownMark("a JISO file with a packed disc in it", .diskImage, "JISO"),
        KnownMark(
            "a PBP file with a program or disc of the PSP in it",
            .diskImage,
            bytes: Array("\0PBP".utf8)
        ),
        KnownMark(
            "an image of a Switch cartridge (XCI)",
            .diskImage,
            at: 0x100,
            "HEAD",
            also: [(0xF000, Array("HFS0".utf8))]
        ),
    ]
}

public import SystemPackage

/// What kind of ISO 9660 image is made.
public struct ISOAuthoringOptions: Sendable {
    /// The volume's name; by the directory's name if `nil`.
    public var volume: String?
    /// The publisher that the image names.
    public var publisher: String?
    /// The data preparer that the image names.
    public var preparer: String?
    /// The program that it is for, or that made it.
    public var application: String?
    /// The level of interchange of ECMA-119, from 1 to 3; below 3, no file may have 4 GiB.
    public var level = 3
    /// Whether there is a tree of Joliet, for Windows.
    public var hasJoliet = true
    /// Whether names in Joliet's tree may have 103 characters in place of 64.
    public var hasLongJolietNames = false
    /// Whether there is a tree of HFS Plus, for Macs.
    public var hasHFSPlus = false
    /// Whether files are packed (zisofs), which Linux unpacks as it reads them.
    public var packs = false
    /// The file that a PC's BIOS starts: its path in the image, or else a file, which is put into the
    /// image's directory `boot`.
    public var boot: String?
    /// Whether that file gets the boot information table in its bytes 8 to 63, as ISOLINUX needs it.
    public var hasBootInformationTable = false
    /// The image of a FAT file system that EFI firmware starts from, named as ``boot`` is.
    public var efiBoot: String?
    /// ISOLINUX's MBR, with which the image boots from a stick, too.
    public var hybridMBR: FilePath?
    /// Whether the same files make the same image: times are no later than ``epoch``, owners are 0, and
    /// nothing is random.
    public var isReproducible = false
    /// The latest time in a reproducible image, in seconds since 1970; the latest of all files' if `nil`.
    public var epoch: Int?
    /// Whether the MD5 of each file is recorded, as `xorriso -check_md5` takes them.
    public var recordsMD5 = false
    /// Whether an MD5 of the image is put into it, as `checkisomd5` takes it.
    public var implantsMD5 = false
    /// Whether what can't be read may be left out.
    public var allowsLoss = false

    /// Creates the usual options.
    public init() {}
}

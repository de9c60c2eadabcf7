import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// What kind of ISO 9660 image is made.
struct ISOOptions: ParsableArguments {
    @Option(help: "The volume's name (default: the directory's).")
    var volume: String?

    @Option(help: "The publisher that the image names.")
    var publisher: String?

    @Option(help: "The data preparer that the image names.")
    var preparer: String?

    @Option(help: "The application that the image names.")
    var application: String?

    @Option(
        help: "The level of ISO 9660: 1, 2 or 3; files of 4 GiB need 3.",
        completion: .list(["1", "2", "3"])
    )
    var isoLevel = 3

    @Flag(help: "Leave out the Joliet tree for Windows.")
    var noJoliet = false

    @Flag(help: "Allow Joliet names of 103 characters instead of 64.")
    var jolietLong = false

    @Flag(help: "Add an HFS Plus tree for Macs.")
    var hfsplus = false

    @Flag(help: "Compress files with zisofs; Linux decompresses them as it reads.")
    var zisofs = false

    @Option(
        help: ArgumentHelp(
            "The boot image for BIOS: a path in the image, or a file, which goes into its “boot” directory.",
            valueName: "file"
        ),
        completion: .file()
    )
    var boot: String?

    @Flag(help: "Write the boot information table into it, as ISOLINUX needs it.")
    var bootInfoTable = false

    @Option(
        help: ArgumentHelp(
            "The image of a FAT file system that EFI firmware starts from, named in the same way.",
            valueName: "file"
        ),
        completion: .file()
    )
    var efiBoot: String?

    @Option(
        help: ArgumentHelp(
            "ISOLINUX's isohdpfx.bin, so that the image also boots from a USB stick.",
            valueName: "mbr-file"
        ),
        completion: .file()
    )
    var isohybrid: String?

    @Flag(
        help:
            "Make the same image of the same files: no time is later than SOURCE_DATE_EPOCH, owners are 0."
    )
    var reproducible = false

    @Flag(
        help: "Put an MD5 of the image into it, which checkisomd5 and “spindle sum --check” check."
    )
    var implantMd5 = false

    @Flag(help: "Record the MD5 of each file, which “xorriso -check_md5_r” checks.")
    var fileMd5 = false

    /// What these make.
    var options: ISOAuthoringOptions {
        get throws {
            var options = ISOAuthoringOptions()
            options.volume = volume
            options.publisher = publisher
            options.preparer = preparer
            options.application = application
            options.level = isoLevel
            options.hasJoliet = !noJoliet
            options.hasLongJolietNames = jolietLong
            options.hasHFSPlus = hfsplus
            options.packs = zisofs
            options.boot = boot
            options.hasBootInformationTable = bootInfoTable
            options.efiBoot = efiBoot
            options.hybridMBR = isohybrid.map { FilePath(text: $0) }
            options.implantsMD5 = implantMd5
            options.recordsMD5 = fileMd5
            options.isReproducible = reproducible
            if reproducible, let epoch = Environment.value("SOURCE_DATE_EPOCH") {
                guard let seconds = Int(epoch), (0...253_402_300_799).contains(seconds) else {
                    throw ValidationError(
                        "SOURCE_DATE_EPOCH is “\(epoch)”, and not a number of seconds since 1970."
                    )
                }
                options.epoch = seconds
            }
            return options
        }
    }
}

import DiscFiles
import Transfer

/// What the extension of a file's name says that the file is.
struct NameClaim {
    /// The file extension, in small letters.
    let ending: String
    /// What files of that extension are, in the plural.
    let meaning: String
    /// The formats, by their names, that suit it beside those that list the extension.
    var suits: Set<String> = []

    /// The extensions that are known, and those of files that are taken for images.
    static let table: [NameClaim] = [
        NameClaim(ending: "iso", meaning: "plain ISO images"),
        NameClaim(ending: "cue", meaning: "cue sheets"),
        NameClaim(ending: "bin", meaning: "the raw sectors beside a cue sheet"),
        NameClaim(ending: "toc", meaning: "cdrdao's sheets"),
        NameClaim(ending: "ccd", meaning: "CloneCD's descriptors"),
        NameClaim(ending: "sub", meaning: "CloneCD's subchannel files"),
        NameClaim(ending: "mds", meaning: "Alcohol's descriptors"),
        NameClaim(ending: "mdf", meaning: "the raw sectors beside Alcohol's descriptors"),
        NameClaim(ending: "mdx", meaning: "DAEMON Tools' images"),
        NameClaim(ending: "nrg", meaning: "Nero's images"),
        NameClaim(ending: "cdi", meaning: "DiscJuggler's images"),
        NameClaim(ending: "gdi", meaning: "Dreamcast sheets"),
        NameClaim(ending: "b5t", meaning: "BlindWrite's descriptors"),
        NameClaim(ending: "b6t", meaning: "BlindWrite's descriptors"),
        NameClaim(ending: "b5i", meaning: "the sectors beside BlindWrite's descriptors"),
        NameClaim(ending: "b6i", meaning: "the sectors beside BlindWrite's descriptors"),
        NameClaim(ending: "c2d", meaning: "WinOnCD's images"),
        NameClaim(ending: "cif", meaning: "Easy CD Creator's images"),
        NameClaim(ending: "chd", meaning: "MAME's compressed images"),
        NameClaim(ending: "isz", meaning: "UltraISO's compressed images"),
        NameClaim(ending: "daa", meaning: "PowerISO's compressed images"),
        NameClaim(ending: "uif", meaning: "MagicISO's compressed images"),
        NameClaim(ending: "dmg", meaning: "Apple disk images"),
        NameClaim(ending: "cso", meaning: "compressed ISO images"),
        NameClaim(ending: "zso", meaning: "compressed ISO images"),
        NameClaim(ending: "ecm", meaning: "ECM files"),
        NameClaim(ending: "gz", meaning: "gzip files"),
        NameClaim(ending: "xz", meaning: "xz files"),
        NameClaim(ending: "bz2", meaning: "bzip2 files"),
        NameClaim(ending: "zst", meaning: "zstd files"),
        NameClaim(ending: "zip", meaning: "zip archives"),
        NameClaim(ending: "rar", meaning: "RAR archives"),
        NameClaim(ending: "7z", meaning: "7z archives"),
        NameClaim(ending: "tgz", meaning: "packed tar archives", suits: ["gzip"]),
        NameClaim(ending: "txz", meaning: "packed tar archives", suits: ["xz"]),
        NameClaim(ending: "vhd", meaning: "a virtual machine's disks"),
        NameClaim(ending: "vmdk", meaning: "a virtual machine's disks"),
        NameClaim(ending: "vdi", meaning: "a virtual machine's disks"),
        NameClaim(ending: "wim", meaning: "Windows images"),
        NameClaim(ending: "pdf", meaning: "documents"),
        NameClaim(ending: "exe", meaning: "programs"),
        NameClaim(ending: "mp3", meaning: "audio files", suits: ["audio"]),
        NameClaim(ending: "mp4", meaning: "films"),
    ]

    /// Why a file can't be taken as plain sectors: its name promises a format whose mark it lacks, so
    /// that it is cut off or damaged, or it is something else.
    ///
    /// A whole plain image under such a name, which ends where its file system does, is taken for what
    /// it is.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - format: What it was found to be.
    ///   - content: The file systems on it.
    ///   - source: Its data.
    /// - Returns: One sentence; `nil` if it may be what it was found to be.
    static func brokenPromise(
        _ file: ImageFile,
        _ format: ImageFormat,
        _ content: DiscContent?,
        _ source: any SectorSource
    ) -> String? {
        guard format.name == ImageFormat.iso.name, file.ending != "iso",
            !raw.contains(file.ending), file.ending != "sub",
            let claim = table.first(where: { $0.ending == file.ending })
        else { return nil }
        if let claimed = content?.claims.compactMap(\.endSector).max(), claimed > 0,
            let count = source.sectorCount
        {
            let size = file.bytes.byteCount
            let isWhole = [512, 2336, 2352, 2448].contains { size % $0 == 0 }
            let end = try? ImageEnd(
                volumeEnd: UInt64(claimed) * 2048,
                claimedEnd: claimed,
                byteCount: count * source.sectorSize,
                trackEnd: count,
                source: source
            )
            // Writers add up to 150 sectors of zeros.
            if isWhole, let end, end.missingBytes == 0, end.areZeros != false,
                end.sectorsBehind <= mostPadding
            {
                return nil
            }
        }
        return
            "\(file.path) is named .\(file.ending) as \(claim.meaning) are, but has no mark of these: it is cut off, damaged, or something else."
    }

    /// No program adds more zeros to an image.
    private static let mostPadding = 300

    /// Extensions of files that hold raw sectors and need a sheet beside them: one that holds them, but
    /// has no sheet, bears its name rightly.
    private static let raw: Set<String> = ["bin", "mdf", "b5i", "b6i"]

    /// What misleads in a file's name.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - format: What it was found to be.
    ///   - geometry: How it keeps its sectors.
    /// - Returns: One sentence; `nil` if nothing misleads.
    static func contradiction(
        _ file: ImageFile,
        _ format: ImageFormat,
        _ geometry: [ImageGeometry]
    ) -> String? {
        let isPlain = format.name == "iso"
        let isRaw = isPlain && geometry.contains { $0.sectorBytes != 2048 }
        let bytes = geometry.first?.stride ?? 2048
        if isRaw, file.ending == "iso" {
            return
                "It is named .iso as plain ISO images are, but has sectors of \(bytes) bytes: few programs read it as it is."
        }
        guard !format.endings.contains(file.ending), !(isRaw && raw.contains(file.ending)),
            let claim = table.first(where: { $0.ending == file.ending }),
            !claim.suits.contains(format.name)
        else { return nil }
        let found =
            switch (isPlain, isRaw) {
            case (true, true): "sectors of \(bytes) bytes without a sheet"
            case (true, false): "a plain ISO image"
            default: "of another format: \(format.displayName)"
            }
        return "It is named .\(file.ending) as \(claim.meaning) are, and is \(found)."
    }
}

import DiscImages
public import DiscModel
import LibCdio
import LinuxCalls
import SecondOpinion
import SystemPackage

/// What of a table of tracks libcdio 2.1.0 really answers.
///
/// Where its answer is made of something else, it is not compared. Its known limits, each with its place
/// in its source:
///
/// | of | limit |
/// |---|---|
/// | drives | Addresses come in minutes, seconds and frames (`read_toc_linux`): only those of CDs are right. |
/// | drives | Data has no mode: it is `TRACK_FORMAT_DATA` whatever it is (`get_track_format_linux` looks for it in `cdte_format`, which is the form of the address). |
/// | CUE | Starts are places in the file: a PREGAP does not move them, and with each FILE they begin at 0 again (`parse_cuefile`, INDEX). |
/// | CUE | The lead-out is the size of the file that has the sheet's name and ends in `.bin`, divided by 2352, whatever FILE says (`get_disc_last_lsn_bincue`). |
/// | CUE | A track without an index 1 begins at -150 (`parse_cuefile`, INDEX). |
/// | CUE | Texts are taken for ISO 8859-1, and end at a quotation mark (`cdtext_set`, `strtok`). |
/// | TOC | Offsets in files are unknown (`parse_tocfile`): starts and lead-outs of such files are not compared. |
/// | TOC | Starts are places in the file; one of DATAFILE is what cdrdao means for its length (`parse_tocfile`). |
/// | TOC | The lead-out of a track with START lies too far by that (`get_disc_last_lsn_cdrdao`). |
/// | NRG | Images of version 1 in DAO: “lsn and sec_count*2 aren't correct” (`parse_nrg`, CUES). |
/// | NRG | In DAO all tracks have the mode of the first, and raw modes are audio (`parse_nrg`, DAOX). |
/// | NRG | In TAO each track after the first begins 150 sectors too late (`parse_nrg`, ETNF, ETN2). |
///
/// What it refuses or crashes on (several sessions or indexes in NRG, language maps in TOC, remarks that
/// are no REM in CUE) has no answer at all.
public struct TrackReach: Sendable, Hashable {
    /// How far modes can be compared.
    enum Modes: Sendable {
        case none, soundOrData, all
    }

    /// The tracks whose starts can be compared.
    var starts: Set<Int> = []
    /// Whether the lead-out's can.
    var hasLeadOut = false
    var modes = Modes.none
    /// Whether titles come from CD-TEXT itself, and not from a sheet.
    var hasTextPacks = false

    /// Whether libcdio reads such a title as it is meant.
    func takes(title: String) -> Bool {
        hasTextPacks || title.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 }
    }

    /// Of a CD in a drive.
    ///
    /// - Parameter layout: Its tracks.
    /// - Returns: What can be compared.
    public static func drive(_ layout: DiscLayout) -> TrackReach {
        TrackReach(
            starts: Set(layout.tracks.map(\.number)),
            hasLeadOut: true,
            modes: .soundOrData,
            hasTextPacks: true
        )
    }

    /// libcdio's driver for an image.
    ///
    /// - Parameter format: The image's format.
    /// - Returns: `nil` if it has none.
    static func driver(for format: ImageFormat?) -> CdioImage.Driver? {
        switch format?.name {
        case "cue": .cue
        case "nrg": .nrg
        case "toc": .toc
        default: nil
        }
    }

    /// Of an image.
    ///
    /// - Parameters:
    ///   - disc: The image.
    ///   - driver: libcdio's driver.
    ///   - table: What it says.
    /// - Returns: What can be compared.
    static func image(
        _ disc: DiscImage,
        _ driver: CdioImage.Driver,
        _ table: OpinionLine.Table
    ) -> TrackReach {
        switch driver {
        case .cue: sheet(disc, leadOutFile: binary(of: disc.path))
        case .toc: tableFile(disc)
        case .nrg: nero(disc, table)
        }
    }

    /// The file that libcdio takes for the sectors of a cue sheet (`cdio_is_cuefile`).
    private static func binary(of sheet: FilePath) -> FilePath? {
        guard let stem = sheet.stemText, let ending = sheet.extension,
            let other = ["cue": "bin", "CUE": "BIN"][ending]
        else { return nil }
        return sheet.removingLastComponent().appending(text: "\(stem).\(other)")
    }

    private static func sheet(_ disc: DiscImage, leadOutFile: FilePath?) -> TrackReach {
        let places = FilePlaces(disc)
        return TrackReach(
            starts: places.tracksInPlace,
            hasLeadOut: leadOutFile != nil && places.onlyFile == leadOutFile
                && places.stride == 2352 && places.isEndInPlace,
            modes: .all,
            hasTextPacks: false
        )
    }

    /// The longest TOC file that is looked at.
    private static let longestTableFile = 1 << 20

    /// Whether a TOC file has offsets in files, such as “#4704”.
    private static func hasOffsets(_ path: FilePath) -> Bool {
        guard let file = try? File(path, .read, nonBlocking: true),
            let size = try? file.status().size, size <= longestTableFile
        else { return true }
        var bytes = [UInt8](repeating: 0, count: size)
        var span = bytes.mutableSpan
        guard let count = try? file.read(at: 0, into: &span) else { return true }
        let words = bytes.prefix(count).split { $0 <= 0x20 }
        return words.contains { $0.first == UInt8(ascii: "#") && !$0.elementsEqual("#0".utf8) }
    }

    private static func tableFile(_ disc: DiscImage) -> TrackReach {
        guard !hasOffsets(disc.path) else { return TrackReach(modes: .all, hasTextPacks: false) }
        let places = FilePlaces(disc)
        let audio = disc.layout.tracks.filter { !$0.mode.isData }.map(\.number)
        let last = disc.layout.tracks.last
        return TrackReach(
            starts: places.tracksInPlace.intersection(audio),
            hasLeadOut: places.isEndInPlace
                && last.map { !$0.mode.isData && $0.pregap == 0 } ?? false,
            modes: .all,
            hasTextPacks: false
        )
    }

    private static func nero(_ disc: DiscImage, _ table: OpinionLine.Table) -> TrackReach {
        let numbers = disc.layout.tracks.map(\.number)
        // Only the driver's code for DAO sets a catalogue number, an empty one if there is none.
        guard table.catalog != nil else {
            return TrackReach(
                starts: Set(numbers.prefix(1)),
                hasLeadOut: numbers.count == 1,
                modes: .all,
                hasTextPacks: true
            )
        }
        let isCurrent = isCurrentNero(disc.path)
        return TrackReach(
            starts: isCurrent ? Set(numbers) : [],
            hasLeadOut: isCurrent,
            modes: .none,
            hasTextPacks: true
        )
    }

    /// Whether an image has the footer of Nero 5.5 and later.
    private static func isCurrentNero(_ path: FilePath) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 4)
        var span = bytes.mutableSpan
        guard let file = try? File(path, .read, nonBlocking: true),
            let size = try? file.status().size, size >= 12,
            (try? file.read(at: size - 12, into: &span)) == 4
        else { return false }
        return bytes == Array("NER5".utf8)
    }
}

/// Where an image's tracks lie in its only file.
private struct FilePlaces {
    /// The file that all tracks are in; `nil` if they are in several.
    private(set) var onlyFile: FilePath?
    /// Bytes from one sector to the next; `nil` if tracks differ.
    private(set) var stride: Int?
    /// The tracks that begin at the sector of the file that their address names.
    private(set) var tracksInPlace: Set<Int> = []
    /// Whether the sector before the lead-out lies so, too.
    private(set) var isEndInPlace = false

    init(_ image: DiscImage) {
        guard let disc = image.disc as? ImageDisc else { return }
        let found = image.layout.tracks.map { ($0, disc.position(of: $0.start.rawValue)) }
        let files = Set(found.map { $0.1?.file })
        let strides = Set(found.map { $0.1?.stride })
        guard files.count == 1, strides.count == 1, let file = files.first ?? nil,
            let stride = strides.first ?? nil
        else { return }
        onlyFile = file
        self.stride = stride
        func isInPlace(_ address: Int) -> Bool {
            disc.position(of: address).map { $0.offset == address * $0.stride && $0.file == file }
                ?? false
        }
        tracksInPlace = Set(
            found.map(\.0).filter { isInPlace($0.start.rawValue) }.map(\.number)
        )
        isEndInPlace = image.layout.leadOut.map { isInPlace($0.rawValue - 1) } ?? false
    }
}

import DiscDrives
public import DiscFiles
public import DiscImages
public import DiscModel
import DiscMounting
import DiscOpening
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// A disc whose data can be read, wherever it is: in a drive, in an image, in a virtual disc.
public final class ReadableDisc {
    /// The path that names it.
    public let path: FilePath
    /// Its data from address 0 on.
    public let source: any SectorSource
    /// The bytes of a file that are the data from address 0 on, sector after sector; `nil` if they are not
    /// kept so.
    let plainData: FileRange?
    /// Its sessions and tracks.
    let layout: DiscLayout
    private let content: OpenDisc.Content
    /// The sessions with data, in order; of a disc that can be written over only one, for what is on
    /// it begins at its beginning.
    ///
    /// An image whose layout has one session may hold more: those are found by their file systems.
    public let sessions: [DataSession]
    /// File systems that no session accounts for: other images, put after the first one.
    public let strayVolumes: [LaterVolume]
    /// The number of audio tracks.
    public let soundTracks: Int
    /// What is odd about the image: a sentence each.
    public let warnings: [String]

    /// Opens what a path names.
    ///
    /// - Parameters:
    ///   - path: A drive's device node, an image or a virtual disc.
    ///   - secrets: What gives the password of an image, if it needs one.
    ///   - cancellation: A wish to stop while it is opened.
    /// - Throws: ``Reports/Failure`` where there is nothing, or nothing that can be read.
    public init(
        _ path: FilePath,
        secrets: ImageSecrets? = nil,
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        let opened = try OpenDisc(
            path,
            need: .data,
            secrets: secrets,
            cancellation: cancellation
        )
        if case .drive(_, let report) = opened.content,
            let failure = report.unreadable(
                in: path.string,
                meaning: "Nothing was read.",
                wanted: "files"
            )
        {
            throw failure
        }
        self.path = path
        source = opened.data
        var later: [LaterVolume] = []
        switch opened.content {
        case .image(let image):
            warnings = image.soundWarning.map { [$0] } ?? []
            plainData = Self.plainData(of: image)
            later = (try? image.laterVolumes((try? image.end()) ?? nil)) ?? []
        case .drive:
            warnings = []
            plainData = nil
        }
        content = opened.content
        layout = opened.layout
        soundTracks = layout.tracks.filter { $0.content == .audio }.count
        strayVolumes = later.filter { !$0.isSession }
        var found = layout.dataSessions
        if opened.isOverwritable, let first = found.first, let last = found.last {
            found = [DataSession(number: first.number, start: 0, end: last.end)]
        }
        for volume in later where volume.isSession {
            guard let last = found.last, volume.start > last.start else { continue }
            found[found.count - 1].end = min(last.end, volume.start)
            found.append(
                DataSession(number: last.number + 1, start: volume.start, end: last.end)
            )
        }
        sessions = found
    }

    /// The files that an image is made of, as far as they are known; none of a drive.
    var files: [FilePath] {
        switch content {
        case .image(let image): image.paths
        case .drive: []
        }
    }

    /// The file that holds the data from its beginning on as they are; `nil` if there is none.
    var plainFile: File? { plainData?.offset == 0 ? plainData?.file : nil }

    /// The disc with all of its tracks, those of audio as well.
    ///
    /// - Throws: ``Reports/Failure`` if the drive can't be reached.
    func wholeDisc() throws(Failure) -> any DiscSource {
        switch content {
        case .image(let image): image.disc
        case .drive(let drive, let report): try DriveDisc(drive, report)
        }
    }

    /// Where the bytes of a mounted disc's files come from.
    ///
    /// - Throws: ``Reports/Failure`` if the drive can't be reached.
    func mountedContents() throws(Failure) -> MountedContents {
        MountedContents(source: source, disc: try wholeDisc(), plain: plainData)
    }

    /// The bytes of an image's file if all of its data are sectors of user data that lie there in a row.
    private static func plainData(of image: DiscImage) -> FileRange? {
        guard let count = image.source.sectorCount,
            image.disc.storage(at: 0).form == .user, image.disc.storage(at: 0).count >= count,
            let bytes = image.disc.storedBytes(at: 0), bytes.count >= count * 2048
        else { return nil }
        return bytes.prefix(count * 2048)
    }
}

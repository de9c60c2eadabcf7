import DiscDrives
public import DiscImages
import DiscOpening
import DiscVerification
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// A folder with the tracks of a disc and their sheet, beside a drive whose disc has audio.
///
/// So `rip FOLDER --tracks flac` can be compared with the disc by the folder's name.
public struct RippedFolder {
    private let folder: FilePath
    private let sheet: FilePath
    private let paths: [FilePath]

    /// Looks whether two paths are such a folder and such a drive; `nil` if they are not.
    ///
    /// They are not if the folder has no sheet, or several of which none has its name, or the disc has no audio.
    ///
    /// - Parameters:
    ///   - first: A path.
    ///   - second: Another.
    /// - Throws: ``Reports/Failure`` if the drive can't be reached.
    public init?(_ first: FilePath, _ second: FilePath) throws(Failure) {
        let paths = [first, second]
        guard let folder = paths.first(where: { FilesCheck.isDirectory($0.text) }),
            let node = paths.first(where: { Self.isDrive($0) }),
            let sheet = Self.sheet(in: folder)
        else { return nil }
        let report = try Drive.unclaimed(node).inspectDisc()
        guard report.layout.tracks.contains(where: { $0.content == .audio }) else { return nil }
        self.folder = folder
        self.sheet = sheet
        self.paths = paths.map { $0 == folder ? sheet : $0 }
    }

    private static func isDrive(_ path: FilePath) -> Bool {
        let kind = try? FileSystem.status(path).kind
        return kind == .blockDevice || kind == .characterDevice
    }

    /// The sheet of a folder: that with its name, or the only one.
    private static func sheet(in folder: FilePath) -> FilePath? {
        let own = TrackFolder.sheet(in: folder)
        if (try? FileSystem.status(own).kind) == .regular { return own }
        let names = (try? FileSystem.names(in: folder)) ?? []
        let sheets = names.filter {
            $0.first != "." && FilePath($0).extension?.lowercased() == "cue"
        }
        return sheets.count == 1 ? folder.appending(text: sheets[0]) : nil
    }

    /// Compares the disc with the one that the sheet describes.
    ///
    /// - Parameters:
    ///   - secrets: What gives the password of an image, if it needs one.
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if one of them can't be read.
    public func verify(
        _ secrets: ImageSecrets?,
        cancellation: Cancellation,
        tell: (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        let note =
            "The disc has audio, and \(folder) has the sheet of one: the disc is compared with \(sheet). --files compares files."
        let job = try VerifyJob(
            paths[0],
            against: paths[1],
            secrets: secrets,
            cancellation: cancellation
        )
        return try job.run(cancellation: cancellation) { event in
            guard case .plan(var plan) = event else { return tell(event) }
            plan.notes.append(note)
            tell(.plan(plan))
        }
    }
}

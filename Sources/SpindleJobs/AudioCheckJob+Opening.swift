public import DiscAudio
import DiscDrives
public import DiscImages
import DiscOpening
public import Reports
public import SystemPackage
public import Transfer

extension AudioCheckJob {
    /// Prepares a job on what a path names.
    ///
    /// - Parameters:
    ///   - path: A drive's device node, an image or a virtual disc.
    ///   - places: Where the databases' answers are.
    ///   - secrets: What gives the password of an image, if it needs one.
    ///   - cancellation: A wish to stop while it is opened.
    /// - Throws: ``Reports/Failure`` if there is nothing, or no audio on it.
    public init(
        opening path: FilePath,
        against places: AudioDatabases.Places,
        secrets: ImageSecrets? = nil,
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        let opened = try OpenDisc(
            path,
            secrets: secrets,
            meaning: "Nothing was checked.",
            cancellation: cancellation
        )
        switch opened.content {
        case .drive(let drive, let report):
            if let failure = report.unreadable(
                in: path.string,
                meaning: "Nothing was checked.",
                wanted: "audio"
            ) {
                throw failure
            }
            try self.init(path.string, try DriveDisc(drive, report), against: places)
        case .image(let image):
            try self.init(path.string, image.disc, against: places)
        }
    }
}

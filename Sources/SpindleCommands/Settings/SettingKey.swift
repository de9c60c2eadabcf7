import SpindleJobs

/// What can be set in the configuration file.
///
/// Nothing that gives consent is among it: to overwrite or to lose something is agreed to each time.
package enum SettingKey: String, CaseIterable, Sendable {
    case drive, progress, verify, format
    case readSpeed = "read-speed"
    case writeSpeed = "write-speed"
    case offset
    case answers
    case accurateRipServer = "accuraterip-server"
    case ctdbServer = "ctdb-server"
    case musicBrainzServer = "musicbrainz-server"
    case lookUpTimeout = "lookup-timeout"

    /// Options of the command line that agree to something, and so are no settings.
    static let consents = [
        "yes", "force", "allow-loss", "allow-truncated", "blank", "overwrite", "overwrites",
        "lookup",
    ]

    /// Whether it may stand at the file's beginning, for all drives.
    package var isGeneral: Bool { self != .offset }

    /// Whether it may stand in the section of a drive's model.
    package var isOfModel: Bool { [.readSpeed, .writeSpeed, .offset].contains(self) }

    /// What is done without it, for a person.
    package var usual: String {
        switch self {
        case .drive: "the only suitable drive"
        case .progress: ProgressStyle.auto.rawValue
        case .verify: "yes"
        case .format: "none"
        case .readSpeed, .writeSpeed: "the drive's maximum"
        case .offset: "unknown"
        case .answers: "spindle/answers in $XDG_DATA_HOME"
        case .accurateRipServer: "\(WebAddress.accurateRip)"
        case .ctdbServer: "\(WebAddress.ctdb)"
        case .musicBrainzServer: "\(WebAddress.musicBrainz)"
        case .lookUpTimeout: "\(Fetching().seconds)"
        }
    }

    /// What a value has to be, as the end of a sentence.
    var form: String {
        switch self {
        case .drive: "a path such as /dev/sr0"
        case .progress: "one of \(ProgressStyle.allCases.map(\.rawValue).joined(separator: ", "))"
        case .verify: "yes or no"
        case .format: "one of \(ImageFormat.writable.map(\.name).joined(separator: ", "))"
        case .readSpeed, .writeSpeed: "a speed such as 8x or 11080k"
        case .offset: "a number of samples from -5000 to 5000"
        case .answers: "a folder's path that begins with a slash"
        case .accurateRipServer, .ctdbServer, .musicBrainzServer:
            "a URL that ends with a slash, such as http://server/"
        case .lookUpTimeout: "a number of seconds from 1 to 600"
        }
    }

    /// Whether a value has that form.
    func accepts(_ value: String) -> Bool {
        switch self {
        case .drive, .answers: value.hasPrefix("/")
        case .progress: ProgressStyle(rawValue: value) != nil
        case .verify: Self.isYes(value) != nil
        case .format: ImageFormat.writable.contains { $0.name == value }
        case .readSpeed, .writeSpeed: DriveSpeed(value) != nil
        case .offset: Int(value).map { (-5000...5000).contains($0) } ?? false
        case .accurateRipServer, .ctdbServer, .musicBrainzServer:
            WebAddress(value)?.isRoot ?? false
        case .lookUpTimeout: Int(value).map { (1...600).contains($0) } ?? false
        }
    }

    static func isYes(_ value: String) -> Bool? {
        switch value {
        case "yes": true
        case "no": false
        default: nil
        }
    }
}

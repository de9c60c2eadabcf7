public import LibCdio
public import LinuxCalls
public import SystemPackage

/// What the other reader is asked.
public struct OpinionQuestion: Sendable {
    /// Which names of a tree are asked for.
    public enum Names: String, Sendable {
        /// Those of ISO 9660 itself, and Rock Ridge's wherever a record has them.
        case primary
        /// Joliet's.
        case joliet
    }

    /// Who is asked.
    public let library: String
    let arguments: [String]
    let directory: FilePath?
    let input: File?
    /// Seconds after which there is no answer any more.
    package var seconds: Double
    let limits: ProcessLimits
    /// Whether the program has to find drives as this process does.
    let keepsEnvironment: Bool

    /// The files in an image, as libiso9660 lists them.
    ///
    /// - Parameters:
    ///   - file: A file of sectors of 2048 bytes.
    ///   - names: Which names.
    ///   - mostBytes: Bytes of files that are summed; of files beyond that, the size is told alone.
    /// - Returns: The question.
    public static func tree(of file: File, names: Names, mostBytes: Int) -> OpinionQuestion {
        OpinionQuestion(
            library: "libiso9660",
            arguments: ["tree", names.rawValue, String(mostBytes)],
            directory: nil,
            input: file,
            seconds: 900,
            limits: ProcessLimits(memory: 1 << 29, seconds: 600, files: 32),
            keepsEnvironment: false
        )
    }

    /// The tracks of an image, as libcdio's driver lists them.
    ///
    /// The files that it names are looked for in its directory.
    public static func table(of image: FilePath, driver: CdioImage.Driver) -> OpinionQuestion {
        let directory = image.removingLastComponent()
        return OpinionQuestion(
            library: "libcdio",
            arguments: ["table", driver.rawValue, image.lastComponent?.text ?? ""],
            directory: directory.isEmpty ? nil : directory,
            input: nil,
            seconds: 20,
            // A TOC file has the driver open a file for each track.
            limits: ProcessLimits(memory: 1 << 29, seconds: 10, files: 256),
            keepsEnvironment: false
        )
    }

    /// The tracks of the disc in a drive, as libcdio lists them.
    public static func table(ofDrive path: FilePath) -> OpinionQuestion {
        OpinionQuestion(
            library: "libcdio",
            arguments: ["table", "drive", path.text],
            directory: nil,
            input: nil,
            seconds: 60,
            limits: ProcessLimits(memory: 1 << 29, seconds: 20, files: 64),
            keepsEnvironment: true
        )
    }
}

public import LinuxCalls
import Reports
public import SystemPackage
public import Transfer

/// A file that may be an image, as the formats' readers look at it.
public struct ImageFile {
    /// The file's path; of a file within a compressed file, that file's.
    public let path: FilePath
    /// The bytes.
    public let bytes: any ByteSource
    /// How many compressed or encrypted files this one came out of; readers of such files go no
    /// further than ``deepest``.
    public let depth: Int
    /// No file lies in so many others.
    public static let deepest = 4
    /// What the user knows of the file and the file doesn't say; `nil` if that is nothing.
    public let secrets: ImageSecrets?
    /// A wish to stop, heeded where something is decoded as a whole to see what it is.
    let cancellation: Cancellation?
    /// Files beside this one that don't have their names yet, and are read as if they had.
    let unfinished: UnfinishedFiles?

    /// The file's name.
    public var name: String { bytes.name }

    /// Opens a file.
    public init(_ path: FilePath, secrets: ImageSecrets? = nil) throws {
        self.init(path, bytes: try FileBytes(path), secrets: secrets)
    }

    /// Takes bytes, such as a codec makes them.
    public init(
        _ path: FilePath,
        bytes: any ByteSource,
        depth: Int = 0,
        secrets: ImageSecrets? = nil,
        unfinished: UnfinishedFiles? = nil,
        cancellation: Cancellation? = nil
    ) {
        self.unfinished = unfinished
        self.cancellation = cancellation
        self.path = path
        self.bytes = bytes
        self.depth = depth
        self.secrets = secrets
    }

    /// The password of the file, which is encrypted.
    ///
    /// - Parameter format: The format's name, for messages.
    /// - Returns: The password's bytes.
    /// - Throws: ``EncryptedImageError`` where none was given; what goes wrong in getting it.
    func password(_ format: String) throws -> [UInt8] {
        guard let password = try secrets?.password() else {
            throw EncryptedImageError(.noPassword, name, format)
        }
        return password
    }

    /// The audio of a file, decoded as a whole.
    ///
    /// - Parameter file: This file, or one that it names.
    /// - Returns: All of it.
    /// - Throws: ``SoundProblem`` if it can't become a track; ``Reports/Failure`` if somebody stopped it; the
    ///   system's errors.
    func decoded(_ file: FileBytes) throws -> TrackSound {
        let sound = Result { try TrackSound(file, cancellation) }
        // What was not decoded to its end is no problem of the file.
        guard cancellation?.isRequested != true else { throw Failure.stoppedReading }
        return try sound.get()
    }

    /// The first bytes.
    public func head(_ count: Int) throws -> [UInt8] {
        try bytes.bytes(0..<count)
    }

    /// The last bytes, in which marks are looked for.
    ///
    /// Where they lie in a damaged block of a packed image, they are zeros: that the end can't be had
    /// is no reason to give up the rest.
    public func tail(_ count: Int) throws -> [UInt8] {
        let count = min(count, bytes.byteCount)
        var tail = [UInt8](repeating: 0, count: count)
        do {
            let found = try bytes.bytes((bytes.byteCount - count)..<bytes.byteCount)
            tail.replaceSubrange(..<found.count, with: found)
        } catch is UnreadableBytes {}
        return tail
    }

    /// The extension of the file's name in small letters, without the dot; empty where there is none.
    public var ending: String { path.extension?.lowercased() ?? "" }

    /// The file's path without that extension.
    var withoutEnding: FilePath {
        path.removingLastComponent().appending(text: path.stemText ?? name)
    }
}

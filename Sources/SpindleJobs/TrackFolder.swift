public import LibCodecs
import LinuxCalls
public import Reports
public import SystemPackage

/// The folder into which a disc is ripped a file for each track.
public struct TrackFolder {
    /// The folder.
    public let path: FilePath
    /// Whether it was made.
    private let isNew: Bool

    /// The sheet of the files in a folder, which has its name, also where the path has none, as “.” has not.
    public static func sheet(in folder: FilePath) -> FilePath {
        let whole = FileSystem.absolute(folder).lexicallyNormalized()
        return folder.appending(text: "\(whole.lastComponent?.text ?? "disc").cue")
    }

    /// Reads the picture that goes into the files.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be read, or is no picture that can.
    public static func cover(_ path: FilePath) throws(Failure) -> FLACPicture {
        func unusable(_ problem: String) -> Failure {
            Failure(
                .source,
                .badSource,
                "The picture \(path) \(problem).",
                meaning: "Nothing was read from the disc.",
                advice: "Name another picture, or leave --cover out."
            )
        }
        var bytes: [UInt8] = []
        do throws(SystemError) {
            let file = try File(path, .read, nonBlocking: true)
            let (kind, size) = try file.status()
            if kind == .regular, size <= FLACPicture.mostBytes {
                bytes = [UInt8](repeating: 0, count: size)
                var span = bytes.mutableSpan
                _ = try file.read(at: 0, into: &span)
            }
        } catch {
            throw unusable("can't be read: \(error.reason)")
        }
        guard let picture = FLACPicture(bytes) else {
            throw unusable("is no PNG or JPEG picture of at most 8 MiB")
        }
        return picture
    }

    /// Makes a folder, if there is none.
    ///
    /// - Throws: ``Reports/Failure`` if it can't be made, or something else has the name.
    public init(_ path: FilePath) throws(Failure) {
        self.path = path
        if let kind = try? FileSystem.status(path).kind {
            guard kind == .directory else {
                throw Failure(
                    .trouble,
                    .outputExists,
                    "\(path) exists already, and is no folder.",
                    meaning: "Nothing was read or replaced.",
                    advice: "Name a folder for the files of the tracks."
                )
            }
            isNew = false
            return
        }
        do {
            try FileSystem.makeDirectory(path)
            isNew = true
        } catch {
            throw Failure(
                .trouble,
                .outputError,
                "The folder \(path) can't be made: \(error.reason).",
                meaning: "Nothing was read.",
                advice: "Name a folder that can be made."
            )
        }
    }

    /// Removes the folder again if it was made and nothing came into it.
    public func removeIfEmpty() {
        if isNew { try? FileSystem.removeDirectory(path) }
    }
}

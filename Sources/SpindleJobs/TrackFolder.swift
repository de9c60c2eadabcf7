import LinuxCalls
public import Reports
public import SystemPackage

/// The folder into which a disc is ripped a file for each track.
public struct TrackFolder {
    /// The folder.
    public let path: FilePath
    /// Whether it was made.
    private let isNew: Bool

    /// The sheet of the files in a folder, which has its name.
    public static func sheet(in folder: FilePath) -> FilePath {
        folder.appending("\(folder.lastComponent?.string ?? "disc").cue")
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

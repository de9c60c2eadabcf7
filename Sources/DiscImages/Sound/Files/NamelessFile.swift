import LinuxCalls
import SystemPackage

/// A file that is gone when nobody uses it any more, whatever becomes of the program.
enum NamelessFile {
    /// The folder in which it takes room.
    static var folder: FilePath {
        FilePath(
            text: Environment.value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
        )
    }

    /// Makes one.
    ///
    /// - Throws: ``SoundProblem`` if the folder takes none.
    static func create() throws(SoundProblem) -> File {
        do {
            let place = try FileSystem.makeTemporaryDirectory(in: folder, prefix: "spindle-")
            defer { try? FileSystem.removeDirectory(place) }
            let path = place.appending("sound")
            let file = try File(path, .createNew)
            try FileSystem.remove(path)
            return file
        } catch {
            throw SoundProblem(
                "can't be decoded into \(folder): \(error.reason)",
                advice:
                    "Name a folder that can be written to in TMPDIR, or decode it to WAVE first."
            )
        }
    }
}

import LinuxCalls
import SystemPackage

/// The folder in which answers are kept as they came.
///
/// Their names are those that are looked for in a folder, so that a check can be made again without a
/// network.
struct KeptAnswers {
    /// The folder; `nil` if nothing is kept.
    let folder: FilePath?

    /// Keeps an answer, in place of an earlier one.
    ///
    /// - Parameters:
    ///   - bytes: The answer.
    ///   - name: The file's name.
    /// - Returns: Why it can't be kept; `nil` if it is, or if nothing is to be.
    func keep(_ bytes: [UInt8], as name: String) -> String? {
        guard let folder else { return nil }
        do throws(SystemError) {
            try Self.make(folder)
            try UnfinishedFiles.write(bytes, to: folder.appending(name), replaces: true)
            return nil
        } catch {
            return "The answer can't be kept: \(folder.appending(name)): \(error.reason)."
        }
    }

    /// The path of an answer that is kept.
    func path(_ name: String) -> FilePath? {
        folder.map { $0.appending(name) }.flatMap { FileSystem.exists($0) ? $0 : nil }
    }

    /// Makes a folder, and those that it is in; only this user may enter them.
    private static func make(_ folder: FilePath) throws(SystemError) {
        guard !FileSystem.exists(folder) else { return }
        let parent = FileSystem.directory(of: folder)
        if parent != folder { try make(parent) }
        do throws(SystemError) {
            try FileSystem.makeDirectory(folder, permissions: 0o700)
        } catch {
            // Somebody else may have made it meanwhile.
            guard error.isFileExists else { throw error }
        }
    }
}

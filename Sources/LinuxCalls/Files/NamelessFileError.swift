public import SystemPackage

/// A file without a name could not be made or used.
public struct NamelessFileError: Error, Hashable, Sendable {
    /// The folder in which it was to take room.
    public var folder: FilePath
    /// What the system said.
    public var cause: SystemError

    init(_ folder: FilePath, _ cause: SystemError) {
        self.folder = folder
        self.cause = cause
    }

    /// What to do.
    ///
    /// - Parameter other: What helps as well: “decode it first”.
    /// - Returns: One sentence.
    public func advice(or other: String? = nil) -> String {
        let folder = cause.isNoSpace ? "a folder with more room" : "a folder that can be written to"
        return "Name \(folder) in TMPDIR\(other.map { ", or \($0)" } ?? "")."
    }
}

extension NamelessFileError: CustomStringConvertible {
    /// Where the file was to be, and the reason, as the rest of a sentence about what was to be in it:
    /// “can't be unpacked into …”.
    public var description: String { "a temporary file in \(folder.text): \(cause.reason)" }
}

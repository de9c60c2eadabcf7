public import SystemPackage

/// Notices whether files were changed or replaced since it was made: what was read of such a file may be
/// of two states.
///
/// To be asked after the last read: two equal views around a reading say that it read one state.
public struct FileWatch: Sendable {
    private let stamps: [FilePath: FileStamp]

    /// Looks at files.
    ///
    /// - Parameters:
    ///   - paths: The files; those that are not there are left out.
    ///   - earlier: Another watch, whose view of a file counts for more.
    public init(_ paths: [FilePath], after earlier: FileWatch? = nil) {
        let found = paths.compactMap { path in FileStamp(path).map { (path, $0) } }
        stamps = (earlier?.stamps ?? [:]).merging(found) { earlier, _ in earlier }
    }

    /// The first file, by its name, that is not what it was; `nil` if all are.
    public var changedFile: FilePath? {
        stamps.filter { FileStamp($0.key) != $0.value }.map(\.key)
            .min { $0.string < $1.string }
    }
}

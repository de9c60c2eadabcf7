public import SystemPackage

extension FileStamp {
    /// The stamps of files.
    ///
    /// - Returns: What can't be looked at has none.
    public static func stamps(of paths: [FilePath]) -> [FilePath: FileStamp] {
        var stamps: [FilePath: FileStamp] = [:]
        for path in paths { stamps[path] = FileStamp(path) }
        return stamps
    }

    /// The first of some files that was changed, replaced or removed since its stamp was taken; `nil`
    /// if none was.
    ///
    /// To be asked after the last read: two equal answers around a reading say that it read one state.
    public static func changed(since stamps: [FilePath: FileStamp]) -> FilePath? {
        stamps.filter { FileStamp($0.key) != $0.value }.map(\.key)
            .min { $0.string < $1.string }
    }
}

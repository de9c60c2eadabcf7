public import SystemPackage

/// The short texts with which the kernel answers in `/sys` and `/proc`.
public enum SystemText {
    /// What a file says as ``PathText``, without blanks and line ends around it.
    ///
    /// - Returns: `nil` if it can't be read; at most 4096 bytes of it.
    public static func read(_ path: FilePath) -> String? {
        guard let file = try? File(path, .read, nonBlocking: true) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4096)
        var span = bytes.mutableSpan
        guard let count = try? file.readOn(into: &span) else { return nil }
        let text = bytes.prefix(count)
        let blank: (UInt8) -> Bool = { $0 <= 0x20 }
        let end = (text.lastIndex { !blank($0) } ?? text.startIndex - 1) + 1
        return PathText.text(of: Array(text[..<end].drop(while: blank)))
    }
}

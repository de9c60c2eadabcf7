/// A run of bytes in an open file.
public struct FileRange: Sendable {
    /// The file.
    public var file: File
    /// Where the bytes begin.
    public var offset: Int
    /// How many there are.
    public var count: Int

    /// Names bytes of a file.
    public init(_ file: File, offset: Int, count: Int) {
        self.file = file
        self.offset = offset
        self.count = count
    }

    /// The first of the bytes, as many as there are.
    public func prefix(_ most: Int) -> FileRange {
        FileRange(file, offset: offset, count: min(count, max(0, most)))
    }
}

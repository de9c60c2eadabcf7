internal import CLinux

/// Has the system bring to the storage what was written to a file, while more is written.
///
/// Who waits for the storage at the end, by ``File/synchronize()``, then waits for the last megabytes only.
public struct EarlyWriting: Sendable {
    /// Bytes that are begun with at once: large enough for a storage to be quick.
    private static let step = 8 << 20

    private var place = 0

    /// Begins with a file's first byte.
    public init() {}

    /// Notes that all bytes before a place are written, and that those before it change no more soon.
    ///
    /// Nothing is waited for, and an error shows when the file is synchronized. The corresponding C function
    /// is `sync_file_range` with `SYNC_FILE_RANGE_WRITE`.
    ///
    /// - Parameters:
    ///   - end: The byte behind the last one that was written.
    ///   - file: The file, the same one each time.
    public mutating func reach(_ end: Int, in file: File) {
        guard end - place >= Self.step else { return }
        _ = spindle_start_writing(file.descriptor, place, end - place)
        place = end
    }
}

import DiscModel

/// The audio of a track whose file can't be had: no byte of it can be read.
final class MissingSound: ByteSource {
    let name: String
    let byteCount: Int
    private let reason: String

    /// No track has fewer sectors.
    static let fewestSectors = CDGaps.shortestTrack

    /// Stands in for a file.
    ///
    /// - Parameters:
    ///   - name: The file's name in the sheet.
    ///   - byteCount: How many bytes it should have.
    ///   - reason: Why it can't be had: a clause.
    init(_ name: String, byteCount: Int, reason: String) {
        self.name = name
        self.byteCount = byteCount
        self.reason = reason
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset < byteCount else { return 0 }
        throw UnreadableBytes(reason: reason)
    }
}

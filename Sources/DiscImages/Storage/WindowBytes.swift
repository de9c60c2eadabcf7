public import LinuxCalls
public import SystemPackage

/// A part of other bytes, filled up with zeros behind their end.
public final class WindowBytes: ByteSource {
    /// The name of the bytes.
    public var name: String { base.name }
    /// How many there are, zeros included.
    public let byteCount: Int
    /// The files of the bytes.
    public var paths: [FilePath] { base.paths }
    /// What it is a part of.
    let base: any ByteSource
    private let offset: Int
    private let count: Int

    /// Takes a part.
    ///
    /// - Parameters:
    ///   - base: The bytes.
    ///   - range: The part; what of it lies behind the end reads as zeros.
    ///   - paddedTo: How many bytes there are to be at least.
    public init(_ base: any ByteSource, _ range: Range<Int>, paddedTo: Int = 0) {
        self.base = base
        offset = range.lowerBound
        count = range.count
        byteCount = max(range.count, paddedTo)
    }

    /// Reads at a place.
    public func read(at place: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard place >= 0, place < byteCount else { return 0 }
        let wanted = min(buffer.count, byteCount - place)
        var got = 0
        if place < count {
            var part = buffer._mutatingExtracting(..<min(wanted, count - place))
            got = try base.read(at: offset + place, into: &part)
        }
        for i in got..<max(got, wanted) { buffer[i] = 0 }
        return wanted
    }

    /// What the base has there, as far as the part goes.
    public func fileRange(at place: Int) -> FileRange? {
        guard place >= 0, place < count else { return nil }
        return base.fileRange(at: offset + place)?.prefix(count - place)
    }
}

internal import CLinux
import Glibc
import SystemPackage

extension File {
    /// Bytes between two looks for zeros; holes begin and end at multiples of it.
    static let holeSize = 1 << 16

    /// What the system answers where it can't copy between two files by itself: across file systems,
    /// on one that can't, or where either is no plain file.
    private static let unable: Set<CInt> = [
        EXDEV, EOPNOTSUPP, ENOSYS, EINVAL, EPERM, EBADF, ETXTBSY, EISDIR,
    ]

    /// Has the system copy bytes of another file to a place that holds nothing yet, and leaves holes
    /// where they are all zeros, as ``writeSparsely(_:at:)`` does.
    ///
    /// The bytes don't come into this process; file systems that can share them between files do. The
    /// corresponding C function is `copy_file_range`.
    ///
    /// - Returns: How many bytes were copied, from the first on; fewer than were asked for where the
    ///   file ends or the system can't do it, none where it can't do it at all.
    /// - Throws: The system's error, as where there is no room.
    public func copySparsely(_ source: FileRange, to offset: Int) throws(SystemError) -> Int {
        guard source.offset >= 0, offset >= 0 else { return 0 }
        var buffer = [UInt8](repeating: 0, count: Self.holeSize)
        var (start, place) = (0, 0)
        while place < source.count {
            let next = min(
                source.count,
                ((offset + place) / Self.holeSize + 1) * Self.holeSize - offset
            )
            let isZero = try Self.isZero(source, place..<next, &buffer)
            guard let isZero else { break }
            if isZero {
                let copied = try copy(source, start..<place, to: offset)
                if copied < place - start { return start + copied }
                start = next
            }
            place = next
        }
        return start + (try copy(source, start..<place, to: offset))
    }

    /// Whether a part of a run is all zeros; `nil` if the file ends in it.
    private static func isZero(_ source: FileRange, _ part: Range<Int>, _ buffer: inout [UInt8])
        throws(SystemError) -> Bool?
    {
        // Few bytes tell of most parts that they are not.
        var span = buffer.mutableSpan
        for count in [min(32, part.count), part.count] {
            var bytes = span._mutatingExtracting(..<count)
            let got = try source.file.read(at: source.offset + part.lowerBound, into: &bytes)
            guard got == count else { return nil }
            if !Bytes.areZero(bytes.span) { return false }
        }
        return true
    }

    /// Copies a part of a run, as much of it as the system can.
    private func copy(_ source: FileRange, _ part: Range<Int>, to offset: Int) throws(SystemError)
        -> Int
    {
        var done = 0
        while done < part.count {
            let count = retryingInterrupts {
                spindle_copy_file_range(
                    source.file.descriptor,
                    source.offset + part.lowerBound + done,
                    descriptor,
                    offset + part.lowerBound + done,
                    part.count - done
                )
            }
            if count < 0, !Self.unable.contains(errno) {
                throw SystemError("copy_file_range", path: path.string)
            }
            guard count > 0 else { break }
            done += count
        }
        return done
    }
}

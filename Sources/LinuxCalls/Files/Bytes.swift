import Glibc

/// Work on whole runs of bytes, at the speed of the C library.
public enum Bytes {
    /// Copies bytes into a buffer, as many as fit behind an offset.
    ///
    /// The corresponding C function is `memcpy`.
    ///
    /// - Returns: How many were copied.
    @discardableResult
    public static func copy(
        _ source: Span<UInt8>,
        to target: inout MutableSpan<UInt8>,
        at offset: Int = 0
    ) -> Int {
        let count = min(source.count, target.count - offset)
        guard count > 0, offset >= 0 else { return 0 }
        unsafe source.withUnsafeBytes { source in
            unsafe target.withUnsafeMutableBytes { target in
                if let from = source.baseAddress, let to = target.baseAddress {
                    unsafe memcpy(to + offset, from, count)
                }
            }
        }
        return count
    }

    /// Fills a range of a buffer with what stands a distance before it; where the range is longer than
    /// the distance, that repeats itself, as in a copy byte by byte from the lowest on.
    ///
    /// The corresponding C function is `memcpy`. Nothing is done where the distance is none or the
    /// range does not lie in the buffer with it.
    public static func `repeat`(
        in buffer: inout MutableSpan<UInt8>,
        _ range: Range<Int>,
        from distance: Int
    ) {
        guard distance > 0, range.lowerBound >= distance, range.upperBound <= buffer.count else {
            return
        }
        unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var place = range.lowerBound
            // What is copied gets longer with each step, as there is more of the pattern.
            while place < range.upperBound {
                let known = place - range.lowerBound + distance
                let count = min(known, range.upperBound - place)
                unsafe memcpy(base + place, base + range.lowerBound - distance, count)
                place += count
            }
        }
    }

    /// Whether all bytes are zero.
    public static func areZero(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, bytes.count > 1 else {
                return unsafe bytes.first ?? 0 == 0
            }
            // Equal to itself one byte further on, and zero at the start.
            return unsafe bytes[0] == 0 && memcmp(start, start + 1, bytes.count - 1) == 0
        }
    }

    /// Whether two runs hold the same bytes.
    ///
    /// The corresponding C function is `memcmp`.
    public static func areEqual(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        return unsafe a.withUnsafeBytes { a in
            unsafe b.withUnsafeBytes { b in
                guard let first = a.baseAddress, let second = b.baseAddress else { return true }
                return unsafe memcmp(first, second, a.count) == 0
            }
        }
    }

    /// Sets all bytes of a range.
    ///
    /// The corresponding C function is `memset`.
    public static func fill(
        _ target: inout MutableSpan<UInt8>,
        _ range: Range<Int>,
        with byte: UInt8
    ) {
        let range = range.clamped(to: 0..<target.count)
        unsafe target.withUnsafeMutableBytes { target in
            if let start = target.baseAddress, !range.isEmpty {
                unsafe memset(start + range.lowerBound, CInt(byte), range.count)
            }
        }
    }

    /// Works on a part of a buffer as if it were a whole one.
    ///
    /// - Parameters:
    ///   - buffer: The whole.
    ///   - range: The part, clamped to the buffer.
    ///   - body: The work.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws.
    public static func withPart<Result, Failure: Error>(
        of buffer: inout MutableSpan<UInt8>,
        _ range: Range<Int>,
        _ body: (inout MutableSpan<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = range.clamped(to: 0..<buffer.count)
        return try unsafe buffer.withUnsafeMutableBufferPointer { bytes throws(Failure) in
            let part = unsafe UnsafeMutableBufferPointer(rebasing: bytes[range])
            var span = unsafe part.mutableSpan
            return try body(&span)
        }
    }
}

import LibCodecs

/// Holds a packed image's own sums against what is read of it, where that is read in order.
///
/// Whoever reads all of an image from its beginning, as verifying and converting do, learns that way
/// whether it is what it was, at no cost in reading; looks here and there don't disturb the sums.
final class InOrderCheck {
    /// A range of the image that a sum counts.
    struct Part {
        /// The range.
        var range: Range<Int>
        /// The sum over this range and those before it that have none, where this is the last that
        /// it counts.
        var sum: UInt32?
        /// The error where the sum is another one.
        var error: ImageFormatError
    }

    private let parts: [Part]
    private var next = 0
    private var part = 0
    private var sum = RunningCRC32()

    /// Takes the parts, in order and without overlap.
    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// Takes note of bytes that were read.
    func see(_ bytes: Span<UInt8>, at offset: Int) throws {
        if offset == 0 {
            next = 0
            part = 0
            sum = RunningCRC32()
        }
        let end = offset + bytes.count
        guard offset <= next, end > next else { return }
        while next < end, part < parts.count {
            let range = parts[part].range
            if next < range.lowerBound {
                next = min(end, range.lowerBound)
                continue
            }
            let stop = min(end, range.upperBound)
            if next < stop {
                sum.update(bytes.extracting((next - offset)..<(stop - offset)))
                next = stop
            }
            if next >= range.upperBound {
                if let wanted = parts[part].sum {
                    guard sum.value == wanted else { throw parts[part].error }
                    sum = RunningCRC32()
                }
                part += 1
            }
        }
        next = max(next, end)
    }
}

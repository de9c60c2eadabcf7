import LibCodecs

/// Holds a packed image's own sums against what is read of it, where that is read in order.
///
/// Whoever reads all of an image from its beginning, as verifying and converting do, learns that way
/// whether it is what it was, at no cost in reading; looks here and there don't disturb the sums.
final class InOrderCheck {
    /// A sum over a part of the image.
    struct Part {
        /// The part.
        var range: Range<Int>
        /// The sum that the image has.
        var sum: UInt32
        /// The error where it is another one.
        var error: ImageFormatError
    }

    private let parts: [Part]
    private var next = 0
    private var part = 0
    private var sum = RunningCRC32()

    /// Takes the parts, in order and without overlap.
    init(_ parts: [Part]) {
        self.parts = parts.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// Takes note of bytes that were read.
    func see(_ bytes: Span<UInt8>, at offset: Int) throws {
        if offset == 0 {
            next = 0
            part = 0
            sum = RunningCRC32()
        }
        guard offset <= next, offset + bytes.count > next else { return }
        let end = offset + bytes.count
        while next < end {
            guard part < parts.count else {
                next = end
                return
            }
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
                defer {
                    part += 1
                    sum = RunningCRC32()
                }
                guard sum.value == parts[part].sum else { throw parts[part].error }
            }
        }
    }
}

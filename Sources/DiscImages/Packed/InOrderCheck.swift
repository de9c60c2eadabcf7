import DiscModel
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

    /// How sums are made.
    enum Kind {
        /// The CRC-32 of IEEE 802.3.
        case crc32
        /// The EDC of CD sectors.
        case edc
    }

    private let parts: [Part]
    private let kind: Kind
    private var next = 0
    private var part = 0
    private var crc = RunningCRC32()
    private var edc: UInt32 = 0

    /// Takes the parts, in order and without overlap.
    init(_ parts: [Part], _ kind: Kind = .crc32) {
        self.parts = parts
        self.kind = kind
    }

    private func begin() {
        crc = RunningCRC32()
        edc = 0
    }

    private func update(_ bytes: Span<UInt8>) {
        switch kind {
        case .crc32: crc.update(bytes)
        case .edc: edc = SectorEDC.sum(of: bytes, in: 0..<bytes.count, continuing: edc)
        }
    }

    /// Takes note of bytes that were read.
    func see(_ bytes: Span<UInt8>, at offset: Int) throws {
        if offset == 0 {
            next = 0
            part = 0
            begin()
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
                update(bytes.extracting((next - offset)..<(stop - offset)))
                next = stop
            }
            if next >= range.upperBound {
                if let wanted = parts[part].sum {
                    guard (kind == .crc32 ? crc.value : edc) == wanted else {
                        throw parts[part].error
                    }
                    begin()
                }
                part += 1
            }
        }
        next = max(next, end)
    }
}

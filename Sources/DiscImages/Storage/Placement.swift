public import DiscModel
import Reports

/// Where an image keeps a run of sectors that belong to one track.
///
/// Readers make these from an image's descriptor, and writers make a descriptor from these: a format
/// without compression is no more than that.
public struct Placement: Hashable, Sendable {
    /// Where the subchannel of the sectors lies.
    public struct Subchannel: Hashable, Sendable {
        /// How it is kept.
        public enum Form: String, Hashable, Sendable {
            /// 16 bytes: Q and four of padding.
            case q
            /// 96 bytes, one bit of each channel in each.
            case interleaved
            /// 96 bytes, twelve for P, then twelve for Q, and so on to W.
            case linear

            /// Bytes of a sector.
            public var size: Int { self == .q ? 16 : SubchannelQ.interleavedSize }
        }

        /// How it is kept.
        public var form: Form
        /// The number of the file, among the image's files.
        public var file: Int
        /// Where the first sector's lies.
        public var offset: Int
        /// Bytes from one sector's to the next one's.
        public var stride: Int

        /// Creates a place.
        public init(_ form: Form, file: Int, offset: Int, stride: Int) {
            self.form = form
            self.file = file
            self.offset = offset
            self.stride = stride
        }
    }

    /// The sectors, by their addresses on the disc.
    public var sectors: Range<Int>
    /// How much of each is kept.
    public var form: SectorForm
    /// The number of the file, among the image's files.
    public var file: Int
    /// Where the first sector lies in it.
    public var offset: Int
    /// Bytes from one sector to the next.
    public var stride: Int
    /// Whether the samples of audio have their high byte first.
    public var isBigEndian = false
    /// Where their subchannel lies, where it is kept.
    public var subchannel: Subchannel?

    /// Creates a place; sectors follow one another without a gap unless a stride is given.
    public init(
        _ sectors: Range<Int>,
        _ form: SectorForm,
        file: Int = 0,
        offset: Int,
        stride: Int? = nil
    ) {
        self.sectors = sectors
        self.form = form
        self.file = file
        self.offset = offset
        self.stride = stride ?? form.size
    }

    /// Creates a place of sectors, each with its subchannel behind it; they follow one another without a gap unless
    /// a stride is given.
    public init(
        _ sectors: Range<Int>,
        _ form: SectorForm,
        file: Int = 0,
        offset: Int,
        stride: Int? = nil,
        with subchannel: Subchannel.Form?
    ) {
        let stride = stride ?? form.size + (subchannel?.size ?? 0)
        self.init(sectors, form, file: file, offset: offset, stride: stride)
        self.subchannel = subchannel.map {
            Subchannel($0, file: file, offset: offset + form.size, stride: stride)
        }
    }

    /// The byte behind the last one of the sectors; `nil` if it can't be counted.
    public var end: Int? {
        let (bytes, tooLong) = (sectors.count - 1).multipliedReportingOverflow(by: stride)
        let (end, tooFar) = offset.addingReportingOverflow(bytes)
        guard !tooLong, !tooFar, offset >= 0, stride >= 0, end <= Int.max - form.size else {
            return nil
        }
        return sectors.isEmpty ? offset : end + form.size
    }

    /// What a file has behind the last of the sectors that lie in it, which a descriptor that counts
    /// its sectors leaves out: a sentence.
    static func leftover(_ number: Int, of files: [any ByteSource], behind places: [Placement])
        -> String?
    {
        let used = places.filter { $0.file == number && !$0.sectors.isEmpty }
        guard let stride = used.first?.stride else { return nil }
        let ends = used.map { place in
            let side = place.subchannel?.file == number ? place.stride - place.form.size : 0
            return (place.end ?? 0) + side
        }
        let rest = files[number].byteCount - (ends.max() ?? 0)
        guard rest > 0, stride > 0 else { return nil }
        return
            "After the last sector that the table has, \(files[number].name) has \(Wording.bytes(rest)) more (\(Wording.sectors(rest / stride))), which belong to no track and are left out."
    }

    /// How many of so many pieces a file of so many bytes has whole.
    private static func whole(
        _ count: Int,
        size: Int,
        offset: Int,
        stride: Int,
        of byteCount: Int
    ) -> Int {
        let available = byteCount - offset
        guard available >= size, stride > 0 else { return 0 }
        return min(count, (available - size) / stride + 1)
    }

    /// Tells sectors with subchannel from those whose subchannel alone is missing at the end of its
    /// file: these are all right without it.
    ///
    /// - Parameter files: The image's files, in which the place has been checked to be.
    /// - Returns: One or two places, and how many sectors lack nothing but their subchannel.
    func splitWhereSubchannelEnds(_ files: [any ByteSource]) -> (parts: [Placement], lacking: Int) {
        guard let side = subchannel else { return ([self], 0) }
        let sided = Self.whole(
            sectors.count,
            size: side.form.size,
            offset: side.offset,
            stride: side.stride,
            of: files[side.file].byteCount
        )
        let own = Self.whole(
            sectors.count,
            size: form.size,
            offset: offset,
            stride: stride,
            of: files[file].byteCount
        )
        guard sided < own else { return ([self], 0) }
        var (first, second) = (self, self)
        first.sectors = sectors.lowerBound..<(sectors.lowerBound + sided)
        second.sectors = first.sectors.upperBound..<sectors.upperBound
        second.offset += sided * stride
        second.subchannel = nil
        return (first.sectors.isEmpty ? [second] : [first, second], own - sided)
    }
}

import LibCodecs

/// The checksums that an Apple disk image keeps beside those of its partitions' content: one of the
/// packed data, and a master checksum of the partitions' checksums.
struct DMGChecksums {
    /// Bytes that are read at once.
    private static let piece = 1 << 20

    /// Whether the master checksum is right; `nil` if there is none, or nothing to compare it with.
    let isMasterRight: Bool?

    private let file: ImageFile
    private let format: String
    private let place: Int
    private let data: Range<Int>
    private let dataSum: UInt32?
    private let hasContentSums: Bool

    /// Takes the checksums of an image, and compares the master checksum, which needs no reading.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - trailer: Its trailer.
    ///   - place: The byte that the trailer begins at.
    ///   - tables: The partitions.
    ///   - format: The format's name, for messages.
    init(
        _ file: ImageFile,
        _ trailer: DMGTrailer,
        at place: Int,
        _ tables: [DMGTable],
        format: String
    ) {
        self.file = file
        self.format = format
        self.place = place
        let sums = tables.compactMap(\.sum)
        hasContentSums = sums.count == tables.count
        isMasterRight =
            hasContentSums ? trailer.masterSum.map { $0 == Self.master(of: sums) } : nil
        // The parts of a split image have one each, and which data those count is not known.
        let isWhole = trailer.segmentCount <= 1 && trailer.dataCount > 0
        dataSum = isWhole ? trailer.dataSum : nil
        let (end, overflow) = trailer.dataOffset.addingReportingOverflow(trailer.dataCount)
        data = trailer.dataOffset..<(overflow ? .max : end)
    }

    /// The CRC-32 of the partitions' checksums, one after the other.
    static func master(of sums: [UInt32]) -> UInt32 {
        var master = RunningCRC32()
        for value in sums { master.update(BigEndian.u32(Int(value)).span) }
        return master.value
    }

    /// What was checked when the image was opened, and what was not: one sentence.
    var evidence: String {
        let master: String? =
            switch isMasterRight {
            case true: "the master checksum is right"
            case false: "the master checksum is wrong"
            case nil: nil
            }
        let others = [
            hasContentSums ? "content" : nil, dataSum == nil ? nil : "packed data",
        ].compactMap(\.self).joined(separator: " and ")
        let rest =
            others.isEmpty
            ? "there is none of content or packed data"
            : "that of \(others) is checked when all of it is read, not here"
        return "Of its checksums, \(master.map { $0 + ", and " } ?? "")\(rest)."
    }

    /// Checks the master checksum and that of the packed data, reading all of the file for it.
    ///
    /// - Throws: ``ImageFormatError`` if one is wrong, and errors of the file.
    func check() throws {
        if isMasterRight == false {
            throw ImageFormatError(
                file.name,
                format,
                "the master checksum",
                at: place + 360,
                "is not that of the partitions' checksums"
            )
        }
        guard let dataSum else { return }
        var sum = RunningCRC32()
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        var next = data.lowerBound
        while next < data.upperBound {
            let wanted = min(Self.piece, data.upperBound - next)
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<wanted)
            let got = try file.bytes.read(at: next, into: &part)
            guard got > 0 else { break }
            sum.update(buffer.span.extracting(..<got))
            next += got
        }
        guard next == data.upperBound, sum.value == dataSum else {
            throw ImageFormatError(
                file.name,
                format,
                "the checksum of the packed data",
                at: place + 88,
                "is wrong"
            )
        }
    }
}

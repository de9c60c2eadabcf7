import LibCodecs

/// The checksums that an Apple disk image keeps beside those of its partitions' content: one of the
/// packed data, and a master checksum of the partitions' checksums.
struct DMGChecksums {
    /// Bytes that are read at once.
    private static let piece = 1 << 20

    /// Whether the master checksum is right; `nil` if there is none, or nothing to compare it with.
    private let isMasterRight: Bool?
    /// The first partition whose content has a checksum, but no runs that it could be of.
    private let emptied: Int?

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
        // A damaged table can have lost its runs; nothing is read then that could be wrong.
        emptied = tables.firstIndex { table in
            table.sectorCount > 0 && table.countedRuns.isEmpty && (table.sum ?? 0) != 0
        }
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

    /// That the master checksum is wrong: one sentence; `nil` if it is not.
    ///
    /// It is over the partitions' checksums alone, and their content is held against those: where that is
    /// right, nothing but the master checksum is wrong.
    var warning: String? {
        guard isMasterRight == false else { return nil }
        return
            "The master checksum at byte \(place + 360) is wrong: it is not that of the partitions' checksums, which count instead."
    }

    /// The content of a partition has another checksum than its table says.
    static func wrongContent(of partition: Int, _ file: ImageFile, _ format: String)
        -> ImageFormatError
    {
        ImageFormatError(
            file.name,
            format,
            "the content of partition \(partition)",
            "has another checksum than it should"
        )
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

    /// Checks that no partition has lost its runs, and the checksum of the packed data, reading all of
    /// the file for it.
    ///
    /// - Throws: ``ImageFormatError`` if something is wrong, and errors of the file.
    func check() throws {
        if let emptied { throw Self.wrongContent(of: emptied, file, format) }
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

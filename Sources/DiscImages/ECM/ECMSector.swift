import DiscModel
import LinuxCalls

/// A raw sector, and what ECM keeps of it.
enum ECMSector {
    /// Makes a sector of what is kept.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes; of mode 2 the first 16 don't matter.
    ///   - kind: What the sector is.
    ///   - kept: For mode 1 the address and the data; else the subheader and the data.
    static func complete(
        _ sector: inout MutableSpan<UInt8>,
        _ kind: ECMRecord.Kind,
        from kept: Span<UInt8>
    ) {
        switch kind {
        case .bytes: break
        case .mode1:
            for (i, byte) in RawSector.sync.enumerated() { sector[i] = byte }
            for i in 0..<3 { sector[12 + i] = kept[i] }
            sector[15] = 1
            Bytes.copy(kept.extracting(3...), to: &sector, at: 16)
            writeEDC(&sector, 0..<2064)
            for i in 2068..<2076 { sector[i] = 0 }
            SectorECC.fill(&sector, countsHeader: true)
        case .form1, .form2:
            for i in 0..<4 {
                sector[16 + i] = kept[i]
                sector[20 + i] = kept[i]
            }
            Bytes.copy(kept.extracting(4...), to: &sector, at: 24)
            if kind == .form2 {
                writeEDC(&sector, 16..<2348)
            } else {
                writeEDC(&sector, 16..<2072)
                SectorECC.fill(&sector, countsHeader: false)
            }
        }
    }

    private static func writeEDC(_ sector: inout MutableSpan<UInt8>, _ range: Range<Int>) {
        let sum = SectorEDC.sum(of: sector.span, in: range)
        for i in 0..<4 {
            sector[range.upperBound + i] = UInt8(truncatingIfNeeded: sum >> (8 * i))
        }
    }

    /// What may be kept of a sector so that all of it can be made again.
    ///
    /// - Returns: The kind, and the bytes; of a sector that has to be kept whole its 2352 bytes.
    static func kept(of sector: Span<UInt8>) -> (kind: ECMRecord.Kind, bytes: [UInt8]) {
        guard let kind = RawSector.kind(of: sector) else { return (.bytes, copy(sector)) }
        let record: ECMRecord.Kind
        var bytes: [UInt8] = []
        switch kind {
        case .mode1:
            record = .mode1
            bytes = copy(sector.extracting(12..<15)) + copy(sector.extracting(16..<2064))
        case .mode2Form1:
            record = .form1
            bytes = copy(sector.extracting(16..<20)) + copy(sector.extracting(24..<2072))
        case .mode2Form2:
            record = .form2
            bytes = copy(sector.extracting(16..<20)) + copy(sector.extracting(24..<2348))
        case .mode2: return (.bytes, copy(sector))
        }
        var made = [UInt8](repeating: 0, count: RawSector.size)
        var span = made.mutableSpan
        complete(&span, record, from: bytes.span)
        let first = RawSector.size - record.size
        let isSame = Bytes.areEqual(made.span.extracting(first...), sector.extracting(first...))
        return isSame ? (record, bytes) : (.bytes, copy(sector))
    }

    private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        var copy = [UInt8](repeating: 0, count: bytes.count)
        var span = copy.mutableSpan
        Bytes.copy(bytes, to: &span)
        return copy
    }
}

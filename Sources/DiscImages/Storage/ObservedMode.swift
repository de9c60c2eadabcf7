import DiscModel

/// What raw sectors say of themselves, for descriptors that say less or are wrong.
enum ObservedMode {
    /// The mode of the first raw sector at a place or behind it that has a sync; `nil` if the
    /// first four have none.
    static func mode(of bytes: any ByteSource, at offset: Int, stride: Int) throws -> TrackMode? {
        for skipped in 0..<4 {
            let (place, overflow) = offset.addingReportingOverflow(skipped * stride)
            guard !overflow, place >= 0, place < bytes.byteCount - 16 else { return nil }
            let end = min(bytes.byteCount, place + RawSector.size)
            let sector = try bytes.bytes(place..<end)
            switch RawSector.kind(of: sector.span) {
            case .mode1: return .mode1
            case .mode2: return .mode2
            case .mode2Form1, .mode2Form2: return .mode2Mixed
            case nil: continue
            }
        }
        return nil
    }
}

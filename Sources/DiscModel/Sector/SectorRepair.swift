/// What came of the repair of a sector.
public enum SectorRepair: Hashable, Sendable {
    /// Its EDC is right, and so are its data: it was left as it is.
    case needless
    /// Its EDC was wrong, or its sync was, and now both are right.
    case done(changedBytes: Int)
    /// It can't be repaired, and was left as it is.
    case impossible
}

extension RawSector {
    /// Repairs a raw data sector by its P and Q parity, as far as its EDC proves the repair.
    ///
    /// Of a wrong sector of mode 1 or of mode 2 form 1, P and Q correct bytes in turn, those that are
    /// suspected first; in mode 1 the header is one of the things that they cover. The result counts
    /// only with a right EDC, and then the parity is made again. The sync pattern, which parity doesn't
    /// cover, is put back beside that. Whatever has a right EDC and a right sync stays as it is, even if
    /// its header or its parity are wrong; so does what has an EDC and no parity, as form 2 has.
    ///
    /// The work is bounded, whatever the sector holds.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes.
    ///   - mode: The mode of the sector's track; no audio.
    ///   - address: The sector's address, which helps if the header can't be corrected otherwise; `nil`
    ///     if it is not known.
    ///   - suspects: Bytes that may be wrong, such as a drive's C2 pointers say; `nil` if it is not
    ///     known.
    /// - Returns: What came of it.
    public static func repair(
        _ sector: inout MutableSpan<UInt8>,
        in mode: TrackMode,
        at address: LBA?,
        suspects: SuspectBytes? = nil
    ) -> SectorRepair {
        let condition = SectorCondition(of: sector.span, in: mode, at: address)
        guard !condition.faults.contains(.empty) else { return .impossible }
        guard !condition.faults.isDisjoint(with: [.edc, .sync]) else { return .needless }
        let before = Copy(sector.span)
        for kind in kinds(to: condition, mode) {
            var corrected = Copy(sector.span)
            guard corrected.correct(as: kind, at: address, suspects) else { continue }
            var changed = 0
            for i in 0..<size where before.bytes[i] != corrected.bytes[i] {
                sector[i] = corrected.bytes[i]
                changed += 1
            }
            return .done(changedBytes: changed)
        }
        return .impossible
    }

    /// What a damaged sector may have been, the likeliest first.
    private static func kinds(to condition: SectorCondition, _ mode: TrackMode) -> [Kind] {
        var kinds = [condition.kind].compactMap(\.self)
        // Only a code can tell that something of another kind is there.
        let others: [Kind] = mode == .mode1 ? [.mode1] : mode.isXA ? [.mode2Form1, .mode1] : []
        kinds += others.filter { !kinds.contains($0) }
        return kinds
    }
}

/// A sector that is being corrected.
private struct Copy {
    var bytes: [UInt8]

    init(_ sector: Span<UInt8>) {
        bytes = (0..<RawSector.size).map { sector[$0] }
    }

    /// Corrects the sector as one of a kind.
    ///
    /// - Returns: Whether its EDC proves it.
    mutating func correct(as kind: RawSector.Kind, at address: LBA?, _ suspects: SuspectBytes?)
        -> Bool
    {
        bytes.replaceSubrange(0..<RawSector.sync.count, with: RawSector.sync)
        if SectorCondition.hasOwnEDC(bytes.span, kind) { return true }
        guard let countsHeader = kind.headerInParity else { return false }
        if correct(kind, countsHeader ? .unknown : .zero, suspects) { return true }
        guard let address, kind == .mode1 else { return false }
        // What is known beforehand leaves the parity to the rest.
        var span = bytes.mutableSpan
        RawSector.writeHeader(&span, at: address, mode: 1)
        for i in RawSector.intermediate { span[i] = 0 }
        return correct(kind, .known, suspects)
    }

    private mutating func correct(
        _ kind: RawSector.Kind,
        _ header: ParityPlane.Header,
        _ suspects: SuspectBytes?
    ) -> Bool {
        let planes = (0..<2).map { parity in
            let plane = ParityPlane(bytes.span, parity: parity, header: header)
            return plane.candidates(
                suspects: suspects.map { suspects in
                    (0..<ParityPlane.size).map {
                        suspects[ParityPlane.place(of: $0, parity: parity)] && !plane.isKnown($0)
                    }
                } ?? []
            )
        }
        for even in planes[0] {
            for odd in planes[1] {
                var corrected = bytes
                var span = corrected.mutableSpan
                even.store(in: &span, parity: 0)
                odd.store(in: &span, parity: 1)
                guard SectorCondition.hasOwnEDC(span.span, kind) else { continue }
                if kind == .mode1, !even.isRight || !odd.isRight {
                    // The EDC doesn't cover them, and here parity doesn't prove them, either.
                    for i in RawSector.intermediate { span[i] = 0 }
                }
                SectorECC.fill(&span, countsHeader: header != .zero)
                bytes = corrected
                return true
            }
        }
        return false
    }
}

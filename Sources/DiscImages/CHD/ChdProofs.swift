import DiscModel

/// The raw sectors of data in a CHD image, which show by themselves whether they are right.
struct ChdProofs: Sendable {
    private let runs: [(frames: Range<Int>, address: Int)]

    /// Takes the tracks, and where they lie.
    init(_ tracks: [ChdTrack], _ places: [ChdPlace]) {
        runs = zip(tracks, places).filter { track, _ in
            track.mode.form == .raw && track.mode.mode.isData
        }.map { ($1.frames, $1.address) }
    }

    /// The parts of a damaged hunk that are right: sectors whose sync, address, EDC and ECC are.
    ///
    /// - Parameters:
    ///   - number: The hunk's number.
    ///   - bytes: Its bytes.
    /// - Returns: The sectors' bytes, without their subchannel.
    func proven(_ number: Int, _ bytes: Span<UInt8>) -> [Range<Int>] {
        guard !runs.isEmpty else { return [] }
        let count = bytes.count / ChdCodec.frame
        var parts: [Range<Int>] = []
        for index in 0..<count {
            let frame = number * count + index
            guard let run = runs.first(where: { $0.frames.contains(frame) }) else { continue }
            let start = index * ChdCodec.frame
            let sector = bytes.extracting(start..<start + RawSector.size)
            let address = LBA(run.address + frame - run.frames.lowerBound)
            // Mode 2 without a form has nothing that would show it.
            guard let kind = RawSector.kind(of: sector), kind != .mode2,
                RawSector.isRegular(sector, kind, at: address)
            else { continue }
            parts.append(start..<start + RawSector.size)
        }
        return parts
    }
}

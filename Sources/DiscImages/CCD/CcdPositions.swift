import DiscModel

/// What the sectors of an image of CloneCD and their subchannel say of where they are on the disc.
struct CcdPositions {
    /// So many sectors early or late do drives deliver Q.
    static let skew = 4

    let image: any ByteSource
    let side: (any ByteSource)?

    /// The address of a sector, as its own header has it or that of one of the next, or else its Q.
    ///
    /// - Parameters:
    ///   - index: The sector's number in the image.
    ///   - count: How many sectors from there on belong together.
    /// - Returns: `nil` if they don't say it.
    /// - Throws: Errors of the files.
    func address(at index: Int, within count: Int) throws -> Int? {
        let looked = 0..<max(0, min(4, count))
        for skipped in looked {
            let offset = (index + skipped) * RawSector.size
            if let header = try RawProbe(bytes: image).header(at: offset) {
                return header.address - skipped
            }
        }
        for skipped in looked {
            if let q = try position(at: index + skipped) {
                return q.absolute.lba.rawValue - skipped
            }
        }
        return nil
    }

    /// How many sectors right before a track's start are its index 0, as Q has it.
    ///
    /// - Parameters:
    ///   - track: The track's number.
    ///   - index: The number of its first sector in the image.
    ///   - most: No more are counted.
    /// - Returns: Their number; 0 without subchannel.
    /// - Throws: Errors of the file.
    func pregap(of track: Int, before index: Int, most: Int) throws -> Int {
        guard side != nil else { return 0 }
        var count = 0
        // Some sectors have something else in Q, or can't be read: the next one before them tells.
        var reach = 0
        while reach < most, reach - count < Self.mostUntold {
            reach += 1
            guard let q = try position(at: index - reach) else { continue }
            guard q.track == track, q.index == 0 else { break }
            count = reach
        }
        return count
    }

    /// Sectors in a row that may say nothing.
    private static let mostUntold = 75

    /// The position in the Q of a sector.
    private func position(at index: Int) throws -> SubchannelQ? {
        let size = SubchannelQ.interleavedSize
        guard index >= 0, let kept = try side?.bytes(index * size..<(index + 1) * size),
            kept.count == size, case .position(let q)? = RecordedQ(Array(kept[12..<24]))
        else { return nil }
        return q
    }
}

public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

extension ISOEditing {
    /// The image as it was, with the boot catalogue as it is to be, which may be a file of the tree.
    var keptFiles: any SectorSource {
        guard let catalog = move?.catalog else { return disc.source }
        let sectors = catalog.sector..<catalog.sector + 1
        let piece = EditedSource.Piece(sectors: sectors, content: .bytes(catalog.bytes))
        return EditedSource(disc.source, sectorCount: disc.source.sectorCount ?? 0, [piece]) {}
    }

    /// Whether bytes are those of a sector of the new session, which was made for another time.
    ///
    /// When a file was read last, and when its attributes changed, is not what it was once it has been gathered
    /// and read again: those two of Rock Ridge's times may differ, where directories have them.
    ///
    /// - Parameters:
    ///   - bytes: What was found.
    ///   - made: What is made of the changes now.
    ///   - sector: The sector, counted from the session's beginning.
    /// - Returns: Whether all else is the same.
    public func isSame(_ bytes: [UInt8], as made: [UInt8], at sector: Int) -> Bool {
        guard bytes.count == made.count else { return false }
        if bytes == made { return true }
        let place = sector + (disc.newSession ?? 0)
        guard let piece = pieces.first(where: { $0.sectors.contains(place) }),
            case .bytes = piece.content
        else { return false }
        var bytes = bytes
        for start in made.indices.dropLast(SystemUse.timesLength - 1)
        where made[start...].starts(with: SystemUse.timesHead) {
            let changing = start + SystemUse.changingTimes.lowerBound
            let end = start + SystemUse.changingTimes.upperBound
            bytes.replaceSubrange(changing..<end, with: made[changing..<end])
        }
        return bytes == made
    }

    /// Reads the finished image back, and looks for a difference from what it was to become.
    public func difference(
        in path: FilePath,
        _ files: UnfinishedFiles,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> String? {
        try EditProof(self, path, files).difference(cancellation, tell)
    }
}

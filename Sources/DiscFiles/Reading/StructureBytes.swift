/// Something that delivers the bytes of a file system's structures.
///
/// What finds a root directory or a volume's name reads through it, so that `info`, which makes a few
/// short reads, and `list`, which walks through trees, find the same.
protocol StructureBytes: AnyObject {
    /// The bytes of a structure.
    ///
    /// - Throws: ``BrokenStructure`` if they are not there or can't be read, and what the source
    ///   throws besides `UnreadableSectors`.
    func structure(at offset: Int, count: Int) throws -> [UInt8]

    /// Whether the sector of a byte lies before the end, as far as that is known.
    func reaches(_ offset: Int) -> Bool
}

extension StructureReader: StructureBytes {
    func structure(at offset: Int, count: Int) throws -> [UInt8] {
        try bytes(at: offset, count: count)
    }

    func reaches(_ offset: Int) -> Bool {
        holds(offset / Self.sectorSize * Self.sectorSize, count: Self.sectorSize)
    }
}

extension ContentProbe: StructureBytes {
    func structure(at offset: Int, count: Int) throws -> [UInt8] {
        guard count > 0 else { return [] }
        guard offset >= 0, let bytes = try bytes(at: UInt64(offset), count: count) else {
            let sector = offset / Self.sectorSize
            throw BrokenStructure(
                reaches(offset)
                    ? "Sector \(sector) can't be read."
                    : "Sector \(sector) is named, but the disc has only \(sectorCount ?? 0)."
            )
        }
        return bytes
    }

    func reaches(_ offset: Int) -> Bool { holds(offset / Self.sectorSize) }
}

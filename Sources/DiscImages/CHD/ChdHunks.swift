import DiscModel
import LinuxCalls

/// The hunks of a CHD image.
final class ChdHunks: DividedBlockMap {
    let byteCount: Int
    private let base: any ByteSource
    private let header: ChdHeader
    private let map: ChdMap
    private let parent: (any ByteSource)?
    private let proofs: ChdProofs
    private let unpacker: ChdHunkUnpacker

    /// Takes a map.
    ///
    /// - Parameters:
    ///   - base: The file.
    ///   - header: Its header.
    ///   - map: Its map.
    ///   - parent: What the image's parent holds, where it has one.
    ///   - proofs: Finds what is right of a damaged hunk.
    /// - Throws: `CodecError` where there is no memory.
    init(
        _ base: any ByteSource,
        _ header: ChdHeader,
        _ map: ChdMap,
        parent: (any ByteSource)?,
        proofs: ChdProofs
    ) throws {
        byteCount = header.byteCount
        self.base = base
        self.header = header
        self.map = map
        self.parent = parent
        self.proofs = proofs
        unpacker = try ChdHunkUnpacker(
            header.codecs,
            hunk: header.hunk,
            name: base.name,
            proofs: proofs
        )
    }

    var makeUnpacker: @Sendable () throws -> any BlockUnpacker {
        let (codecs, hunk, name, proofs) = (header.codecs, header.hunk, base.name, proofs)
        return { try ChdHunkUnpacker(codecs, hunk: hunk, name: name, proofs: proofs) }
    }

    func block(holding offset: Int) throws -> PackedBlock {
        let hunk = offset / header.hunk
        let range = (hunk * header.hunk)..<min(byteCount, (hunk + 1) * header.hunk)
        switch try map.entry(hunk) {
        case .none where parent == nil: return PackedBlock(range, .zeros)
        case .plain(let place, nil): return PackedBlock(range, .plain(place))
        // What was unpacked before for another hunk is not unpacked again for this one.
        default: return PackedBlock(range, .packed(hunk))
        }
    }

    /// What the map says of a hunk, or of an earlier one that is the same.
    private func entry(of block: PackedBlock) throws -> (hunk: Int, entry: ChdMap.Entry) {
        var hunk = block.range.lowerBound / header.hunk
        var entry = try map.entry(hunk)
        // Each is the same as an earlier one, and so there is an end to it.
        while case .same(let other) = entry, other < hunk {
            hunk = other
            entry = try map.entry(hunk)
        }
        return (hunk, entry)
    }

    func piece(of block: PackedBlock) throws -> PackedPiece? {
        guard block.range.count == header.hunk else { return nil }
        let (hunk, entry) = try entry(of: block)
        return try piece(hunk, entry)
    }

    private func piece(_ hunk: Int, _ entry: ChdMap.Entry) throws -> PackedPiece? {
        guard case .packed(let codec, let offset, let length, let crc) = entry else { return nil }
        let bytes = try base.bytes(offset..<(offset + length))
        guard bytes.count == length else { throw damage(hunk, "lies past the file's end") }
        return PackedPiece(number: hunk, kind: codec, place: offset, sum: crc, bytes: bytes)
    }

    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws {
        let (hunk, entry) = try entry(of: block)
        if buffer.count == header.hunk {
            return try unpack(entry, hunk, into: &buffer)
        }
        var whole = [UInt8](repeating: 0, count: header.hunk)
        var span = whole.mutableSpan
        try unpack(entry, hunk, into: &span)
        Bytes.copy(span.span.extracting(0..<buffer.count), to: &buffer)
    }

    private func unpack(_ entry: ChdMap.Entry, _ hunk: Int, into buffer: inout MutableSpan<UInt8>)
        throws
    {
        if let piece = try piece(hunk, entry) {
            return try unpacker.unpack(piece, into: &buffer)
        }
        switch entry {
        case .packed: break
        case .plain(let offset, let crc):
            guard try base.read(at: offset, into: &buffer) == buffer.count else {
                throw damage(hunk, "lies past the file's end")
            }
            if let crc { try unpacker.check(crc, buffer.span, hunk) }
        case .parent(let unit):
            try read(unit * header.unit, hunk, into: &buffer)
        case .none, .same:
            try read(hunk * header.hunk, hunk, into: &buffer)
        }
    }

    private func read(_ offset: Int, _ hunk: Int, into buffer: inout MutableSpan<UInt8>) throws {
        guard let parent else { throw damage(hunk, "lies in a parent that is not there") }
        let got = try parent.read(at: offset, into: &buffer)
        guard got > 0 else { throw damage(hunk, "lies past its parent's end") }
        Bytes.fill(&buffer, got..<buffer.count, with: 0)
    }

    private func damage(_ hunk: Int, _ problem: String) -> UnreadableBytes {
        ChdHunkUnpacker.damage(hunk, base.name, problem)
    }
}

import DiscModel
import LibCodecs
import LinuxCalls

/// Packs hunks, each with what suits it best; it keeps its memory from one to the next.
struct ChdPacker {
    /// A hunk that got shorter.
    struct Packed: Sendable {
        /// The number of the codec.
        var codec: Int
        /// The packed bytes.
        var bytes: [UInt8]
    }

    private let codecs: [ChdCodec]
    private let hunk: Int
    private let lzma: RawLZMA
    private let deflate: Packer
    private let zstd: Packer
    /// The sectors of a CD's hunk, and the subchannel.
    private var sectors: [UInt8]
    private var subchannel: [UInt8]
    /// A bit for each sector whose sync and parity are left out.
    private var marks: [UInt8]

    /// Makes a packer.
    ///
    /// - Parameters:
    ///   - codecs: The codecs to choose from, all of a CD or none.
    ///   - hunk: Bytes of a hunk.
    /// - Throws: `CodecError` where there is no memory.
    init(_ codecs: [ChdCodec], hunk: Int) throws {
        guard let deflate = Packer(.deflate), let zstd = Packer(.zstd, level: 19) else {
            throw CodecError(.noMemory, .deflate)
        }
        self.codecs = codecs
        self.hunk = hunk
        self.deflate = deflate
        self.zstd = zstd
        lzma = RawLZMA(size: hunk)
        let frames = hunk / ChdCodec.frame
        sectors = [UInt8](repeating: 0, count: frames * RawSector.size)
        subchannel = [UInt8](repeating: 0, count: frames * SubchannelQ.interleavedSize)
        marks = [UInt8](repeating: 0, count: (frames + 7) / 8)
    }

    /// The order in which codecs are tried: the first one that makes a hunk shorter is taken.
    private static let forData: [ChdCodec.Packing] = [.lzma, .zstd, .deflate, .flac]
    private static let forSound: [ChdCodec.Packing] = [.flac, .lzma, .zstd, .deflate]

    /// Packs a hunk.
    ///
    /// - Returns: `nil` if it would not get shorter.
    mutating func pack(_ bytes: Span<UInt8>) -> Packed? {
        let isCD = codecs.contains(where: \.isCD)
        let isSound = isCD && !takeApart(bytes)
        for packing in isSound ? Self.forSound : Self.forData {
            guard let codec = codecs.firstIndex(where: { $0.packing == packing }) else { continue }
            let packed = isCD ? packSectors(packing) : pack(bytes, packing, room: hunk - 1)
            if let packed { return Packed(codec: codec, bytes: packed) }
        }
        return nil
    }

    /// Takes sectors and subchannel of a CD apart, and leaves out what follows from the rest.
    ///
    /// - Returns: Whether any of the sectors is one of data.
    private mutating func takeApart(_ bytes: Span<UInt8>) -> Bool {
        let (size, side) = (RawSector.size, SubchannelQ.interleavedSize)
        var isData = false
        var marks = [UInt8](repeating: 0, count: marks.count)
        defer { self.marks = marks }
        var (sectors, subchannel) = (self.sectors, self.subchannel)
        (self.sectors, self.subchannel) = ([], [])
        defer { (self.sectors, self.subchannel) = (sectors, subchannel) }
        var main = sectors.mutableSpan
        var sub = subchannel.mutableSpan
        var made = [UInt8](repeating: 0, count: size)
        for i in 0..<(hunk / ChdCodec.frame) {
            let frame = bytes.extracting((i * ChdCodec.frame)..<((i + 1) * ChdCodec.frame))
            let sector = frame.extracting(0..<size)
            Bytes.copy(sector, to: &main, at: i * size)
            Bytes.copy(frame.extracting(size...), to: &sub, at: i * side)
            guard RawSector.hasSync(sector) else { continue }
            isData = true
            var again = made.mutableSpan
            Bytes.copy(sector, to: &again)
            SectorECC.fill(&again, countsHeader: sector[15] != 2)
            // The parity takes the last 276 bytes.
            let parity = (size - 276)..<size
            guard Bytes.areEqual(again.span.extracting(parity), sector.extracting(parity)) else {
                continue
            }
            marks[i / 8] |= 1 << UInt8(i % 8)
            Bytes.fill(&main, (i * size)..<(i * size + RawSector.sync.count), with: 0)
            Bytes.fill(&main, ((i + 1) * size - 276)..<((i + 1) * size), with: 0)
        }
        return isData
    }

    private mutating func packSectors(_ packing: ChdCodec.Packing) -> [UInt8]? {
        var result: [UInt8] = []
        if packing == .flac {
            // What was left out is in the audio's way, and there is none of it in audio.
            guard marks.allSatisfy({ $0 == 0 }), let frames = packSound() else { return nil }
            result = frames
        } else {
            guard let packed = pack(sectors.span, packing, room: hunk - 1) else { return nil }
            let width = hunk < 65536 ? 2 : 3
            result = marks
            for i in (0..<width).reversed() {
                result.append(UInt8(truncatingIfNeeded: packed.count >> (8 * i)))
            }
            result += packed
        }
        let side: ChdCodec.Packing = packing == .zstd ? .zstd : .deflate
        guard let packed = pack(subchannel.span, side, room: hunk) else { return nil }
        result += packed
        return result.count < hunk ? result : nil
    }

    private func pack(_ bytes: Span<UInt8>, _ packing: ChdCodec.Packing, room: Int) -> [UInt8]? {
        var output = [UInt8](repeating: 0, count: room)
        var span = output.mutableSpan
        let count: Int? =
            switch packing {
            case .lzma: lzma.pack(bytes, into: &span)
            case .deflate: deflate.block(bytes, into: &span)
            case .zstd: zstd.block(bytes, into: &span)
            case .flac, .huffman: nil
            }
        return count.map { Array(output.prefix($0)) }
    }

    /// The sectors as audio, in frames of FLAC.
    private func packSound() -> [UInt8]? {
        final class Output {
            var bytes: [UInt8] = []
        }
        // Frames of a length that divides the hunk, and not longer than a sector has bytes.
        var length = sectors.count / 4
        while length > RawSector.size { length /= 2 }
        let output = Output()
        do {
            let encoder = try FLACEncoder(blockSize: length, keepsHeader: false) { bytes, _ in
                for i in bytes.indices { output.bytes.append(bytes[i]) }
            }
            try encoder.append(sectors.span, isBigEndian: true)
            try encoder.finish()
        } catch {
            return nil
        }
        return output.bytes.count < hunk ? output.bytes : nil
    }
}

import DiscModel
import LibCodecs
import LinuxCalls

/// Unpacks hunks of one codec; it keeps its memory from one to the next.
final class ChdUnpacker {
    /// A hunk that is not what its codec makes.
    struct Damage: Error, CustomStringConvertible {
        /// As the rest of a sentence about the hunk.
        let description: String
        /// Whether the sectors were unpacked, and only their subchannel could not be.
        var hasSectors = false
    }

    private let codec: ChdCodec
    private let unpacker: Unpacker?
    private let lzma: RawLZMA?
    private let flac: FLACFrames?
    /// What unpacks the subchannel of a CD.
    private let side: Unpacker?
    /// The sectors of a CD's hunk, and behind them the subchannel.
    private var sectors: [UInt8] = []
    private var subchannel: [UInt8] = []

    init(_ codec: ChdCodec, hunk: Int) throws {
        self.codec = codec
        unpacker =
            switch codec.packing {
            case .deflate: try Unpacker(.deflate)
            case .zstd: try Unpacker(.zstd)
            default: nil
            }
        lzma = codec.packing == .lzma ? RawLZMA(size: hunk) : nil
        // The audio of a CD has its high byte first in these images.
        flac = codec.packing == .flac ? FLACFrames(isBigEndian: true) : nil
        side = codec.isCD ? try Unpacker(codec.packing == .zstd ? .zstd : .deflate) : nil
        if codec.isCD {
            let frames = hunk / ChdCodec.frame
            sectors = [UInt8](repeating: 0, count: frames * RawSector.size)
            subchannel = [UInt8](repeating: 0, count: frames * SubchannelQ.interleavedSize)
        }
    }

    /// Unpacks a hunk.
    ///
    /// - Parameters:
    ///   - bytes: The packed bytes.
    ///   - hunk: As long as a hunk.
    /// - Throws: `CodecError`, `FLACError` or ``Damage``.
    func unpack(_ bytes: Span<UInt8>, into hunk: inout MutableSpan<UInt8>) throws {
        if codec.isCD {
            try unpackCD(bytes, into: &hunk)
        } else if codec.packing == .flac {
            try unpackSound(bytes, into: &hunk)
        } else {
            try unpackPlain(bytes, into: &hunk)
        }
    }

    private func unpackPlain(_ bytes: Span<UInt8>, into buffer: inout MutableSpan<UInt8>) throws {
        if let lzma { return try lzma.unpack(bytes, into: &buffer) }
        if let unpacker {
            guard try unpacker.block(bytes, into: &buffer) == buffer.count else {
                throw CodecError(.endsEarly, unpacker.codec)
            }
            return
        }
        var bits = ChdBits((0..<bytes.count).map { bytes[$0] })
        guard let code = ChdHuffman.readCoded(&bits, symbols: 256, longest: 16) else {
            throw Damage(description: "has a Huffman code that can't be")
        }
        for i in 0..<buffer.count {
            guard let symbol = code.read(&bits) else {
                throw Damage(description: "is not intact Huffman data")
            }
            buffer[i] = UInt8(symbol)
        }
        guard !bits.isBehindEnd else { throw Damage(description: "ends before its data do") }
    }

    /// Audio in a hunk of anything: a letter says which byte of a sample came first.
    private func unpackSound(_ bytes: Span<UInt8>, into hunk: inout MutableSpan<UInt8>) throws {
        guard let flac, bytes.count > 1, bytes[0] == 0x4C || bytes[0] == 0x42 else {
            throw Damage(description: "does not say which byte of a sample comes first")
        }
        _ = try flac.unpack(bytes.extracting(1...), into: &hunk)
        if bytes[0] == 0x4C { Samples.swap(&hunk) }
    }

    private func unpackCD(_ bytes: Span<UInt8>, into hunk: inout MutableSpan<UInt8>) throws {
        let frames = hunk.count / ChdCodec.frame
        var rest = 0
        var marks = 0
        // Taken out, so that they are changed in place.
        var (sectors, subchannel) = (self.sectors, self.subchannel)
        (self.sectors, self.subchannel) = ([], [])
        defer { (self.sectors, self.subchannel) = (sectors, subchannel) }
        var main = sectors.mutableSpan
        if let flac {
            rest = try flac.unpack(bytes, into: &main)
        } else {
            // A bit for each sector whose sync and parity were left out, then the length of the
            // packed sectors.
            marks = (frames + 7) / 8
            let width = hunk.count < 65536 ? 2 : 3
            let start = marks + width
            guard bytes.count >= start else { throw Damage(description: "is cut off") }
            var length = 0
            for i in marks..<start { length = length << 8 | Int(bytes[i]) }
            guard length <= bytes.count - start else { throw Damage(description: "is cut off") }
            rest = start + length
            try unpackPlain(bytes.extracting(start..<rest), into: &main)
        }
        var sub = subchannel.mutableSpan
        // The sectors may be right without it.
        var problem: String?
        do {
            if try side?.block(bytes.extracting(rest...), into: &sub) != sub.count {
                problem = "has too little subchannel"
            }
        } catch {
            problem = "\(error)"
        }
        let sync = RawSector.sync
        let (size, sideSize) = (RawSector.size, SubchannelQ.interleavedSize)
        for i in 0..<frames {
            let at = i * ChdCodec.frame
            Bytes.copy(
                main.span.extracting((i * size)..<((i + 1) * size)),
                to: &hunk,
                at: at
            )
            Bytes.copy(
                sub.span.extracting((i * sideSize)..<((i + 1) * sideSize)),
                to: &hunk,
                at: at + size
            )
            guard i / 8 < marks, bytes[i / 8] >> UInt8(i % 8) & 1 != 0 else { continue }
            Bytes.copy(sync.span, to: &hunk, at: at)
            var sector = hunk._mutatingExtracting(at..<(at + size))
            SectorECC.fill(&sector, countsHeader: sector[15] != 2)
        }
        if let problem { throw Damage(description: problem, hasSectors: true) }
    }
}

import LibCodecs
import LinuxCalls

/// Writes CSO and ZSO images of version 1, with blocks of 2048 bytes, which every reader takes.
final class CSOWriter: PackedWriter {
    private static let block = 2048
    /// Entries of the index that are gathered before they are written.
    private static let page = 16384

    private let file: File
    private let packer: Packer
    private let shift: Int
    private let count: Int
    private var blocks = BlockGatherer(size: block)
    private var index: [UInt8] = []
    private var indexed = 0
    private var offset: Int

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - file: The file, which is empty.
    ///   - size: How many bytes will come.
    ///   - codec: Deflate or LZ4.
    /// - Throws: `CodecError` where there is no memory; the system's error of the file.
    init(_ file: File, size: Int, _ codec: Codec) throws {
        guard let packer = Packer(codec) else { throw CodecError(.noMemory, codec) }
        self.file = file
        self.packer = packer
        count = (size + Self.block - 1) / Self.block
        let start = CSOReader.headerSize + 4 * (count + 1)
        // As coarse as the last entry needs at the worst: all blocks plain, and filled up.
        var shift = 0
        while (start + size + count * (1 << shift)) >> shift > 0x7FFF_FFFF { shift += 1 }
        self.shift = shift
        offset = ((start + (1 << shift) - 1) >> shift) << shift
        var header = Array((codec == .lz4 ? "ZISO" : "CISO").utf8)
        for value in [CSOReader.headerSize, size, size >> 32, Self.block] {
            for i in 0..<4 { header.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
        }
        header += [1, UInt8(shift), 0, 0]
        try file.write(header.span, at: 0)
    }

    func append(_ bytes: Span<UInt8>) throws {
        try blocks.append(bytes) { try write($0) }
    }

    private func write(_ block: Span<UInt8>) throws {
        // Nothing that isn't shorter than the block itself.
        var output = [UInt8](repeating: 0, count: Self.block - 1)
        var span = output.mutableSpan
        let packed = packer.block(block, into: &span)
        try note(offset, isPlain: packed == nil)
        if let packed {
            try file.write(output.span.extracting(0..<packed), at: offset)
        } else {
            try file.write(block, at: offset)
        }
        offset = ((offset + (packed ?? block.count) + (1 << shift) - 1) >> shift) << shift
    }

    private func note(_ offset: Int, isPlain: Bool) throws {
        let value = offset >> shift | (isPlain ? 1 << 31 : 0)
        for i in 0..<4 { index.append(UInt8(truncatingIfNeeded: value >> (8 * i))) }
        if index.count >= 4 * Self.page { try flush() }
    }

    private func flush() throws {
        let index = index
        try file.write(index.span, at: CSOReader.headerSize + 4 * indexed)
        indexed += index.count / 4
        self.index.removeAll()
    }

    func finish() throws {
        try blocks.finish { try write($0) }
        try note(offset, isPlain: false)
        try flush()
        // The last entry may point behind the last block's own end.
        try file.setSize(offset)
    }
}

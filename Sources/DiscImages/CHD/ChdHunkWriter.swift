import LibCrypto
import LinuxCalls

/// Writes the hunks of a CHD image, and the map behind them.
final class ChdHunkWriter: PackedWriter {
    /// The first bytes of a hunk's SHA-1, by which hunks are known again.
    private struct Key: Hashable {
        var high: UInt64 = 0
        var low: UInt64 = 0

        init(_ sum: [UInt8]) {
            for byte in sum.prefix(8) { high = high << 8 | UInt64(byte) }
            for byte in sum.dropFirst(8).prefix(8) { low = low << 8 | UInt64(byte) }
        }
    }

    /// As many hunks are known again: those of four CDs.
    private static let mostKnown = 1 << 18

    private let file: File
    private var header: ChdHeader
    private let pieces: [ChdMetadata]
    private let workers: ChdWorkers
    private var gatherer: BlockGatherer
    private var digest: Digest
    private var left: Int
    private var known: [Key: Int] = [:]
    private var map = ChdMapWriter()
    /// Hunks that came, and hunks that are written; those in between are with the workers, or the
    /// same as another.
    private var came = 0
    private var copies: [Int: Int] = [:]
    private var written = 0
    private var offset: Int
    private var isStopped = false

    /// Begins a file.
    ///
    /// - Parameters:
    ///   - file: The file, which is empty.
    ///   - header: What of its header is known.
    ///   - pieces: What the image says of its data.
    /// - Throws: The system's error of the file; `CodecError` or `DigestError`.
    init(_ file: File, _ header: ChdHeader, _ pieces: [ChdMetadata]) throws {
        self.file = file
        self.header = header
        self.pieces = pieces
        self.header.metadataOffset = ChdHeader.size
        let metadata = ChdMetadata.bytes(of: pieces, at: ChdHeader.size)
        try file.write(metadata.span, at: ChdHeader.size)
        offset = ChdHeader.size + metadata.count
        gatherer = BlockGatherer(size: header.hunk)
        digest = try Digest(.sha1)
        left = header.byteCount
        workers = try ChdWorkers(header.codecs, hunk: header.hunk)
    }

    deinit {
        stop()
    }

    /// Ends the threads.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        workers.stop()
    }

    func append(_ bytes: Span<UInt8>) throws {
        digest.update(bytes.extracting(0..<min(left, bytes.count)))
        left -= min(left, bytes.count)
        try gatherer.append(bytes) { try take($0) }
    }

    private func take(_ bytes: Span<UInt8>) throws {
        var hunk = [UInt8](repeating: 0, count: header.hunk)
        var span = hunk.mutableSpan
        Bytes.copy(bytes, to: &span)
        var sum = try Digest(.sha1)
        sum.update(hunk.span)
        let key = Key(sum.finish().bytes)
        if let other = known[key] {
            copies[came] = other
        } else {
            if known.count < Self.mostKnown { known[key] = came }
            workers.submit(came, hunk)
        }
        came += 1
        while came - written >= workers.depth { try writeNext() }
    }

    private func writeNext() throws {
        let number = written
        written += 1
        if let other = copies.removeValue(forKey: number) {
            map.add(.same(hunk: other))
            return
        }
        let result = workers.result(number)
        if let packed = result.packed {
            try file.write(packed.bytes.span, at: offset)
            map.add(
                .packed(
                    codec: packed.codec,
                    offset: offset,
                    length: packed.bytes.count,
                    crc: result.crc
                )
            )
            offset += packed.bytes.count
        } else {
            try file.write(result.hunk.span, at: offset)
            map.add(.plain(offset: offset, crc: result.crc))
            offset += header.hunk
        }
    }

    func finish() throws {
        try gatherer.finish { try take($0) }
        while written < came { try writeNext() }
        stop()
        let bytes = map.bytes(hunk: header.hunk)
        try file.write(bytes.span, at: offset)
        header.mapOffset = offset
        header.rawSum = digest.sumSoFar()?.bytes ?? header.rawSum
        header.sum = try ChdMetadata.sum(of: header.rawSum, pieces)
        try file.write(header.bytes.span, at: 0)
    }
}

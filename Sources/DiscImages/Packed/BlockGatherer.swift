import LinuxCalls

/// Makes blocks of one size out of bytes that come in pieces.
struct BlockGatherer {
    private var block: [UInt8]
    private var count = 0

    init(size: Int) {
        block = [UInt8](repeating: 0, count: size)
    }

    /// Takes bytes, and hands on each block that is full.
    mutating func append(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) throws -> Void) throws {
        var done = 0
        while done < bytes.count {
            if count == 0, bytes.count - done >= block.count {
                try body(bytes.extracting(done..<(done + block.count)))
                done += block.count
                continue
            }
            let start = count
            let piece = min(block.count - start, bytes.count - done)
            var span = block.mutableSpan
            Bytes.copy(bytes.extracting(done..<(done + piece)), to: &span, at: start)
            count += piece
            done += piece
            if count == block.count {
                try body(block.span)
                count = 0
            }
        }
    }

    /// Hands on what is left, if there is anything.
    mutating func finish(_ body: (Span<UInt8>) throws -> Void) throws {
        guard count > 0 else { return }
        try body(block.span.extracting(0..<count))
        count = 0
    }
}

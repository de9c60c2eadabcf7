import LinuxCalls

/// Bytes in memory that are read as those of a file are.
final class HeldBytes: ByteSource {
    let name: String
    private let bytes: [UInt8]

    var byteCount: Int { bytes.count }

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < bytes.count else { return 0 }
        let count = min(buffer.count, bytes.count - offset)
        let piece = Array(bytes[offset..<(offset + count)])
        Bytes.copy(piece.span, to: &buffer)
        return count
    }
}

/// Unpacks FLAC frames without the stream's header, as a hunk of a CHD image has them.
public final class FLACFrames {
    /// What the decoder reads.
    private final class Input {
        var bytes: [UInt8] = []
    }

    private let input = Input()
    private var decoder: FLACDecoder?

    private let isBigEndian: Bool

    /// Makes a decoder.
    ///
    /// - Parameter isBigEndian: Whether samples come out with their high byte first.
    public init(isBigEndian: Bool = false) {
        self.isBigEndian = isBigEndian
    }

    /// Unpacks frames until the buffer is full.
    ///
    /// - Parameters:
    ///   - bytes: The frames; something else may follow them.
    ///   - buffer: Four bytes for each sample, left before right.
    /// - Returns: The length of the frames in bytes.
    /// - Throws: ``FLACError`` where they are damaged, or there are too few.
    public func unpack(_ bytes: Span<UInt8>, into buffer: inout MutableSpan<UInt8>)
        throws(FLACError) -> Int
    {
        var all = [UInt8](repeating: 0, count: bytes.count)
        var span = all.mutableSpan
        copyBytes(bytes, to: &span, at: 0)
        input.bytes = all
        do {
            let decoder = try begin()
            guard try decoder.read(at: 0, into: &buffer) == buffer.count,
                let end = decoder.decodedBytes, end <= bytes.count
            else { throw FLACError.damaged }
            return end
        } catch {
            decoder = nil
            throw FLACError.damaged
        }
    }

    private func begin() throws(FLACError) -> FLACDecoder {
        if let decoder {
            try decoder.restart()
            return decoder
        }
        let made = try FLACDecoder(bare: { [input] offset, buffer in
            let bytes = input.bytes
            let count = min(buffer.count, bytes.count - offset)
            guard offset >= 0, count > 0 else { return 0 }
            copyBytes(bytes.span.extracting(offset..<(offset + count)), to: &buffer, at: 0)
            return count
        })
        made.isBigEndian = isBigEndian
        decoder = made
        return made
    }
}

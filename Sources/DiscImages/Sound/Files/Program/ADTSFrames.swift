import Transfer

/// The frames of AAC in ADTS (ISO/IEC 13818-7 §6.2), to see that it is whole, and that it is one piece.
struct ADTSFrames {
    /// Packets of audio in all frames.
    private(set) var packets = 0

    private static let headerSize = 7
    /// What tags at the end begin with.
    private static let tags = ["TAG", "APETAGEX", "ID3", "LYRICSBEGIN"].map { Array($0.utf8) }

    /// Walks through the frames.
    ///
    /// - Parameters:
    ///   - file: An ADTS file.
    ///   - cancellation: A wish to stop; the rest is then not looked at.
    /// - Throws: ``SoundProblem`` if some of it is missing, or it holds several pieces; errors of the file.
    init(_ file: any ByteSource, _ cancellation: Cancellation?) throws {
        var at = try AudioKind.tagSize(of: file)
        var kind: [UInt8]?
        var window: [UInt8] = []
        var windowStart = 0
        while at < file.byteCount, cancellation?.isRequested != true {
            if at < windowStart || at + Self.headerSize > windowStart + window.count {
                window = try file.bytes(at..<(at + 1 << 16))
                windowStart = at
            }
            let head = window.dropFirst(at - windowStart).prefix(Self.headerSize)
            guard head.count == Self.headerSize, let frame = Frame(Array(head)) else {
                guard kind != nil, try Self.isTail(file, at) else {
                    throw SoundProblem("is damaged: at byte \(at) of it a frame should begin")
                }
                return
            }
            guard kind == nil || kind == frame.kind else { throw SoundProblem.severalPieces }
            guard frame.length <= file.byteCount - at else {
                throw SoundProblem("is cut off: its last frame is not whole")
            }
            kind = frame.kind
            packets += frame.packets
            at += frame.length
        }
    }

    /// What the header of a frame says.
    private struct Frame {
        /// The profile, the rate and the channels: the same in all frames.
        let kind: [UInt8]
        /// Its bytes, header included.
        let length: Int
        let packets: Int

        init?(_ head: [UInt8]) {
            guard head[0] == 0xFF, head[1] & 0xF6 == 0xF0 else { return nil }
            kind = [head[1] & 0x0E, head[2] & 0xFD, head[3] & 0xC0]
            length = Int(head[3] & 3) << 11 | Int(head[4]) << 3 | Int(head[5]) >> 5
            packets = Int(head[6] & 3) + 1
            guard length > ADTSFrames.headerSize else { return nil }
        }
    }

    /// Whether what is left is a tag, or zeros.
    private static func isTail(_ file: any ByteSource, _ at: Int) throws -> Bool {
        let head = try file.bytes(at..<(at + 16))
        return head.allSatisfy { $0 == 0 } || tags.contains { head.starts(with: $0) }
    }
}

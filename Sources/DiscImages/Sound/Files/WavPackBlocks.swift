import Transfer

/// The blocks of a WavPack file (WavPack 4 & 5 Binary File / Block Format), to see that it is whole, and
/// that it is one piece.
///
/// The library passes over what it can't use, and takes the rest for the whole.
struct WavPackBlocks {
    /// What a block's header says.
    private struct Header {
        /// The block's bytes, header included.
        var length: Int
        /// The number of its first sample.
        var first: Int
        /// How many samples of a channel it has.
        var samples: Int
        /// How many the whole file has, if this is its first block; `nil` if that is open.
        var total: Int?
        var flags: UInt32

        /// Whether the block ends the samples of all channels at its place.
        var isLast: Bool { flags & 0x1000 != 0 }
        /// Whether its samples have one bit.
        var hasDSD: Bool { flags & 0x8000_0000 != 0 }
    }

    /// What the file says of how many samples it has; `nil` if it leaves that open.
    private(set) var total: Int?
    /// How many samples of a channel its blocks have.
    private(set) var samples = 0
    /// Whether a part of it may lie in a correction file.
    private(set) var isHybrid = false

    private let file: any ByteSource

    private static let mark = Array("wvpk".utf8)
    private static let headerSize = 32
    /// Versions of the format that the library decodes.
    private static let versions = 0x402...0x410
    /// No block is longer.
    private static let longest = 1 << 24
    /// What tags at the end begin with.
    private static let tags = ["APETAGEX", "TAG", "LYRICSBEGIN", "ID3"].map { Array($0.utf8) }

    /// Looks at all blocks.
    ///
    /// - Parameters:
    ///   - file: A WavPack file without a tag at its beginning.
    ///   - cancellation: A wish to stop; the rest is then not looked at.
    /// - Throws: ``SoundProblem`` if some of it is missing, or it holds several pieces or no PCM; errors
    ///   of the file.
    init(_ file: any ByteSource, _ cancellation: Cancellation? = nil) throws {
        self.file = file
        var at = 0
        var next = 0
        while at < file.byteCount, cancellation?.isRequested != true {
            guard let header = try header(at) else {
                if at > 0, try isTail(at) { break }
                throw SoundProblem("is damaged: at byte \(at) of it a block should begin")
            }
            guard header.length <= file.byteCount - at else {
                throw SoundProblem("is cut off: its last block is not whole")
            }
            if header.hasDSD {
                throw SoundProblem(
                    "is WavPack with DSD, which is not decoded",
                    advice: "Convert it to FLAC first, or leave it out."
                )
            }
            if header.samples > 0 {
                if next > 0, header.first == 0, header.isLast {
                    throw SoundProblem.severalPieces
                }
                guard header.first == next else {
                    throw SoundProblem(
                        next == 0
                            ? "is cut off: it begins with its sample \(header.first)"
                            : "is damaged: sample \(next) of it is missing"
                    )
                }
                if next == 0 {
                    total = header.total
                    isHybrid = header.flags & 0x8 != 0
                }
                if header.isLast { next += header.samples }
            }
            at += header.length
        }
        samples = next
        guard cancellation?.isRequested != true else { return }
        if let total, next != total {
            throw SoundProblem(
                "is cut off or damaged: it says that it has \(total) samples, and \(next) are there"
            )
        }
    }

    private func header(_ at: Int) throws -> Header? {
        let bytes = try file.bytes(at..<(at + Self.headerSize))
        guard bytes.count == Self.headerSize, bytes.starts(with: Self.mark) else { return nil }
        func number(_ place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        let length = Int(number(4)) + 8
        let version = Int(bytes[8]) | Int(bytes[9]) << 8
        guard (Self.headerSize...Self.longest).contains(length), Self.versions.contains(version)
        else { return nil }
        let whole = number(12)
        return Header(
            length: length,
            first: Int(number(16)) | Int(bytes[10]) << 32,
            samples: Int(number(20)),
            total: whole == .max ? nil : Int(whole) + Int(bytes[11]) << 32 - Int(bytes[11]),
            flags: number(24)
        )
    }

    /// Whether what is left is a tag, or too little to be audio.
    private func isTail(_ at: Int) throws -> Bool {
        let head = try file.bytes(at..<(at + 16))
        return head.count < Self.headerSize / 2 || head.allSatisfy { $0 == 0 }
            || Self.tags.contains { head.starts(with: $0) }
    }
}

import LibCodecs

/// A way of compressing any file, by what its files are known.
struct Compression: Sendable {
    /// How it is undone.
    let codec: Codec
    /// The extensions that its files have behind the name of what they hold.
    let endings: [String]
    /// Whether bytes begin with its mark.
    let isMarked: @Sendable (any ByteSource) throws -> Bool

    /// What a file is called in sentences.
    var name: String { "\(codec == .xz ? "an" : "a") \(codec.displayName) file" }

    /// All of them.
    static let all = [gzip, xz, bzip2, zstd]

    static let gzip = Compression(codec: .gzip, endings: ["gz"]) { bytes in
        try bytes.bytes(0..<3) == [0x1F, 0x8B, 8]
    }

    static let xz = Compression(codec: .xz, endings: ["xz"]) { bytes in
        try bytes.bytes(0..<6) == [0xFD] + Array("7zXZ\0".utf8)
    }

    static let bzip2 = Compression(codec: .bzip2, endings: ["bz2"]) { bytes in
        // The mark, the size of blocks, and the first six bytes of a block, which are pi.
        let head = try bytes.bytes(0..<10)
        return head.count >= 10 && head.starts(with: Array("BZh".utf8))
            && (0x31...0x39).contains(head[3])
            && head[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    }

    static let zstd = Compression(codec: .zstd, endings: ["zst"]) { bytes in
        var place = 0
        // Frames that hold no data may come first (RFC 8878, 3.1.2), as pzstd writes them. Those
        // of LZ4 look alike: the first one with data tells.
        for _ in 0..<mostSkipped {
            let head = try bytes.bytes(place..<(place + 8))
            guard head.count == 8, ZstdMark.isSkippable(head) else {
                return ZstdMark.isFrame(head)
            }
            place += 8 + head[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        return false
    }

    /// So many frames without data may come before the first one with some.
    private static let mostSkipped = 256
}

extension ImageFormat {
    /// Any image in a gzip file.
    static let gzip = compressed(.gzip)

    /// Any image in an xz file.
    static let xz = compressed(.xz)

    /// Any image in a bzip2 file.
    static let bzip2 = compressed(.bzip2)

    /// Any image in a zstd file.
    static let zstd = compressed(.zstd)

    private static func compressed(_ compression: Compression) -> ImageFormat {
        ImageFormat(
            name: compression.codec.rawValue,
            displayName: "\(compression.codec.displayName) file",
            endings: compression.endings,
            reader: { file in
                guard try compression.isMarked(file.bytes) else { return nil }
                return try CompressedReader.open(file, compression)
            }
        )
    }
}

/// The four bytes that frames of zstd begin with (RFC 8878, 3.1).
enum ZstdMark {
    /// Whether a frame with data begins.
    static func isFrame(_ head: some Collection<UInt8>) -> Bool {
        head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    }

    /// Whether a frame begins that readers skip.
    static func isSkippable(_ head: some Collection<UInt8>) -> Bool {
        head.first.map { $0 & 0xF0 == 0x50 } ?? false
            && head.dropFirst().starts(with: [0x2A, 0x4D, 0x18])
    }
}

import LibCodecs

extension ImageFormat {
    /// Any image in a gzip file.
    static let gzip = compressed(.gzip, endings: ["gz"]) { file in
        try file.head(3) == [0x1F, 0x8B, 8]
    }

    /// Any image in an xz file.
    static let xz = compressed(.xz, endings: ["xz"]) { file in
        try file.head(6) == [0xFD] + Array("7zXZ\0".utf8)
    }

    /// Any image in a bzip2 file.
    static let bzip2 = compressed(.bzip2, endings: ["bz2"]) { file in
        // The mark, the size of blocks, and the first six bytes of a block, which are pi.
        let head = try file.head(10)
        return head.count >= 10 && head.starts(with: Array("BZh".utf8))
            && (0x31...0x39).contains(head[3])
            && head[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    }

    /// Any image in a zstd file.
    static let zstd = compressed(.zstd, endings: ["zst"]) { file in
        var place = 0
        // Frames that hold no data may come first (RFC 8878, 3.1.2), as pzstd writes them. Those
        // of LZ4 look alike: the first one with data tells.
        for _ in 0..<mostSkipped {
            let head = try file.bytes.bytes(place..<(place + 8))
            guard head.count == 8, ZstdMark.isSkippable(head) else {
                return ZstdMark.isFrame(head)
            }
            place += 8 + head[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        return false
    }

    /// So many frames without data may come before the first one with some.
    private static let mostSkipped = 256

    private static func compressed(
        _ codec: Codec,
        endings: [String],
        isMarked: @escaping @Sendable (ImageFile) throws -> Bool
    ) -> ImageFormat {
        ImageFormat(
            name: codec.rawValue,
            displayName: "\(codec.displayName) file",
            endings: endings,
            reader: { file in
                guard try isMarked(file) else { return nil }
                return try CompressedReader.open(file, codec, endings: endings)
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

import LibCodecs

extension ImageFormat {
    /// Any image in a gzip file.
    static let gzip = compressed(.gzip, endings: ["gz"]) { $0.starts(with: [0x1F, 0x8B, 8]) }

    /// Any image in an xz file.
    static let xz = compressed(.xz, endings: ["xz"]) {
        $0.starts(with: [0xFD] + Array("7zXZ\0".utf8))
    }

    /// Any image in a bzip2 file.
    static let bzip2 = compressed(.bzip2, endings: ["bz2"]) {
        // The mark, the size of blocks, and the first six bytes of a block, which are pi.
        $0.count >= 10 && $0.starts(with: Array("BZh".utf8)) && (0x31...0x39).contains($0[3])
            && $0[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
    }

    /// Any image in a zstd file.
    static let zstd = compressed(.zstd, endings: ["zst"]) {
        $0.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    }

    private static func compressed(
        _ codec: Codec,
        endings: [String],
        isMarked: @escaping @Sendable ([UInt8]) -> Bool
    ) -> ImageFormat {
        ImageFormat(
            name: codec.rawValue,
            displayName: "\(codec.displayName) file",
            endings: endings,
            reader: { file in
                guard try isMarked(file.head(10)) else { return nil }
                return try CompressedReader.open(file, codec, endings: endings)
            }
        )
    }
}

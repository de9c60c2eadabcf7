import LibCodecs

extension ImageFormat {
    /// CSO: blocks of an ISO image, packed with deflate; also version 2 and DAX, which are read.
    static let cso = ImageFormat(
        name: "cso",
        displayName: "CSO",
        endings: ["cso", "ciso", "dax"],
        holds: .userDataOnly,
        reader: { try CSOReader.open($0) ?? DAXReader.open($0) },
        writer: { disc, path, options in
            try PackedImage(
                path,
                PackedImage.userData(of: disc, path, "CSO"),
                options,
                make: { try CSOWriter($0, size: $1, .deflate) }
            )
        }
    )

    /// ZSO: as CSO, packed with LZ4.
    static let zso = ImageFormat(
        name: "zso",
        displayName: "ZSO",
        endings: ["zso", "ziso"],
        holds: .userDataOnly,
        reader: { try CSOReader.open($0, magic: "ZISO") },
        writer: { disc, path, options in
            try PackedImage(
                path,
                PackedImage.userData(of: disc, path, "ZSO"),
                options,
                make: { try CSOWriter($0, size: $1, .lz4) }
            )
        }
    )
}

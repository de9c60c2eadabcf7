import LibCodecs

extension ImageFormat {
    /// Apple's disk images (UDIF); packed with zlib (UDZO), with bzip2 (UDBZ), with LZFSE
    /// (ULFO), or not at all (UDRO).
    static let dmg = ImageFormat(
        name: "dmg",
        displayName: "Apple disk image",
        endings: ["dmg", "smi"],
        holds: .userDataOnly,
        reader: { try DMGReader.open($0) },
        writer: { disc, path, options in
            try PackedImage(
                path,
                PackedImage.userData(of: disc, path, "an Apple disk image"),
                options,
                make: { file, _ in try DMGWriter(file, options.packing) }
            )
        }
    )
}

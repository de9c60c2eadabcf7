extension ImageFormat {
    /// Every format, in the order in which they are tried: those that are known by a mark first,
    /// texts behind them, and last what is known only by where its file system lies.
    public static let all: [ImageFormat] = [
        // Before the compressed files: one packed with bzip2 or xz begins as theirs do.
        .dmg,
        .mds, .nrg, .b6t, .cif, .c2d, .cdi,
        .gzip, .xz, .bzip2, .zstd, .cso, .zso, .ecm, .isz, .daa,
        .cue, .toc, .ccd, .gdi,
        .iso,
    ]

    /// Opens a file in the first format that knows it.
    ///
    /// - Returns: Nothing where none does.
    /// - Throws: ``ImageFormatError`` where one knows it and finds it broken.
    public static func open(_ file: ImageFile) throws -> (format: ImageFormat, disc: ImageDisc)? {
        try UnreadFormats.refuse(file)
        for format in all {
            if let disc = try format.reader(file) { return (format, disc) }
        }
        return nil
    }
}

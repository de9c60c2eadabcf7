extension ImageFormat {
    /// Every format, in the order in which they are tried: those that are known by a mark first,
    /// texts behind them, and last what is known only by where its file system lies.
    public static let all: [ImageFormat] = [
        // Before the compressed files: one packed with bzip2 or xz begins as theirs do.
        .dmg,
        .mds, .nrg, .b6t, .cif, .c2d, .cdi,
        .gzip, .xz, .bzip2, .zstd, .cso, .zso, .ecm, .chd, .isz, .daa,
        .cue, .toc, .ccd, .gdi, .audio,
        .iso,
        // Known before any of these, because it is more than an image.
        .virtualDisc,
    ]

    /// Opens a file in the first format that knows it.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - takesSound: Whether an audio file is a disc of one track, and a playlist one of several; else
    ///     they count as sectors of data.
    /// - Returns: `nil` if none does.
    /// - Throws: ``ImageFormatError`` where one knows it and finds it broken.
    public static func open(
        _ file: ImageFile,
        takesSound: Bool = true
    ) throws -> (format: ImageFormat, disc: ImageDisc)? {
        try UnreadFormats.refuse(file)
        for format in all where takesSound || format.name != audio.name {
            if let disc = try format.reader(file) { return (format, disc) }
        }
        return nil
    }
}

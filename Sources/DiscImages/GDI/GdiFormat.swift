extension ImageFormat {
    /// A GD-ROM: a table of tracks in text, and a file for each.
    public static let gdi = ImageFormat(
        name: "gdi",
        displayName: "GD-ROM GDI",
        endings: ["gdi"],
        reader: { file in
            guard let text = try SheetText(file)?.text,
                let sheet = try GdiSheet(text, name: file.name)
            else { return nil }
            return try GdiReader.disc(of: sheet, file)
        }
    )
}

extension ImageFormat {
    /// An image of Easy CD Creator: blocks of RIFF.
    public static let cif = ImageFormat(
        name: "cif",
        displayName: "Easy CD Creator CIF",
        endings: ["cif"],
        reader: { try CifReader.open($0) }
    )
}

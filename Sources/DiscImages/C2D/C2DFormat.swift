extension ImageFormat {
    /// An image of WinOnCD: a header, and sectors.
    public static let c2d = ImageFormat(
        name: "c2d",
        displayName: "WinOnCD C2D",
        endings: ["c2d"],
        reader: { try C2DReader.open($0) }
    )
}

extension ImageFormat {
    /// DAA and GBI: the packed images of PowerISO and of gBurner.
    static let daa = ImageFormat(
        name: "daa",
        displayName: "DAA",
        endings: ["daa", "gbi"],
        reader: { try DAAReader.open($0) }
    )
}

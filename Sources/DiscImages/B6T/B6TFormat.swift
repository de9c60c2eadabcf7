extension ImageFormat {
    /// An image of BlindWrite 5 or 6: a descriptor, and files of sectors.
    public static let b6t = ImageFormat(
        name: "b6t",
        displayName: "BlindWrite B5T/B6T",
        endings: ["b6t", "b5t"],
        reader: { try B6TReader.open($0) }
    )
}

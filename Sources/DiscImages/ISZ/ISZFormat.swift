extension ImageFormat {
    /// ISZ: UltraISO's packed images.
    static let isz = ImageFormat(
        name: "isz",
        displayName: "ISZ",
        endings: ["isz"],
        reader: { try ISZReader.open($0) }
    )
}

extension ImageFormat {
    /// ECM: raw sectors without what follows from their data.
    static let ecm = ImageFormat(
        name: "ecm",
        displayName: "ECM",
        endings: ["ecm"],
        holds: .rawDataOnly,
        reader: { try ECMReader.open($0) },
        writer: { try ECMWriter.begin($0, $1, $2) }
    )
}

extension Set<DiscFeature> {
    /// What an image of a single data track of raw sectors holds.
    static let rawDataOnly: Set<DiscFeature> = [
        .mode1, .formlessMode2, .form1, .form2, .subheaders, .irregularSectors,
    ]
}

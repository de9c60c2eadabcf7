extension ImageFormat {
    /// CHD of MAME: hunks of sectors, packed.
    public static let chd = ImageFormat(
        name: "chd",
        displayName: "CHD",
        endings: ["chd"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .pregaps,
            .pregapContent, .subchannel, .irregularSectors,
        ],
        choices: [.userDataOnly, .subchannel],
        reader: { try ChdReader.open($0) },
        writer: { try ChdWriter.plan($0, $1, $2) }
    )
}

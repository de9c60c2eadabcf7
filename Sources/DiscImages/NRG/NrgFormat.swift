import Transfer

extension ImageFormat {
    /// An image of Nero Burning ROM: sectors, and a descriptor at the end.
    public static let nrg = ImageFormat(
        name: "nrg",
        displayName: "Nero NRG",
        endings: ["nrg"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .trackNumbers,
            .sessions, .positions, .sessionKinds, .interactiveSessions, .pregaps, .pregapContent,
            .pauseContent, .indexes, .catalog, .isrc, .preEmphasis, .copyPermission, .fourChannels,
            .cdText, .cdTextLanguages, .cdTextPacks, .subchannel, .irregularSectors,
        ],
        choices: [.userDataOnly, .subchannel],
        order: .any,
        reader: { try NrgReader.open($0) },
        writer: { try NrgWriter.begin($0, $1, $2) }
    )
}

import Transfer

extension ImageFormat {
    /// An image of DiscJuggler: sectors, and a descriptor at the end.
    public static let cdi = ImageFormat(
        name: "cdi",
        displayName: "DiscJuggler CDI",
        endings: ["cdi"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .sessions,
            .positions, .sessionKinds, .pregaps, .pregapContent, .pauseContent, .indexes, .catalog,
            .isrc, .preEmphasis, .copyPermission, .fourChannels, .cdText, .cdTextLanguages,
            .cdTextPacks, .subchannel, .irregularSectors,
        ],
        choices: [.userDataOnly, .subchannel],
        order: .any,
        reader: { try CdiReader.open($0) },
        writer: { try CdiWriter.begin($0, $1, $2) }
    )
}

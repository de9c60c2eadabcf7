import Transfer

extension ImageFormat {
    /// A control file of CloneCD, its image and its subchannel.
    public static let ccd = ImageFormat(
        name: "ccd",
        displayName: "CloneCD",
        endings: ["ccd"],
        endingsBeside: ["sub"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .trackNumbers,
            .sessions, .positions, .sessionKinds, .interactiveSessions, .pregaps, .pregapContent,
            .indexes, .catalog, .isrc, .preEmphasis, .copyPermission, .fourChannels, .cdText,
            .cdTextLanguages, .cdTextPacks, .subchannel, .irregularSectors,
        ],
        order: .any,
        reader: { file in
            guard let text = try SheetText(file)?.text,
                let sheet = try CcdSheet.parse(text, name: file.name)
            else { return nil }
            return try CcdReader.disc(of: sheet, file)
        },
        writer: { try CcdWriter.begin($0, $1, $2) }
    )
}

import DiscModel
import Transfer

extension ImageFormat {
    /// A cue sheet and the files of sectors that it names.
    public static let cue = ImageFormat(
        name: "cue",
        displayName: "CUE/BIN",
        endings: ["cue"],
        endingsBeside: ["bin"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .trackNumbers,
            .sessions, .sessionKinds, .interactiveSessions, .pregaps, .pregapContent, .indexes,
            .catalog, .isrc,
            .preEmphasis, .copyPermission, .fourChannels, .cdText, .cdTextLanguages, .cdTextPacks,
            .sheetTexts, .remarks, .irregularSectors,
        ],
        choices: [.files, .audioFile, .userDataOnly],
        order: .any,
        reader: { file in
            guard let text = try SheetText(file),
                let sheet = try CueParser.parse(text, name: file.name)
            else { return nil }
            return try CueReader.disc(of: sheet, file)
        },
        writer: { try CueWriter.begin($0, $1, $2) }
    )
}

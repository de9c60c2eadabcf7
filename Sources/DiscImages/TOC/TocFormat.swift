import DiscModel
import Transfer

extension ImageFormat {
    /// A TOC file of cdrdao and the files of sectors that it names.
    public static let toc = ImageFormat(
        name: "toc",
        displayName: "cdrdao TOC/BIN",
        endings: ["toc"],
        holds: [
            .audio, .mode1, .formlessMode2, .form1, .form2, .subheaders, .tracks, .sessionKinds,
            .interactiveSessions,
            .pregaps, .pregapContent, .indexes, .catalog, .isrc, .preEmphasis, .copyPermission,
            .fourChannels, .cdText, .cdTextLanguages, .sheetTexts, .subchannel, .irregularSectors,
        ],
        choices: [.userDataOnly, .subchannel],
        order: .any,
        reader: { file in
            guard let text = try SheetText(file),
                let sheet = try TocParser.parse(text, name: file.name)
            else { return nil }
            return try TocReader.disc(of: sheet, file)
        },
        writer: { try TocWriter.begin($0, $1, $2) }
    )
}

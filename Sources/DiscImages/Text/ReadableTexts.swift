public import DiscModel
import LinuxCalls

/// The titles and other texts of a disc as people read them: those of its image's sheet, else those
/// of CD-TEXT in its first language.
public struct ReadableTexts {
    private let sheet: SheetTexts?
    private let block: CDText.Block?

    /// Takes the texts of a layout.
    public init(_ layout: DiscLayout) {
        sheet = layout.sheetTexts
        block = CDText(packs: layout.cdText).blocks.first
    }

    /// A text of a track, or of the disc for 0; `nil` if there is none.
    public func text(_ field: CDText.Field, track: Int) -> String? {
        kept(field, track: track).map(KeptBytes.readable)
    }

    /// A text with bytes of an unknown encoding as ``DiscModel/KeptBytes``.
    func kept(_ field: CDText.Field, track: Int) -> String? {
        sheet?[track].texts[field] ?? block?.unicodeText(field, track: track)
    }

    /// Whether a text of the sheet is not what CD-TEXT has.
    func isOnlyInSheet(_ field: CDText.Field, track: Int) -> Bool {
        guard let text = sheet?[track].texts[field] else { return false }
        return KeptBytes.latin(text) != (block?.unicodeText(field, track: track) ?? "")
    }
}

extension CDText.Block {
    /// A text in Unicode; `nil` if there is none, or its bytes are not valid in the block's
    /// characters.
    func unicodeText(_ field: CDText.Field, track: Int) -> String? {
        guard characterCode == 0x80 else { return text(field, track: track) }
        return texts[field]?[track].flatMap { TextEncoding.msJIS.text($0) }
    }
}

import DiscModel

/// Texts of a sheet and the CD-TEXT that they make.
enum CueTexts {
    /// The packs of a sheet's texts: of those that ISO 8859-1 can spell.
    ///
    /// - Returns: None if there are no such texts.
    static func packs(_ texts: SheetTexts, tracks: [Int]) -> [CDTextPack] {
        guard let first = tracks.first, let last = tracks.last else { return [] }
        var block = CDText.Block()
        for (track, entry) in texts.entries where track == 0 || tracks.contains(track) {
            for (field, text) in entry.texts {
                if let text = KeptBytes.latin(text) { block.set(text, as: field, track: track) }
            }
        }
        guard !block.texts.isEmpty else { return [] }
        return CDText(blocks: [block]).packs(firstTrack: first, lastTrack: last)
    }

    /// The texts that a sheet has words for, of a disc, and its remarks.
    static func texts(of layout: DiscLayout) -> SheetTexts {
        let readable = ReadableTexts(layout)
        var texts = SheetTexts()
        for track in [0] + layout.tracks.map(\.number) {
            var entry = SheetTexts.Entry()
            entry.remarks = layout.sheetTexts?[track].remarks ?? []
            for field in CueSheet.textWords.values {
                guard let text = readable.kept(field, track: track), SheetText.fitsIntoLine(text),
                    // Other programs end a text with the first quotation mark.
                    !text.contains("\"") || readable.isOnlyInSheet(field, track: track)
                else { continue }
                entry.texts[field] = text
            }
            texts[track] = entry
        }
        return texts
    }
}

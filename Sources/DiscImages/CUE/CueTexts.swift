import DiscModel

/// Texts of a sheet and the CD-TEXT that they make, both ways.
enum CueTexts {
    /// The packs of a sheet's texts; none where there are no texts.
    static func packs(
        disc: [CDText.Field: String],
        tracks: [(number: Int, texts: [CDText.Field: String])]
    ) -> (packs: [CDTextPack], isWhole: Bool) {
        var block = CDText.Block()
        var isWhole = true
        for (field, text) in disc { isWhole = block.set(text, as: field, track: 0) && isWhole }
        for track in tracks {
            for (field, text) in track.texts {
                isWhole = block.set(text, as: field, track: track.number) && isWhole
            }
        }
        guard !block.texts.isEmpty, let first = tracks.first, let last = tracks.last else {
            return ([], true)
        }
        let text = CDText(blocks: [block])
        return (text.packs(firstTrack: first.number, lastTrack: last.number), isWhole)
    }

    /// The texts that packs have in their first language, by track; 0 is the disc.
    static func texts(_ packs: [CDTextPack], track: Int) -> [CDText.Field: String] {
        guard let block = CDText(packs: packs).blocks.first else { return [:] }
        var texts: [CDText.Field: String] = [:]
        for field in CueSheet.textWords.values {
            guard let text = block.text(field, track: track), !text.isEmpty,
                !text.contains("\""), !text.contains("\n"), !text.contains("\r")
            else { continue }
            texts[field] = text
        }
        return texts
    }
}

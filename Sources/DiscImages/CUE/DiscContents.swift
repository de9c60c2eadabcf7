import DiscModel
import LibCodecs

/// What a FLAC file that holds a whole disc says of the disc: its sheet, in a tag as CUETools and XLD have it
/// there, and its tracks, in a block of their own (RFC 9639 §8.7).
struct DiscContents {
    /// The tags.
    var tags: [FLACTag] = []
    /// The block's content; `nil` if the file is of more or less than one session from address 0 on.
    var sheet: FLACCueSheet?

    /// Says nothing.
    init() {}

    /// Says what there is.
    ///
    /// - Parameters:
    ///   - layout: The disc.
    ///   - lines: The cue sheet of the file.
    ///   - sectors: How many sectors the file has.
    init(_ layout: DiscLayout, _ lines: CueLines, sectors: Int) {
        let texts = ReadableTexts(layout)
        let names: [(String, CDText.Field)] = [("ALBUM", .title), ("ARTIST", .performer)]
        tags = names.compactMap { name, field in
            texts.text(field, track: 0).map { FLACTag(name: name, value: $0) }
        }
        guard layout.sessions.count == 1, let tracks = layout.sessions.first?.tracks,
            let first = tracks.first, let last = tracks.last,
            // Of a part of a disc the places would be others.
            first.number == 1, last.end.rawValue == sectors
        else { return }
        if let text = lines.text {
            tags.append(FLACTag(name: "CUESHEET", value: text))
        }
        sheet = FLACCueSheet(
            catalog: layout.catalog,
            tracks: tracks.map { track in
                let begin = max(0, track.extent.lowerBound)
                var marks = [(1, track.start.rawValue)]
                if begin < track.start.rawValue { marks.insert((0, begin), at: 0) }
                for (place, index) in track.laterIndexes.enumerated() {
                    marks.append((place + 2, index.rawValue))
                }
                return FLACCueSheet.Track(
                    number: track.number,
                    isrc: track.isrc,
                    hasPreEmphasis: track.flags.contains(.preEmphasis),
                    indexes: marks.map { number, sector in
                        FLACCueSheet.Index(
                            number: number,
                            sample: sector * FLACCueSheet.sectorSamples
                        )
                    }
                )
            },
            leadOut: last.end.rawValue * FLACCueSheet.sectorSamples
        )
    }
}

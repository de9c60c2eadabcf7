public import DiscModel
import LibCdio
public import SecondOpinion

/// How a disc's tracks as Spindle reads them compare with what libcdio says of the same disc.
///
/// What libcdio does not answer is no disagreement: a code that it gives no value for may be one that
/// its driver doesn't look for.
public struct TrackOpinion: Encodable, Sendable, Hashable {
    /// What can be compared of tracks.
    public enum Aspect: String, Encodable, Sendable, Hashable, CaseIterable {
        /// How many tracks there are.
        case tracks
        /// Where a track begins.
        case starts
        /// Whether a track has audio, and what mode of data.
        case modes
        /// Where the lead-out begins.
        case leadOut = "lead-out"
        /// The media catalogue number.
        case catalog
        /// A track's recording code.
        case isrc
        /// A title in CD-TEXT.
        case titles
    }

    /// Something that the two read differently.
    public struct Disagreement: Encodable, Sendable, Hashable {
        /// What it is about.
        public var aspect: Aspect
        /// The track; `nil` if it is about the disc.
        public var track: Int?
        /// What Spindle reads.
        public var spindle: String
        /// What libcdio reads.
        public var other: String

        /// One sentence that names both.
        public var sentence: String {
            let place = track.map { "of track \($0)" } ?? "of the disc"
            let what =
                switch aspect {
                case .tracks: "The number of tracks"
                case .starts: "The start \(place)"
                case .modes: "The mode \(place)"
                case .leadOut: "The start of the lead-out"
                case .catalog: "The media catalogue number"
                case .isrc: "The recording code \(place)"
                case .titles: "The title \(place)"
                }
            return "\(what) is \(spindle) as Spindle reads it, and \(other) as libcdio does."
        }
    }

    /// The other reader.
    public let library = "libcdio"
    /// What was compared: nothing if the other reader had no answer.
    public private(set) var compared: [Aspect] = []
    /// Where the two disagree.
    public private(set) var disagreements: [Disagreement] = []
    /// Why nothing was compared; `nil` if something was.
    public private(set) var problem: String?

    /// Tells that there was no answer.
    public init(_ error: OpinionError) { problem = error.description }

    /// Compares.
    ///
    /// - Parameters:
    ///   - layout: The disc as Spindle reads it.
    ///   - titles: The titles that Spindle reads, by track; 0 is the disc.
    ///   - table: The disc as libcdio reads it.
    ///   - reach: What of that can be compared.
    public init(
        _ layout: DiscLayout,
        titles: [Int: String],
        _ table: OpinionLine.Table,
        _ reach: TrackReach
    ) {
        let tracks = layout.tracks
        let others = table.contents.tracks
        compare(.tracks, nil, "\(tracks.count)", "\(others.count)")
        for (track, other) in zip(tracks, others) {
            let number = track.number
            // A track of a sheet without an index 1 has the address that libcdio's memory had: -150.
            if reach.starts.contains(number), other.start >= 0 {
                compare(
                    .starts,
                    number,
                    "sector \(track.start.rawValue)",
                    "sector \(other.start)"
                )
            }
            compareMode(track, other, reach)
            if let isrc = track.isrc,
                let code = table.codes.first(where: { $0.track == other.number })?.isrc
            {
                compareCode(.isrc, number, isrc, code)
            }
            compareTitle(number, titles[number], table.text, other.number, reach)
        }
        if reach.hasLeadOut, let end = layout.leadOut {
            compare(
                .leadOut,
                nil,
                "sector \(end.rawValue)",
                "sector \(table.contents.leadOut)"
            )
        }
        if let catalog = layout.catalog, let other = table.catalog {
            compareCode(.catalog, nil, catalog, other)
        }
        compareTitle(nil, titles[0], table.text, 0, reach)
    }

    private mutating func compare(
        _ aspect: Aspect,
        _ track: Int?,
        _ spindle: String,
        _ other: String
    ) {
        if !compared.contains(aspect) { compared.append(aspect) }
        guard spindle != other else { return }
        disagreements.append(
            Disagreement(aspect: aspect, track: track, spindle: spindle, other: other)
        )
    }

    /// Compares codes without the dashes and small letters that some sheets have in them.
    private mutating func compareCode(
        _ aspect: Aspect,
        _ track: Int?,
        _ spindle: String,
        _ other: String
    ) {
        let other = other.filter { $0 != "-" && $0 != " " }.uppercased()
        // Drives and images without a code give one of zeros.
        guard other.contains(where: { $0 != "0" }) else { return }
        compare(aspect, track, spindle, other)
    }

    private mutating func compareMode(
        _ track: Track,
        _ other: CdioTableOfContents.Track,
        _ reach: TrackReach
    ) {
        let spindle: String
        let said: String
        switch reach.modes {
        case .none: return
        case .soundOrData:
            spindle = track.mode.isData ? "data" : "audio"
            said = other.format == .audio ? "audio" : "data"
        case .all:
            spindle = track.mode.isMode2 ? "mode 2" : track.mode.isData ? "mode 1" : "audio"
            said =
                switch other.format {
                case .audio: "audio"
                case .data: "mode 1"
                default: "mode 2"
                }
        }
        guard other.format != .unknown else { return }
        compare(.modes, track.number, spindle, said)
    }

    private mutating func compareTitle(
        _ track: Int?,
        _ title: String?,
        _ text: CdioText?,
        _ number: Int,
        _ reach: TrackReach
    ) {
        guard let title, text?.blocks.count == 1,
            let other = text?.blocks[0].text(.title, track: number),
            reach.takes(title: title)
        else { return }
        func trimmed(_ text: String) -> String {
            text.split(separator: " ").joined(separator: " ")
        }
        compare(.titles, track, "“\(trimmed(title))”", "“\(trimmed(other))”")
    }
}

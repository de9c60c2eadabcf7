public import DiscDrives
public import DiscImages
import DiscModel
import MMC
public import Transfer

/// A disc with all that is known of it, and what the place where it lies can hold of discs.
public struct WholeDisc {
    /// The disc.
    public let disc: any DiscSource
    /// What a disc can have that the format holds, or the drive tells.
    public let holds: Set<DiscFeature>

    /// Takes a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - holds: What its format holds; of a format that is only read nothing is said, and what is there
    ///     shows it.
    public init(_ disc: any DiscSource, holds: Set<DiscFeature>) {
        self.disc = disc
        let shown = Self.shown(by: disc)
        self.holds = (holds.isEmpty ? Self.readable : holds).union(shown)
    }

    /// Takes the disc in a drive.
    public init(_ disc: DriveDisc) {
        var told: Set<DiscFeature> = [
            .audio, .mode1, .form1, .tracks, .trackNumbers, .sessions, .preEmphasis,
            .copyPermission, .fourChannels,
        ]
        if disc.abilities.knowsIndexes { told.insert(.indexes) }
        // Where a recorder stopped between tracks, what lies there is no pregap of the image.
        if disc.abilities.knowsIndexes, disc.linked.isEmpty { told.insert(.pregaps) }
        if disc.abilities.subchannel != .none { told.formUnion([.catalog, .isrc]) }
        if !disc.layout.cdText.isEmpty {
            told.formUnion([.cdText, .cdTextPacks, .cdTextLanguages])
        }
        if disc.abilities.givesWholeSectors { told.formUnion([.form2, .formlessMode2]) }
        self.init(disc, holds: told)
    }

    /// What formats that are only read hold at least.
    private static let readable: Set<DiscFeature> = [
        .audio, .mode1, .formlessMode2, .form1, .form2,
    ]

    /// What a disc shows of what its place can hold.
    private static func shown(by disc: any DiscSource) -> Set<DiscFeature> {
        let layout = disc.layout
        let tracks = layout.tracks
        let flags: [(TrackFlags, DiscFeature)] = [
            (.preEmphasis, .preEmphasis), (.copyPermitted, .copyPermission),
            (.fourChannels, .fourChannels),
        ]
        let kinds = layout.sessions.map(\.actualKind)
        let facts: [(DiscFeature, Bool)] = [
            (.audio, tracks.contains { !$0.mode.isData }), (.tracks, tracks.count > 1),
            (.trackNumbers, tracks.map(\.number) != Array(1..<(tracks.count + 1))),
            (.sessions, layout.sessions.count > 1), (.sessionKinds, kinds.contains(.cdROMXA)),
            (.interactiveSessions, kinds.contains(.cdI)),
            (.indexes, tracks.contains { !$0.laterIndexes.isEmpty }),
            (.catalog, layout.catalog != nil), (.isrc, tracks.contains { $0.isrc != nil }),
            (.cdText, !layout.cdText.isEmpty), (.cdTextPacks, !layout.cdText.isEmpty),
            (.pregaps, tracks.contains { $0.pregap > CDGaps.firstPause }),
        ]
        var shown = Set(facts.filter(\.1).map(\.0))
        for (flag, feature) in flags where tracks.contains(where: { $0.flags.contains(flag) }) {
            shown.insert(feature)
        }
        return shown
    }

    /// Whether there is something else on it than one track of data from its beginning on.
    var hasMoreThanData: Bool {
        let tracks = disc.layout.tracks
        return tracks.count > 1 || tracks.contains { !$0.mode.isData || $0.start != .zero }
    }

    /// Whether some of its tracks are audio.
    var hasAudio: Bool { disc.layout.tracks.contains { !$0.mode.isData } }

    /// What of a disc of one data track is stored beside its user data, in words.
    var surroundings: [String] {
        let storages = disc.stretches().map(\.storage)
        var found: [String] = []
        if storages.contains(where: { $0.form == .raw }) {
            found.append("sync, header, EDC and ECC")
        } else if storages.contains(where: { $0.form != .absent && $0.form != .user }) {
            found.append("subheaders")
        }
        if storages.contains(where: { $0.subchannel != .absent }) { found.append("subchannel") }
        let named: [DiscFeature] = [.indexes, .catalog, .isrc, .cdText]
        let shown = Self.shown(by: disc)
        return found + named.filter(shown.contains).map(\.displayName)
    }

    /// Whether more than user data may be stored.
    var holdsSurroundings: Bool {
        disc.medium.facts.family == .cd
            && (!holds.subtracting(Set<DiscFeature>.userDataOnly).isEmpty || !surroundings.isEmpty)
    }

    /// What may differ between two discs, because only one of them can have it.
    ///
    /// Audio is none of that: who compares two discs wants to know that one of them has none. Sectors are
    /// compared as far as both store them, so nothing of them needs an excuse.
    static func excuses(_ a: WholeDisc, _ b: WholeDisc, anyRecorded: Bool) -> [DiscLoss] {
        let modes: Set<DiscFeature> = [.formlessMode2, .form1, .form2]
        let features = DiscFeature.allCases.filter { feature in
            if feature == .audio { return false }
            if feature == .positions { return anyRecorded }
            if DiscFeature.ofSectors.subtracting(modes).contains(feature) { return false }
            return !a.holds.contains(feature) || !b.holds.contains(feature)
        }
        return features.map { DiscLoss(feature: $0) }
    }
}

public import DiscModel
public import MMC

/// What a drive says about the disc in it.
public struct DiscReport: Sendable {
    /// The current profile.
    public var profile: Profile
    /// The kind of disc; absent where there is none, or one of a kind that is not known.
    public var medium: MediumKind?
    /// How far it is recorded.
    public var state: DiscState
    /// Why it can't be used, in the drive's own terms, where that is so.
    public var problem: String?
    /// The drive's replies that can't be what the standard says they are, and were left out.
    public var nonsense: [ReplyError] = []
    /// Whether the tray is open.
    public var isTrayOpen = false
    /// GET CONFIGURATION.
    public var configuration: Configuration?
    /// READ DISC INFORMATION.
    public var information: DiscInformation?
    /// READ TRACK INFORMATION for each track, the invisible one included.
    public var trackStates: [TrackInformation] = []
    /// READ TOC format 0.
    public var tableOfContents: TableOfContents?
    /// READ CAPACITY.
    public var capacity: Capacity?
    /// READ FORMAT CAPACITIES.
    public var formats: FormatCapacities?
    /// GET PERFORMANCE, write speeds.
    public var writeSpeeds: WriteSpeeds?
    /// Sessions and tracks.
    public var layout = DiscLayout()

    /// Creates the report of a drive without a usable disc.
    public init(profile: Profile, state: DiscState) {
        self.profile = profile
        medium = profile.medium
        self.state = state
    }

    /// Whether any block can be written again at any time, on this disc in its present format.
    public var isOverwritable: Bool { Self.overwritableProfiles.contains(profile.rawValue) }

    /// Whether the disc must be formatted before its first use.
    public var isUnformatted: Bool {
        guard isOverwritable else { return false }
        return formats?.kind == .unformatted
            || (profile.rawValue == 0x1A && information?.backgroundFormat == .notFormatted
                && formats?.kind != .formatted)
    }

    /// Whether the drive offers incremental writing on this disc (MMC-6 §5.3.11).
    public var offersIncremental: Bool { configuration?.feature(0x21)?.isCurrent ?? false }

    /// Whether the drive goes on with a recording whose data came too late: the BUF bit of the features
    /// Track at Once and Session at Once, and of DVD-R's (MMC-6 §5.3.22, §5.3.23, §5.3.25).
    ///
    /// A drive that lists none of them is taken to do so, as all have since 2001.
    public var protectsFromUnderrun: Bool {
        let codes = medium?.facts.family == .cd ? [0x2D, 0x2E] : [0x2F]
        let features = codes.compactMap { configuration?.feature($0) }.filter { !$0.data.isEmpty }
        return features.isEmpty || features.contains { $0.data[0] & 0x40 != 0 }
    }

    /// Whether the disc can be made blank again.
    public var isErasable: Bool { information?.isErasable ?? false }

    /// The place of the next write, where there is one.
    public var nextWritable: LBA? {
        isOverwritable ? .zero : trackStates.last { $0.nextWritable != nil }?.nextWritable
    }

    /// The sectors that can be written: from ``nextWritable`` on, or of an overwritable disc all.
    public var writableSectors: Int? {
        if isOverwritable {
            if isUnformatted {
                // The format that a burn makes: 26h of DVD+RW, else the drive's own default, 00h, else
                // the largest of the first of these types that there is.
                let types = [0x26, 0x00, 0x30, 0x31, 0x01]
                let format = types.lazy.compactMap { type in
                    formats?.descriptors.filter { $0.type == type }.max { $0.sectors < $1.sectors }
                }.first
                if let format { return format.sectors }
            }
            return formats?.sectors ?? capacity?.sectors
        }
        guard let track = trackStates.last(where: { $0.nextWritable != nil }) else { return nil }
        guard track.freeBlocks == 0, information?.status == .blank else { return track.freeBlocks }
        // A blank disc has room, though a drive says 0 of it (LG BH10LS30, on any BD). The track's
        // size and the disc's capacity tell the same; without them the room is not known.
        let others = [track.size, formats.flatMap { $0.kind == .unformatted ? $0.sectors : nil }]
        return others.compactMap(\.self).first { $0 > 0 }
    }

    /// Whether another report tells of the same disc, as far as that can be told: the same kind with
    /// the same sessions and tracks.
    public func matches(_ other: DiscReport) -> Bool {
        medium == other.medium && layout == other.layout && capacity == other.capacity
    }

    /// DVD-RAM, DVD-RW in restricted overwrite, DVD+RW, BD-R in random recording, BD-RE.
    private static let overwritableProfiles: Set<Int> = [0x12, 0x13, 0x1A, 0x42, 0x43]
}

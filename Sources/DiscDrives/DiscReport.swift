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
    /// The same as sense data, if the drive gave any.
    public var sense: Sense?
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
    /// READ TOC format 2, of a CD.
    public var fullTableOfContents: FullTOC?
    /// READ TOC format 1, of a disc of several tracks where nothing else tells of sessions.
    public var sessionTable: SessionTable?
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
            || (profile.rawValue == Self.dvdPlusRW && information?.backgroundFormat == .notFormatted
                && formats?.kind != .formatted)
    }

    /// Whether the disc is a DVD-RW that was formatted quickly, and to which nothing was written since:
    /// its blocks are made as they are written (MMC-6 §6.5.4.2.10, format type 15h).
    public var isFormattedQuickly: Bool {
        profile.rawValue == Self.restrictedOverwrite && formats?.kind == .noMedium
            && capacity.map { $0.sectors <= 1 } ?? false
    }

    /// Whether the drive says that a disc which can be written anywhere is formatted.
    ///
    /// That it does not call the disc unformatted is no answer if it gives none.
    public var isFormatted: Bool {
        guard isOverwritable, !isUnformatted else { return false }
        // A DVD-RW has this profile by its format alone.
        return profile.rawValue == Self.restrictedOverwrite || formats?.kind == .formatted
            || (profile.rawValue == Self.dvdPlusRW && information != nil)
            || (capacity?.sectors ?? 0) > 1
    }

    /// The format that a burn makes of an unformatted disc: the drive's own default.
    ///
    /// That is 26h of DVD+RW. Else it is 00h, which drives make quickly, or, if they don't list that,
    /// the first of 30h (BD-RE with spare areas), 31h (without) and 01h. Of a DVD-RAM's several
    /// formats 00h the largest leaves no spare area, so it is the second largest.
    public var formatToMake: FormatCapacities.Descriptor? {
        guard isUnformatted, let all = formats?.descriptors.filter({ $0.sectors > 0 }) else {
            return nil
        }
        for type in [0x26, 0x00, 0x30, 0x31, 0x01] {
            let listed = all.filter { $0.type == type }
            guard let first = listed.first else { continue }
            guard profile.rawValue == Self.dvdRAM, type == 0 else { return first }
            let sizes = listed.sorted { $0.sectors > $1.sectors }
            return sizes.dropFirst().first ?? first
        }
        return nil
    }

    /// Whether a drive that knows recordable CDs, too, calls it a pressed one.
    var isCalledPressedCD: Bool {
        guard medium == .cdROM, let configuration else { return false }
        return configuration.currentProfile.medium == .cdROM
            && configuration.profiles.contains { $0.medium == .cdR }
    }

    /// Whether the drive says that it writes no disc of any kind.
    public var isOfReader: Bool {
        guard let configuration, !configuration.profiles.isEmpty else { return false }
        return writableMedia.isEmpty
    }

    /// Whether the drive says that it does not write discs of this family, such as BDs in a writer of
    /// DVDs.
    public var isOfForeignKind: Bool {
        guard let medium, let known = configuration?.profiles, !known.isEmpty else { return false }
        return !known.contains(profile)
            && !writableMedia.contains { $0.facts.family == medium.facts.family }
    }

    /// Whether the drive offers incremental writing on this disc (MMC-6 §5.3.11).
    ///
    /// One whose features don't come, over a bridge that cuts replies short, is taken to offer it.
    public var offersIncremental: Bool {
        guard let configuration else { return false }
        return configuration.features.isEmpty || configuration.feature(0x21)?.isCurrent ?? false
    }

    /// Whether the drive goes on with a recording whose data came too late: the BUF bit of the features
    /// Track at Once and Session at Once, and of DVD-R's (MMC-6 §5.3.22, §5.3.23, §5.3.25).
    ///
    /// A drive that lists none of them is taken to do so, as all have since 2001.
    public var protectsFromUnderrun: Bool {
        let codes = medium?.facts.family == .cd ? [0x2D, 0x2E] : [0x2F]
        let features = codes.compactMap { configuration?.feature($0) }.filter { !$0.data.isEmpty }
        return features.isEmpty || features.contains { $0.data[0] & 0x40 != 0 }
    }

    /// Whether the drive replaces bad blocks of this disc as it writes: the feature Hardware Defect
    /// Management (MMC-6 §5.3.13), or a BD-R that was formatted and has a spare area for that.
    public var managesDefects: Bool {
        if configuration?.feature(0x24)?.isCurrent ?? false { return true }
        return profile.rawValue == 0x41 && state == .blank && formats?.kind == .formatted
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
            if let format = formatToMake { return format.sectors }
            if profile.rawValue == Self.restrictedOverwrite { return roomInRestrictedOverwrite }
            return formats?.sectors ?? capacity?.sectors
        }
        guard let track = trackStates.last(where: { $0.nextWritable != nil }) else { return nil }
        let isBlank = information?.status == .blank
        guard track.freeBlocks == 0, isBlank || track.isBlank else { return track.freeBlocks }
        // A blank disc has room, and so has a blank track that can be written, though a drive says 0 of it
        // (LG BH10LS30, on any BD). The track's size and the blank disc's capacity tell the same;
        // without them the room of a blank disc is not known, and one that holds data is full.
        guard isBlank else { return track.size }
        let whole = formats.flatMap { $0.kind == .unformatted ? $0.sectors : nil }
        return [track.size, whole].compactMap(\.self).first { $0 > 0 }
    }

    /// The sectors of a DVD-RW in restricted overwrite: those that are formatted and those that a write
    /// adds as it goes (MMC-6 §6.5.4.2.8, format type 13h).
    private var roomInRestrictedOverwrite: Int? {
        func most(_ types: Set<Int>) -> Int? {
            formats?.descriptors.filter { types.contains($0.type) && $0.sectors > 0 }
                .map(\.sectors).max()
        }
        // What the disc holds when all of it is formatted.
        let whole = most([0x00, 0x10, 0x15])
        if let formats, formats.kind == .formatted {
            let all = formats.sectors + (most([0x13]) ?? 0)
            return whole.map { max(formats.sectors, min(all, $0)) } ?? all
        }
        let free = trackStates.last.map { max($0.freeBlocks, $0.size) } ?? 0
        return [whole, free].compactMap(\.self).filter { $0 > 0 }.min() ?? capacity?.sectors
    }

    /// The sectors that a track written at once can have on a blank CD: without the two of run-out that
    /// the drive adds (MMC-6 §4.2.5.3).
    ///
    /// Some drives take these from their free blocks already and others don't, so the last place for a
    /// lead-out decides (READ DISC INFORMATION); without it two are taken off.
    public var roomForTrackAtOnce: Int? {
        guard let free = writableSectors else { return nil }
        guard let before = sectorsBeforeLeadOut else { return max(0, free - Self.runOut) }
        return max(0, min(free, before - Self.runOut))
    }

    /// The sectors of a blank CD up to the last place where its lead-out can begin.
    public var sectorsBeforeLeadOut: Int? {
        guard medium?.facts.family == .cd, let field = information?.lastPossibleLeadOut,
            field > 0, field < 1 << 24
        else { return nil }
        let time = MSF(
            minute: Int(field >> 16),
            second: Int(field >> 8 & 0xFF),
            frame: Int(field & 0xFF)
        )
        guard time.second < 60, time.frame < MSF.framesPerSecond else { return nil }
        let sectors = time.lbaInProgramArea.rawValue - max(0, nextWritable?.rawValue ?? 0)
        return sectors > 0 ? sectors : nil
    }

    /// Sectors of run-out after a track written at once.
    private static let runOut = 2

    /// Whether another report tells of the same disc, as far as that can be told: the same kind with
    /// the same sessions and tracks.
    public func matches(_ other: DiscReport) -> Bool {
        medium == other.medium && layout == other.layout && capacity == other.capacity
    }

    /// DVD-RAM, DVD-RW in restricted overwrite, DVD+RW, BD-R in random recording, BD-RE.
    private static let overwritableProfiles: Set<Int> = [
        dvdRAM, restrictedOverwrite, dvdPlusRW, 0x42, 0x43,
    ]
    private static let dvdPlusRW = 0x1A
    private static let dvdRAM = 0x12
    private static let restrictedOverwrite = 0x13
}

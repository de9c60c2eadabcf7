public import DiscModel
import LinuxCalls
public import MMC
public import Reports
public import Transfer

/// The disc in a drive, with all that the drive tells of it: sessions, tracks, their modes, indexes and
/// codes, user data, whole sectors, and their subchannel.
///
/// User data come with the drive's own correction; whole sectors come as they are, errors included.
/// Where a drive puts the samples of audio has a constant error of its own, the drive's offset.
public final class DriveDisc: DiscSource {
    /// How a disc is read.
    public struct Options: Sendable {
        /// Whether sectors count as kept with their subchannel.
        public var keepsSubchannel = false
        /// Whether data sectors count as kept whole, and not as user data.
        public var keepsWholeSectors = false
        /// Whether C2 is asked which bytes of audio it could not correct.
        public var asksForErrors = true
        /// The speed in kB/s that the drive was set to; `nil` for its fastest.
        public var speed: Int?
        /// How often a sector that can't be read is asked for once more before reading fails.
        public var rereads = 0

        /// Whether sectors of audio in which C2 had doubts are read again.
        public var rereadsDoubtful = false
        /// How often audio is read: once or twice; `nil` for once where C2 is asked, and twice where the
        /// drive has none.
        public var soundPasses: Int? = 1
        /// Whether nobody waits for what is read any more.
        public var isStopped: @Sendable () -> Bool = { false }

        /// The usual ones.
        public init() {}
    }

    /// The kind of disc; a CD if the drive knows no kind.
    public let medium: MediumKind
    /// Sessions and tracks.
    public internal(set) var layout: DiscLayout
    /// What the drive tells of all that a disc can have besides its sectors.
    public internal(set) var abilities = DriveAbilities()
    /// Reads the audio.
    private lazy var sound = SoundReader(
        self,
        passes: soundPasses,
        isAccurate: abilities.hasAccurateStream
    )
    /// What is known of the drive's cache of audio.
    lazy var soundCache = SoundCache(buffer: abilities.bufferSectors)
    /// How often audio should be read.
    public var wantedSoundPasses: Int {
        let isTrusted = abilities.givesErrorFlags && abilities.hasAccurateStream
        return options.soundPasses ?? (isTrusted ? 1 : 2)
    }
    /// How often audio is read: once if it can't be read again.
    public var soundPasses: Int { givesSoundAgain ? wantedSoundPasses : 1 }
    /// Whether audio can be read from the disc once more, as far as anybody has looked: a drive that nothing on
    /// the disc sends far enough away gives it from its buffer.
    public var givesSoundAgain: Bool { !soundCache.keepsAll }
    /// Whether the drive's times show where a read comes from; `nil` as long as nobody has looked.
    public var isSoundCacheMeasured: Bool? { soundCache.isMeasured }

    /// Looks whether audio can be read from the disc once more, before the first of it is read.
    ///
    /// - Throws: ``Reports/Failure`` if another disc is in the drive. What else goes wrong, reading meets, too.
    public func measureSoundCache() throws(Failure) {
        do {
            try soundCache.measure(self)
        } catch let failure as Failure {
            throw failure
        } catch {}
    }
    /// Sectors of audio that C2 flagged, or whose reads differed, and that were not settled.
    public var doubtful: [Range<Int>] { sound.doubtful }
    /// Sectors of audio that were doubtful at first and were read again.
    public var reread: [Range<Int>] { sound.reread }
    /// Those of them that enough reads agreed about.
    public var settled: [Range<Int>] { sound.settled }
    /// Sectors of audio that were read twice, and the same.
    public var readTwice: [Range<Int>] { sound.twice }

    /// Has all audio read once, before the first of it is read: somebody else looks at it.
    public func readSoundOnce() { options.soundPasses = 1 }

    /// Has the audio that is read from now on read twice, and again where the two reads differ: it was read
    /// before, and somebody has reason to doubt it.
    ///
    /// ``doubtful`` and ``readTwice`` begin again with nothing.
    ///
    /// - Parameters:
    ///   - sectors: The sectors that will be read.
    ///   - before: What was read of a sector before, without a doubt: it counts as one more read; `nil` if there
    ///     is nothing.
    ///   - isStopped: Whether nobody waits for them any more.
    public func reviewSound(
        of sectors: RangeSet<Int>,
        before: @escaping (Int) -> [UInt8]?,
        isStopped: @escaping @Sendable () -> Bool
    ) {
        options.isStopped = isStopped
        sound.beginReview(of: sectors, before)
    }

    /// Whether what was read last may come from the drive's cache all the same: the disc has too little audio to
    /// have the cache forget it.
    public var mayReadCache: Bool { soundCache.mayKeep }

    /// Whole data sectors whose EDC is wrong in all reads that there were, in rising order.
    public internal(set) var damaged: [Range<Int>] = []
    /// Whole data sectors that several reads, or their parity, put right, in rising order.
    public internal(set) var mended: [Range<Int>] = []

    /// Tracks before which a recorder stopped and began again: what lies there is in no track, and can't
    /// be relied on to be read.
    public internal(set) var linked: Set<Int> = []
    /// Sectors of run-out at the end of sessions, by the track before them: they can't be read.
    public internal(set) var runOut: [Int: Int] = [:]

    /// Tracks of data whose pregaps were seen to hold something, too.
    var recordedPregaps: Set<Int> = []
    /// Tracks of which the Q channel did not tell where their pregaps and indexes begin.
    var unknown: Set<Int> = []
    let drive: Drive
    var options: Options
    let report: DiscReport
    /// Sectors between sessions, if the disc is taken for one run of data.
    private let gaps: [Range<Int>]
    private var sources: [Way: DriveSource] = [:]
    /// The source that was read from last.
    private var current: DriveSource?
    /// How long a command may take; `nil` for the usual time.
    var timeLimit: Duration?
    /// Whether the drive gives no sector before the first one, or behind the last one.
    var refusesBefore = false
    var refusesBehind = false
    private var recent: (start: Int, bytes: [UInt8])?

    /// What is read of a track's sectors.
    enum Way: Hashable {
        case user(isMode2: Bool), data, audio, subchannel
    }

    /// Takes the disc in a drive.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    ///   - options: How it is read.
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    public init(_ drive: Drive, _ report: DiscReport, _ options: Options = Options())
        throws(Failure)
    {
        self.drive = drive
        self.options = options
        self.report = report
        gaps = []
        medium = report.medium ?? .cdROM
        layout = report.layout
        if medium.facts.family == .cd { try survey(report) }
    }

    /// Takes the disc in a drive for one run of user data from LBA 0 on, whatever its tracks are.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    ///   - options: How it is read.
    ///   - sectors: How many sectors there are.
    ///   - gaps: Those of them that lie between sessions, and are zeros.
    public init(
        _ drive: Drive,
        _ report: DiscReport,
        _ options: Options = Options(),
        sectors: Int,
        gaps: [Range<Int>]
    ) {
        self.drive = drive
        self.options = options
        self.report = report
        self.gaps = gaps
        medium = report.medium ?? .cdROM
        let mode: TrackMode = SectorWay.hasMode2(report) ? .mode2Mixed : .mode1
        layout = DiscLayout(track: mode, sectors: sectors)
    }

    // MARK: What there is

    /// What is kept of a sector: of a pregap the samples before a track of audio, and data only where
    /// some were seen, for no other can be relied on to be read.
    public func storage(at address: Int) -> SectorStorage {
        guard let track = layout.track(holding: address) else {
            return SectorStorage(outsideTracksOf: layout, at: address)
        }
        let mode = track.mode
        let isWhole = mode == .audio || (abilities.givesWholeSectors && keepsWhole(mode))
        guard address >= track.start.rawValue else {
            let isRead =
                address >= 0 && hasReadablePregap(track)
                && (mode == .audio || recordedPregaps.contains(track.number))
            let end = address < 0 ? min(track.start.rawValue, 0) : track.start.rawValue
            return SectorStorage(
                mode: mode,
                form: !isRead ? .absent : isWhole ? .raw : .user,
                subchannel: isRead ? subchannel : .absent,
                count: end - address
            )
        }
        let end = track.end.rawValue - (runOut[track.number] ?? 0)
        guard address < end else {
            return SectorStorage(mode: mode, form: .absent, count: track.end.rawValue - address)
        }
        if let gap = gaps.first(where: { $0.upperBound > address }), gap.lowerBound <= address {
            return SectorStorage(mode: mode, form: .absent, count: gap.upperBound - address)
        }
        return SectorStorage(
            mode: mode,
            form: isWhole ? .raw : .user,
            subchannel: subchannel,
            count: min(end, gaps.first { $0.lowerBound > address }?.lowerBound ?? end) - address
        )
    }

    private var subchannel: SectorStorage.Subchannel {
        options.keepsSubchannel && abilities.subchannel == .raw ? .full : .absent
    }

    /// Whether data sectors of a mode count as kept whole: of mode 2 each one may have its own form.
    private func keepsWhole(_ mode: TrackMode) -> Bool {
        options.keepsWholeSectors || mode.isMode2
    }

    /// Whether a track's pregap may be read: no recorder stopped there, and no lead-in lies before it.
    func hasReadablePregap(_ track: Track) -> Bool {
        !linked.contains(track.number) && !isFirstOfLaterSession(track)
    }

    private func isFirstOfLaterSession(_ track: Track) -> Bool {
        layout.sessions.dropFirst().contains { $0.tracks.first?.number == track.number }
    }

    // MARK: Reading

    /// Reads sectors, fewer where one of them can't be read.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let form = storage(at: address).form
        guard form != .absent else {
            throw UnreadableSectors(start: address, count: 1, reason: "nothing is recorded there")
        }
        return try read(form, at: address, into: &buffer)
    }

    /// Reads sectors in a form: user data as the drive corrects them, whatever counts as kept.
    public func read(
        _ form: SectorForm,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        let storage = storage(at: address)
        guard form != .absent, buffer.count >= form.size else { return 0 }
        guard storage.form != .absent else {
            return try read(form, at: address, from: storage, into: &buffer) { _, _ in 0 }
        }
        let isAudio = !storage.mode.isData
        let most =
            form == .user && !isAudio
            ? storage.count
            : min(storage.count, max(1, source(isAudio ? .audio : .data).sectorsPerCommand))
        return try reduced(min(most, buffer.count / form.size)) { count in
            try Bytes.withPart(of: &buffer, 0..<(count * form.size)) { part throws(any Error) in
                try readRun(form, at: address..<address + count, into: &part)
            }
        }
    }

    /// Reads just these sectors, all of them or none.
    ///
    /// - Parameters:
    ///   - form: How much of each is wanted.
    ///   - sectors: The sectors, which are kept alike.
    ///   - buffer: Of just their size.
    /// - Throws: As ``readStored(at:into:)``.
    func readRun(
        _ form: SectorForm,
        at sectors: Range<Int>,
        into buffer: inout MutableSpan<UInt8>
    ) throws {
        var storage = storage(at: sectors.lowerBound)
        let (start, mode) = (sectors.lowerBound, storage.mode)
        if form == .user, mode.isData {
            do {
                return try readUserRun(at: start, sectors.count, mode, into: &buffer)
            } catch let error as UnreadableSectors {
                // Of mode 2 a sector may have another form than was asked for.
                guard mode.isMode2, abilities.givesWholeSectors,
                    sectors.count == 1 || lastSense?.key == .illegalRequest
                else { throw error }
            }
        }
        storage.form = abilities.givesWholeSectors || !mode.isData ? .raw : .user
        storage.count = sectors.count
        if form == storage.form {
            return try readWholeRun(at: start, sectors.count, mode, into: &buffer)
        }
        var next = start
        while next < sectors.upperBound {
            var rest = buffer._mutatingExtracting((next - start) * form.size..<buffer.count)
            next += try read(form, at: next, from: storage, into: &rest) {
                address,
                part throws(any Error) in
                let count = part.count / storage.form.size
                if storage.form == .raw {
                    try readWholeRun(at: address, count, mode, into: &part)
                } else {
                    try readUserRun(at: address, count, mode, into: &part)
                }
                return count
            }
        }
    }

    private func readUserRun(
        at address: Int,
        _ count: Int,
        _ mode: TrackMode,
        into buffer: inout MutableSpan<UInt8>
    ) throws {
        try source(.user(isMode2: mode.isMode2)).readRun(at: address, sectors: count, into: &buffer)
    }

    /// Reads whole sectors, and keeps the subchannel that comes with them for whoever asks next.
    private func readWholeRun(
        at address: Int,
        _ count: Int,
        _ mode: TrackMode,
        into buffer: inout MutableSpan<UInt8>
    ) throws {
        guard mode.isData else {
            let channels = try sound.read(address..<address + count, into: &buffer)
            if !channels.isEmpty { recent = (address, channels) }
            return
        }
        let source = source(.data)
        let size = source.sectorSize
        guard size > RawSector.size else {
            try source.readRun(at: address, sectors: count, into: &buffer)
            return try prove(count, at: address, mode, in: &buffer)
        }
        var bytes = [UInt8](repeating: 0, count: count * size)
        var span = bytes.mutableSpan
        try source.readRun(at: address, sectors: count, into: &span)
        let side = size - RawSector.size
        var channels: [UInt8] = []
        channels.reserveCapacity(count * side)
        for i in 0..<count {
            Bytes.copy(
                bytes.span.extracting(i * size..<i * size + RawSector.size),
                to: &buffer,
                at: i * RawSector.size
            )
            channels += bytes[((i + 1) * size - side)..<((i + 1) * size)]
        }
        recent = (address, channels)
        try prove(count, at: address, mode, in: &buffer)
    }

    /// Where the parts of a sector of audio are in what the drive gives.
    var soundLayout: SoundLayout {
        SoundLayout(
            flags: abilities.errorFlags.size,
            channels: channels.size,
            flagsAreLast: abilities.givesFlagsLast
        )
    }

    /// Where audio can be read, pregaps and all: what follows each other is one area.
    var soundAreas: [Range<Int>] {
        var areas: [Range<Int>] = []
        for track in layout.tracks where track.mode == .audio && track.length > 0 {
            let pregap = hasReadablePregap(track) ? track.pregap : 0
            let first = max(min(0, track.start.rawValue), track.start.rawValue - pregap)
            let area = first..<max(first, track.end.rawValue - (runOut[track.number] ?? 0))
            if let last = areas.last, last.upperBound >= area.lowerBound {
                areas[areas.count - 1] = last.lowerBound..<max(last.upperBound, area.upperBound)
            } else {
                areas.append(area)
            }
        }
        return areas
    }

    // MARK: Attempts

    /// What makes a salvage's attempts at the disc, with the drive told how hard to try.
    public func attempts() -> any DiscAttempts {
        DriveAttempts(self, DriveEffort(drive, report, speed: options.speed))
    }

    /// The sectors of all ways in which the disc is read that one command brings.
    var sectorsPerCommand: Int {
        var ways = layout.tracks.map { track -> Way in
            guard track.mode.isData else { return .audio }
            let isWhole = abilities.givesWholeSectors && keepsWhole(track.mode)
            return isWhole ? .data : .user(isMode2: track.mode.isMode2)
        }
        if ways.isEmpty { ways = [.user(isMode2: false)] }
        return ways.map { source($0).sectorsPerCommand }.min() ?? 1
    }

    /// How often the drive has been reset, and how often it did not answer in time.
    var incidents: (resets: Int, hangs: Int) {
        (sources.values.reduce(0) { $0 + $1.resets }, sources.values.reduce(0) { $0 + $1.hangs })
    }

    /// The sense data of the last command that failed.
    var lastSense: Sense? { current?.lastSense }

    /// Reads the subchannel of sectors: what came with the sectors that were read last, or by a command
    /// of its own.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        let storage = storage(at: address)
        let side = SubchannelQ.interleavedSize
        guard storage.subchannel == .full else {
            throw UnreadableSectors(start: address, count: 1, reason: "no subchannel is kept")
        }
        let wanted = min(buffer.count / side, storage.count)
        if let recent, address >= recent.start {
            let first = (address - recent.start) * side
            let count = min(wanted * side, recent.bytes.count - first)
            if count > 0 {
                Bytes.copy(
                    recent.bytes.span.extracting(first..<(first + count)),
                    to: &buffer,
                    at: 0
                )
                return count / side
            }
        }
        let source = source(.subchannel)
        let extra = source.sectorSize - side
        var bytes = [UInt8](repeating: 0, count: min(wanted, 16) * source.sectorSize)
        let got = try reduced(min(wanted, 16)) { count in
            var span = bytes.mutableSpan
            try Bytes.withPart(of: &span, 0..<(count * source.sectorSize)) {
                part throws(any Error) in
                try source.readRun(at: address, sectors: count, into: &part)
            }
        }
        for i in 0..<got {
            let from = i * source.sectorSize + extra
            Bytes.copy(bytes.span.extracting(from..<(from + side)), to: &buffer, at: i * side)
        }
        return got
    }

    /// Reads as many sectors as can be read from the first one on: a command fails as a whole, and
    /// fewer sectors show which one is to blame.
    private func reduced(_ wanted: Int, _ read: (Int) throws -> Void) throws -> Int {
        var count = wanted
        var rereads = options.rereads
        while true {
            do {
                try read(count)
                return count
            } catch let error as UnreadableSectors {
                if count > 1 {
                    count = count > 32 ? 32 : count / 2
                } else if rereads > 0 {
                    rereads -= 1
                } else {
                    throw error
                }
            }
        }
    }

    /// The source that reads in a way.
    func source(_ way: Way) -> DriveSource {
        let end = layout.tracks.map(\.end.rawValue).max() ?? 0
        let source = sources[way] ?? DriveSource(drive, by: sectorWay(way), sectors: end)
        sources[way] = source
        source.timeLimit = timeLimit
        current = source
        return source
    }

    /// What is read of the subchannel with the sectors.
    private var channels: Command.SectorParts.Subchannel {
        options.keepsSubchannel && abilities.subchannel == .raw ? .raw : .none
    }

    private func sectorWay(_ way: Way) -> SectorWay {
        switch way {
        case .user(let isMode2):
            return medium.facts.family == .cd ? .userOfCD(isMode2: isMode2) : .userOfDVD
        case .data:
            return .whole(isAudio: false, subchannel: channels)
        case .audio:
            return .whole(
                isAudio: true,
                errorFlags: abilities.errorFlags,
                subchannel: channels
            )
        case .subchannel:
            return .subchannel(.raw, behind: abilities.mainBeforeSubchannel)
        }
    }
}

/// What a drive turned out to give of a CD.
public struct DriveAbilities: Hashable, Sendable {
    /// Whether whole data sectors come, with sync, header, EDC and ECC.
    public var givesWholeSectors = false
    /// How C2 says which bytes of audio it could not correct.
    public var errorFlags = Command.SectorParts.ErrorFlags.none
    /// Whether C2 comes behind the subchannel, where both are read.
    var givesFlagsLast = false
    /// Whether commands begin at the sample that they should.
    public var hasAccurateStream = true
    /// The size of its buffer in sectors of audio, as it says; `nil` if it says nothing.
    var bufferSectors: Int?
    /// Whether C2 says which bytes of audio it could not correct.
    public var givesErrorFlags: Bool { errorFlags != .none }
    /// How subchannel comes; `none` if the drive gives nothing that makes sense.
    public var subchannel = Command.SectorParts.Subchannel.none
    /// What has to be read before it.
    var mainBeforeSubchannel = Command.SectorParts.Main.none
    /// Whether all positions in which indexes and pregaps begin were found.
    public var knowsIndexes = false
}

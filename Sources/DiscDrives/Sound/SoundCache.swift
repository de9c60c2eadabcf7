import DiscModel
import LinuxCalls
import MMC
import Reports
import Transfer

/// Sees to it that a drive reads audio from the disc again, and not from its cache.
///
/// What a drive says of its cache may be too little, so it is measured: a read that does not wait for the disc to
/// come round came from a cache. The drive is sent as far away as it takes until it waits. Where time tells nothing,
/// what it says has to do.
struct SoundCache {
    /// What makes the drive read the disc again.
    enum Way {
        /// It keeps nothing.
        case nothing
        /// A READ with FUA (redumper does it so).
        case forcedAccess
        /// Reading elsewhere.
        case reading
    }

    /// No drive is known to keep more sectors of audio, unless it says that its buffer is larger.
    static let sectors = 2400
    /// Less than that elsewhere makes no drive forget; what old drives keep is about as much.
    private static let least = 300
    /// No drive says that its buffer is larger.
    private static let most = 4800
    /// A drive that goes on giving what it has kept is not sent away for more.
    private static let farthest = 2 * most
    /// Sectors by which more is read than a buffer holds.
    private static let margin = 300
    /// Sectors around that a drive may have read ahead.
    private static let near = 64
    /// A turn of the disc takes longer at any speed at which discs hold together.
    private static let turn = 0.0045
    /// How often a turn has to be waited for.
    private static let measurements = 4
    /// Sectors all over the disc that tell whether time does.
    private static let places = 9
    /// How often it has to be waited for after each way there and back, which takes a second or two.
    private static let journeys = 2

    /// The sectors of audio that the drive may keep: as many as it says, or as were found out.
    private(set) var size: Int
    /// The sectors after which it keeps none of the first ones.
    var passingBy: Int { size + Self.margin }

    private var way: Way?
    /// Whether the drive has to be sent away, which it may be for many sectors at once.
    var isSentAway: Bool { way == .reading }
    /// Whether nothing that there is on the disc has the drive read a sector again.
    private(set) var keepsAll = false
    /// Whether what was read last can have come from the cache all the same.
    var mayKeep: Bool { keepsAll || hasKept }
    private var hasKept = false
    /// Whether it shows in the time of a read where it came from; `nil` as long as nobody has looked.
    private(set) var isMeasured: Bool?

    /// Begins with what the drive says of itself.
    ///
    /// - Parameter buffer: The size of its buffer in sectors of audio; `nil` if it says none.
    init(buffer: Int?) {
        size = buffer.map { min(max($0, Self.least), Self.most) } ?? Self.sectors
    }

    /// Finds out what makes the drive read the disc again, if that is not known yet.
    ///
    /// - Parameter disc: The disc.
    /// - Throws: What the drive throws besides `UnreadableSectors`.
    mutating func measure(_ disc: DriveDisc) throws {
        guard way == nil else { return }
        var found = self
        try found.look(disc)
        // What was broken off tells nothing.
        if !disc.options.isStopped() { self = found }
    }

    /// Makes the drive forget some sectors.
    ///
    /// - Parameters:
    ///   - sectors: Sectors that were read.
    ///   - disc: The disc.
    /// - Returns: Whether the drive was sent away.
    /// - Throws: What the drive throws besides `UnreadableSectors`.
    mutating func defeat(_ sectors: Range<Int>, of disc: DriveDisc) throws -> Bool {
        try measure(disc)
        guard let way, !keepsAll else { return false }
        switch way {
        case .nothing: return false
        case .forcedAccess:
            try Self.forget(sectors.lowerBound, of: disc)
            return false
        case .reading: break
        }
        while true {
            let read = try Self.goAway(from: sectors, for: size, of: disc)
            guard !disc.options.isStopped() else { return true }
            guard isMeasured == true else {
                hasKept = read < size
                return true
            }
            // What came last is kept longest. What can't be read at all is in no cache.
            hasKept = try Self.wait(for: sectors.upperBound - 1, of: disc) ?? .infinity <= Self.turn
            guard hasKept, read == size, size < Self.farthest else { return true }
            // It keeps more than it seemed to.
            size = min(2 * size, Self.farthest)
        }
    }

    /// How many sectors should be read before the drive is made to forget them: on a disc with little audio enough
    /// have to be left to read elsewhere.
    ///
    /// - Parameter disc: The disc.
    /// - Returns: The number.
    func stretch(of disc: DriveDisc) -> Int {
        let all = disc.soundAreas.reduce(0) { $0 + $1.count }
        let spare = all - size - Self.around(0..<0).count
        return isSentAway && spare > 0 ? min(passingBy, spare) : passingBy
    }

    /// Learns that so many sectors were read since that the drive keeps none of the first ones.
    mutating func passBy() { hasKept = false }

    // MARK: Measuring

    private mutating func look(_ disc: DriveDisc) throws {
        way = .reading
        isMeasured = false
        guard let place = try Self.place(on: disc) else { return }
        func waits(at sector: Int, _ prepare: () throws -> Void) throws -> Bool {
            for _ in 0..<Self.measurements {
                try prepare()
                guard try Self.wait(for: sector, of: disc) ?? 0 > Self.turn else { return false }
            }
            return true
        }
        if try waits(at: place, {}) {
            (way, isMeasured) = (.nothing, true)
            return
        }
        /// Whether the drive forgets other sectors than the one that is named, too.
        func forgetsAll() throws -> Bool {
            let other = place + Self.near / 2
            // It is read last before it is to be forgotten, so that it does not come by on the way from the named one.
            guard try Self.wait(for: other, of: disc) != nil else { return true }
            return try waits(at: other) { try Self.forget(place, of: disc) }
        }
        if try waits(at: place, { try Self.forget(place, of: disc) }), try forgetsAll() {
            (way, isMeasured) = (.forcedAccess, true)
            return
        }
        let elsewhere = RangeSet(disc.soundAreas)
            .subtracting(RangeSet(Self.around(place..<place + 1))).ranges
            .reduce(0) { $0 + $1.count }
        guard try Self.timeTells(far: place, on: disc) else {
            keepsAll = elsewhere < size
            return
        }
        isMeasured = true
        while !disc.options.isStopped() {
            var (read, isForgotten) = (0, true)
            for _ in 0..<Self.journeys where isForgotten {
                _ = try Self.wait(for: place, of: disc)
                read = try Self.goAway(from: place..<place + 1, for: size, of: disc)
                isForgotten = try Self.wait(for: place, of: disc) ?? 0 > Self.turn
            }
            guard !isForgotten else {
                size = max(1, read)
                return
            }
            // Where damage keeps it from going farther, the time of each way has to tell.
            guard read == min(size, elsewhere) else { return }
            guard size < min(elsewhere, Self.farthest) else {
                keepsAll = true
                return
            }
            size = min(2 * size, Self.farthest)
        }
    }

    /// A sector of audio that can be read; `nil` if none of some can.
    private static func place(on disc: DriveDisc) throws -> Int? {
        for (area, eighth) in (0..<4).flatMap({ eighth in disc.soundAreas.map { ($0, eighth) } }) {
            let first = max(0, area.lowerBound)
            guard first < area.upperBound else { continue }
            let sector = first + (area.upperBound - first) * eighth / 8
            if try wait(for: sector, of: disc) != nil { return sector }
        }
        return nil
    }

    /// Whether a read of the disc takes longer than one from a cache: so it is if most of some sectors all over the
    /// disc wait.
    ///
    /// The drive may have some of them by chance, and one that waits may have been held up by anything.
    private static func timeTells(far place: Int, on disc: DriveDisc) throws -> Bool {
        let areas = disc.soundAreas
        let all = areas.reduce(0) { $0 + $1.count }
        var sectors: [Int] = []
        for part in 0..<places {
            var left = all * (2 * part + 1) / (2 * places)
            for area in areas {
                guard left >= area.count else {
                    sectors.append(max(0, area.lowerBound + left))
                    break
                }
                left -= area.count
            }
        }
        // Backwards, so that the head never comes by the next one.
        let far = sectors.reversed().filter { abs($0 - place) > 2 * near }
        guard far.count > places / 2 else { return false }
        let waiting = try far.count { try wait(for: $0, of: disc) ?? 0 > turn }
        return waiting > far.count / 2
    }

    /// Sends a READ with FUA that reads nothing; whether the drive knows it shows in the time of what follows.
    private static func forget(_ sector: Int, of disc: DriveDisc) throws {
        let command = Command.read(at: LBA(max(0, sector)), sectors: 0, forcesAccess: true)
        // A changed disc is told once, by whatever command comes first.
        try disc.drive.checkNotChanged((try? disc.drive.commands.send(command))?.sense)
    }

    /// The seconds that a sector takes longer than a command that needs no disc; `nil` if it can't be read, or nobody
    /// waits for it any more.
    ///
    /// A slow way to the drive delays both.
    private static func wait(for sector: Int, of disc: DriveDisc) throws -> Double? {
        guard !disc.options.isStopped() else { return nil }
        let source = disc.source(.audio)
        var bytes = [UInt8](repeating: 0, count: source.sectorSize)
        let began = Clock.seconds
        try disc.drive.checkNotChanged((try? disc.drive.commands.send(.testUnitReady))?.sense)
        let answered = Clock.seconds
        do {
            var span = bytes.mutableSpan
            try source.readRun(at: sector, sectors: 1, into: &span)
        } catch is UnreadableSectors {
            return nil
        }
        return Clock.seconds - answered - (answered - began)
    }

    /// Sectors with those around that are no other place: the drive may have read ahead of them, and comes by them
    /// soon from before them.
    private static func around(_ sectors: Range<Int>) -> Range<Int> {
        sectors.lowerBound - 2 * near..<sectors.upperBound + near
    }

    /// Has the drive read elsewhere, within the audio around.
    ///
    /// - Returns: The sectors that it read.
    private static func goAway(from sectors: Range<Int>, for size: Int, of disc: DriveDisc) throws
        -> Int
    {
        let source = disc.source(.audio)
        let around = around(sectors)
        var left = size
        // What lies behind first: that is where the head goes on.
        let sound = disc.soundAreas
        let parts =
            sound.map {
                max($0.lowerBound, around.upperBound)..<max($0.upperBound, around.upperBound)
            }
            + sound.map {
                min($0.lowerBound, around.lowerBound)..<min($0.upperBound, around.lowerBound)
            }
        var bytes = [UInt8](repeating: 0, count: source.sectorsPerCommand * source.sectorSize)
        for part in parts {
            var next = part.lowerBound
            while next < part.upperBound, left > 0, !disc.options.isStopped() {
                let count = min(source.sectorsPerCommand, part.upperBound - next, left)
                var span = bytes.mutableSpan
                var piece = span._mutatingExtracting(0..<count * source.sectorSize)
                do {
                    try source.readRun(at: next, sectors: count, into: &piece)
                } catch is UnreadableSectors {
                    // What follows may be damaged, too, and would cost the drive its patience.
                    break
                }
                next += count
                left -= count
            }
        }
        return size - left
    }
}

import DiscModel
import LinuxCalls
import MMC
import Reports
import Transfer

/// Sees to it that a drive reads audio from the disc again, and not from its cache.
///
/// No drive says what it keeps, so it is measured: a read that does not wait for the disc to come round
/// came from a cache. Where time tells nothing, the drive is sent away for more than it can keep.
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
    /// Sectors by which more is read than a buffer holds.
    private static let margin = 300
    /// Sectors around that a drive may have read ahead.
    private static let near = 64
    /// A turn of the disc takes longer at any speed at which discs hold together.
    private static let turn = 0.0045
    /// How often a turn has to be waited for.
    private static let measurements = 4

    /// The sectors of audio that the drive may keep.
    let size: Int
    /// The sectors after which it keeps none of the first ones.
    var passingBy: Int { size + Self.margin }

    private var way: Way?
    /// Whether the drive has to be sent away, which it may be for many sectors at once.
    var isSentAway: Bool { way == .reading }
    /// Whether what was read last can have come from the cache all the same: there was too little to read
    /// elsewhere.
    private(set) var mayKeep = false

    /// Begins with what the drive says of itself.
    ///
    /// - Parameter buffer: The size of its buffer in sectors of audio; `nil` if it says none.
    init(buffer: Int?) {
        size = buffer.map { min(max($0, Self.least), Self.most) } ?? Self.sectors
    }

    /// Makes the drive forget some sectors.
    ///
    /// - Parameters:
    ///   - sectors: Sectors that were read.
    ///   - disc: The disc.
    /// - Returns: Whether the drive was sent away.
    /// - Throws: What the drive throws besides `UnreadableSectors`.
    mutating func defeat(_ sectors: Range<Int>, of disc: DriveDisc) throws -> Bool {
        let way = try self.way ?? Self.measured(at: sectors.lowerBound, of: disc)
        self.way = way
        switch way {
        case .nothing: return false
        case .forcedAccess:
            try Self.forget(sectors.lowerBound, of: disc)
            return false
        case .reading:
            let read = try Self.goAway(from: sectors, for: size, of: disc)
            // On a short disc time may tell what going away does not.
            mayKeep =
                try read < size && Self.wait(for: sectors.lowerBound, of: disc) <= Self.turn
            return true
        }
    }

    /// Sends a READ with FUA that reads nothing; whether the drive knows it shows in the time of what follows.
    private static func forget(_ sector: Int, of disc: DriveDisc) throws {
        let command = Command.read(at: LBA(sector), sectors: 0, forcesAccess: true)
        // A changed disc is told once, by whatever command comes first.
        try Failure.checkNotChanged((try? disc.drive.commands.send(command))?.sense)
    }

    private static func measured(at sector: Int, of disc: DriveDisc) throws -> Way {
        _ = try wait(for: sector, of: disc)
        func waits(_ prepare: () throws -> Void) throws -> Bool {
            for _ in 0..<measurements {
                try prepare()
                guard try wait(for: sector, of: disc) > turn else { return false }
            }
            return true
        }
        if try waits({}) { return .nothing }
        guard sector >= 0 else { return .reading }
        return try waits { try forget(sector, of: disc) } ? .forcedAccess : .reading
    }

    /// The seconds that a sector takes longer than a command that needs no disc; 0 if it can't be read.
    ///
    /// A slow way to the drive delays both.
    private static func wait(for sector: Int, of disc: DriveDisc) throws -> Double {
        let source = disc.source(.audio)
        var bytes = [UInt8](repeating: 0, count: source.sectorSize)
        let began = Clock.seconds
        try Failure.checkNotChanged((try? disc.drive.commands.send(.testUnitReady))?.sense)
        let answered = Clock.seconds
        do {
            var span = bytes.mutableSpan
            try source.readRun(at: sector, sectors: 1, into: &span)
        } catch is UnreadableSectors {
            return 0
        }
        return Clock.seconds - answered - (answered - began)
    }

    /// Has the drive read elsewhere, within the audio around.
    ///
    /// - Returns: The sectors that it read.
    private static func goAway(from sectors: Range<Int>, for size: Int, of disc: DriveDisc) throws
        -> Int
    {
        let source = disc.source(.audio)
        let around = sectors.lowerBound - near..<sectors.upperBound + near
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

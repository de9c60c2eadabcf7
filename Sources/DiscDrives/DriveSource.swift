public import DiscModel
import LinuxCalls
public import MMC
import Reports
public import Transfer

/// Sectors of a disc in a drive as a source, read in one way; its sector 0 is LBA 0.
public final class DriveSource: SectorSource {
    /// Sectors in a command that nearly every host adapter and USB bridge carries: 64 KiB.
    public static let safeSectorsPerCommand = 32
    /// Bytes in such a command.
    private static let safeTransfer = safeSectorsPerCommand * 2048
    /// Sectors in a command beyond which nothing is gained: 512 KiB.
    private static let usefulSectorsPerCommand = 256
    /// Seconds that a drive which says that it is not ready, in the middle of a disc, is given.
    private static let patience = 30.0
    /// Seconds after which it is asked whether it means the disc or the sectors.
    private static let shortPatience = 3.0
    /// The sectors that a command's address reaches (MMC-6 §6.17, §6.19): it has 32 bits, of which
    /// a larger one would lose some and name another sector.
    private static let addressable = 0...Int(UInt32.max)

    /// Sectors in a command: as many as the system lets through, until a command of that size fails
    /// without the drive's saying why.
    public private(set) var sectorsPerCommand: Int

    /// Bytes in a sector.
    public let sectorSize: Int
    /// The sectors that may be asked for.
    public let sectorCount: Int?
    /// How long a command may take; `nil` for the usual time.
    ///
    /// If it is set, sectors are read through `SG_IO`, which keeps it; else
    /// through libcdio, which keeps none.
    public var timeLimit: Duration?
    /// How often the drive has been reset, and forgotten its settings: it told so, or did not answer in
    /// time.
    public private(set) var resets = 0
    /// How often it did not answer in time.
    public private(set) var hangs = 0
    /// The sense data of the last command that failed.
    public private(set) var lastSense: Sense?

    /// Sectors that a command has been seen to deliver to the last.
    private var provenSectors = smallestPiece
    /// Sectors in a command that a bridge which cuts transfers is taken to carry: 8 KiB.
    private static let smallestPiece = 4
    /// Sectors in a command that no bridge is known to cut: 32 KiB.
    private static let trustedSectors = 16
    private let drive: Drive
    private let transport: any Transport
    private let commands: any Transport
    private let gaps: [Range<Int>]
    /// The commands that may serve, the one in use first.
    private var reads: [@Sendable (LBA, Int) -> Command]
    /// Whether a sector's being of another kind is an answer, and not a reason for another command.
    private let mindsKind: Bool
    /// Whether the command in use has delivered something.
    private var isServed = false
    /// Commands that ended without an answer before one delivered something.
    private var silentFailures = 0
    /// So many sectors that the system gives up on may be the first that are read; where it is the way
    /// to the drive that carries nothing, that takes no longer to be found.
    private static let silentFailureLimit = 4
    /// What a buffer's end is marked with, to see whether the data reached it.
    private let marker: [UInt8]

    /// Creates a source over a disc.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    ///   - sectors: The sectors that may be asked for.
    ///   - gaps: Those of them that lie between sessions, in rising order: ``read(at:into:)`` gives
    ///     zeros for them, as an image of the disc holds.
    ///   - forcesAccess: Whether a drive that still has sectors in its buffer is to read the disc all the
    ///     same: with READ(10) on CD, too, for READ CD can't say it.
    public convenience init(
        _ drive: Drive,
        _ report: DiscReport,
        sectors: Int,
        gaps: [Range<Int>] = [],
        forcesAccess: Bool = false
    ) {
        var way = SectorWay.user(report)
        if forcesAccess {
            way.commands.insert({ .read(at: $0, sectors: $1, forcesAccess: true) }, at: 0)
        }
        self.init(drive, by: way, sectors: sectors, gaps: gaps)
    }

    /// What lies between the tracks of data of a disc and is none, from address 0 on.
    ///
    /// What lies before a first track that is data may be data, too.
    ///
    /// - Parameters:
    ///   - layout: The disc's sessions and tracks.
    ///   - runOut: Sectors at the end of tracks that hold nothing, by the tracks' numbers.
    /// - Returns: The gaps in rising order, and where the last track of data ends.
    public static func dataGaps(_ layout: DiscLayout, runOut: [Int: Int] = [:]) -> (
        gaps: [Range<Int>], end: Int
    ) {
        var gaps: [Range<Int>] = []
        var end = 0
        let beginsWithData = layout.tracks.first?.content == .data
        for track in layout.tracks where track.content == .data && track.length > 0 {
            let start = max(0, track.start.rawValue)
            if start > end, end > 0 || !beginsWithData { gaps.append(end..<start) }
            end = max(end, track.end.rawValue - (runOut[track.number] ?? 0))
        }
        return (gaps, end)
    }

    /// Creates a source of the samples of audio tracks, in sectors of 2352 bytes, the low byte first.
    ///
    /// Where a drive puts the samples has a constant error of its own, the drive's offset.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - sectors: The sectors that may be asked for.
    public convenience init(soundOf drive: Drive, sectors: Int) {
        self.init(drive, by: .whole(isAudio: true), sectors: sectors)
    }

    /// Creates a source of sectors that a certain way of reading brings.
    init(_ drive: Drive, by way: SectorWay, sectors: Int, gaps: [Range<Int>] = []) {
        self.gaps = gaps
        self.drive = drive
        transport = drive.reading
        commands = drive.commands
        sectorSize = way.sectorSize
        reads = way.commands
        mindsKind = way.mindsKind
        // Some USB bridges are held to 32 KiB (US_FL_MAX_SECTORS_64 of the kernel's usb-storage).
        let fitting = (drive.largestTransfer ?? Self.safeTransfer) / way.sectorSize
        sectorsPerCommand = max(1, min(fitting, Self.usefulSectorsPerCommand))
        sectorCount = sectors
        var generator = SystemRandomNumberGenerator()
        marker = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Reads sectors.
    ///
    /// - Throws: ``Transfer/UnreadableSectors`` where the drive can't deliver them, with
    ///   ``lastSense`` set where it says why; ``Reports/Failure`` where the disc is no longer the
    ///   one that was there; ``MMC/TransportError`` where the drive can't be reached.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let wanted = min(buffer.count / sectorSize, max(0, (sectorCount ?? 0) - start))
        var done = 0
        while done < wanted {
            let sector = start + done
            let gap = gaps.first { $0.upperBound > sector }
            if let gap, gap.contains(sector) {
                let count = min(gap.upperBound - sector, wanted - done)
                let range = done * sectorSize..<(done + count) * sectorSize
                Bytes.fill(&buffer, range, with: 0)
                done += count
                continue
            }
            let whole = min(sectorsPerCommand, wanted - done)
            let count = gap.map { min(whole, $0.lowerBound - sector) } ?? whole
            let range = done * sectorSize..<(done + count) * sectorSize
            try Bytes.withPart(of: &buffer, range) { part throws(any Error) in
                try readRun(at: sector, sectors: count, into: &part)
            }
            done += count
        }
        return done
    }

    /// Reads sectors in one command or, where the way to the drive can't carry one of that size, in
    /// several that it can; straight into a buffer of just their size.
    public func readRun(
        at start: Int,
        sectors: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws {
        let safe = Self.safeSectorsPerCommand
        do {
            if sectors <= max(1, sectorsPerCommand) {
                try readCommand(at: start, sectors: sectors, into: &buffer)
                if try isWhole(&buffer, at: start, sectors: sectors) { return }
                sectorsPerCommand = sectors > safe ? safe : max(1, sectors / 2)
            }
        } catch let error as TransportError
            where error.code == .failed && sectors > Self.trustedSectors
        {
            sectorsPerCommand = sectors > safe ? safe : Self.trustedSectors
        } catch is ShortDelivery where sectors > 1 {
            sectorsPerCommand = sectors > safe ? safe : max(1, sectors / 2)
        } catch let error as ShortDelivery {
            throw error.unreadable
        }
        let step = sectorsPerCommand
        for part in stride(from: 0, to: sectors, by: step) {
            let count = min(step, sectors - part)
            let range = part * sectorSize..<(part + count) * sectorSize
            try Bytes.withPart(of: &buffer, range) { piece throws(any Error) in
                try readRun(at: start + part, sectors: count, into: &piece)
            }
        }
    }

    /// Whether what a command delivered is all of it.
    ///
    /// A bridge that cuts transfers may fill them up with zeros and call that a success. So zeros at
    /// a command's end are read once more in pieces that every bridge carries, until a command of
    /// that size has delivered something else at its end.
    private func isWhole(_ buffer: inout MutableSpan<UInt8>, at start: Int, sectors: Int) throws
        -> Bool
    {
        guard sectors > provenSectors else { return true }
        var zeros = sectors
        while zeros > 0 {
            let sector = (zeros - 1) * sectorSize..<zeros * sectorSize
            guard Bytes.withPart(of: &buffer, sector, { Bytes.areZero($0.span) }) else { break }
            zeros -= 1
        }
        guard zeros < sectors else {
            provenSectors = sectors
            return true
        }
        for piece in stride(from: zeros, to: sectors, by: Self.smallestPiece) {
            let count = min(Self.smallestPiece, sectors - piece)
            var bytes = [UInt8](repeating: 0, count: count * sectorSize)
            var span = bytes.mutableSpan
            do {
                try readCommand(at: start + piece, sectors: count, into: &span)
            } catch is UnreadableSectors {
                return false
            }
            guard Bytes.areZero(bytes.span) else { return false }
        }
        return true
    }

    /// A command that succeeded and did not deliver all.
    private struct ShortDelivery: Error {
        var unreadable: UnreadableSectors
    }

    private func readCommand(
        at start: Int,
        sectors: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws {
        lastSense = nil
        guard Self.addressable.contains(start), Self.addressable.contains(start + sectors - 1)
        else {
            throw UnreadableSectors(
                start: start,
                count: sectors,
                reason: "no disc has sectors of such numbers"
            )
        }
        let size = sectors * sectorSize
        // Bridges that cut transfers short report success, and libcdio does not tell how much came;
        // so the end is marked, and a mark that is still there has not been overwritten.
        let marker = marker
        Bytes.copy(marker.span, to: &buffer, at: size - marker.count)
        try drive.checkNotChanged()
        var patience = Patience()
        var attempt = 0
        while true {
            let completion = try attemptRead(
                reads[attempt](LBA(start), sectors),
                at: start,
                sectors,
                &buffer
            )
            if completion.succeeded {
                guard completion.transferred >= size, !isMarked(buffer, end: size) else {
                    throw ShortDelivery(
                        unreadable: UnreadableSectors(
                            start: start,
                            count: sectors,
                            reason: "the drive said that it read them, but delivered less"
                        )
                    )
                }
                reads.removeFirst(attempt)
                isServed = true
                return
            }
            let sense = completion.sense
            lastSense = sense
            try drive.checkNotChanged(sense)
            switch (sense?.key, sense?.asc) {
            case (.illegalRequest, let asc)
            where !isServed && attempt + 1 < reads.count && !(mindsKind && asc == 0x64):
                // Not a command of this drive's, or not in this form, or not for a track whose mode
                // the drive told wrong: what is refused may be the command and not the sectors.
                attempt += 1
                continue
            default: break
            }
            // A drive that was reset spins the disc up again; its sectors are none the worse. One that
            // calls itself ready all the same means these sectors.
            let meansSectors =
                sense?.key == .notReady && patience.seconds > Self.shortPatience && isReady
            if !meansSectors {
                if sense?.key == .unitAttention { resets += 1 }
                if patience.asksAgain(sense, within: Self.patience) { continue }
                if patience.seconds >= Self.patience { throw Failure.noLongerReady(sense) }
            }
            drive.note(sense)
            throw UnreadableSectors(
                start: start,
                count: sectors,
                reason: sense?.description ?? "the drive gives no reason"
            )
        }
    }

    /// Whether the drive says that it can work with the disc.
    private var isReady: Bool {
        (try? commands.send(.testUnitReady))?.succeeded ?? false
    }

    private func attemptRead(
        _ command: Command,
        at start: Int,
        _ sectors: Int,
        _ buffer: inout MutableSpan<UInt8>
    ) throws -> Completion {
        let problem: TransportError
        let began = Clock.seconds
        var command = command
        if let timeLimit { command.timeout = timeLimit }
        do {
            return try (timeLimit == nil ? transport : commands).send(command, receiving: &buffer)
        } catch {
            problem = error
        }
        let tookLong = Clock.seconds - began >= Self.shortPatience
        // libcdio does not tell of a failure without sense data, or with some in a form that it does not
        // know: SG_IO does. What took long was waited for long enough.
        if problem.code == .failed, commands !== transport, timeLimit == nil, !tookLong,
            let completion = try? commands.send(command, receiving: &buffer),
            completion.succeeded || completion.sense != nil
        {
            return completion
        }
        // The system gives up on sectors that a drive tries for long: those are bad, while the drive
        // answers all other commands, and reads other sectors.
        // A size that the way does not carry is refused at once.
        guard isServed || silentFailures < Self.silentFailureLimit,
            problem.code == .timedOut
                || problem.code == .failed && (tookLong || sectors <= Self.trustedSectors),
            (try? commands.send(.testUnitReady)) != nil
        else { throw problem }
        if !isServed { silentFailures += 1 }
        resets += 1
        hangs += 1
        throw UnreadableSectors(start: start, count: sectors, reason: problem.description)
    }

    private func isMarked(_ buffer: borrowing MutableSpan<UInt8>, end: Int) -> Bool {
        for (index, byte) in marker.enumerated()
        where buffer[end - marker.count + index] != byte {
            return false
        }
        return true
    }
}

extension Failure {
    /// Whether a drive says that the disc in it is no longer the one that it was.
    static func meansChange(_ sense: Sense) -> Bool {
        switch (sense.key, sense.asc) {
        case (.unitAttention, 0x28), (.notReady, 0x3A): true
        default: false
        }
    }

    /// The drive says that another disc may be in it, or none: what it reads now would be mixed with
    /// what was read before.
    static func discChanged(_ sense: Sense) -> Failure {
        var failure = Failure(
            .trouble,
            .otherDisc,
            "The disc was taken out or changed while it was read.",
            meaning: "Nothing more was read.",
            advice:
                "Put the disc in, and start again; if nobody opened the tray, see to the drive's power and cable."
        )
        failure.sense = sense.codes
        return failure
    }

    /// The drive does not come back to the disc.
    fileprivate static func noLongerReady(_ sense: Sense?) -> Failure {
        var failure = Failure(
            .trouble,
            .driveLost,
            "The drive is no longer ready: \(sense?.description ?? "it gives no reason").",
            meaning: "Nothing more was read.",
            advice: "Take the disc out and put it in again, and start again."
        )
        failure.sense = sense?.codes
        return failure
    }
}

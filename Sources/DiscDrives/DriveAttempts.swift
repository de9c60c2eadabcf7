public import DiscModel
import LinuxCalls
import MMC
public import Transfer

/// Makes a salvage's attempts at the disc in a drive.
///
/// Until the first failure nothing about the drive is changed. From then on commands have limits to
/// their time, and the drive is told how hard to try.
public final class DriveAttempts: DiscAttempts {
    private let disc: DriveDisc
    private let effort: DriveEffort
    /// The most sectors that one command brings.
    public let largestRead: Int
    /// Why the last attempt that failed did; `nil` if none has.
    public private(set) var problem: String?
    private var isTroubled = false
    /// Whether the drive has been reset since it was told how hard to try.
    private var wasReset = false
    private var hangs = 0
    /// Commands that went well since the last failure.
    private var good = 0

    /// Seconds of the longest command that the drive answered, since the first failure.
    private var longest = 0.0

    /// Seconds that a command may take, by how hard the drive is to try: some were seen to try for half a
    /// minute.
    private static let timeLimits: [Salvage.Effort: Double] = [.quick: 20, .patient: 60]
    /// Seconds that a quick one may take of a drive that hung several times and else answers soon; the
    /// system waits for 7 at least.
    private static let shortLimit = 10.0
    /// Hangs after which that is so.
    private static let someHangs = 2
    /// Commands after which the drive is taken to be out of the damage.
    private static let calm = 8

    init(_ disc: DriveDisc, _ effort: DriveEffort) {
        self.disc = disc
        self.effort = effort
        largestRead = disc.sectorsPerCommand
    }

    /// Makes an attempt.
    ///
    /// - Throws: What `DriveSource` throws besides `UnreadableSectors`.
    public func make(
        _ form: SectorForm,
        at sectors: Range<Int>,
        _ effort: Salvage.Effort,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Salvage.Outcome {
        if isTroubled {
            disc.timeLimit = .seconds(limit(effort))
            if wasReset {
                wasReset = false
                self.effort.repeat()
            }
            self.effort.set(effort == .patient ? .patient : .quick)
        }
        let before = disc.incidents
        let began = Clock.seconds
        defer {
            let now = disc.incidents
            wasReset = wasReset || now.resets > before.resets
            hangs += now.hangs - before.hangs
            if isTroubled, now.hangs == before.hangs {
                longest = max(longest, Clock.seconds - began)
            }
        }
        do {
            try disc.readRun(form, at: sectors, into: &buffer)
            good += 1
            if isTroubled, good == Self.calm { self.effort.restoreSpeed() }
            return .read
        } catch let error as UnreadableSectors {
            isTroubled = true
            good = 0
            problem = error.reason
            guard disc.incidents.hangs == before.hangs else { return .hung }
            let named = disc.lastSense?.information.map(Int.init)
            return disc.lastSense?.asc == 0x6F ? .refused(at: named) : .failed(at: named)
        }
    }

    /// Seconds that a command may take.
    private func limit(_ effort: Salvage.Effort) -> Double {
        let limit = Self.timeLimits[effort] ?? 60
        guard effort == .quick, hangs >= Self.someHangs else { return limit }
        return min(limit, max(Self.shortLimit, 2 * longest))
    }

    /// Leaves the drive as it was found.
    public func finish() { effort.set(.usual) }
}

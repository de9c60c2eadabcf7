package import DiscDrives
import LinuxCalls
import MMC
package import Transfer

/// Makes a salvage's attempts at a drive.
///
/// Until the first failure nothing about the drive is changed. From then on commands have limits to
/// their time, and the drive is told how hard to try.
package struct DriveAttempts {
    /// The sectors.
    package let source: DriveSource
    private let effort: DriveEffort
    private var isTroubled = false
    private var resets = 0
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

    package init(_ source: DriveSource, _ effort: DriveEffort) {
        self.source = source
        self.effort = effort
    }

    /// Makes an attempt.
    ///
    /// - Parameters:
    ///   - attempt: The attempt.
    ///   - buffer: As large as its sectors; what is in it counts only if they were read.
    /// - Returns: How it went.
    /// - Throws: What `DriveSource` throws besides `UnreadableSectors`.
    package mutating func make(_ attempt: Salvage.Attempt, into buffer: inout MutableSpan<UInt8>)
        throws -> Salvage.Outcome
    {
        if isTroubled {
            source.timeLimit = .seconds(limit(attempt.effort))
            if source.resets != resets {
                resets = source.resets
                effort.repeat()
            }
            effort.set(attempt.effort == .patient ? .patient : .quick)
        }
        let hangs = source.hangs
        let began = Clock.seconds
        defer {
            if isTroubled, source.hangs == hangs { longest = max(longest, Clock.seconds - began) }
        }
        do {
            let sectors = attempt.sectors
            try source.readRun(at: sectors.lowerBound, sectors: sectors.count, into: &buffer)
            good += 1
            if isTroubled, good == Self.calm { effort.restoreSpeed() }
            return .read
        } catch is UnreadableSectors {
            isTroubled = true
            good = 0
            guard source.hangs == hangs else { return .hung }
            let named = source.lastSense?.information.map(Int.init)
            return source.lastSense?.asc == 0x6F ? .refused(at: named) : .failed(at: named)
        }
    }

    /// Seconds that a command may take.
    private func limit(_ effort: Salvage.Effort) -> Double {
        let limit = Self.timeLimits[effort] ?? 60
        guard effort == .quick, source.hangs >= Self.someHangs else { return limit }
        return min(limit, max(Self.shortLimit, 2 * longest))
    }

    /// Leaves the drive as it was found.
    package func finish() { effort.set(.usual) }
}

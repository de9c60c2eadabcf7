package import DiscDrives
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

    /// How long a command may take: drives were seen to try for half a minute.
    private static let timeLimits: [Salvage.Effort: Duration] = [
        .quick: .seconds(20), .patient: .seconds(60),
    ]
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
            source.timeLimit = Self.timeLimits[attempt.effort]
            if source.resets != resets {
                resets = source.resets
                effort.repeat()
            }
            effort.set(attempt.effort == .patient ? .patient : .quick)
        }
        let hangs = source.hangs
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

    /// Leaves the drive as it was found.
    package func finish() { effort.set(.usual) }
}

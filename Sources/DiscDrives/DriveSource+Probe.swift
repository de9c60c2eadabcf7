import MMC
import Transfer

extension DriveSource {
    /// What a drive says to a sector.
    package enum Probe: Sendable {
        case readable
        /// The sector is there and can't be read.
        case damaged
        /// The drive says that there is no such sector, or none of this kind.
        case refused
        /// The drive, or the way to it, fails for a reason that is not the sector's.
        case unknown
    }

    /// Tries a sector.
    ///
    /// - Returns: What the drive says to it.
    /// - Throws: What ``readRun(at:sectors:into:)`` throws besides `UnreadableSectors`.
    package func probe(_ sector: Int) throws -> Probe {
        var bytes = [UInt8](repeating: 0, count: sectorSize)
        var span = bytes.mutableSpan
        do {
            try readRun(at: sector, sectors: 1, into: &span)
            return .readable
        } catch is UnreadableSectors {
            guard let sense = lastSense else { return .damaged }
            return switch sense.key {
            case .illegalRequest, .blankCheck: .refused
            case .hardwareError, .abortedCommand: .unknown
            default: .damaged
            }
        }
    }
}

import DiscModel
import MMC

extension DriveDisc {
    /// Sectors beyond the disc's ends that are asked for: the pause before track 1, and as many behind.
    private static let farthest = 150
    /// A drive that locks up over such a sector is not waited for longer.
    private static let patience = Duration.seconds(10)

    /// Reads a sector of audio before the first track or in the lead-out, as drives with an offset need it.
    ///
    /// Once the drive refuses one on a side, it is asked for none there any more. A drive that returns the
    /// last sector for ever is not believed.
    ///
    /// - Parameter sector: The sector, less than 0 or behind the last track.
    /// - Returns: Its samples; `nil` if they can't be had.
    public func readBeyond(_ sector: Int) -> [UInt8]? {
        let end = report.layout.leadOut?.rawValue ?? 0
        let isBefore = sector < 0
        guard sector >= -Self.farthest, isBefore || (end..<end + Self.farthest).contains(sector),
            isBefore ? !refusesBefore : !refusesBehind
        else { return nil }
        let found = soundSector(sector)
        // Silence may well be followed by silence; anything else that comes twice is not what lies there.
        let next = isBefore ? sector + 1 : sector - 1
        let neighbour = isSilent(found) ? nil : soundSector(next)
        guard let found, neighbour != found else {
            if isBefore { refusesBefore = true } else { refusesBehind = true }
            return nil
        }
        return found
    }

    private func isSilent(_ bytes: [UInt8]?) -> Bool { bytes?.allSatisfy { $0 == 0 } ?? true }

    private func soundSector(_ sector: Int) -> [UInt8]? {
        var command = Command.readCD(
            at: LBA(sector),
            sectors: 1,
            expecting: .audio,
            parts: Command.SectorParts(.user)
        )
        command.timeout = Self.patience
        guard let (completion, bytes) = try? drive.commands.fetch(command), completion.succeeded,
            bytes.count == RawSector.size
        else { return nil }
        return bytes
    }
}

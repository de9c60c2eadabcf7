import DiscDrives
import LinuxCalls
import MMC
import Reports
import SystemPackage

extension JobResult {
    /// Has Linux take a burned disc for what it is, where it still takes it for what it was.
    ///
    /// Linux asks for a disc's size where the drive tells of a new disc (sr_block_open of
    /// drivers/scsi/sr.c), and burning makes none: until it is loaded again, the disc can't be mounted,
    /// and who reads the node comes to where the disc ended before. Nothing else helps that a user may
    /// do.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - report: What the drive said of the disc and of itself.
    ///   - sectors: Sectors of 2,048 bytes up to the end of what was burned.
    ///   - tell: Hears that the tray moves.
    mutating func renew(
        _ node: FilePath,
        _ report: DiscReport,
        sectors: Int,
        tell: (JobEvent) -> Void
    ) {
        guard Drive.isStale(node, sectors: sectors) else { return }
        let advice =
            "Take the disc out and put it in again before you mount it: Linux still takes it for what it was before the burn."
        // A tray, which the drive may draw in by itself (MMC-6 §5.3.4, feature 0003h).
        let mechanism = report.configuration?.feature(3)?.data.first.map { $0 >> 5 }
        // Held until the disc is there again, so that nobody mounts it meanwhile.
        guard mechanism == 1,
            let claim = try? File(node, .read, exclusive: true, nonBlocking: true)
        else {
            sentences.append(advice)
            return
        }
        tell(
            .message(
                JobMessage(
                    .note,
                    "Linux still takes the disc for what it was before the burn: the drive is asked to reload it."
                )
            )
        )
        let reloading = withExtendedLifetime(claim) { try? Drive.reload(node) }
        switch reloading {
        case .loaded where !Drive.isStale(node, sectors: sectors): break
        case .loaded, nil: sentences.append(advice)
        case .lost:
            sentences.append(
                "When the disc was reloaded, for Linux to see what is on it, the drive found none any more: take it out, and put it in again."
            )
        case .stuckOpen:
            sentences.append(
                "The tray was opened for Linux to see what is on the disc, and this drive can't close it: close it before you mount the disc."
            )
        }
    }
}

extension Drive {
    /// Whether Linux takes the disc in a drive for shorter than so many sectors of 2,048 bytes.
    fileprivate static func isStale(_ node: FilePath, sectors: Int) -> Bool {
        guard let file = try? File(node, .read, nonBlocking: true),
            let size = BlockDevice.size(file)
        else { return false }
        return size / 2048 < sectors
    }
}

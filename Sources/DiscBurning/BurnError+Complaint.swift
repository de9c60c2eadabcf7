import DiscDrives
import LibBurn
import MMC

extension DriveComplaint {
    /// Whether the drive gave up before anything came to the disc: it could not find the power to write
    /// with, in its calibration area (SPC-4 §4.5.6, additional sense code 73h).
    var isBeforeLaser: Bool { sense?.asc == 0x73 }
}

extension BurnError {
    /// What a drive said of its failure; `nil` if it said nothing whose meaning is known.
    ///
    /// Where several commands failed, the most serious counts, and of several the first: those after it
    /// mostly follow from that one.
    ///
    /// - Parameter phase: What the drive was at; `nil` to see that by the command that libburn names.
    /// - Returns: What it said and what that means.
    func complaint(during phase: Diagnosis.Phase? = nil) -> DriveComplaint? {
        for message in messages where message.severity >= .sorry {
            if let complaint = DriveComplaint(
                Sense(in: message.text),
                during: phase ?? self.phase(of: message.text)
            ) {
                return complaint
            }
            if message.text.contains("Lost connection") { return .lostConnection }
        }
        return nil
    }

    /// What the drive was at, by the command that libburn names.
    private func phase(of text: String) -> Diagnosis.Phase {
        let text = text.lowercased()
        if text.contains("close") || text.contains("synchronize") || isDelivered { return .closing }
        if text.contains("blank") || text.contains("erase") || text.contains("format unit") {
            return .erasing
        }
        return bytes > 0 || text.contains("write(") ? .writing : .preparation
    }
}

import LibBurn
import MMC

/// What a drive said of its failure, and what that means.
struct DriveComplaint {
    /// What it said; `nil` if it could not be reached any more.
    var sense: Sense?
    /// What it means.
    var meaning: Diagnosis

    /// What has happened: one sentence.
    var sentence: String {
        guard let sense else { return meaning.cause }
        return "\(meaning.cause.dropLast()) (\(sense))."
    }
}

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
            if let sense = Sense(in: message.text),
                let meaning = Diagnosis(of: sense, during: phase ?? self.phase(of: message.text))
            {
                return DriveComplaint(sense: sense, meaning: meaning)
            }
            if message.text.contains("Lost connection") {
                return DriveComplaint(sense: nil, meaning: .lostConnection)
            }
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

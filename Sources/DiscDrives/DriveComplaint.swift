package import MMC
public import Reports

/// What a drive said of its failure, and what that means.
package struct DriveComplaint {
    /// What it said; `nil` if it could not be reached any more.
    package var sense: Sense?
    /// What it means.
    package var meaning: Diagnosis

    /// Takes sense data apart; `nil` if nothing is known of their meaning.
    package init?(_ sense: Sense?, during phase: Diagnosis.Phase) {
        guard let sense, let meaning = Diagnosis(of: sense, during: phase) else { return nil }
        self.sense = sense
        self.meaning = meaning
    }

    /// The way to the drive broke off.
    package static let lostConnection = DriveComplaint(meaning: .lostConnection)

    private init(meaning: Diagnosis) {
        self.meaning = meaning
    }

    /// What has happened: one sentence.
    package var sentence: String {
        guard let sense else { return meaning.cause }
        return "\(meaning.cause.dropLast()) (\(sense))."
    }
}

extension DriveComplaint {
    /// What has happened, and what to do.
    package var sentences: [String] { [sentence, meaning.advice] }
}

extension Drive {
    /// What it said of sectors that it did not give, and what that means.
    package var readingComplaint: DriveComplaint? {
        DriveComplaint(readingSense, during: .reading)
    }
}

extension DiscReport {
    /// What the drive said of a disc that it can't use, and what that means.
    package var complaint: DriveComplaint? { DriveComplaint(sense, during: .recognition) }

    /// Why nothing can be done with a disc that the drive can't use; `nil` if it can.
    ///
    /// - Parameters:
    ///   - drive: The drive's node.
    ///   - meaning: What it means for the job: one sentence.
    ///   - advice: What to do where the drive says nothing whose meaning is known.
    /// - Returns: The failure.
    package func unusable(in drive: String, meaning: String, advice: String) -> Failure? {
        guard let problem else { return nil }
        var failure = Failure(
            .unsuitable,
            complaint?.sentence ?? "The drive \(drive) can't use the disc: \(problem).",
            meaning: meaning,
            advice: complaint?.meaning.advice ?? advice
        )
        failure.sense = sense?.codes
        return failure
    }
}

extension JobResult {
    /// Adds what a drive said of sectors that it did not give, what that means, and what to do.
    ///
    /// - Parameter drive: The drive that the job read from.
    public mutating func explain(_ drive: Drive) {
        guard unreadableSectors ?? 0 > 0, sense == nil,
            let complaint = drive.readingComplaint
        else { return }
        sense = complaint.sense?.codes
        sentences += complaint.sentences
    }
}

import LinuxCalls
public import MMC
public import Reports

/// Waiting for a disc to be ready.
public enum DriveReadiness: Sendable, Equatable {
    /// The drive can work with the disc.
    case ready
    /// There is no disc, or the tray is open.
    case noDisc(isTrayOpen: Bool)
    /// The drive can't use what is in it, and says why.
    case unusable(String, Sense?)
}

extension Drive {
    /// Seconds that a drive is given to recognise a disc.
    static let patience = 60.0
    /// Seconds that a drive is given to end what it does to the disc: drives were seen to take two
    /// minutes to close one (q-018 and q-058 of the recorded quirks).
    static let patienceForWork = 180.0

    /// Seconds that a drive which is not ready is given, by the qualifier of its sense code 04h.
    package static func patience(_ qualifier: UInt8?) -> Double {
        // An operation, or a long write, is in progress.
        qualifier == 0x07 || qualifier == 0x08 ? patienceForWork : patience
    }

    /// Waits until the drive has recognised the disc in it, or says that there is none.
    ///
    /// A drive that has just been given a disc tells so once (a unit attention, SPC-4 §5.6) and then
    /// that it is becoming ready; both are no failures.
    public func waitUntilReady() throws(Failure) -> DriveReadiness {
        var patience = Patience()
        while true {
            let completion: Completion
            do {
                completion = try commands.send(.testUnitReady)
            } catch {
                throw Failure(error, meaning: "The disc was not touched.")
            }
            if completion.succeeded { return .ready }
            guard let sense = completion.sense else {
                return .unusable("status \(completion.status.rawValue)", nil)
            }
            switch (sense.key, sense.asc, sense.ascq) {
            case (_, 0x3A, let qualifier):
                return .noDisc(isTrayOpen: qualifier == 0x02)
            case (.notReady, 0x04, 0x04):
                // A format goes on in the background; the disc can be used meanwhile.
                return .ready
            case (.notReady, 0x04, 0x02):
                // Stopped, as after a pause: it has to be told to start (MMC-6 §6.42).
                _ = try? commands.send(.startStop(.start))
            default: break
            }
            guard patience.asksAgain(sense, within: Self.patience(sense.ascq)) else {
                return .unusable(sense.description, sense)
            }
        }
    }
}

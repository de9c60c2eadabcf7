import DiscDrives
import LibBurn
import LinuxCalls
import MMC
import SystemPackage

extension WriteControl {
    /// The same for libburn's work with the drive at a node, which is asked where libburn says nothing.
    func asking(_ node: FilePath) -> WriteControl {
        var control = self
        control.askDrive = { DriveWork(of: node) }
        return control
    }
}

extension DriveWork {
    /// Time that a drive has to answer: as much as libburn gives it, for the system resets one that takes
    /// longer, whatever it is at.
    private static let patience = Duration.seconds(200)

    /// Asks the drive at a node, which libburn has claimed.
    ///
    /// Drives were seen that call themselves ready while they are at work, and refuse the next real command
    /// (q-017 of the recorded quirks); so they are asked for something, too. One that does not answer counts
    /// as one that has nothing to do.
    fileprivate init(of node: FilePath) {
        self = .idle
        guard let file = try? File(node, .read, nonBlocking: true) else { return }
        let transport = SGTransport(file)
        for question in [Command.testUnitReady, .readDiscInformation] {
            var command = question
            command.timeout = Self.patience
            guard let (completion, _) = try? transport.fetch(command) else { return }
            guard let sense = completion.sense, sense.matches(.notReady, 0x04) else { continue }
            switch sense.ascq {
            case 0x01: self = .gettingReady
            // It must be started, or needs a hand.
            case 0x02, 0x03: break
            default: self = .busy(progress: sense.progress.map(Int.init))
            }
            return
        }
    }
}

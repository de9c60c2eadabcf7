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
    /// Asks the drive at a node, which libburn has claimed.
    ///
    /// Drives were seen that call themselves ready while they are at work, and refuse the next real command
    /// (q-017 of the recorded quirks); so they are asked for something, too.
    fileprivate init(of node: FilePath) {
        self = .idle
        guard let file = try? File(node, .read, nonBlocking: true) else { return }
        do throws(TransportError) {
            let transport = SGTransport(file)
            var sense = try transport.send(.testUnitReady).sense
            if sense == nil { sense = try transport.fetch(.readDiscInformation).0.sense }
            guard let sense, sense.matches(.notReady, 0x04) else { return }
            switch sense.ascq {
            case 0x01: self = .gettingReady
            // It must be started, or needs a hand.
            case 0x02, 0x03: return
            default: self = .busy(progress: sense.progress.map(Int.init))
            }
        } catch {
            if error.code == .timedOut { self = .busy(progress: nil) }
        }
    }
}

import LinuxCalls
package import MMC
public import Reports
public import SystemPackage

extension Drive {
    /// Has a drive open its tray.
    ///
    /// A disc that is mounted, or that another program has claimed, stays in: the drive itself would
    /// let it go, for the lock of the system's driver is taken off by a command like any other's.
    ///
    /// - Returns: Why the tray stays shut, a sentence; `nil` if it is open.
    public static func openTray(_ path: FilePath) -> String? {
        if let directory = MountPoint.of(path) {
            return "The disc was not ejected: it is mounted on \(directory)."
        }
        do {
            // Held until the tray is out, so that nobody mounts the disc meanwhile.
            let claim = try File(path, .read, exclusive: true, nonBlocking: true)
            let drive = try Drive(path, writable: true)
            let refusal = drive.openTray()
            return withExtendedLifetime(claim) { refusal }
        } catch let error as SystemError where error.isBusy {
            return
                "The disc was not ejected: \(DriveHolder.sentence(about: DriveHolder.all(of: path)))."
        } catch {
            return "The disc was not ejected: \(error)"
        }
    }

    /// Has a drive move its tray, or start or stop its disc, once it is done with what it is at.
    ///
    /// What happened to the drive meanwhile is told once, to whatever is asked first (SAM-5 §5.14).
    ///
    /// - Parameter action: What it does.
    /// - Returns: How the command ended.
    /// - Throws: ``MMC/TransportError`` if the drive can't be reached.
    package func moveTray(_ action: Command.TrayAction) throws(TransportError) -> Completion {
        var patience = Patience()
        while true {
            let completion = try commands.send(.startStop(action))
            let sense = completion.sense
            // A drive that is stopped, wants a hand's help, or formats in the background stays so.
            let lasts =
                sense?.key == .notReady && sense?.asc == 0x04
                && [2, 3, 4].contains(sense?.ascq)
            guard !completion.succeeded, !lasts,
                patience.asksAgain(sense, within: Self.patience(sense?.ascq))
            else { return completion }
        }
    }

    /// Takes the lock off a drive's tray, as ``moveTray(_:)`` moves it: again if something else is told first.
    ///
    /// - Throws: ``MMC/TransportError`` if the drive can't be reached.
    package func allowRemoval() throws(TransportError) {
        var patience = Patience()
        while true {
            let sense = try commands.send(.preventRemoval(false)).sense
            guard sense?.key == .unitAttention, patience.asksAgain(sense, within: 0) else { return }
        }
    }

    /// Why the tray stays shut, a sentence; `nil` if it is open.
    private func openTray() -> String? {
        do {
            return try trayRefusal().map { "The drive did not eject the disc: \($0.reason)." }
        } catch {
            return "The drive did not eject the disc: \(error)"
        }
    }

    /// Why a drive does not open its tray.
    struct TrayRefusal {
        /// What it said.
        var sense: Sense?

        /// The same as the end of a sentence.
        var reason: String { sense?.description ?? "it gives no reason" }
        /// Whether it says that it holds no disc.
        var lacksDisc: Bool { sense?.asc == 0x3A }
    }

    /// Has the drive open its tray.
    ///
    /// - Returns: Why it does not; `nil` if the tray is open.
    /// - Throws: ``MMC/TransportError`` if the drive can't be reached.
    func trayRefusal() throws(TransportError) -> TrayRefusal? {
        try allowRemoval()
        let completion = try moveTray(.eject)
        guard !completion.succeeded else { return nil }
        let sense = completion.sense
        // There is no disc, for the tray is open already (SPC-4 table 56).
        guard sense?.asc != 0x3A || sense?.ascq != 0x02 else { return nil }
        return TrayRefusal(sense: sense)
    }
}

extension JobResult {
    /// Has the disc ejected after a job that is done, and says so where it stays in: what the job did
    /// is as good as before.
    public mutating func eject(from path: FilePath) {
        let refusal = Drive.openTray(path)
        ejected = refusal == nil
        if let refusal { sentences.append(refusal) }
    }
}

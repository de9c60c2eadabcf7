import LinuxCalls
import MMC
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

    /// Why the tray stays shut, a sentence; `nil` if it is open.
    func openTray() -> String? {
        do {
            _ = try commands.send(.preventRemoval(false))
            let completion = try commands.send(.startStop(.eject))
            guard !completion.succeeded else { return nil }
            let reason = completion.sense?.description ?? "it gives no reason"
            return "The drive did not eject the disc: \(reason)."
        } catch {
            return "The drive did not eject the disc: \(error)"
        }
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

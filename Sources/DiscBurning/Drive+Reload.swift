import DiscDrives
import DiscModel
import LinuxCalls
import MMC
import Reports
import SystemPackage

extension Drive {
    /// What became of a disc that was to be loaded again.
    enum Reloading {
        /// It is there again, or the tray did not move.
        case loaded(Drive, DiscReport)
        /// The drive says that it was loaded, and finds no disc any more.
        case lost
        /// The tray is open, and the drive can't close it.
        case stuckOpen
    }

    /// Seconds in which a drive that finds no disc right after loading it may still find it (q-028 of
    /// the recorded quirks).
    private static let patienceForDisc = 10.0

    /// Opens the tray, draws it in again, and looks at the disc.
    static func reload(_ node: FilePath) throws(Failure) -> Reloading {
        let deadline: Double
        do {
            let drive = try Drive(node, writable: true)
            try? drive.allowRemoval()
            let opened = (try? drive.moveTray(.eject))?.succeeded ?? false
            if opened {
                // Linux looks into the drive where its node is opened, and then knows of two changes,
                // though the drive may tell of none (sr_check_events of drivers/scsi/sr.c).
                _ = try? File(node, .read, nonBlocking: true)
                let closed = (try? drive.moveTray(.load))?.succeeded ?? false
                guard closed else { return .stuckOpen }
            }
            deadline = Clock.seconds + patienceForDisc
            if opened { drive.waitForProfile(until: deadline) }
        }
        while true {
            let drive = try Drive(node)
            let report = try drive.inspectDisc()
            if report.state != .none, report.problem == nil { return .loaded(drive, report) }
            guard Clock.seconds < deadline else { return .lost }
            Clock.sleep(seconds: 0.5)
        }
    }

    /// Waits until the drive knows what kind of disc it has drawn in.
    ///
    /// That a disc is new is told once, to whoever asks first, but not with GET CONFIGURATION (MMC-6
    /// §6.6): it is left for Linux, which asks for the disc's size where it hears of that, and
    /// takes what it is told though the disc may not be ready yet.
    private func waitForProfile(until deadline: Double) {
        while Clock.seconds < deadline {
            guard let (completion, bytes) = try? commands.fetch(.getConfiguration()),
                completion.succeeded,
                let configuration = try? Configuration(parsing: bytes),
                configuration.currentProfile == .none
            else { return }
            Clock.sleep(seconds: 0.5)
        }
    }
}

extension Failure {
    /// A disc can't be checked before somebody has closed the tray.
    static let trayStaysOpen = Failure(
        .unchecked,
        "The disc has to be reloaded before it can be checked, and this drive can't do that by itself.",
        meaning: "The disc may be good: nobody has looked.",
        advice: "Close the tray, and run “spindle verify”."
    )
}

extension Drive.Reloading {
    /// Why the disc could not be read once more, as a sentence; `nil` if it can be.
    var obstacle: String? {
        switch self {
        case .loaded: nil
        case .lost:
            "When the disc was reloaded, the drive found none any more, so what it read before stands: take the disc out, put it in again, and run “spindle verify”."
        case .stuckOpen:
            "Some drives read a disc right only after it has been reloaded, and this one can't close its tray: close it, and run “spindle verify”."
        }
    }
}

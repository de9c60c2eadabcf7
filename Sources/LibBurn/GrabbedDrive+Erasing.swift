internal import CLibBurn
internal import LinuxCalls

extension GrabbedDrive {
    /// Seconds between two looks at libburn's progress.
    private static let beat = 0.1
    /// Seconds to rest after libburn says that it is idle: its worker leaves the list of workers only
    /// after that, and a launch before it is silently lost.
    private static let rest = 0.5

    /// Makes a rewritable disc blank and waits until it is; it can't be stopped on the way.
    ///
    /// The corresponding C function is `burn_disc_erase`.
    ///
    /// - Parameters:
    ///   - fast: Whether only what makes the disc look used is erased, or all of it.
    ///   - observe: Told several times a second how far it is.
    /// - Throws: ``BurnError`` where libburn refuses, or reports anything of severity SORRY or worse.
    public func erase(fast: Bool, observe: (WriteProgress) -> Void) throws(BurnError) {
        _ = BurnLibrary.drainMessages()
        guard unsafe burn_disc_erasable(drive) == 1 else {
            throw BurnError(.refused, "The disc can't be erased")
        }
        unsafe burn_disc_erase(drive, fast ? 1 : 0)
        try waitUntilIdle("libburn reports that the disc was not erased", observe: observe)
    }

    /// Formats a disc to its default size and waits until it is done; it can't be stopped on the way.
    ///
    /// The corresponding C functions are `burn_disc_format` and `burn_drive_re_assess`.
    ///
    /// - Parameter observe: Told several times a second how far it is.
    /// - Throws: ``BurnError`` where libburn refuses, or reports anything of severity SORRY or worse.
    public func format(observe: (WriteProgress) -> Void) throws(BurnError) {
        _ = BurnLibrary.drainMessages()
        unsafe burn_disc_format(drive, 0, 0)
        try waitUntilIdle("libburn reports that the disc was not formatted", observe: observe)
        // What libburn knows of the disc is from before.
        guard unsafe burn_drive_re_assess(drive, 0) == 1 else {
            throw BurnError(
                .failed,
                "libburn can't look at the disc after formatting it",
                messages: BurnLibrary.drainMessages()
            )
        }
    }

    private func waitUntilIdle(_ complaint: String, observe: (WriteProgress) -> Void)
        throws(BurnError)
    {
        var messages: [BurnMessage] = []
        while true {
            var progress = burn_progress()
            let status = unsafe burn_drive_get_status(drive, &progress)
            messages += BurnLibrary.drainMessages()
            guard status != BURN_DRIVE_IDLE else { break }
            observe(WriteProgress(status, progress))
            Clock.sleep(seconds: Self.beat)
        }
        Clock.sleep(seconds: Self.rest)
        messages += BurnLibrary.drainMessages()
        if messages.contains(where: { $0.severity >= .sorry }) {
            throw BurnError(.failed, complaint, messages: messages)
        }
    }
}

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
    /// - Throws: ``BurnError`` where libburn refuses, or reports anything of severity SORRY or worse
    ///   but unit attentions: whether the disc is blank is for the caller to see.
    public func erase(fast: Bool, observe: (WriteProgress) -> Void) throws(BurnError) {
        _ = BurnLibrary.drainMessages()
        guard unsafe burn_disc_erasable(drive) == 1 else {
            throw BurnError(.refused, "The disc can't be erased")
        }
        unsafe burn_disc_erase(drive, fast ? 1 : 0)
        try waitUntilIdle("libburn reports that the disc was not erased", observe: observe)
    }

    /// Formats a disc and waits until it is done; it can't be stopped on the way.
    ///
    /// The corresponding C functions are `burn_disc_format` and `burn_drive_re_assess`.
    ///
    /// - Parameters:
    ///   - format: One of those that the drive lists.
    ///   - isCertified: Whether blocks are tried out, where the format can have that, which takes hours.
    ///   - observe: Told several times a second how far it is.
    /// - Throws: ``BurnError`` if the drive does not list the format, libburn refuses, or it reports
    ///   anything of severity SORRY or worse.
    public func format(
        to format: ListedFormat,
        certifying isCertified: Bool = false,
        observe: (WriteProgress) -> Void
    ) throws(BurnError) {
        _ = BurnLibrary.drainMessages()
        guard let index = index(of: format) else {
            throw BurnError(.refused, "The drive does not list the format that was planned")
        }
        let isCertifiable = Constants.certifiableFormats.contains(format.type)
        unsafe burn_disc_format(
            drive,
            0,
            Constants.formatByIndex | Constants.formatSizeOfIndex | index << 8
                | (isCertifiable && !isCertified ? Constants.formatWithoutCertification : 0)
        )
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

    /// Formats a DVD-RW quickly, with a first piece of zeros, for it to grow as it is written.
    ///
    /// The corresponding C function is `burn_disc_format`.
    ///
    /// - Parameter observe: Told several times a second how far it is.
    /// - Throws: ``BurnError`` if libburn refuses, or reports anything of severity SORRY or worse.
    public func formatToGrow(observe: (WriteProgress) -> Void) throws(BurnError) {
        _ = BurnLibrary.drainMessages()
        unsafe burn_disc_format(
            drive,
            off_t(Constants.firstPiece),
            Constants.formatWithFirstPiece | Constants.formatOfNoSize
        )
        try waitUntilIdle("libburn reports that the disc was not formatted", observe: observe)
    }

    /// The place of a format in the drive's list.
    ///
    /// The corresponding C functions are `burn_disc_get_formats` and `burn_disc_get_format_descr`.
    private func index(of format: ListedFormat) -> Int32? {
        var (status, size, spare, count) = (Int32(0), off_t(0), UInt32(0), Int32(0))
        guard unsafe burn_disc_get_formats(drive, &status, &size, &spare, &count) == 1 else {
            return nil
        }
        return (0..<max(0, count)).first { index in
            var (type, size, parameter) = (Int32(0), off_t(0), UInt32(0))
            return unsafe burn_disc_get_format_descr(drive, index, &type, &size, &parameter) == 1
                && type == format.type && size / 2048 == format.sectors
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
        if messages.contains(where: \.isComplaint) {
            throw BurnError(.failed, complaint, messages: messages)
        }
    }
}

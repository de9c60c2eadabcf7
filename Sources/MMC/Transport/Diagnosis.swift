/// What sense data mean to a person who holds the disc: what is probably to blame, and what to do.
///
/// The codes are those of MMC-6 Annex F; what they come from in practice is known from what owners of
/// drives reported (the observations are named in `RecordedSense` of the tests). What has become of the
/// disc no code tells: that is asked of the disc.
public struct Diagnosis: Hashable, Sendable {
    /// What a drive was at when it gave the sense data.
    public enum Phase: Hashable, Sendable, CaseIterable {
        /// Before the first sector: the laser's calibration, the settings, the cue sheet.
        case preparation
        /// While sectors were written.
        case writing
        /// While a track, a session or the disc was closed, or the drive emptied its buffer.
        case closing
        /// While the disc was blanked or formatted.
        case erasing
        /// While it made out what disc is in it.
        case recognition
        /// While sectors were read.
        case reading
    }

    /// What is probably to blame.
    public enum Blame: String, Hashable, Sendable, Codable {
        /// The disc.
        case disc
        /// The disc does not go with the drive.
        case match
        /// The drive.
        case drive
        /// The drive's power, its cable, its adapter or the machine's port.
        case connection
        /// What was asked of the drive.
        case request
        /// The data came too slowly.
        case source
    }

    /// What is probably to blame.
    public var blame: Blame
    /// What has happened: one sentence.
    public var cause: String
    /// What to do: one sentence.
    public var advice: String

    /// Finds the meaning of sense data.
    ///
    /// - Returns: `nil` if nothing is known that would help a person.
    public init?(of sense: Sense, during phase: Phase) {
        // Success, with a remark (recovered error) or without.
        guard ![.noSense, .recoveredError, .completed].contains(sense.key),
            let row = Self.rows.first(where: { $0.fits(sense, phase) })
        else { return nil }
        blame = row.blame
        cause = row.cause
        advice = row.advice
    }

    private init(_ blame: Blame, _ cause: String, _ advice: String) {
        self.blame = blame
        self.cause = cause
        self.advice = advice
    }

    /// What it means that the way to the drive broke off, so that no sense data came.
    public static let lostConnection = Diagnosis(
        .connection,
        "The drive can't be reached any more.",
        connectionAdvice
    )

    /// A row of the table: the first that fits counts.
    private struct Row: Sendable {
        var codes: [Code]
        var phases: Set<Phase>
        var blame: Blame
        var cause: String
        var advice: String

        init(
            _ codes: [Code],
            _ phases: Set<Phase>,
            _ blame: Blame,
            _ cause: String,
            _ advice: String
        ) {
            self.codes = codes
            self.phases = phases
            self.blame = blame
            self.cause = cause
            self.advice = advice
        }

        func fits(_ sense: Sense, _ phase: Phase) -> Bool {
            phases.contains(phase) && codes.contains { $0.fits(sense) }
        }
    }

    /// Sense codes; what is `nil` may be anything.
    private struct Code: Sendable {
        var key: Sense.Key?
        var asc: UInt8?
        var ascqs: Set<UInt8>?

        init(_ key: Sense.Key? = nil, _ asc: UInt8? = nil, _ ascqs: UInt8...) {
            self.key = key
            self.asc = asc
            self.ascqs = ascqs.isEmpty ? nil : Set(ascqs)
        }

        func fits(_ sense: Sense) -> Bool {
            (key == nil || key == sense.key) && (asc == nil || asc == sense.asc)
                && (ascqs?.contains(sense.ascq) ?? true)
        }
    }

    private static let all = Set(Phase.allCases)
    private static let burning: Set<Phase> = [.preparation, .writing, .closing]

    private static let connectionAdvice =
        "See to the drive's power and cable (a USB drive wants a port of its own, or both its plugs), and try again."

    /// The table: rows of single codes come before those of whole keys.
    private static let rows: [Row] = [
        // MARK: The laser's calibration
        Row(
            [Code(nil, 0x73, 0x02)],
            burning,
            .disc,
            "The disc has no room left for the test that comes before each burn (the power calibration area is full).",
            "Use a new disc; what is on this one can still be read."
        ),
        Row(
            [Code(nil, 0x73, 0x03), Code(nil, 0x73, 0x00)],
            burning.union([.erasing]),
            .match,
            "The drive could not find the laser power that this disc needs.",
            "Use a disc of another brand, or a lower speed; if no disc will do, the drive's lens is dirty or its laser worn."
        ),
        Row(
            [Code(nil, 0x73, 0x04, 0x05)],
            burning,
            .disc,
            "The disc's list of tracks that are not closed yet (the PMA) is full, or can't be written.",
            "Use a new disc; what is on this one can still be read."
        ),
        Row(
            [Code(nil, 0x73, 0x06)],
            burning,
            .disc,
            "The disc's management area is full: it has been begun too often.",
            "Use a new disc; what is on this one can still be read."
        ),
        // MARK: Data too slow
        Row(
            [Code(nil, 0x0C, 0x09, 0x0A, 0x0F), Code(.illegalRequest, 0x21, 0x02)],
            [.writing],
            .source,
            "The data stopped coming, or a part of them was lost on the way, and the drive could not go on where it had stopped.",
            "Burn from a disk of this machine, with nothing else at work, or more slowly; if it happens again, see to the drive's cable."
        ),
        Row(
            [Code(.illegalRequest, 0x21, 0x02)],
            [.preparation],
            .request,
            "The drive does not write where this disc would have to be written next.",
            "Blank a rewritable disc in full (spindle blank --full), or try the other --mode."
        ),
        // MARK: The way to the drive
        Row(
            [
                Code(.hardwareError, 0x08), Code(.abortedCommand), Code(.unitAttention, 0x29),
                Code(.notReady, 0x04, 0x01), Code(.notReady, 0x3E),
            ],
            [.preparation, .writing, .closing, .erasing],
            .connection,
            "The drive was reset, or the way to it was interrupted: it no longer knew what it was at.",
            connectionAdvice
        ),
        Row(
            [Code(.illegalRequest, 0x2C, 0x04)],
            [.closing],
            .request,
            "The drive finds nothing on the disc that could be ended.",
            "Look with “spindle info” what the disc is now."
        ),
        Row(
            [Code(.illegalRequest, 0x2C)],
            [.writing, .closing],
            .connection,
            "The drive had forgotten that it was writing, as drives do that were reset or had an earlier command fail.",
            connectionAdvice
        ),
        Row(
            [Code(nil, 0x3A), Code(.unitAttention, 0x28), Code(nil, 0x5A)],
            [.preparation, .writing, .closing, .erasing],
            .connection,
            "The drive says that the disc is gone, or was changed, in the middle of the work.",
            "If nobody opened the tray, the drive lost its power for a moment: see to its power and cable, and try again."
        ),
        Row(
            [Code(.hardwareError, 0x3E, 0x02)],
            [.writing, .closing],
            .drive,
            "The drive gave up because it took too long to write.",
            "Use a disc of another brand, or a lower speed; if no disc will do, the drive is at fault."
        ),
        // MARK: The disc does not take it
        Row(
            [Code(nil, 0x0C), Code(nil, 0xA0)],
            burning,
            .disc,
            "The disc does not take the data at a place: it is damaged there, dirty, or badly made.",
            "Use a new disc, and if it happens again one of another brand, or a lower speed; a rewritable disc can be tried once more."
        ),
        Row(
            [Code(nil, 0x02), Code(nil, 0x06), Code(nil, 0x09), Code(nil, 0x10), Code(nil, 0x15)],
            burning,
            .match,
            "The drive lost its place on the disc.",
            "Wipe the disc from its middle outwards, or use a new one; if it happens with every disc, the drive's lens is dirty."
        ),
        Row(
            [Code(nil, 0x51)],
            [.erasing],
            .disc,
            "The disc could not be erased: rewritable discs wear out.",
            "Try once more in full (spindle blank --full); if that fails, too, the disc is worn out."
        ),
        Row(
            [Code(nil, 0x31)],
            all,
            .disc,
            "The disc's format is damaged, or was never finished.",
            "Format or blank the disc again; if that fails, the disc is worn out."
        ),
        Row(
            [Code(nil, 0x72, 0x03, 0x04, 0x05, 0x06)],
            burning,
            .request,
            "The disc has a session that an earlier attempt left unfinished.",
            "Look with “spindle info” what the disc is now; blank a rewritable disc, and use a new one otherwise."
        ),
        Row(
            [Code(nil, 0x72)],
            burning,
            .disc,
            "The end of the recording, or the list of what is on the disc, could not be written.",
            "See with “spindle verify” what can be read; other drives may refuse the disc, so use a new one."
        ),
        Row(
            [
                Code(nil, 0x30)
            ],
            [.preparation, .writing, .closing, .erasing],
            .match,
            "The drive can't do that with a disc of this kind, or can't make out what disc it is.",
            "See with “spindle drives” what the drive writes, and try a disc of another brand; see, too, that it is the right way up and clean."
        ),
        Row(
            [Code(nil, 0x27), Code(.dataProtect)],
            [.preparation, .writing, .closing, .erasing],
            .disc,
            "The disc can't be written: it is finished, or protected.",
            "Use another disc; a cartridge has a slide that protects it."
        ),
        Row(
            [Code(nil, 0x63), Code(.volumeOverflow), Code(.illegalRequest, 0x21, 0x00)],
            [.writing, .preparation],
            .request,
            "The end of the disc was met: it has less room than it, or the drive, said.",
            "Use a disc with more room."
        ),
        Row(
            [Code(nil, 0x64)],
            [.writing, .preparation],
            .request,
            "The drive does not write this kind of track in this way.",
            "Try the other way (--mode tao or --mode sao), or another drive."
        ),
        Row(
            [
                Code(.illegalRequest, 0x20), Code(.illegalRequest, 0x24),
                Code(.illegalRequest, 0x26), Code(.illegalRequest, 0xA8),
                Code(.illegalRequest, 0x2C),
            ],
            [.preparation, .writing],
            .request,
            "The drive does not take a command or a setting that this burn needs.",
            "Try the other way (--mode tao or --mode sao), a newer firmware for the drive, or another drive."
        ),
        Row(
            [Code(.illegalRequest)],
            [.closing],
            .request,
            "The drive does not end the recording when it is asked to.",
            "See with “spindle verify” what can be read; a newer firmware for the drive, or another drive, may end it (spindle close)."
        ),
        Row(
            [Code(.illegalRequest)],
            [.erasing],
            .request,
            "The drive does not blank or format this disc in the way that it was asked to.",
            "Try the other --kind (fast or full), a newer firmware for the drive, or another drive."
        ),
        // MARK: A disc that is put in
        Row(
            [Code(.notReady, 0x04, 0x07, 0x08)],
            [.recognition],
            .drive,
            "The drive was still at work on the disc when the time for that was over.",
            "Wait until its light goes out, and look with “spindle info” what the disc is now."
        ),
        Row(
            [Code(.hardwareError, 0x08), Code(.abortedCommand), Code(.unitAttention)],
            [.recognition],
            .connection,
            "The drive was reset, or the way to it was interrupted, while it looked at the disc.",
            connectionAdvice
        ),
        Row(
            [
                Code(.notReady, 0x04), Code(nil, 0x02), Code(nil, 0x06), Code(nil, 0x09),
                Code(nil, 0x10), Code(nil, 0x11), Code(nil, 0x15), Code(nil, 0x57),
                Code(.notReady, 0x3E), Code(.hardwareError, 0x3E), Code(.mediumError),
                Code(.blankCheck),
            ],
            [.recognition],
            .disc,
            "The drive does not find its way on the disc.",
            "See that the disc is clean, whole and the right way up, and put it in again; another drive may do better."
        ),
        // MARK: Reading
        Row(
            [Code(nil, 0x6F)],
            [.reading],
            .request,
            "The drive does not give the sector out: it is copy-protected.",
            "Cleaning the disc does not help."
        ),
        Row(
            [Code(.illegalRequest, 0x20)],
            [.reading],
            .match,
            "The drive does not know the command that reads such sectors.",
            "Read the disc in another drive."
        ),
        Row(
            [Code(nil, 0x64), Code(.illegalRequest)],
            [.reading],
            .request,
            "What lies there is no sector that can be read in this way: the end of a track, or one of another kind.",
            "Nothing needs to be done, unless data are missing."
        ),
        Row(
            [Code(.blankCheck)],
            [.reading],
            .request,
            "The drive takes what lies there for never recorded.",
            "Cleaning the disc does not help; nothing needs to be done, unless data are missing."
        ),
        Row(
            [
                Code(nil, 0x11), Code(nil, 0x02), Code(nil, 0x06), Code(nil, 0x09), Code(nil, 0x10),
                Code(nil, 0x15), Code(nil, 0x57), Code(.mediumError),
                Code(.hardwareError, 0x3E),
            ],
            [.reading],
            .disc,
            "The disc can't be read at a place: it is scratched, dirty or decayed there.",
            "Wipe the disc from its middle outwards, and try again; another drive may read what this one doesn't."
        ),
        Row(
            [Code(nil, 0x30)],
            [.reading, .recognition],
            .match,
            "The drive can't make out what disc it is.",
            "Check that the disc is clean and the right way up, and try another drive."
        ),
        Row(
            [
                Code(.hardwareError, 0x08), Code(.abortedCommand), Code(.unitAttention, 0x29),
                Code(nil, 0x3A), Code(.notReady),
            ],
            [.reading],
            .connection,
            "The drive was reset, or the disc left it, in the middle of the work.",
            connectionAdvice
        ),
        // MARK: The rest
        Row(
            [Code(.notReady, 0x04)],
            [.preparation, .writing, .closing, .erasing],
            .drive,
            "The drive was still at work on the disc when the time for that was over.",
            "Wait until its light goes out, and look with “spindle info” what the disc is now."
        ),
        Row(
            [Code(nil, 0x53)],
            all,
            .drive,
            "The drive could not move its tray, or had locked it.",
            "Switch the drive off and on again."
        ),
        Row(
            [Code(.hardwareError)],
            all,
            .drive,
            "The drive failed inside.",
            "Switch the drive off and on again, and try another disc; if it fails again, the drive is at fault."
        ),
        Row(
            [Code(.mediumError)],
            burning.union([.erasing]),
            .disc,
            "The drive finds fault with the disc.",
            "Use a new disc; if it happens again, use one of another brand, or a lower speed."
        ),
    ]
}

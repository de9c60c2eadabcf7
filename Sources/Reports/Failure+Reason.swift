extension Failure {
    /// Why a job was refused or failed, in a word that stays the same from version to version; the
    /// sentences may be worded better at any time.
    public struct Reason: RawRepresentable, Hashable, Sendable, Codable {
        /// The word, as the JSON has it.
        public let rawValue: String

        /// Creates a reason; of an unknown word, too, for later versions have further ones.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ word: String) {
            rawValue = word
        }

        // MARK: The drive

        /// There is no drive, or none at the path that was named.
        public static let noDrive = Reason("no-drive")
        /// What was named is no optical drive.
        public static let notADrive = Reason("not-a-drive")
        /// There are several drives, and none was named.
        public static let severalDrives = Reason("several-drives")
        /// Another program has claimed the drive.
        public static let driveBusy = Reason("drive-busy")
        /// The disc is mounted.
        public static let mounted = Reason("mounted")
        /// The disc is not mounted.
        public static let notMounted = Reason("not-mounted")
        /// Programs use what should be taken away.
        public static let inUse = Reason("in-use")
        /// The system lacks what is needed.
        public static let systemUnable = Reason("system-unable")
        /// This user may not use the drive, the file or the folder.
        public static let noPermission = Reason("no-permission")
        /// The drive does not do what is needed.
        public static let driveUnable = Reason("drive-unable")
        /// The drive could not be reached any more.
        public static let driveLost = Reason("drive-lost")

        // MARK: The disc

        /// There is no disc in the drive.
        public static let noDisc = Reason("no-disc")
        /// The disc is of a kind, or in a state, that does not suit.
        public static let unsuitableDisc = Reason("unsuitable-disc")
        /// The disc is blank.
        public static let blankDisc = Reason("blank-disc")
        /// Another disc is in the drive than before.
        public static let otherDisc = Reason("other-disc")
        /// Data would be overwritten, and nobody agreed to that.
        public static let consent = Reason("consent")
        /// It does not fit on the disc.
        public static let tooLarge = Reason("too-large")
        /// The drive failed to write.
        public static let writeError = Reason("write-error")
        /// The drive failed to read.
        public static let readError = Reason("read-error")

        // MARK: Images and files

        /// There is no such file.
        public static let noSource = Reason("no-source")
        /// The source can't be read, or is not what it should be.
        public static let badSource = Reason("bad-source")
        /// The source is shorter than it should be.
        public static let truncated = Reason("truncated")
        /// The source's own checksums are wrong.
        public static let badChecksum = Reason("bad-checksum")
        /// The source changed while it was read.
        public static let sourceChanged = Reason("source-changed")
        /// A password is needed, or the one that was given is wrong.
        public static let password = Reason("password")
        /// Something would be lost, and nobody agreed to that.
        public static let loss = Reason("loss")
        /// The output exists.
        public static let outputExists = Reason("output-exists")
        /// The output can't be written.
        public static let outputError = Reason("output-error")
        /// There is no room for the output.
        public static let noSpace = Reason("no-space")

        // MARK: The rest

        /// The data differ.
        public static let differs = Reason("differs")
        /// What was made could not be checked.
        public static let unchecked = Reason("unchecked")
        /// No server gave the answer that it was asked for.
        public static let noAnswer = Reason("no-answer")
        /// The user stopped the job.
        public static let stopped = Reason("stopped")
        /// What was asked for makes no sense.
        public static let usage = Reason("usage")
        /// Something else went wrong.
        public static let trouble = Reason("trouble")

        /// What is known from the cause alone.
        init(of cause: Cause) {
            self =
                switch cause {
                case .unsuitable: .unsuitableDisc
                case .source: .badSource
                case .trouble: .trouble
                case .difference: .differs
                case .unchecked: .unchecked
                case .interruption: .stopped
                case .usage: .usage
                }
        }
    }
}

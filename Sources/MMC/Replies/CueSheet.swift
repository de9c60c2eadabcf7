public import DiscModel

/// The layout of a session that is to be written at once (MMC-6 §6.33, SEND CUE SHEET).
public struct CueSheet: Hashable, Sendable {
    /// The number under which the lead-out stands in the sheet.
    public static let leadOutNumber = 0xAA

    /// One line of eight bytes.
    public struct Entry: Hashable, Sendable {
        /// The control nibble.
        public var control: Int
        /// The address nibble: 1 for a position, 2 for the catalogue number, 3 for an ISRC.
        public var address: Int
        /// The track's number; 0 for the lead-in, AAh for the lead-out.
        public var track: Int
        /// The index.
        public var index: Int
        /// What the sectors are and what the host sends of them (MMC-6 table 567).
        public var form: Int
        /// The SCMS byte.
        public var scms: Int
        /// Where it begins, for a position.
        public var time: MSF
        /// The eight bytes, for a catalogue number or an ISRC.
        public var bytes: [UInt8]

        /// Creates a position.
        public init(
            control: Int,
            track: Int,
            index: Int,
            form: Int,
            scms: Int = 0,
            time: MSF
        ) {
            self.control = control
            address = 1
            self.track = track
            self.index = index
            self.form = form
            self.scms = scms
            self.time = time
            bytes = [
                UInt8(truncatingIfNeeded: control << 4 | 1), UInt8(truncatingIfNeeded: track),
                UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: form),
                UInt8(truncatingIfNeeded: scms), UInt8(truncatingIfNeeded: time.minute),
                UInt8(truncatingIfNeeded: time.second), UInt8(truncatingIfNeeded: time.frame),
            ]
        }

        init(bytes: [UInt8]) {
            control = Int(bytes[0] >> 4)
            address = Int(bytes[0] & 0x0F)
            track = Int(bytes[1])
            index = Int(bytes[2])
            form = Int(bytes[3])
            scms = Int(bytes[4])
            time = MSF(minute: Int(bytes[5]), second: Int(bytes[6]), frame: Int(bytes[7]))
            self.bytes = bytes
        }
    }

    /// The lines in order.
    public var entries: [Entry]

    /// Creates a sheet.
    public init(entries: [Entry]) {
        self.entries = entries
    }

    /// Reads a sheet; bytes that don't fill a line are left out.
    public init(parsing bytes: [UInt8]) {
        entries = stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map {
            Entry(bytes: Array(bytes[$0..<$0 + 8]))
        }
    }

    /// The sheet as it is sent.
    public var encoded: [UInt8] { entries.flatMap(\.bytes) }
}

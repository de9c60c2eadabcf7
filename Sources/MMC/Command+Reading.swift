public import DiscModel

extension Command {
    /// Reads data sectors of 2048 bytes (MMC-6 §6.18, READ(12), and §6.17, READ(10)).
    ///
    /// - Parameters:
    ///   - start: The first sector.
    ///   - sectors: How many.
    ///   - sectorSize: Bytes in a sector, where the drive was told of another size.
    ///   - forcesAccess: FUA: the disc is read, whatever the drive still has of it in its buffer.
    /// - Returns: The command.
    public static func read(
        at start: LBA,
        sectors: Int,
        sectorSize: Int = 2048,
        forcesAccess: Bool = false
    ) -> Command {
        let flags: UInt8 = forcesAccess ? 0x08 : 0
        let data = DataPhase.fromDrive(sectors * sectorSize)
        if sectors > 0xFFFF {
            return Command(
                "READ(12)",
                cdb: [0xA8, flags] + be32(start.rawValue) + be32(sectors) + [0, 0],
                data: data,
                timeout: .seconds(60)
            )
        }
        return Command(
            "READ(10)",
            cdb: [0x28, flags] + be32(start.rawValue) + [0] + be16(sectors) + [0],
            data: data,
            timeout: .seconds(60)
        )
    }

    /// Which sectors READ CD may return (MMC-6 §6.19.2.2).
    public enum ExpectedSector: UInt8, Sendable {
        case any = 0, audio = 1, mode1 = 2, mode2 = 3, mode2Form1 = 4, mode2Form2 = 5

        /// The most bytes of user data that such a sector has (MMC-6 §6.19.3).
        public var userDataSize: Int {
            switch self {
            case .any, .audio: 2352
            case .mode1, .mode2Form1: 2048
            case .mode2: 2336
            case .mode2Form2: 2328
            }
        }
    }

    /// Reads the user data of CD sectors: 2048 bytes of a data sector, 2352 of audio (MMC-6 §6.19).
    public static func readCD(at start: LBA, sectors: Int, expecting: ExpectedSector) -> Command {
        readCD(at: start, sectors: sectors, expecting: expecting, parts: SectorParts(.user))
    }

    /// What READ CD gives of a sector besides its user data (MMC-6 §6.19.2, bytes 9 and 10).
    public struct SectorParts: Hashable, Sendable {
        /// How subchannel comes.
        public enum Subchannel: UInt8, Sendable {
            case none = 0
            /// All eight channels, one bit of each in each of 96 bytes.
            case raw = 1
            /// Twelve bytes of Q and four others.
            case q = 2

            /// Bytes that it takes.
            public var size: Int {
                switch self {
                case .none: 0
                case .raw: 96
                case .q: 16
                }
            }
        }

        /// How C2 tells which bytes it could not correct (MMC-6 §6.19.2.4).
        public enum ErrorFlags: UInt8, Sendable, CaseIterable {
            /// Not at all.
            case none = 0
            /// A bit for each byte, the highest first.
            case pointers = 1
            /// As ``pointers``, and two bytes that say whether any bit is set.
            case pointersAndSum = 2

            /// Bytes that it takes.
            public var size: Int {
                switch self {
                case .none: 0
                case .pointers: 294
                case .pointersAndSum: 296
                }
            }
        }

        /// What of the sector itself.
        public enum Main: UInt8, Sendable {
            case none = 0
            /// User data; of audio the whole sector.
            case user = 0x10
            /// The whole sector of 2352 bytes.
            case whole = 0xF8
        }

        /// What of the sector itself.
        public var main: Main
        /// What C2 says of its bytes, which comes behind it.
        public var errorFlags: ErrorFlags
        /// Its subchannel, which comes last.
        public var subchannel: Subchannel

        /// Creates a choice.
        public init(
            _ main: Main,
            errorFlags: ErrorFlags = .none,
            subchannel: Subchannel = .none
        ) {
            self.main = main
            self.errorFlags = errorFlags
            self.subchannel = subchannel
        }

        /// Bytes that a sector takes in all.
        public func size(of expected: ExpectedSector) -> Int {
            let own =
                switch main {
                case .none: 0
                case .user: expected.userDataSize
                case .whole: 2352
                }
            return own + errorFlags.size + subchannel.size
        }
    }

    /// Reads parts of CD sectors (MMC-6 §6.19).
    public static func readCD(
        at start: LBA,
        sectors: Int,
        expecting: ExpectedSector,
        parts: SectorParts
    ) -> Command {
        Command(
            "READ CD",
            cdb: [0xBE, expecting.rawValue << 2] + be32(start.rawValue) + be24(sectors)
                + [
                    parts.main.rawValue | parts.errorFlags.rawValue << 1, parts.subchannel.rawValue,
                    0,
                ],
            data: .fromDrive(sectors * parts.size(of: expecting)),
            timeout: .seconds(60)
        )
    }

    /// Sets the speed for reading and writing, in kB/s of 1000 bytes; FFFFh for the fastest.
    ///
    /// More than the field holds, as 16× is on BD, is the fastest. MMC-6 §6.37, SET CD SPEED, which
    /// drives obey on every medium.
    public static func setSpeed(read: Int, write: Int) -> Command {
        func field(_ speed: Int) -> [UInt8] { be16(max(0, min(speed, 0xFFFF))) }
        return Command(
            "SET CD SPEED",
            cdb: [0xBB, 0] + field(read) + field(write) + [0, 0, 0, 0, 0, 0]
        )
    }

    /// What START STOP UNIT does (MMC-6 §6.42).
    public enum TrayAction: UInt8, Sendable {
        case stop = 0, start = 1, eject = 2, load = 3
    }

    /// Moves the tray or starts and stops the disc (MMC-6 §6.42).
    public static func startStop(_ action: TrayAction) -> Command {
        Command("START STOP UNIT", cdb: [0x1B, 0, 0, 0, action.rawValue, 0], timeout: .seconds(60))
    }

    /// Locks the door, or unlocks it (SPC-4 Annex C, MMC-6 §6.15).
    public static func preventRemoval(_ prevent: Bool) -> Command {
        Command(
            "PREVENT ALLOW MEDIUM REMOVAL",
            cdb: [0x1E, 0, 0, 0, prevent ? 1 : 0, 0],
            timeout: .seconds(10)
        )
    }
}

/// A program that a disc starts a computer with; El Torito 1.0 §2.2 and §2.4.
public struct BootEntry: Codable, Hashable, Sendable {
    /// The kind of computer.
    public enum Platform: String, Codable, Sendable {
        case x86
        case powerPC = "powerpc"
        case mac
        case efi
        /// A number that no specification names.
        case other

        /// Platform identifiers: El Torito §2.1, UEFI 2.10 §13.3.2.1.
        init(_ number: UInt8) {
            let known: [UInt8: Platform] = [0: .x86, 1: .powerPC, 2: .mac, 0xEF: .efi]
            self = known[number] ?? .other
        }

        /// The name that people use.
        public var displayName: String {
            switch self {
            case .x86: "PC BIOS"
            case .powerPC: "PowerPC"
            case .mac: "Mac"
            case .efi: "EFI"
            case .other: "another platform"
            }
        }
    }

    /// What the firmware pretends that the program came from.
    public enum Emulation: String, Codable, Sendable {
        case none
        case floppy1200 = "floppy-1.2"
        case floppy1440 = "floppy-1.44"
        case floppy2880 = "floppy-2.88"
        case hardDisk = "hard-disk"
        /// A number that El Torito doesn't name.
        case other

        /// The low four bits of the media type.
        init(_ number: UInt8) {
            let known: [Emulation] = [.none, .floppy1200, .floppy1440, .floppy2880, .hardDisk]
            let index = Int(number & 0x0F)
            self = index < known.count ? known[index] : .other
        }

        /// What people say.
        public var displayName: String {
            switch self {
            case .none: "no emulation"
            case .floppy1200: "as a floppy of 1.2 MB"
            case .floppy1440: "as a floppy of 1.44 MB"
            case .floppy2880: "as a floppy of 2.88 MB"
            case .hardDisk: "as a hard disk"
            case .other: "with an unknown emulation"
            }
        }
    }

    /// The kind of computer.
    public var platform: Platform
    /// Whether the firmware may start it.
    public var isBootable: Bool
    /// What the firmware pretends.
    public var emulation: Emulation
    /// The segment that it is loaded to; 0 means 0x7C0.
    public var loadSegment: Int
    /// How much is loaded, in sectors of 512 bytes.
    public var loadSectors: Int
    /// The sector of the disc, of 2048 bytes, where it begins.
    public var start: Int
    /// Whether what is loaded lies within the source, where its size is known.
    public var isWithinSource: Bool?
    /// What the program's own boot information table says of it; `nil` if it has none.
    public var informationTable: BootInformationTable?

    /// The byte behind what is loaded: of an emulated disk its whole size, else the loaded sectors.
    public var end: UInt64 {
        let start = UInt64(start) * 2048
        switch emulation {
        case .floppy1200: return start + 1_228_800
        case .floppy1440: return start + 1_474_560
        case .floppy2880: return start + 2_949_120
        case .none, .hardDisk, .other: return start + UInt64(max(1, loadSectors)) * 512
        }
    }

    /// Reads one record of a boot catalogue.
    init(_ bytes: Span<UInt8>, at offset: Int, platform: Platform) {
        self.platform = platform
        isBootable = bytes.byte(offset) == 0x88
        emulation = Emulation(bytes.byte(offset + 1))
        loadSegment = Int(bytes.little16(offset + 2))
        loadSectors = Int(bytes.little16(offset + 6))
        start = Int(bytes.little32(offset + 8))
    }
}

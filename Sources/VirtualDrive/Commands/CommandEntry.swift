import MMC

/// A command that the drive knows: what it needs, which way its data go, and what carries it out.
struct CommandEntry: Sendable {
    /// What must hold before a command is carried out.
    struct Needs: OptionSet {
        let rawValue: Int
        /// A disc that is ready.
        static let medium = Needs(rawValue: 1)
        /// It is carried out without telling a unit attention first (MMC-6 §4.1.8).
        static let despiteAttention = Needs(rawValue: 2)
        /// It is carried out while a long operation goes on.
        static let duringOperation = Needs(rawValue: 4)
    }

    /// Where a command says how many bytes its host takes.
    enum Allocation {
        case u8(Int)
        case u16(Int)
        case u32(Int)
        /// The command has no such field.
        case none

        func length(in cdb: CDB) -> Int {
            switch self {
            case .u8(let offset): cdb.u8(offset)
            case .u16(let offset): cdb.u16(offset)
            case .u32(let offset): cdb.u32(offset)
            case .none: .max
            }
        }
    }

    /// How many bytes went to the host, and what went wrong.
    struct ReadResult {
        var transferred = 0
        var sense: Sense?
    }

    /// What carries a command out, by the way its data go; it throws sense data.
    enum Action {
        /// No data.
        case plain(@Sendable (VirtualRecorder, CDB) throws -> Void)
        /// A short reply, cut to the allocation length.
        case reply(Allocation, @Sendable (VirtualRecorder, CDB) throws -> [UInt8])
        /// Sectors for the host.
        case read(@Sendable (VirtualRecorder, CDB, inout MutableSpan<UInt8>) -> ReadResult)
        /// A short list from the host.
        case list(@Sendable (VirtualRecorder, CDB, [UInt8]) throws -> Void)
        /// Sectors from the host.
        case write(@Sendable (VirtualRecorder, CDB, Span<UInt8>) throws -> Void)
    }

    let opcode: UInt8
    let name: String
    let needs: Needs
    let action: Action

    init(_ opcode: UInt8, _ name: String, _ needs: Needs, _ action: Action) {
        self.opcode = opcode
        self.name = name
        self.needs = needs
        self.action = action
    }
}

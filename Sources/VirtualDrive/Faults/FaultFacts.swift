package import MMC

/// What is true of every fault of a kind: what it strikes, what it says, and how it is specified.
package struct FaultFacts: Sendable {
    /// What a fault strikes.
    package enum Target: Sendable {
        /// Sectors, each time that they are read.
        case sectorsRead
        /// Commands that write.
        case writing
        /// Commands by their operation codes; any where there are none.
        case commands(Set<UInt8>)
        /// A disc that comes into the drive.
        case loading
    }

    package var target: Target
    /// What the drive says where the specification names nothing else.
    package var sense = Sense(.noSense, 0, 0)
    /// The drive's time that it costs where the specification names no other.
    package var seconds = 0.0
    /// Bytes that are damaged or left where the specification names no other number.
    package var bytes = 0
    /// The words that hold without being said.
    package var words: Set<Fault.Word> = []
    /// The words that can be said.
    package var allowedWords: Set<Fault.Word> = []
    /// The settings that must be given.
    package var required: [FaultSetting] = []
    /// The settings that can be given, besides those that any fault can have.
    package var settings: Set<FaultSetting> = []

    package static func of(_ kind: Fault.Kind) -> FaultFacts {
        table[kind] ?? FaultFacts(target: .commands([]))
    }

    /// What commands of this kind that are refused have in common.
    private static func refusal(_ commands: Set<UInt8>, _ sense: Sense) -> FaultFacts {
        FaultFacts(
            target: .commands(commands),
            sense: sense,
            allowedWords: [.done, .sticky, .deferred],
            settings: [.sense, .time]
        )
    }

    private static let table: [Fault.Kind: FaultFacts] = [
        .read: FaultFacts(
            target: .sectorsRead,
            sense: Sense(.mediumError, 0x11, 0x05),
            allowedWords: [.block],
            required: [.lba],
            settings: [.lba, .sense, .time]
        ),
        .slow: FaultFacts(
            target: .sectorsRead,
            seconds: 1,
            allowedWords: [.block],
            required: [.lba],
            settings: [.lba, .time]
        ),
        .flip: FaultFacts(
            target: .sectorsRead,
            bytes: 1,
            allowedWords: [.block],
            required: [.lba],
            settings: [.lba, .bytes, .seed]
        ),
        .c2: FaultFacts(
            target: .sectorsRead,
            bytes: 8,
            required: [.lba],
            settings: [.lba, .bytes, .seed, .missed, .falseAlarms]
        ),
        .q: FaultFacts(target: .sectorsRead, required: [.lba], settings: [.lba]),
        .write: FaultFacts(
            target: .writing,
            sense: Sense(.mediumError, 0x0C, 0x00),
            allowedWords: [.sticky, .block],
            required: [.lba],
            settings: [.lba, .sense, .later, .time]
        ),
        .calibration: FaultFacts(
            target: .writing,
            sense: Sense(.mediumError, 0x73, 0x03),
            seconds: 9.5,
            words: [.sticky],
            settings: [.lba, .sense, .later, .time]
        ),
        .underrun: FaultFacts(
            target: .writing,
            sense: Sense(.mediumError, 0x0C, 0x09),
            seconds: 1,
            settings: [.lba, .sense, .time]
        ),
        .power: FaultFacts(
            target: .writing,
            seconds: 10,
            allowedWords: [.gone],
            required: [.lba],
            settings: [.lba, .lost, .time]
        ),
        .refuse: FaultFacts(
            target: .commands([]),
            sense: Sense(.illegalRequest, 0x24, 0x00),
            allowedWords: [.done, .sticky, .deferred],
            required: [.command, .sense],
            settings: [.command, .lba, .sense, .time]
        ),
        .opc: refusal([0x54], Sense(.mediumError, 0x73, 0x03)),
        .close: refusal([0x5B], Sense(.illegalRequest, 0x72, 0x03)),
        .flush: refusal([0x35], Sense(.mediumError, 0x0C, 0x00)),
        .blank: refusal([0xA1], Sense(.mediumError, 0x51, 0x00)),
        .format: refusal([0x04], Sense(.mediumError, 0x31, 0x01)),
        .hang: FaultFacts(
            target: .commands([]),
            required: [.command],
            settings: [.command, .lba]
        ),
        .gone: FaultFacts(target: .commands([]), settings: [.command, .lba]),
        .remove: FaultFacts(target: .commands([]), settings: [.command, .lba]),
        .attention: FaultFacts(
            target: .commands([]),
            sense: Sense(.unitAttention, 0x28, 0x00),
            allowedWords: [.reset],
            settings: [.command, .lba, .sense]
        ),
        .ready: FaultFacts(
            target: .loading,
            sense: Sense(.notReady, 0x04, 0x01),
            seconds: 3,
            settings: [.polls, .sense, .time]
        ),
        .cut: FaultFacts(
            target: .commands([]),
            allowedWords: [.silent],
            required: [.bytes],
            settings: [.command, .lba, .bytes]
        ),
        .reply: FaultFacts(
            target: .commands([]),
            bytes: -1,
            required: [.command],
            settings: [.command, .bytes, .set]
        ),
    ]
}

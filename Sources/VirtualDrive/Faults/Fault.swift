public import MMC

/// Something that goes wrong in a virtual recorder.
///
/// A specification is a kind and settings, such as `read lba=1000-1010 sense=3/11/05`. Its ranges are
/// inclusive. `Docs/VirtualDrive.md` lists the kinds and their settings, and ``FaultFacts`` says the
/// same to the program.
public struct Fault: Hashable, Sendable {
    /// What goes wrong.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        // Sectors that are read.
        case read, slow, flip, c2, q
        // Sectors that are written.
        case write, calibration, underrun, power
        // Commands that are refused.
        case refuse, opc, close, flush, blank, format
        // The drive, the disc in it, and the way to it.
        case hang, gone, remove, attention, ready
        // What comes of a command's data.
        case cut, reply
    }

    /// The words that can stand in a specification without a value.
    public enum Word: String, Hashable, Sendable, CaseIterable {
        /// The whole block of error correction is hit that a sector lies in.
        case block
        /// What the command is to do is done all the same.
        case done
        /// All that needs the laser says the same from then on.
        case sticky
        /// The drive forgets the writing that is under way.
        case reset
        /// Data that did not come count as if they had.
        case silent
        /// The drive is not seen any more from then on.
        case gone
        /// What is told is about an earlier command: response code 71h (SPC-4, deferred errors).
        case deferred
    }

    /// So many times in a row out of each so many.
    public struct Share: Hashable, Sendable {
        /// How often the fault strikes.
        public var strikes: Int
        /// Of how many times.
        public var of: Int
    }

    /// What goes wrong.
    public var kind: Kind
    /// The sectors; absent where it does not matter which.
    public var sectors: ClosedRange<Int>?
    /// The operation codes of the commands that it strikes; empty for those of its kind.
    public var commands: Set<UInt8> = []
    /// What the drive says, with the first bad sector in the information field.
    public var sense: Sense
    /// How often all goes well before it strikes: for a sector that is read, how often that sector
    /// is; else, how many commands.
    public var after = 0
    /// How often it strikes, counted as ``after`` is; absent for always.
    public var count: Int?
    /// How often it strikes out of how many times; absent for each time.
    public var share: Share?
    /// The seconds of the drive's time that it costs.
    public var seconds: Double
    /// Bytes that are cut to, or damaged.
    public var bytes: Int
    /// What the places of damaged bytes are drawn from, again for each read; `nil` if they are always
    /// the same ones.
    public var seed: Int?
    /// Damaged bytes that C2 does not flag.
    public var missed = 0
    /// Right bytes that C2 flags.
    public var falseAlarms = 0
    /// How often it is told.
    public var polls = 3
    /// How many sectors later a write error is told; absent where it is told at once.
    public var distance: Int?
    /// The sectors before a power cut that the drive had not yet recorded.
    public var lost = 64
    /// Where bytes of a reply are replaced, and by what.
    public var replacements: [Int: [UInt8]] = [:]
    /// The words that were said.
    public var words: Set<Word> = []

    /// Creates a fault of a kind, with what is usual for it.
    public init(
        _ kind: Kind,
        sectors: ClosedRange<Int>? = nil,
        sense: Sense? = nil,
        after: Int = 0
    ) {
        let facts = FaultFacts.of(kind)
        self.kind = kind
        self.sectors = sectors
        self.sense = sense ?? facts.sense
        self.after = after
        seconds = facts.seconds
        bytes = facts.bytes
        words = facts.words
    }

    /// Reads a specification.
    ///
    /// - Throws: ``FaultError`` with one sentence that quotes what is wrong.
    public init(parsing text: String) throws(FaultError) {
        let words = text.split(whereSeparator: \.isWhitespace)
        guard let first = words.first, let kind = Kind(rawValue: String(first)) else {
            throw FaultError(text, "it does not begin with \(Self.list(Kind.allCases))")
        }
        let facts = FaultFacts.of(kind)
        var fault = Fault(kind)
        var given: Set<FaultSetting> = []
        for word in words.dropFirst() {
            if let said = Word(rawValue: String(word)) {
                guard facts.allowedWords.contains(said) else {
                    throw FaultError(text, "“\(word)” says nothing of “\(first)”")
                }
                fault.words.insert(said)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw FaultError(text, "“\(word)” is not a setting") }
            guard let setting = FaultSetting(rawValue: String(parts[0])) else {
                throw FaultError(text, "“\(parts[0])” is not known")
            }
            guard facts.settings.contains(setting) || FaultSetting.common.contains(setting) else {
                throw FaultError(text, "“\(parts[0])” is not a setting of “\(first)”")
            }
            let format = setting.format
            guard format.read(parts[1], &fault) else {
                throw FaultError(text, "“\(parts[1])” is no \(format.noun)")
            }
            given.insert(setting)
        }
        for setting in facts.required where !given.contains(setting) {
            throw FaultError(
                text,
                "it names no \(setting.format.plural) with “\(setting.rawValue)=”"
            )
        }
        self = fault
    }

    private static func list(_ kinds: [Kind]) -> String {
        let names = kinds.map { "“\($0.rawValue)”" }
        return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
    }
}

/// How a drive treats sound: where its samples come, how far it reads beyond the ends, and what it keeps.
///
/// A specification is a row of settings, such as `offset=667 lead-out=2 cache=1200`.
/// `Docs/VirtualDrive.md` lists them.
public struct AudioTraits: Hashable, Sendable {
    /// What comes of sectors before and behind those that the drive reads.
    public enum Beyond: String, Hashable, Sendable, CaseIterable {
        /// It refuses them: 5/21/00.
        case refuse
        /// It returns the last sector that it reads, for ever.
        case `repeat`
        /// It locks up.
        case hang
    }

    /// Where a sample lies in what the drive reads: sample p of the disc is sample p + offset there.
    public var readOffset = 0
    /// Where a sample that the drive is sent comes to lie: sample p is sample p + offset of the disc.
    public var writeOffset = 0
    /// The sectors before LBA 0 that it reads; no more than the disc has.
    public var leadIn = 150
    /// The sectors of the lead-out that it reads.
    public var leadOut = 0
    /// What comes of those beyond.
    public var beyond = Beyond.refuse
    /// The sectors of audio that it keeps, and gives again without reading them.
    public var cache = 0
    /// The sectors behind those asked for that it reads into its cache.
    public var readAhead = 0
    /// By how many sectors Q is behind the audio.
    public var lag = 0
    /// By how many samples at most a command may begin elsewhere, where it does not go on where the last
    /// one ended; zero in a drive with an accurate stream.
    public var jitter = 0

    /// A drive without an offset, a cache, or any other habit.
    public init() {}

    /// The settings that a specification can have.
    package enum Setting: String, CaseIterable {
        case offset
        case writeOffset = "write-offset"
        case leadIn = "lead-in"
        case leadOut = "lead-out"
        case beyond, cache
        case readAhead = "read-ahead"
        case lag, jitter
    }

    private static let noun = "treatment of audio"

    /// Changes what a specification names.
    ///
    /// - Throws: ``FaultError`` with one sentence that quotes what is wrong.
    public mutating func apply(_ text: String) throws(FaultError) {
        for word in text.split(whereSeparator: \.isWhitespace) {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let setting = Setting(rawValue: String(parts[0])) else {
                let known = Setting.allCases.map(\.rawValue).joined(separator: ", ")
                throw FaultError(text, "“\(word)” is none of \(known)", of: Self.noun)
            }
            guard apply(setting, parts[1]) else {
                let problem = "“\(parts[1])” is no value of “\(setting.rawValue)”"
                throw FaultError(text, problem, of: Self.noun)
            }
        }
    }

    private mutating func apply(_ setting: Setting, _ value: Substring) -> Bool {
        if setting == .beyond {
            guard let beyond = Beyond(rawValue: String(value)) else { return false }
            self.beyond = beyond
            return true
        }
        guard let number = Int(value) else { return false }
        let (place, range): (WritableKeyPath<AudioTraits, Int>, ClosedRange<Int>) =
            switch setting {
            case .offset: (\.readOffset, -5880...5880)
            case .writeOffset: (\.writeOffset, -5880...5880)
            case .leadIn: (\.leadIn, 0...150)
            case .leadOut: (\.leadOut, 0...6750)
            case .cache: (\.cache, 0...20_000)
            case .readAhead: (\.readAhead, 0...20_000)
            case .lag: (\.lag, -16...16)
            case .jitter, .beyond: (\.jitter, 0...1000)
            }
        guard range.contains(number) else { return false }
        self[keyPath: place] = number
        return true
    }
}

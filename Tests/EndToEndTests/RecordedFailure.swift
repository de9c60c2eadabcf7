import Testing

/// A failure that was recorded of real drives, how a virtual drive fails the same way, and what a
/// program then says.
///
/// The facts are the command, the point at which it failed and the sense data; addresses that lie
/// far out on a disc are moved to where a small image reaches.
struct RecordedFailure: Sendable, CustomTestStringConvertible {
    /// The numbers of the records, of those that begin with `s-`.
    var records: [Int]
    /// The blank disc in the drive; `none`, or `cd` and `dvd` for large pressed discs of zeros.
    var medium: String
    /// The program and its arguments.
    var script: String
    /// What is run before, in a drive that does not fail.
    var before: String?
    /// What goes wrong.
    var faults: [String]
    /// What the drive does otherwise than others.
    var quirks: [String]
    /// Whether the program goes on, and ends well.
    var isHarmless: Bool
    /// What the program says.
    var says: [String]

    init(
        _ records: [Int],
        _ medium: String,
        _ script: String,
        before: String? = nil,
        faults: [String] = [],
        quirks: [String] = [],
        isHarmless: Bool = false,
        says: [String]
    ) {
        self.records = records
        self.medium = medium
        self.script = script
        self.before = before
        self.faults = faults
        self.quirks = quirks
        self.isHarmless = isHarmless
        self.says = says
    }

    /// The program that is run.
    var program: String { script.split(separator: " ").first.map(String.init) ?? "" }

    var testDescription: String {
        let names = records.map { "s-" + String($0 + 1000).dropFirst() }
        return "\(names.joined(separator: ", ")): \(program)"
    }

    static let all = ofWodimWriting + ofWodimAround + ofGrowisofs + ofOthers

    // MARK: How the programs are called

    static let wodim = "wodim -v dev=$SPINDLE_DRIVE gracetime=2"
    static let tao = "\(wodim) -tao noise.img"
    static let sao = "\(wodim) -sao noise.img"
    static let dummyTAO = "\(wodim) -dummy -tao noise.img"
    static let audioTAO = "\(wodim) -tao -audio -pad noise.img"
    static let audioSAO = "\(wodim) -sao -audio -pad noise.img"
    static let growisofs = "growisofs -use-the-force-luke=notray -Z $SPINDLE_DRIVE=noise.img"
    static let growisofsAtOnce =
        "growisofs -use-the-force-luke=notray,dao -Z $SPINDLE_DRIVE=noise.img"
    static let cdrskin = "cdrskin -v dev=$SPINDLE_DRIVE noise.img"
    static let cdrdaoUnprotected = "cdrdao simulate --buffer-under-run-protection 0"
    static let readom = "readom dev=$SPINDLE_DRIVE retries=2 f=out"
}

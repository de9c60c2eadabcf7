package import DiscDrives
package import DiscModel
package import LibBurn
import MMC
public import Reports
public import SystemPackage

/// Formats a disc, and has the disc say that it is formatted.
public struct FormatJob {
    /// How much of the disc is set aside for blocks that turn bad.
    public enum Spares: String, CaseIterable, Sendable {
        /// Nothing.
        case none
        /// The least that the drive offers.
        case small
        /// What the drive offers first.
        case standard = "default"
        /// The most that the drive offers.
        case large
    }

    /// What is wanted.
    public struct Wish: Hashable, Sendable {
        /// Whether all of the disc is gone through, which takes as long as writing it.
        public var isFull: Bool
        /// The spare areas; `nil` for the drive's first choice.
        public var spares: Spares?

        /// Creates a wish.
        public init(isFull: Bool = false, spares: Spares? = nil) {
            self.isFull = isFull
            self.spares = spares
        }
    }

    /// What will be done.
    package struct Plan: Hashable, Sendable {
        /// What libburn is told.
        package var task: BurnOrder.Task
        /// Its name in the plan.
        package var name: String
        /// The sectors that the disc will have; `nil` if it grows as it is written.
        package var sectors: Int?
        /// Whether the disc is formatted so already, and nothing needs to be done.
        package var isDone: Bool

        /// Chooses one of the formats that the drive lists.
        ///
        /// - Throws: ``Reports/Failure`` if there is none as wished for.
        package init(_ report: DiscReport, _ medium: MediumKind, _ wish: Wish) throws(Failure) {
            let formats = (report.formats?.descriptors ?? []).filter { $0.sectors > 0 }
            let name = medium.displayName
            isDone = false
            switch medium {
            case .dvdRW:
                try Self.checkNoSpares(wish, name)
                guard wish.isFull else {
                    (task, self.name, sectors) = (.formatToGrow, "format-fast", nil)
                    isDone = report.isOverwritable
                    return
                }
                let chosen = try Self.first(formats, of: [0x00, 0x10], name)
                task = .format(chosen, certifying: false)
                (self.name, sectors) = ("format-full", chosen.sectors)
            case .dvdPlusRW:
                try Self.checkNoSpares(wish, name)
                guard !wish.isFull else {
                    throw .notFormatted(
                        "A \(name) has one format: the drive goes on with it in the background while the disc is used.",
                        "Leave --kind out."
                    )
                }
                let chosen = try Self.first(formats, of: [0x26], name)
                task = .format(chosen, certifying: false)
                (self.name, sectors) = ("format-background", chosen.sectors)
                isDone = report.isFormatted
            case .dvdRAM, .bdRE, .bdREDualLayer, .bdR, .bdRDualLayer:
                let chosen = try Self.choice(formats, report, medium, wish)
                task = .format(chosen, certifying: wish.isFull)
                self.name = wish.isFull ? "format-full" : "format-fast"
                sectors = chosen.sectors
                isDone =
                    !wish.isFull && !report.isUnformatted && report.formats?.kind == .formatted
                    && (wish.spares == nil || report.formats?.sectors == chosen.sectors)
            default:
                throw .notFormatted(
                    "A \(name) is not formatted before it is written.",
                    "Burn it as it is."
                )
            }
        }

        private static func checkNoSpares(_ wish: Wish, _ name: String) throws(Failure) {
            guard wish.spares == nil else {
                throw .notFormatted("A \(name) has no spare areas.", "Leave --spare out.")
            }
        }

        private static func first(
            _ formats: [FormatCapacities.Descriptor],
            of types: [Int],
            _ name: String
        ) throws(Failure) -> ListedFormat {
            for type in types {
                if let found = formats.first(where: { $0.type == type }) {
                    return ListedFormat(type: type, sectors: found.sectors)
                }
            }
            throw .notFormatted(
                "The drive lists no such format for this \(name).",
                "See with “spindle info” what the disc is, or use another drive.",
                .driveUnable
            )
        }

        /// The format with the spare areas that are wished for; those with larger ones have fewer sectors.
        private static func choice(
            _ formats: [FormatCapacities.Descriptor],
            _ report: DiscReport,
            _ medium: MediumKind,
            _ wish: Wish
        ) throws(Failure) -> ListedFormat {
            let name = medium.displayName
            let isRAM = medium == .dvdRAM
            if medium == .bdR || medium == .bdRDualLayer {
                guard report.state == .blank else {
                    throw .notFormatted(
                        "A \(name) is formatted only while it is blank, and this one is \(report.state.rawValue).",
                        "Use a blank disc."
                    )
                }
                guard wish.spares != FormatJob.Spares.none else {
                    throw .notFormatted(
                        report.formats?.kind == .formatted
                            ? "The \(name) is formatted, and its spare areas can't be taken away."
                            : "A blank \(name) has no spare areas as long as it is not formatted.",
                        "Burn it as it is."
                    )
                }
            }
            // 00h of a DVD-RAM comes with spare areas and without (MMC-6 §6.5.4.2.1); 30h of BD-RE and 32h
            // of BD-R with spare areas of a chosen size; 31h of BD-RE without.
            let withSpares = formats.filter { (isRAM ? [0x00] : [0x30, 0x32]).contains($0.type) }
                .sorted { $0.sectors < $1.sectors }
            let found: FormatCapacities.Descriptor?
            switch wish.spares {
            case .large: found = withSpares.first
            case .small: found = isRAM ? withSpares.dropLast().last : withSpares.last
            case .some(.none):
                found = isRAM ? withSpares.last : formats.first { $0.type == 0x31 }
            case .standard, nil:
                found =
                    isRAM
                    ? withSpares.dropLast().last ?? withSpares.last
                    : formats.first { $0.type == 0x00 } ?? formats.first { $0.type == 0x30 }
            }
            guard let found else {
                throw .notFormatted(
                    "The drive offers no such spare area for this \(name).",
                    "Leave --spare out.",
                    .driveUnable
                )
            }
            return ListedFormat(type: found.type, sectors: found.sectors)
        }
    }

    private let node: FilePath
    private let wish: Wish
    private let libburn: [String]?

    /// Creates a job.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - wish: What is wanted.
    ///   - libburn: As of ``BurnOptions/libburn``.
    public init(drive node: FilePath, _ wish: Wish, libburn: [String]? = nil) {
        self.node = node
        self.wish = wish
        self.libburn = libburn
    }

    /// Formats the disc.
    ///
    /// Blocks until it is done; it can't be stopped on the way. A disc that is formatted as wished for
    /// already is left alone.
    ///
    /// - Parameters:
    ///   - confirm: Asked whether what is on the disc may be lost, and before what can't be undone.
    ///   - tell: Told the plan and the progress.
    /// - Returns: How it ended: done.
    /// - Throws: ``Reports/Failure``.
    public func run(
        confirm: (BurnQuestion) throws(Failure) -> Bool,
        tell: @escaping (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try Drive.free(
            node,
            ifNeeded: { () throws(Failure) in
                try !planned(for: try Drive(node).inspectDisc()).plan.isDone
            },
            confirm,
            tell
        )
        let drive = try Drive(node)
        let report = try drive.inspectDisc()
        let (plan, medium) = try planned(for: report)
        let glance = DiscGlance(drive, report)
        var described = JobPlan(verb: Self.verb, source: node.string, target: node.string)
        described.drive = drive.name
        described.medium = medium.rawValue
        described.preparation = plan.name
        described.capacitySectors = plan.sectors
        tell(.plan(described))
        guard !plan.isDone else {
            return result(
                report,
                "The \(medium.displayName) is formatted already: nothing was done."
            )
        }
        let holdsData = report.state != .blank
        if holdsData || medium.facts.recording == .once {
            let question = BurnQuestion.formatting(
                medium,
                holdsData ? HeldData(drive, report) : nil,
                holdsData: holdsData
            )
            guard try confirm(question) else { throw question.refusal }
            try glance.check(drive, try drive.inspectDisc())
        }
        let task = DiscTask(node: node, libburn: libburn, phase: .format, medium: medium)
        let after = try task.run(
            plan.task,
            "Formatting",
            on: report,
            remedy: "Try again, or use “--kind full”.",
            tell
        ) { report in
            let isFormatted =
                medium.facts.recording == .once
                ? report.formats?.kind == .formatted
                : report.isFormatted
            return isFormatted ? nil : "does not call the disc formatted"
        }
        return result(after, "The \(medium.displayName) is formatted.")
    }

    /// What is to be done to a disc.
    private func planned(for report: DiscReport) throws(Failure) -> (plan: Plan, medium: MediumKind)
    {
        let medium = try report.knownMedium(
            in: node.string,
            wanted: "a disc that can be formatted",
            meaning: "Nothing was done."
        )
        guard !report.isOfForeignKind else {
            throw .notFormatted(
                "The drive \(node) does not write \(medium.displayName).",
                "Use another drive.",
                .driveUnable
            )
        }
        return (try Plan(report, medium, wish), medium)
    }

    private func result(_ report: DiscReport, _ sentence: String) -> JobResult {
        var result = JobResult(.done, verb: Self.verb)
        result.discState = report.state.rawValue
        result.discUsable = true
        result.sentences = [sentence]
        if let sectors = report.writableSectors {
            result.sentences.append(
                "There is room for \(Wording.sectors(sectors)), \(Wording.size(sectors * 2048))."
            )
        }
        return result
    }

    private static let verb = "format"
}

extension BurnQuestion {
    /// What is on a disc would be lost by blanking it.
    static func blanking(_ name: String, _ held: HeldData) -> BurnQuestion {
        BurnQuestion(
            fact: "The \(name) holds data\(held.inBrackets)",
            question: "Destroy them?",
            consequence: ", which blanking would destroy",
            advice: "Agree with --yes.",
            meaning: "Nothing was done; the data are still there."
        )
    }

    /// What is on a disc would be lost by formatting it, or it could not be undone.
    fileprivate static func formatting(_ medium: MediumKind, _ held: HeldData?, holdsData: Bool)
        -> BurnQuestion
    {
        let name = medium.displayName
        guard holdsData else {
            return BurnQuestion(
                fact:
                    "A \(name) that is formatted stays so, with less room and written more slowly",
                question: "Format it?",
                consequence: "",
                advice: "Burn it as it is, or agree with --yes.",
                meaning: "Nothing was done."
            )
        }
        return BurnQuestion(
            fact: "The \(name) holds data\(held?.inBrackets ?? "")",
            question: "Format it, and lose them?",
            consequence: ", which formatting would lose",
            advice: "Agree with --yes.",
            meaning: "Nothing was done; the data are still there."
        )
    }
}

extension Failure {
    fileprivate static func notFormatted(
        _ what: String,
        _ advice: String,
        _ reason: Failure.Reason = .unsuitableDisc
    ) -> Failure {
        Failure(.unsuitable, reason, what, meaning: "Nothing was done.", advice: advice)
    }
}

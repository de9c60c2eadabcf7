package import DiscDrives
package import DiscModel
public import LibBurn
import MMC
package import Reports

/// The way in which data will be laid down, and why it is this one.
public struct ModeChoice: Hashable, Sendable {
    /// What libburn is told.
    public var mode: SessionJob.Mode
    /// The name that the plan uses: `sao`, `tao`, `dao`, `incremental` or `overwrite`.
    public var name: String
    /// Why, as the rest of a sentence.
    public var reason: String

    /// What there is to know for a choice.
    package struct Situation {
        /// The mode that is asked for; `nil` to have it chosen.
        package var wish: WriteMode?
        /// What the drive says of the disc.
        package var report: DiscReport
        /// What is true of its kind.
        package var facts: MediumFacts
        /// Whether the size is known beforehand.
        package var knowsSize: Bool
        /// Whether something is on the disc already, behind which it goes.
        package var appends: Bool
        /// Whether the disc is to stay open.
        package var keepsOpen: Bool

        /// Creates a situation.
        package init(
            wish: WriteMode?,
            report: DiscReport,
            facts: MediumFacts,
            knowsSize: Bool,
            appends: Bool,
            keepsOpen: Bool
        ) {
            self.wish = wish
            self.report = report
            self.facts = facts
            self.knowsSize = knowsSize
            self.appends = appends
            self.keepsOpen = keepsOpen
        }
    }

    /// Chooses, or says why what was wished for can't be.
    ///
    /// - Throws: ``Reports/Failure``.
    package init(_ situation: Situation) throws(Failure) {
        let report = situation.report
        if report.isOverwritable {
            self = try Self.overwriting(situation)
        } else if situation.facts.family == .cd {
            self = try Self.onCD(situation)
        } else if Self.atOnceProfiles.contains(report.profile.rawValue) {
            self = try Self.onDVD(situation)
        } else {
            self = try Self.inOrder(situation)
        }
    }

    /// DVD-R, DVD-RW and DVD-R DL, written in order.
    private static let atOnceProfiles: Set<Int> = [0x11, 0x14, 0x15]
    private static let doubleLayerProfile = 0x15

    init(_ mode: SessionJob.Mode, _ name: String, _ reason: String) {
        self.mode = mode
        self.name = name
        self.reason = reason
    }

    private static func overwriting(_ situation: Situation) throws(Failure) -> ModeChoice {
        guard situation.wish == nil else {
            throw .unfit(
                "A \(situation.facts.displayName) like this one is written block by block, and has no write modes.",
                "Leave the mode out."
            )
        }
        return ModeChoice(.trackAtOnce, "overwrite", "its blocks can be written in any order")
    }

    private static func onCD(_ situation: Situation) throws(Failure) -> ModeChoice {
        let tracks = ModeChoice(.trackAtOnce, "tao", "it was asked for")
        switch situation.wish {
        case .incremental:
            throw .unfit(
                "To write incrementally on a CD means to write packets, which libburn does not do.",
                "Use “--mode tao”, or leave the mode out."
            )
        case .trackAtOnce:
            return tracks
        case .sessionAtOnce, .discAtOnce:
            guard !situation.appends else {
                throw .unfit(
                    "libburn writes a session at once only on a blank CD, and this one holds data.",
                    "Use “--mode tao”, or leave the mode out."
                )
            }
            guard situation.knowsSize else { throw .sizeNeeded("a session") }
            guard situation.wish == .sessionAtOnce || !situation.keepsOpen else {
                throw .closing("A CD that is written as a whole")
            }
            return ModeChoice(.sessionAtOnce, "sao", "it was asked for")
        case nil where situation.appends:
            return tracks.because("libburn writes later sessions track by track")
        case nil where !situation.knowsSize:
            return tracks.because("the size is not known beforehand")
        case nil:
            return ModeChoice(
                .sessionAtOnce,
                "sao",
                "the disc then ends with the data, and no sectors follow that can't be read"
            )
        }
    }

    private static func onDVD(_ situation: Situation) throws(Failure) -> ModeChoice {
        let name = situation.facts.displayName
        let piecewise = ModeChoice(.trackAtOnce, "incremental", "it was asked for")
        let whole = ModeChoice(.sessionAtOnce, "dao", "it was asked for")
        // A DVD-RW that was blanked quickly can only be written in one go: the drive does not offer
        // incremental writing on it (MMC-6 §5.3.11, feature 0021h).
        let offersPieces = situation.report.offersIncremental
        if situation.keepsOpen, situation.report.profile.rawValue == doubleLayerProfile {
            throw .closing("A \(name)")
        }
        switch situation.wish {
        case .sessionAtOnce, .discAtOnce:
            guard !situation.appends else {
                throw .unfit(
                    "A \(name) is written in one go only from its beginning, and this one holds data.",
                    "Use “--mode incremental”, or leave the mode out."
                )
            }
            guard situation.knowsSize else { throw .sizeNeeded("a disc") }
            guard !situation.keepsOpen else {
                throw .closing("A \(name) that is written in one go")
            }
            return whole
        case .trackAtOnce, .incremental:
            guard offersPieces else { throw .onlyWhole(name) }
            return piecewise
        case nil where offersPieces:
            return piecewise.because(
                situation.appends
                    ? "it goes after what is there"
                    : "the drive offers it, and it needs no size beforehand"
            )
        case nil:
            guard situation.knowsSize, !situation.appends else { throw .onlyWhole(name) }
            guard !situation.keepsOpen else {
                throw .closing(
                    "This \(name) can only be written in one go\(Self.cause(name)), and"
                )
            }
            return whole.because("the drive offers no other\(Self.cause(name))")
        }
    }

    /// Why a disc can be written in one go only, as the end of a clause.
    fileprivate static func cause(_ name: String) -> String {
        name == MediumKind.dvdRW.displayName ? ", as after a quick blank" : ""
    }

    private static func inOrder(_ situation: Situation) throws(Failure) -> ModeChoice {
        switch situation.wish {
        case .sessionAtOnce:
            throw .unfit(
                "A \(situation.facts.displayName) is not written session at once.",
                "Leave the mode out."
            )
        case .discAtOnce:
            throw .unfit(
                "A \(situation.facts.displayName) is not written disc at once.",
                "Leave the mode out."
            )
        case .trackAtOnce, .incremental, nil:
            return ModeChoice(
                .trackAtOnce,
                "incremental",
                "a \(situation.facts.displayName) is written in no other way"
            )
        }
    }

    private func because(_ reason: String) -> ModeChoice { ModeChoice(mode, name, reason) }
}

extension Failure {
    /// The disc does not suit what was asked for.
    static func unfit(
        _ what: String,
        _ advice: String,
        _ reason: Failure.Reason = .unsuitableDisc
    ) -> Failure {
        Failure(.unsuitable, reason, what, meaning: "Nothing was written.", advice: advice)
    }

    fileprivate static func sizeNeeded(_ what: String) -> Failure {
        .unfit(
            "To write \(what) at once, the size must be known beforehand.",
            "Burn from a file, not from a pipe."
        )
    }

    fileprivate static func onlyWhole(_ name: String) -> Failure {
        .unfit(
            "This \(name) can only be written in one go\(ModeChoice.cause(name)).",
            name == MediumKind.dvdRW.displayName
                ? "Leave the mode out and burn from a file, or blank the disc fully."
                : "Leave the mode out and burn from a file."
        )
    }

    fileprivate static func closing(_ what: String) -> Failure {
        .unfit("\(what) is closed with that, and can't stay open.", "Leave --keep-open out.")
    }
}

import DiscDrives
import DiscModel
import LibBurn
import MMC
import Reports
import Transfer

/// The blanking that a burn does first, and what the disc is taken to be then.
struct Blanking: Sendable {
    /// Whether all of the disc is erased.
    var isFull: Bool
    /// The disc as it will be, as far as that can be foreseen.
    var report: DiscReport

    /// Its name in the plan.
    var name: String { isFull ? "blank-full" : "blank-fast" }

    /// Decides how a disc is blanked; `nil` if it is blank, or needs no blanking.
    ///
    /// A DVD-RW that is blanked quickly can only be written in one go (MMC-6 §5.3.11), so it is blanked
    /// fully where that would not do.
    ///
    /// - Throws: ``Reports/Failure`` if the disc holds something and can't be blanked.
    init?(_ found: DiscReport, _ options: BurnOptions, _ image: ImageToBurn) throws(Failure) {
        guard let medium = found.medium, ![.blank, .none].contains(found.state),
            !found.isOverwritable
        else { return nil }
        guard medium.facts.recording == .blankable else {
            throw .unfit(
                "The \(medium.displayName) holds data, and what is written to it once stays: it can't be blanked.",
                "Use a blank disc, or leave --blank out to write after the data."
            )
        }
        let isDVD = medium.facts.family == .dvd
        let wish = options.mode
        let isPiecewise =
            options.keepsOpen || wish == .incremental || wish == .trackAtOnce
            || image.byteCount == nil
        isFull = isDVD && isPiecewise
        report = found.whenBlanked(isFull: isFull)
    }
}

extension DiscReport {
    /// The report of the same disc when it was blanked: how much it takes is known only then.
    fileprivate func whenBlanked(isFull: Bool) -> DiscReport {
        var report = self
        report.state = .blank
        report.layout = DiscLayout()
        report.trackStates = []
        report.tableOfContents = nil
        report.fullTableOfContents = nil
        report.capacity = nil
        report.information = DiscInformation(
            status: .blank,
            lastSession: .empty,
            isErasable: true,
            lastPossibleLeadOut: information?.lastPossibleLeadOut ?? .max
        )
        if medium?.facts.family == .dvd {
            let whole = formats?.descriptors.filter { [0x00, 0x10].contains($0.type) }
            let size = whole?.map(\.sectors).max() ?? 0
            report.trackStates = [
                TrackInformation(
                    number: 1,
                    session: 1,
                    isBlank: true,
                    start: .zero,
                    nextWritable: .zero,
                    freeBlocks: size,
                    size: size
                )
            ]
            report.setOffersIncremental(isFull)
        }
        return report
    }

    private mutating func setOffersIncremental(_ offers: Bool) {
        guard let index = configuration?.features.firstIndex(where: { $0.code == 0x21 }) else {
            return
        }
        configuration?.features[index].isCurrent = offers
    }
}

extension BurnJob {
    /// Blanks the disc, and decides again for the disc as it is then.
    func blank(
        _ blanking: Blanking,
        _ report: DiscReport,
        _ decision: Decision,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> Decision {
        tell(
            .message(
                JobMessage(
                    .note,
                    "The disc is blanked \(blanking.isFull ? "fully, which takes as long as writing all of it" : "first")."
                )
            )
        )
        let task = DiscTask(
            node: node,
            libburn: options.libburn,
            phase: .blank,
            medium: decision.plan.medium
        )
        _ = try task.run(
            .erase(fast: !blanking.isFull),
            "Blanking",
            on: report,
            remedy: "Blank it fully with “spindle blank --kind full”, and burn again.",
            tell
        ) { $0.lackOfBlankness }
        let decided: Decision
        do throws(Failure) {
            decided = try decide(cancellation, tell)
        } catch  where error.reason == .driveLost {
            throw error.afterWork("The disc was blanked", node)
        }
        let said = described(decided)
        if said.writeMode != decision.plan.mode.name || said.start != nil {
            tell(.plan(said))
        }
        return decided
    }
}

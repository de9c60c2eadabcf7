import DiscModel
import LinuxCalls
import MMC
public import Reports

extension Drive {
    /// Asks the drive all about the disc in it.
    ///
    /// A question that the drive refuses leaves its field empty: drives differ in what they answer.
    ///
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    public func inspectDisc() throws(Failure) -> DiscReport {
        let readiness = try waitUntilReady()
        var nonsense: [ReplyError] = []
        let configuration = try ask(
            .getConfiguration(),
            nonsense: &nonsense,
            Configuration.init(parsing:)
        )
        let profile = configuration?.currentProfile ?? .none
        switch readiness {
        case .ready:
            break
        case .noDisc(let isTrayOpen):
            var report = DiscReport(profile: .none, state: .none)
            report.configuration = configuration
            report.nonsense = nonsense
            report.isTrayOpen = isTrayOpen
            return report
        case .unusable(let problem):
            var report = DiscReport(profile: profile, state: .damaged)
            report.problem = problem
            report.nonsense = nonsense
            return report
        }
        var report = DiscReport(profile: profile, state: .complete)
        report.configuration = configuration
        report.information = try ask(
            .readDiscInformation,
            nonsense: &nonsense,
            DiscInformation.init(parsing:)
        )
        report.formats = try ask(
            .readFormatCapacities,
            nonsense: &nonsense,
            FormatCapacities.init(parsing:)
        )
        report.trackStates = try trackStates(report.information, &nonsense)
        report.tableOfContents = try ask(.readTableOfContents, nonsense: &nonsense) {
            bytes throws(ReplyError) in
            try TableOfContents(parsing: bytes)
        }
        report.capacity = try ask(
            .readCapacity,
            nonsense: &nonsense,
            Capacity.init(parsing:)
        )
        report.writeSpeeds = try ask(
            .getWriteSpeeds,
            nonsense: &nonsense,
            WriteSpeeds.init(parsing:)
        )
        report.medium = report.refinedMedium
        report.layout = report.assembledLayout(try sessionLeadOuts(report))
        report.state = try state(of: report)
        report.nonsense = nonsense
        return report
    }

    /// Sends a question and reads the answer.
    ///
    /// - Returns: Nothing where the drive refuses the question, or answers nonsense.
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    func ask<Answer>(
        _ command: Command,
        _ parse: ([UInt8]) throws(ReplyError) -> Answer
    ) throws(Failure) -> Answer? {
        var nonsense: [ReplyError] = []
        return try ask(command, nonsense: &nonsense, parse)
    }

    /// Sends a question and reads the answer, and notes one that makes no sense.
    private func ask<Answer>(
        _ command: Command,
        nonsense: inout [ReplyError],
        _ parse: ([UInt8]) throws(ReplyError) -> Answer
    ) throws(Failure) -> Answer? {
        var attentions = 0
        while true {
            do {
                let (completion, bytes) = try commands.fetch(command)
                if completion.succeeded {
                    do throws(ReplyError) {
                        return try parse(bytes)
                    } catch {
                        nonsense.append(error)
                        return nil
                    }
                }
                // A unit attention is told once, to whatever is asked first (SAM-5 §5.14).
                guard completion.sense?.key == .unitAttention, attentions < 3 else { return nil }
                attentions += 1
            } catch {
                throw Failure(error, meaning: "The disc was not touched.")
            }
        }
    }

    /// The states of all tracks, up to the number that a disc can have.
    private func trackStates(
        _ information: DiscInformation?,
        _ nonsense: inout [ReplyError]
    ) throws(Failure) -> [TrackInformation] {
        guard let information else { return [] }
        let first = max(1, information.firstTrack)
        let last = min(information.lastTrackInLastSession, first + 2304)
        guard first <= last else { return [] }
        var states: [TrackInformation] = []
        for number in first...last {
            guard
                let state = try ask(
                    .readTrackInformation(.track(number)),
                    nonsense: &nonsense,
                    TrackInformation.init(parsing:)
                )
            else { break }
            states.append(state)
        }
        return states
    }

    /// Where each session's lead-out starts, by the lead-ins of a CD.
    private func sessionLeadOuts(_ report: DiscReport) throws(Failure) -> [Int: LBA] {
        guard report.medium?.facts.family == .cd, report.tableOfContents != nil,
            let full = try ask(.readFullTOC, FullTOC.init(parsing:))
        else { return [:] }
        let leadOuts = full.entries.filter { $0.point == 0xA2 && $0.address == 1 }
        return Dictionary(leadOuts.map { ($0.session, $0.pointTime.lbaInProgramArea) }) { $1 }
    }

    private func state(of report: DiscReport) throws(Failure) -> DiscState {
        if report.isOverwritable {
            if report.isUnformatted { return .blank }
            return try holdsData(report) ? .complete : .blank
        }
        guard let information = report.information else {
            // Without an answer only a disc that lists tracks is known to hold something.
            return report.layout.tracks.isEmpty ? .damaged : .complete
        }
        if information.lastSession == .damaged { return .damaged }
        if report.trackStates.contains(where: \.isDamaged) { return .damaged }
        return switch information.status {
        case .blank: .blank
        case .appendable: .appendable
        case .complete, .overwritable: .complete
        }
    }

    /// Whether an overwritable disc holds anything but zeros, looked for where file systems,
    /// partition tables and images have something, and at places spread over the disc.
    ///
    /// What can't be read at the beginning counts as data: it can't be shown to be nothing.
    func holdsData(_ report: DiscReport) throws(Failure) -> Bool {
        guard let sectors = report.capacity?.sectors ?? report.writableSectors, sectors > 0 else {
            return false
        }
        var places = [0, 32, 256, 512]
        places += (1..<8).map { sectors / 8 * $0 }
        places.append(max(0, sectors - 32))
        // In pieces of 32 KiB, which every bridge carries.
        places = places.flatMap { [$0, $0 + 16] }
        for (index, place) in places.enumerated() where place < sectors {
            let count = min(16, sectors - place)
            do {
                let (completion, bytes) = try reading.fetch(.read(at: LBA(place), sectors: count))
                if completion.succeeded {
                    if !Bytes.areZero(bytes.span) { return true }
                } else if index < 2, completion.sense?.key == .mediumError {
                    return true
                }
            } catch {
                throw Failure(error, meaning: "The disc was not touched.")
            }
        }
        return false
    }
}

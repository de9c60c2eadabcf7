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
        // From here on it is about the disc that is in it now.
        changeSense = nil
        var interview = Interview()
        let configuration = try wholeConfiguration(&interview)
        let profile = configuration?.currentProfile ?? .none
        switch readiness {
        case .ready:
            break
        case .noDisc(let isTrayOpen):
            var report = DiscReport(profile: .none, state: .none)
            report.configuration = configuration
            report.nonsense = interview.nonsense
            report.isTrayOpen = isTrayOpen
            return report
        case .unusable(let problem, let sense):
            // What a drive can't use may be a good disc of a kind that it does not know.
            var report = DiscReport(profile: profile, state: .unknown)
            report.configuration = configuration
            report.problem = problem
            report.sense = sense
            report.nonsense = interview.nonsense
            return report
        }
        var report = DiscReport(profile: profile, state: .complete)
        report.configuration = configuration
        report.information = try ask(
            .readDiscInformation,
            &interview,
            DiscInformation.init(parsing:)
        )
        report.formats = try ask(
            .readFormatCapacities,
            &interview,
            FormatCapacities.init(parsing:)
        )
        report.trackStates = try trackStates(report.information, &interview)
        report.tableOfContents = try ask(.readTableOfContents, &interview) {
            bytes throws(ReplyError) in
            try TableOfContents(parsing: bytes)
        }
        // READ DISC INFORMATION may be missing, or count no tracks (q-040 of the recorded quirks).
        if report.trackStates.isEmpty, let tracks = report.tableOfContents?.tracks.map(\.number),
            let first = tracks.min(), let last = tracks.max()
        {
            report.trackStates = try trackStates(first...last, &interview)
        }
        if let table = report.tableOfContents, table.leadOut == nil {
            interview.nonsense.append(
                ReplyError(
                    "READ TOC/PMA/ATIP",
                    "it lists \(table.tracks.count) tracks and no lead-out"
                )
            )
        }
        if let track = report.tableOfContents?.misplacedTrack {
            interview.nonsense.append(
                ReplyError(
                    "READ TOC/PMA/ATIP",
                    "track \(track.number) begins before the one before it"
                )
            )
        }
        report.capacity = try ask(
            .readCapacity,
            &interview,
            Capacity.init(parsing:)
        )
        if let last = report.capacity?.lastSector.rawValue, last >= Int32.max {
            // A number that was seen to wrap around (q-040 of the recorded quirks).
            report.capacity = nil
            interview.nonsense.append(
                ReplyError("READ CAPACITY", "no disc has a sector \(last)")
            )
        }
        report.writeSpeeds = try ask(
            .getWriteSpeeds,
            &interview,
            WriteSpeeds.init(parsing:)
        )
        if let (profile, reason) = report.otherProfile {
            report.profile = profile
            interview.nonsense.append(ReplyError("GET CONFIGURATION", reason))
        }
        report.medium = report.refinedMedium(layers: try layers(report.profile))
        if report.medium?.facts.family == .cd, report.tableOfContents != nil {
            report.fullTableOfContents = try ask(.readFullTOC, FullTOC.init(parsing:))
        }
        if report.lacksSessions {
            report.sessionTable = try ask(.readSessionTable, SessionTable.init(parsing:))
        }
        report.layout = report.assembledLayout()
        report.state = try state(of: report)
        if report.state == .complete, report.lacksTracks, report.tableOfContents == nil {
            interview.nonsense.append(ReplyError("READ TOC/PMA/ATIP", "it lists no track"))
        }
        report.nonsense = interview.nonsense
        return report
    }

    /// The drive's profiles and features, in pieces where the way to it cuts the reply short.
    private func wholeConfiguration(_ interview: inout Interview) throws(Failure)
        -> Configuration?
    {
        guard
            var configuration = try ask(
                .getConfiguration(),
                &interview,
                Configuration.init(parsing:)
            )
        else { return nil }
        // The list of profiles may be longer than what comes at once.
        var next = (configuration.features.last?.code ?? 0) + 1
        for _ in 0..<Self.mostPieces where configuration.isCut && next <= 0xFFFF {
            guard
                var more = try ask(
                    .getConfiguration(from: next),
                    Configuration.init(parsing:)
                )
            else { break }
            more.features.removeAll { $0.code < next }
            guard let last = more.features.last?.code else { break }
            configuration.append(more)
            next = last + 1
        }
        return configuration
    }

    /// Pieces in which the features may come: some drives have forty of them.
    private static let mostPieces = 64

    /// Sends a question and reads the answer.
    ///
    /// - Returns: `nil` if the drive refuses the question, or answers nonsense.
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    func ask<Answer>(
        _ command: Command,
        _ parse: ([UInt8]) throws(ReplyError) -> Answer
    ) throws(Failure) -> Answer? {
        var interview = Interview()
        return try ask(command, &interview, parse)
    }

    /// What goes along with the questions of one look at a disc.
    private struct Interview {
        /// Answers that make no sense.
        var nonsense: [ReplyError] = []
        /// Since when a drive that calls itself ready may refuse questions because it is not (q-017 of the
        /// recorded quirks).
        var patience = Patience()
    }

    /// Sends a question and reads the answer, and notes one that makes no sense.
    private func ask<Answer>(
        _ command: Command,
        _ interview: inout Interview,
        _ parse: ([UInt8]) throws(ReplyError) -> Answer
    ) throws(Failure) -> Answer? {
        while true {
            let completion: Completion
            let bytes: [UInt8]
            do {
                (completion, bytes) = try commands.fetch(command)
            } catch {
                throw Failure(error, meaning: "The disc was not touched.")
            }
            if completion.succeeded {
                do throws(ReplyError) {
                    return try parse(bytes)
                } catch {
                    interview.nonsense.append(error)
                    return nil
                }
            }
            let sense = completion.sense
            // A drive that is not ready may stay so without help, or go on with a format meanwhile.
            let lasts = sense?.key == .notReady && [3, 4].contains(sense?.ascq)
            guard !lasts,
                interview.patience.asksAgain(sense, within: Self.patience(sense?.ascq))
            else { return nil }
        }
    }

    /// A BD's layers, which its profile does not tell.
    private func layers(_ profile: Profile) throws(Failure) -> Int? {
        guard profile.medium?.facts.family == .bd else { return nil }
        return try ask(.readBDStructure, BDInformation.init(parsing:))?.layers
    }

    /// The states of all tracks, up to the number that a disc can have.
    private func trackStates(
        _ information: DiscInformation?,
        _ interview: inout Interview
    ) throws(Failure) -> [TrackInformation] {
        guard let information else { return [] }
        let first = max(1, information.firstTrack)
        let last = min(information.lastTrackInLastSession, first + 2304)
        return first <= last ? try trackStates(first...last, &interview) : []
    }

    /// The states of tracks, up to one that the drive does not tell.
    private func trackStates(_ numbers: ClosedRange<Int>, _ interview: inout Interview)
        throws(Failure) -> [TrackInformation]
    {
        var states: [TrackInformation] = []
        for number in numbers {
            guard
                let state = try ask(
                    .readTrackInformation(.track(number)),
                    &interview,
                    TrackInformation.init(parsing:)
                )
            else { break }
            states.append(state)
        }
        return states
    }

    private func state(of report: DiscReport) throws(Failure) -> DiscState {
        if report.isOverwritable {
            if report.isUnformatted || report.isFormattedQuickly { return .blank }
            return try holdsData(report) ? .complete : .blank
        }
        guard let information = report.information else {
            // A pressed disc that lists tracks is complete; of any other one nobody says whether it is closed.
            let isPressed = report.medium?.facts.recording == .readOnly
            return isPressed && !report.layout.tracks.isEmpty ? .complete : .unknown
        }
        if information.lastSession == .damaged { return .damaged }
        if report.trackStates.contains(where: \.isDamaged) { return .damaged }
        return switch information.status {
        case .blank: .blank
        case .appendable: .appendable
        case .complete, .overwritable: .complete
        }
    }

    /// Whether an overwritable disc holds anything but zeros, or may do so.
    func holdsData(_ report: DiscReport) throws(Failure) -> Bool {
        // Of two sizes that contradict each other the smaller one hides what lies behind it.
        let sectors = max(report.capacity?.sectors ?? 0, report.writableSectors ?? 0)
        // Where nothing says how large it is, nobody can look.
        guard sectors > 0 else { return true }
        // A DVD-RW that was formatted to grow has room behind what is formatted.
        let grows = report.profile.rawValue == 0x13 && report.formats?.kind == .formatted
        let formatted =
            grows ? max(report.capacity?.sectors ?? 0, report.formats?.sectors ?? 0) : nil
        var search = DataSearch(reading: commands, sectors: sectors, formatted: formatted)
        return try search.findsData()
    }
}

public import DiscAudio
public import DiscDrives
import DiscImages
import DiscModel
import DiscOpening
public import DiscRipping
import LinuxCalls
public import Reports
import SystemPackage
public import Transfer

/// Rips a disc, and then holds the audio of the finished image against databases of rips.
///
/// Where they have other samples, the drive is asked for these once more before the image is finished, within
/// the bounds of all doubts: a database's verdict is a reason to look again.
///
/// Nothing is given up for what they say: the image is kept, and each track is graded. Tracks that
/// differ from what databases have are doubtful: the status is then incomplete. What C2 doubted and a
/// database proves is no longer doubtful.
public struct CheckedRip {
    private let drive: Drive
    private let options: RipOptions
    private let places: AudioDatabases.Places
    private let names: AlbumLookUp?

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - options: How the disc is ripped; all of it.
    ///   - places: Where the databases' answers are.
    ///   - names: What looks for the names of the tracks; `nil` if they are the disc's own.
    public init(
        drive: Drive,
        options: RipOptions,
        places: AudioDatabases.Places,
        names: AlbumLookUp? = nil
    ) {
        self.drive = drive
        self.options = options
        self.places = places
        self.names = names
    }

    /// Rips and checks.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two commands.
    ///   - tell: Told the plan, the progress and what is worth knowing.
    /// - Returns: The rip's result, with what the databases say.
    /// - Throws: ``Reports/Failure`` if nothing was begun: an answer is none, or the disc has no audio.
    public func run(
        cancellation: Cancellation,
        tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        try RipJob.checkOutput(options)
        guard let toc = AudioTOC(try drive.inspectDisc().layout) else {
            // A look-up never keeps anybody from a rip.
            if places.asksOnlyServers {
                return try RipJob(drive: drive, options: options)
                    .run(
                        cancellation: cancellation,
                        tell: Self.adding([DiscLookUp.noAudio], to: tell)
                    )
            }
            throw Failure(
                .unsuitable,
                "The disc in \(drive.path) has no tracks of audio.",
                meaning: "Databases of rips know discs with audio only; nothing was read.",
                advice: "Leave --accuraterip and --ctdb out."
            )
        }
        // What is wrong with the answers is told before an hour is spent.
        let databases = try AudioDatabases(places, of: toc, cancellation: cancellation)
        let album = try names?.find(toc, cancellation)
        let tell = Self.adding(databases.notes + (album?.notes ?? []), to: tell)
        var ripping = options
        if let album, let release = album.release {
            ripping.image.names = AlbumNames(release, disc: album.disc)
        }
        ripping.ejects = false
        ripping.offsetSearch = { disc, cancellation in
            try OffsetSearch(databases, toc).find(in: disc, cancellation)?.offset
        }
        ripping.review = Self.review(databases, toc)
        var result = try RipJob(drive: drive, options: ripping)
            .run(cancellation: cancellation, tell: tell)
        result.metadata = album?.report
        guard result.status == .done || result.status == .incomplete, let output = result.output
        else { return result }
        do throws(Failure) {
            let image = try OpenDisc.image(FilePath(text: output), cancellation: cancellation)
            if let album {
                if album.release == nil, Self.hasNames(image.layout) {
                    result.metadata?.source = .cdText
                }
                result.sentences.append(Self.sentence(result.metadata ?? album.report))
            }
            // In an image without pregaps or sessions the disc has another name.
            let own = AudioTOC(image.layout)
            guard let own, own.audio.map(\.sectors) == toc.audio.map(\.sectors) else {
                throw Failure(
                    .unchecked,
                    "The image does not have the disc's tracks of audio.",
                    meaning: "",
                    advice: ""
                )
            }
            let findings =
                try AudioCheckJob.check(image.disc, own, databases, cancellation, tell)
            grade(&result, findings)
        } catch {
            // The image is complete, and stays.
            result.status = error.cause == .interruption ? .interrupted : .notVerified
            result.sentences.append(
                "The image is finished, and was not held against the databases: \(error.what)"
            )
        }
        if options.ejects, result.status == .done || result.status == .verified {
            result.eject(from: drive.path)
        }
        return result
    }

    /// Where names come from.
    private static func sentence(_ report: NamesReport) -> String {
        switch report.source {
        case .musicBrainz:
            "The files have the names of MusicBrainz's release \(report.release?.id ?? "")."
        case .cdText: "The files have the names that the disc's CD-TEXT has."
        case .none: "The files have no names: neither MusicBrainz nor the disc gave any."
        }
    }

    /// Whether a disc has names of its own.
    private static func hasNames(_ layout: DiscLayout) -> Bool {
        let texts = ReadableTexts(layout)
        return ([0] + layout.tracks.map(\.number)).contains { number in
            texts.text(.title, track: number) != nil
        }
    }

    /// Adds notes to the plans of a job.
    private static func adding(
        _ notes: [String],
        to tell: @escaping @Sendable (JobEvent) -> Void
    ) -> @Sendable (JobEvent) -> Void {
        guard !notes.isEmpty else { return tell }
        return { event in
            guard case .plan(var plan) = event else { return tell(event) }
            plan.notes += notes
            tell(.plan(plan))
        }
    }

    /// What looks at the audio before the image is finished, and says what to read again.
    private static func review(_ databases: AudioDatabases, _ toc: AudioTOC) -> SoundReview {
        let knowsDisc = databases.states.contains { $0.state == .found }
        return SoundReview(knowsDisc: knowsDisc) { image, cancellation, tell in
            var suspects = SoundReview.Suspects()
            // Where the image has other tracks, nothing that is known is of them.
            guard let own = AudioTOC(image.layout),
                own.audio.map(\.sectors) == toc.audio.map(\.sectors)
            else { return suspects }
            let findings = try AudioCheckJob.check(image, own, databases, cancellation, tell)
            let found = AudioSuspects(findings, own)
            suspects.tracks = found.tracks
            suspects.sectors = found.sectors
            suspects.areNamed = found.areNamed
            suspects.unproven = found.unproven
            return suspects
        }
    }

    /// Puts what the databases say into the result.
    private func grade(_ result: inout JobResult, _ findings: AudioCheck.Findings) {
        result.audio = findings.report
        switch findings.status {
        case .verified:
            let isWhole =
                (result.unreadableSectors ?? 0) == 0 && (result.damagedSectors ?? 0) == 0
                && (result.missingSectors ?? 0) == 0
            let doubtful = result.doubtfulRuns ?? []
            let areProven = doubtful.allSatisfy { run in
                findings.proven.contains {
                    $0.lowerBound <= run.start && run.start + run.count <= $0.upperBound
                }
            }
            if isWhole, areProven {
                result.status = .verified
                if !doubtful.isEmpty {
                    result.sentences.append(
                        "What the drive doubted is proven: the databases have the same samples."
                    )
                }
            }
        case .differs: result.status = .incomplete
        case .notVerified where findings.report.seams != nil: result.status = .incomplete
        default: break
        }
        result.sentences += findings.sentences
    }
}

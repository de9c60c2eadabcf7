public import DiscAudio
public import DiscImages
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// `verify` of a folder of rips against databases of other people's rips: each album in it as a disc of its own.
///
/// An album is what a cue sheet or another image describes, an audio file with a sheet in it, or, in a folder without
/// any of these, its audio files. Its statuses, and with them the exit codes, are those of a disc's check
/// (``DiscAudio/AudioCheckJob``); the status of all is the worst, where one that can't be checked counts as not
/// verified, and so does a folder that can't be looked into.
public struct AlbumsCheck {
    static let mostTold = 1000

    let folder: FilePath
    private let places: AudioDatabases.Places
    private let secrets: ImageSecrets?

    /// Prepares a check; nothing is looked at yet.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - places: Where the databases' answers are.
    ///   - secrets: What gives the passwords of images, where they need one.
    public init(
        _ folder: FilePath,
        against places: AudioDatabases.Places,
        secrets: ImageSecrets? = nil
    ) {
        self.folder = folder
        self.places = places
        self.secrets = secrets
    }

    /// What came of the albums so far.
    struct Findings {
        var counts = AlbumCounts()
        var lines: [String] = []
        var problems: [String] = []
        var bytes = 0
        /// Audio files that no sheet in their folder names.
        var strays = 0
        /// Images without audio.
        var others = 0
        /// The files that belong to an album.
        var claimed: Set<FilePath> = []
        var meter = RateMeter(phase: .verify, total: nil)

        mutating func claim(_ files: [FilePath]) {
            for file in files { claimed.insert(AlbumsCheck.key(file)) }
        }

        func isClaimed(_ file: FilePath) -> Bool { claimed.contains(AlbumsCheck.key(file)) }
    }

    static func key(_ file: FilePath) -> FilePath {
        FileSystem.absolute(file).lexicallyNormalized()
    }

    /// Checks the albums.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the plan, the progress, and what comes of each album.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if there is no album, or the job was stopped.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        try AudioDatabases.check(places)
        let found = try AlbumFolders(folder, cancellation)
        var plan = JobPlan(
            verb: "verify",
            source: folder.string,
            target: places.descriptions.joined(separator: ", ")
        )
        plan.notes = [
            "\(Wording.counted(found.folders.count, "folder has", "folders have")) sheets, images or audio files."
        ]
        if found.isCutShort {
            plan.notes.append("\(folder) has more folders than are looked into: name one of them.")
        }
        tell(.plan(plan))
        var findings = Findings()
        for folder in found.folders {
            try check(folder, &findings, cancellation, tell)
            guard !cancellation.isRequested else {
                throw Failure(
                    .interruption,
                    "The check was stopped after \(Wording.counted(findings.counts.all, "album")).",
                    meaning: "Nothing is known of the others.",
                    advice: ""
                )
            }
        }
        guard findings.counts.all > 0 else {
            throw Failure(
                .source,
                .noSource,
                "There is no album in \(folder): no sheet or image of a disc with audio, and no audio files without loss.",
                meaning: "Nothing was checked.",
                advice: "Name the folder with the rips."
            )
        }
        return result(findings, found)
    }

    // MARK: Albums

    /// Checks the albums of one folder.
    private func check(
        _ folder: AlbumFolders.Folder,
        _ findings: inout Findings,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) {
        var isFound = false
        var failures: [(FilePath, Failure)] = []
        for sheet in folder.sheets where !findings.isClaimed(sheet) && !cancellation.isRequested {
            let image: DiscImage
            do throws(Failure) {
                image = try DiscImage(sheet, secrets: secrets, cancellation: cancellation)
            } catch {
                guard error.cause != .interruption else { throw error }
                failures.append((sheet, error))
                continue
            }
            // Of several sheets about the same files one is enough.
            let files = image.paths.filter { $0 != sheet }
            guard !files.contains(where: findings.isClaimed) else { continue }
            findings.claim(image.paths)
            isFound = true
            guard AudioTOC(image.layout) != nil else {
                findings.others += 1
                continue
            }
            try check(image, sheet, .image, &findings, cancellation, tell)
        }
        var rest = folder.sounds.filter { !findings.isClaimed($0) }
        // A sheet that leads nowhere stands for its album, unless another one describes all that is there.
        if !isFound || !rest.isEmpty {
            for (sheet, failure) in failures {
                note(failed(sheet, .image, failure), &findings, tell)
                isFound = true
            }
        }
        for file in rest where !cancellation.isRequested {
            guard SoundFiles.isDisc(file, cancellation), !cancellation.isRequested else { continue }
            findings.claim([file])
            isFound = true
            do throws(Failure) {
                try check(
                    DiscImage(file, cancellation: cancellation),
                    file,
                    .file,
                    &findings,
                    cancellation,
                    tell
                )
            } catch {
                guard error.cause != .interruption else { throw error }
                note(failed(file, .file, error), &findings, tell)
            }
        }
        rest = rest.filter { !findings.isClaimed($0) }
        guard !rest.isEmpty, !cancellation.isRequested else { return }
        guard !isFound else {
            if failures.isEmpty { findings.strays += rest.count }
            return
        }
        findings.claim(rest)
        do throws(Failure) {
            let image = try DiscImage(
                sounds: order(rest, folder.playlists),
                named: folder.path,
                SoundOptions(),
                cancellation
            )
            // Samples that are made to be a CD's are nobody's rip.
            if let other = image.sounds.first(where: { !$0.exact }) {
                throw Failure(
                    .source,
                    .badSource,
                    "\(other.file) is not of a CD's form: 44100 Hz, 16 bits, two channels.",
                    meaning: "",
                    advice: ""
                )
            }
            try check(image, folder.path, .tracks, &findings, cancellation, tell)
        } catch {
            guard error.cause != .interruption, !cancellation.isRequested else { throw error }
            note(failed(folder.path, .tracks, error), &findings, tell)
        }
    }

    /// Files in the order of a playlist that names just them; else in the one that they are in.
    private func order(_ files: [FilePath], _ playlists: [FilePath]) -> [FilePath] {
        let own = Set(files.map(Self.key))
        for playlist in playlists {
            guard let list = (try? SoundFiles.playlist(playlist)) ?? nil,
                list.count == files.count, Set(list.map(Self.key)) == own
            else { continue }
            return list
        }
        return files
    }

    /// Checks an album.
    private func check(
        _ image: DiscImage,
        _ path: FilePath,
        _ kind: AlbumVerdict.Kind,
        _ findings: inout Findings,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) {
        do throws(Failure) {
            guard let toc = AudioTOC(image.layout) else {
                throw Failure(
                    .source,
                    .badSource,
                    "It has no tracks of audio that a CD could have.",
                    meaning: "",
                    advice: ""
                )
            }
            let (databases, pregap) =
                kind == .tracks
                ? try AudioDatabases.ofFiles(places, toc, cancellation)
                : (try AudioDatabases(places, of: toc, cancellation: cancellation), nil)
            let done = findings.bytes
            var meter = findings.meter
            let found = try AudioCheck(image.disc, toc, databases).run(cancellation) { read, _ in
                guard meter.isDue else { return }
                tell(.progress(meter.progress(bytes: done + read)))
            }
            findings.meter = meter
            findings.bytes += found.bytes
            var verdict = AlbumVerdict(path: path.string, kind: kind, found.status)
            verdict.audio = found.report
            verdict.sentences = (databases.areSilent ? databases.notes : []) + found.sentences
            if kind == .tracks {
                verdict.missingPregap = pregap
                verdict.sentences.append(Self.remark(pregap))
            }
            note(verdict, &findings, tell)
        } catch {
            guard error.cause != .interruption else { throw error }
            note(failed(path, kind, error), &findings, tell)
        }
    }

    /// What can't be known of a disc by the files of its tracks.
    private static func remark(_ pregap: Int?) -> String {
        guard let pregap else {
            return
                "There is no sheet: whether audio comes before track 1, or data after the last track, the files don't say, and a disc with either has another name in AccurateRip."
        }
        return
            "There is no sheet: by AccurateRip's answer \(Wording.sectors(pregap)) come before track 1 on the disc, which no file has."
    }

    private func failed(_ path: FilePath, _ kind: AlbumVerdict.Kind, _ failure: Failure)
        -> AlbumVerdict
    {
        var verdict = AlbumVerdict(path: path.string, kind: kind, .notVerified)
        verdict.reason = failure.reason
        verdict.sentences = ["It can't be checked: \(failure.what)"]
        return verdict
    }

    /// Takes what came of an album, and tells it.
    private func note(
        _ verdict: AlbumVerdict,
        _ findings: inout Findings,
        _ tell: (JobEvent) -> Void
    ) {
        findings.counts.count(verdict)
        let line = "\(verdict.path): \(verdict.sentences.first ?? "")"
        let isRight = verdict.status == .verified
        if !isRight, findings.problems.count < Self.mostTold { findings.problems.append(line) }
        if findings.lines.count < Self.mostTold { findings.lines.append(line) }
        var message = JobMessage(.detail, line)
        message.album = verdict
        tell(.message(message))
    }
}

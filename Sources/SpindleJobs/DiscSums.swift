import DiscDrives
import DiscFiles
public import DiscImages
import DiscModel
import DiscOpening
public import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// The checksums of a disc or an image, of its tracks, or of the files in it.
public struct DiscSums {
    /// What checksums are made of.
    public enum Subject: Sendable {
        /// The image's files as they are; of a drive the data of its disc.
        case whole
        /// Each track: of data the user data of its sectors, of audio its samples.
        case tracks
        /// Each file of the disc's tree.
        case files
    }

    /// The checksums of one thing.
    public struct Entry: Sendable {
        /// Its name: a path as `PathText`, or that of the disc and the track.
        public var name: String
        /// The bytes that were read.
        public var bytes: Int
        /// The checksums, in the order in which they were asked for; none if it can't be read.
        public var sums: [Checksum]
        /// Why it can't be read: a part of a sentence; `nil` if it was.
        public var trouble: String?
    }

    /// Bytes that are read at once; 2048 and 2352 divide it.
    private static let pieceSize = 512 * 2352

    private let path: FilePath
    private let subject: Subject
    private let algorithms: [DigestAlgorithm]
    private let secrets: ImageSecrets?

    /// Prepares checksums.
    ///
    /// - Parameters:
    ///   - path: A drive's device node, an image or a virtual disc.
    ///   - subject: What they are made of.
    ///   - algorithms: Which ones are made.
    ///   - secrets: What gives the password of an image, if it needs one.
    public init(
        _ path: FilePath,
        of subject: Subject,
        _ algorithms: [DigestAlgorithm],
        secrets: ImageSecrets? = nil
    ) {
        self.path = path
        self.subject = subject
        self.algorithms = algorithms
        self.secrets = secrets
    }

    /// Makes them.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - note: Told what a person should know: a sentence.
    ///   - tell: Told the progress.
    ///   - take: Is given the checksums of each thing; it returns false to end the work.
    /// - Throws: ``Reports/Failure`` if there is no such disc, or nothing of that kind on it.
    public func make(
        _ cancellation: Cancellation,
        note: (String) -> Void,
        tell: (JobProgress) -> Void = { _ in },
        take: (Entry) -> Bool
    ) throws(Failure) {
        do {
            switch subject {
            case .whole: try makeWhole(cancellation, note, tell, take)
            case .tracks: try makeTracks(cancellation, note, tell, take)
            case .files: try makeFiles(cancellation, note, tell, take)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "\(path) can't be read: \(error)",
                meaning: "",
                advice: "Try again, or rip the disc and take the image."
            )
        }
    }

    /// How far all is.
    private struct Pace {
        private var meter: RateMeter
        /// The bytes of what is done.
        private var done = 0

        init(total: Int?) { meter = RateMeter(phase: .read, total: total) }

        /// Notes how far the present thing is, and tells it at a steady beat.
        mutating func reach(_ bytes: Int, _ tell: (JobProgress) -> Void) {
            if meter.isDue { tell(meter.progress(bytes: done + bytes)) }
        }

        /// Notes that a thing is done.
        mutating func finish(_ bytes: Int) { done += bytes }
    }

    // MARK: Images and discs

    private func makeWhole(
        _ cancellation: Cancellation,
        _ note: (String) -> Void,
        _ tell: (JobProgress) -> Void,
        _ take: (Entry) -> Bool
    ) throws {
        let opened = try OpenDisc(
            path,
            need: .data,
            allowsAnything: true,
            secrets: secrets,
            cancellation: cancellation
        )
        switch opened.content {
        case .image(let image):
            for sentence in image.warnings { note(sentence) }
            let sizes = image.paths.map { (try? FileSystem.status($0).size) ?? 0 }
            var pace = Pace(total: sizes.reduce(0, +))
            for path in image.paths {
                let file = try File(path, .read, nonBlocking: true)
                let sums = try FileDigests.make(algorithms, of: file, cancellation) {
                    pace.reach($0, tell)
                }
                pace.finish(try file.status().size)
                guard !cancellation.isRequested else { throw Failure.stoppedSums }
                let entry = Entry(
                    name: path.text,
                    bytes: try file.status().size,
                    sums: algorithms.compactMap { sums[$0] },
                    trouble: nil
                )
                guard take(entry) else { return }
            }
            if let changed = image.watch.changedFile {
                throw Failure(
                    .unchecked,
                    .sourceChanged,
                    "\(changed) changed while it was read.",
                    meaning: "Its checksums may be of no state that it ever had.",
                    advice: "Make them again when nothing writes to it any more."
                )
            }
        case .drive:
            let disc = try ReadableDisc(path, secrets: secrets, cancellation: cancellation)
            guard disc.soundTracks == 0 || !disc.sessions.isEmpty else {
                throw Failure(
                    .source,
                    "The disc in \(path) has audio and no data.",
                    meaning: "",
                    advice: "Its tracks have checksums: use --tracks."
                )
            }
            let content = try DiscContent.examine(disc.source)
            let recorded = disc.source.sectorCount ?? 0
            let sectors = min(recorded, content.claimedEnd ?? recorded)
            note(
                sectors < recorded
                    ? "The checksums are of the \(Wording.sectors(sectors)) that the file systems of the disc claim; it has \(recorded)."
                    : "The checksums are of the \(Wording.sectors(sectors)) of the disc."
            )
            let source = disc.source
            var pace = Pace(total: sectors * 2048)
            let entry = try sums(
                path.string,
                sectors * 2048,
                inUnitsOf: 2048,
                cancellation,
                { pace.reach($0, tell) }
            ) {
                place,
                buffer in
                try source.read(at: place / 2048, into: &buffer) * 2048
            }
            _ = take(entry)
        }
    }

    // MARK: Tracks

    private func name(of track: Track) -> String {
        "\(path)#track\(track.number < 10 ? "0" : "")\(track.number)"
    }

    /// The disc in a drive, if it has tracks.
    private func tracks(_ drive: Drive, _ report: DiscReport) throws(Failure) -> DriveDisc {
        if let failure = report.unreadable(
            in: path.string,
            meaning: "Nothing was read.",
            wanted: "tracks"
        ) {
            throw failure
        }
        return try DriveDisc(drive, report)
    }

    private func makeTracks(
        _ cancellation: Cancellation,
        _ note: (String) -> Void,
        _ tell: (JobProgress) -> Void,
        _ take: (Entry) -> Bool
    ) throws {
        let opened = try OpenDisc(
            path,
            need: .everything,
            secrets: secrets,
            cancellation: cancellation
        )
        let disc: any DiscSource
        switch opened.content {
        case .drive(let drive, let report):
            let recorded = try tracks(drive, report)
            disc = recorded
            for track in recorded.layout.tracks {
                guard let count = recorded.runOut[track.number], count > 0 else { continue }
                note(
                    "\(name(of: track)) ends in \(Wording.sectors(count)) of run-out, which can't be read: zeros stand for \(count == 1 ? "it" : "them") in its checksums."
                )
            }
        case .image(let image):
            disc = image.disc
            for sentence in image.warnings { note(sentence) }
            for track in image.layout.tracks where track.length == 0 && !image.isVirtualDisc {
                let trouble = "it has no sectors"
                let entry = Entry(name: name(of: track), bytes: 0, sums: [], trouble: trouble)
                guard take(entry) else { return }
            }
        }
        func form(_ track: Track) -> SectorForm { track.mode.isData ? .user : .raw }
        let tracks = disc.layout.tracks.filter { $0.length > 0 }
        var pace = Pace(total: tracks.reduce(0) { $0 + $1.length * form($1).size })
        for track in tracks {
            let form = form(track)
            let size = form.size
            let name = name(of: track)
            let first = track.start.rawValue
            let entry = try sums(
                name,
                track.length * size,
                inUnitsOf: size,
                cancellation,
                { pace.reach($0, tell) }
            ) {
                place,
                buffer in
                try disc.read(form, at: first + place / size, into: &buffer) * size
            }
            pace.finish(entry.bytes)
            guard take(entry) else { return }
        }
    }

    // MARK: Files

    private func makeFiles(
        _ cancellation: Cancellation,
        _ note: (String) -> Void,
        _ tell: (JobProgress) -> Void,
        _ take: (Entry) -> Bool
    ) throws {
        let listing = try FileListing(path, secrets: secrets, cancellation: cancellation)
        for sentence in listing.notes { note(sentence) }
        // How much there is would need a walk of its own.
        var pace = Pace(total: nil)
        var walk = FileWalk(listing.tree)
        while let visit = try walk.next() {
            guard !cancellation.isRequested else { throw Failure.stoppedSums }
            guard visit.entry.kind == .file else { continue }
            let entry: Entry
            do {
                try visit.entry.checkIsWhole()
                let contents = try visit.entry.open(listing.disc.source)
                entry = try sums(visit.path, contents.count, cancellation, { pace.reach($0, tell) })
                {
                    place,
                    buffer in
                    try contents.read(at: place, into: &buffer)
                }
                pace.finish(entry.bytes)
            } catch let failure as Failure {
                throw failure
            } catch {
                entry = Entry(name: visit.path, bytes: 0, sums: [], trouble: "\(error)")
            }
            guard take(entry) else { return }
        }
        for problem in walk.problems { note(problem.description) }
        if walk.isIncomplete {
            let trouble = "the tree is broken, and files may be missing"
            _ = take(Entry(name: path.string, bytes: 0, sums: [], trouble: trouble))
        }
    }

    /// Reads so many bytes, in whole units, and makes their checksums, each on a thread of its own.
    private func sums(
        _ name: String,
        _ count: Int,
        inUnitsOf unit: Int = 1,
        _ cancellation: Cancellation,
        _ reach: (_ bytes: Int) -> Void,
        _ read: (Int, inout MutableSpan<UInt8>) throws -> Int
    ) throws -> Entry {
        let ring = ChunkRing(chunkSize: Self.pieceSize, chunks: 3, consumers: algorithms.count)
        let digests = try DigestThreads(algorithms, over: ring, firstConsumer: 0)
        var place = 0
        var trouble: String?
        do {
            while place < count, !cancellation.isRequested {
                _ = try ring.produce { buffer in
                    let left = (count - place + unit - 1) / unit * unit
                    var part = buffer._mutatingExtracting(..<min(buffer.count, left))
                    let delivered = min(try read(place, &part), count - place)
                    guard delivered > 0 else {
                        throw MissingExtents(held: place, size: count)
                    }
                    place += delivered
                    return delivered
                }
                reach(place)
            }
        } catch let error as UnreadableSectors {
            let sectors =
                error.count == 1
                ? "sector \(error.start)"
                : "one of the sectors \(error.start) to \(error.start + error.count - 1)"
            trouble = "\(sectors) can't be read (\(error.reason))"
        } catch let failure as Failure {
            // The drive or its disc is gone, and the next file would end in the same way.
            ring.abandon()
            _ = digests.finish()
            throw failure
        } catch {
            trouble = "\(error)"
        }
        if trouble != nil || cancellation.isRequested { ring.abandon() } else { ring.finish() }
        let made = digests.finish()
        guard !cancellation.isRequested else { throw Failure.stoppedSums }
        return Entry(
            name: name,
            bytes: place,
            sums: trouble == nil ? algorithms.compactMap { made[$0] } : [],
            trouble: trouble
        )
    }
}

extension Failure {
    fileprivate static let stoppedSums = Failure(
        .interruption,
        "The reading was stopped.",
        meaning: "The checksums that were printed are right.",
        advice: ""
    )
}

public import DiscFiles
public import DiscModel
public import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// A disc in a file: a virtual disc, or an image of any format, which counts as the pressed disc
/// that it fits on.
///
/// This is the one door: what the file is, its content says.
public final class DiscImage {
    /// The file.
    public let path: FilePath
    /// The image's format; absent for a virtual disc.
    public let format: ImageFormat?
    /// The disc, with all that the file keeps of it.
    public let disc: any DiscSource
    /// The data sectors.
    public let source: any SectorSource
    /// The size of the data in bytes; of a plain image the file's, which may end within a sector.
    public let byteCount: Int
    /// How far it is recorded.
    public let state: DiscState
    /// How the image was known: a sentence each.
    public let evidence: [String]
    /// What is odd about it: a sentence each.
    public let warnings: [String]
    /// What misleads in the file's name: one sentence; `nil` if it says what the file is.
    public let nameContradiction: String?
    /// How it keeps its sectors; empty for a virtual disc.
    public let geometry: [ImageGeometry]
    /// The file systems and partition tables on it; absent where it has no data.
    ///
    /// Of a disc with several sessions the file systems are those of the last one that has data.
    public let content: DiscContent?

    private let cancellation: Cancellation?

    /// A watch of its files, which looked at the one that was opened before anything was read of it.
    public let watch: FileWatch

    /// The files that it is made of, as far as they are known; the one that was opened comes first.
    public var paths: [FilePath] {
        Self.paths(of: disc, at: path)
    }
    /// What a disc can have that such a file holds.
    public var holds: Set<DiscFeature> { format?.holds ?? ImageFormat.virtualDisc.holds }
    /// The name of its format.
    public var formatName: String { (format ?? .virtualDisc).name }
    /// The name of its format that people use.
    public var formatDisplayName: String { (format ?? .virtualDisc).displayName }

    /// Whether the file is a virtual disc.
    public var isVirtualDisc: Bool { format == nil }
    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// Sessions and tracks.
    public var layout: DiscLayout { disc.layout }

    /// What the caller needs of an image.
    public enum Need: Sendable {
        /// All of it.
        case everything
        /// The data tracks: audio files that the image's sheet names may be missing.
        case data
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - need: What of it is needed.
    ///   - allowsAnything: Whether files are taken, as sectors of 2048 bytes, that are known to be
    ///     something else, such as an archive or the image of a stick: what was burned of such a
    ///     file can be compared with it.
    ///   - secrets: What the user knows of it: its password, and its sheet's encoding.
    ///   - unfinished: Files that don't have their names yet, and are read as if they had.
    ///   - cancellation: A wish to stop, heeded also where its files are checked: audio that is not a CD's is
    ///     decoded here.
    /// - Throws: ``Reports/Failure`` where it can't be read, or is no disc.
    public init(
        _ path: FilePath,
        need: Need = .everything,
        allowsAnything: Bool = false,
        secrets: ImageSecrets? = nil,
        unfinished: UnfinishedFiles? = nil,
        cancellation: Cancellation? = nil
    ) throws(Failure) {
        self.path = path
        self.cancellation = cancellation
        let before = FileWatch([path])
        do {
            // A pipe that nobody writes to is not waited for.
            let file = try unfinished?.file(for: path) ?? File(path, .read, nonBlocking: true)
            let kind = try file.status().kind
            guard kind == .regular || kind == .directory else {
                throw Self.failure("\(path) is not a plain file, not an image of a disc.")
            }
            if kind == .regular, try VirtualDisc.isVirtualDisc(file) {
                let virtual = try VirtualDisc(inspecting: file)
                let view = VirtualDiscSource(virtual)
                format = nil
                disc = VirtualDiscContents(virtual)
                source = view
                byteCount = (view.sectorCount ?? 0) * view.sectorSize
                state = view.state
                evidence = ["It has the header of a virtual disc."]
                warnings = []
                nameContradiction = nil
                geometry = []
                let start = virtual.record.isOverwritable ? 0 : Self.contentStart(view.layout)
                watch = before
                content =
                    (view.sectorCount ?? 0) > 0
                    ? try? DiscContent.examine(view, sessionStart: start) : nil
                return
            }
            let image =
                kind == .directory
                ? nil
                : ImageFile(
                    path,
                    bytes: try FileBytes(file, path: path),
                    secrets: secrets,
                    unfinished: unfinished,
                    cancellation: cancellation
                )
            let found: (format: ImageFormat, disc: ImageDisc)?
            if let image {
                guard image.bytes.byteCount > 0 else { throw Self.failure("\(path) is empty.") }
                // Sums of files are those of their bytes, whatever they are.
                found = try ImageFormat.open(image, takesSound: !allowsAnything)
            } else {
                // The only image that is a folder.
                found = try SparseBundle.open(path, secrets: secrets).map { (.dmg, $0) }
                guard found != nil else {
                    throw Self.failure("\(path) is a directory, not an image of a disc.")
                }
            }
            guard let (format, disc) = found else {
                throw Self.failure("\(path) is not a disc image.")
            }
            if need == .everything, let problem = disc.soundProblem { throw problem }
            let view = DiscDataSource(disc)
            let count = view.sectorCount ?? 0
            let start = Self.contentStart(disc.layout)
            let content =
                count > 0 ? try? DiscContent.examine(view, sessionStart: start) : nil
            let geometry = disc.geometry
            if !allowsAnything, let reason = content?.reasonNotADisc {
                throw Self.failure(
                    "\(path)\(format.name == "iso" ? "" : ", unpacked,") \(reason).",
                    advice: ""
                )
            }
            if !allowsAnything, let image,
                let what = NameClaim.brokenPromise(image, format, content, view)
            {
                throw Self.failure(what, advice: "Get the file again from where it came.")
            }
            self.format = format
            self.disc = disc
            self.content = content
            self.geometry = geometry
            watch = FileWatch(Self.paths(of: disc, at: path), after: before)
            source = view
            byteCount = disc.dataByteCount ?? count * view.sectorSize
            state = .complete
            evidence =
                disc.evidence
                + [content?.other].compactMap(\.self).map {
                    "The mark of \($0.name) stands at byte \($0.offset)."
                }
            // What has no file system can be anything, whatever its name.
            let isKnown = format.name != "iso" || content?.claims.isEmpty == false
            nameContradiction =
                isKnown ? image.flatMap { NameClaim.contradiction($0, format, geometry) } : nil
            warnings = disc.warnings + [Self.soundWarning(disc)].compactMap(\.self)
        } catch let failure as Failure {
            throw failure
        } catch let error as ImageFormatError where error.file == path.lastComponent?.string {
            throw Self.failure("\(path), \(error.format), can't be used: \(error.complaint).")
        } catch let error as EncryptedImageError {
            throw Self.failure("\(path) can't be used: \(error)", advice: error.advice)
        } catch let error as VirtualDiscError {
            throw Self.failure("\(path) can't be used: \(error.problem).")
        } catch let error as NamelessFileError {
            throw Failure(
                .trouble,
                Failure.Reason(ofOutput: error),
                "\(path) can't be unpacked into \(error).",
                meaning: "",
                advice: error.advice()
            )
        } catch let error as SystemError {
            throw Self.failure("\(path) can't be read: \(error.reason).")
        } catch {
            throw Self.failure("\(path) can't be used: \(error)")
        }
    }

    /// Takes audio files, each as a track of one disc.
    ///
    /// - Parameters:
    ///   - files: The files, in the order of the tracks.
    ///   - path: What the user named them by: their folder, their playlist or the first of them.
    ///   - options: How they become a disc.
    ///   - cancellation: A wish to stop: what is not the audio of a CD is decoded here.
    /// - Throws: ``Reports/Failure`` that names the file that can't become a track.
    public init(
        sounds files: [FilePath],
        named path: FilePath,
        _ options: SoundOptions = SoundOptions(),
        _ cancellation: Cancellation? = nil
    ) throws(Failure) {
        let before = FileWatch(files)
        let disc = try SoundAlbum(files, options, cancellation).disc
        self.path = path
        self.cancellation = cancellation
        self.disc = disc
        watch = before
        format = .audio
        source = DiscDataSource(disc)
        byteCount = 0
        state = .complete
        evidence = disc.evidence
        warnings = disc.warnings
        nameContradiction = nil
        geometry = disc.geometry
        content = nil
    }

    /// The audio files that it is made of, and what is done to them; empty of other images.
    public var sounds: [PlannedSound] { (disc as? ImageDisc)?.sounds ?? [] }

    /// What sentences call it: its path, and of several audio files the first one's and how many more there are.
    public var name: String {
        let (sounds, path) = (sounds, path.string)
        return sounds.count > 1 && sounds[0].file == path
            ? "\(path) and \(sounds.count - 1) more" : path
    }

    private static func paths(of disc: any DiscSource, at path: FilePath) -> [FilePath] {
        let files = (disc as? ImageDisc)?.paths ?? []
        return [path] + files.filter { $0 != path }
    }

    /// That some of its audio can't be had: one sentence; `nil` if all of it can.
    public var soundWarning: String? { (disc as? ImageDisc).flatMap(Self.soundWarning) }

    private static func soundWarning(_ disc: ImageDisc) -> String? {
        disc.soundProblem.map { "Not all of the audio can be read: \($0.complaint)." }
    }

    private static func failure(
        _ what: String,
        advice: String = "Name an image or a virtual disc."
    ) -> Failure {
        Failure(.source, what, meaning: "", advice: advice)
    }

    /// Checks the checksums that the file keeps over itself, beside those of its content, which reading
    /// checks: of an Apple disk image that of the packed data, of FLAC files the MD5 of their samples.
    ///
    /// It may read all of the file, so it is for those who are about to read all of the image.
    ///
    /// - Throws: ``Reports/Failure`` if one is wrong or the file can't be read, or somebody stopped it.
    public func checkContainers() throws(Failure) {
        do {
            try (disc as? ImageDisc)?.checkContainers(cancellation)
        } catch {
            throw damaged(error)
        }
        guard cancellation?.isRequested != true else { throw .stoppedReading }
    }

    /// Begins what ``checkContainers()`` does: what audio files keep of checksums is held against what is read
    /// of them from now on, if that is all and in order.
    ///
    /// - Throws: ``Reports/Failure`` if a container is damaged or the file can't be read.
    package func beginChecks() throws(Failure) {
        do {
            try (disc as? ImageDisc)?.beginChecks()
        } catch {
            throw damaged(error)
        }
    }

    /// Ends what ``beginChecks()`` began, after the image was read; who wishes to stop is not told of damage.
    ///
    /// - Parameter meaning: What it means for the work that was done, as a sentence.
    /// - Throws: ``Reports/Failure`` if an audio file is damaged or can't be read.
    package func endChecks(meaning: String) throws(Failure) {
        do {
            try (disc as? ImageDisc)?.checkSounds(cancellation)
        } catch {
            let failure = damaged(error)
            throw Failure(
                .trouble,
                .badSource,
                failure.what,
                meaning: meaning,
                advice: "Get the file again, or make it again."
            )
        }
    }

    private func damaged(_ error: any Error) -> Failure {
        guard let error = error as? ImageFormatError else {
            return Self.failure("\(path) can't be read: \(error)", advice: "")
        }
        return Self.failure(
            "\(path), \(error.format), is damaged: \(error.complaint).",
            advice: "Download the image again."
        )
    }

    /// Where the session begins whose file systems count: the last one that has data.
    private static func contentStart(_ layout: DiscLayout) -> Int {
        layout.dataSessions.last?.start ?? 0
    }

    /// Looks at the image's end: whether some of what its file systems claim is missing, and what
    /// comes after it.
    ///
    /// - Returns: `nil` if no file system claims an end, and of a virtual disc.
    public func end() throws -> ImageEnd? {
        guard !isVirtualDisc, let content, let end = content.volumeEnd else { return nil }
        return try self.end(volumeEnd: end, claimedEnd: content.claimedEnd ?? 0)
    }

    /// Looks at all of the data as if nothing claimed any of it.
    public func unclaimed() throws -> ImageEnd { try end(volumeEnd: 0, claimedEnd: 0) }

    private func end(volumeEnd: UInt64, claimedEnd: Int) throws -> ImageEnd {
        let count = source.sectorCount ?? 0
        // What other tracks hold is no part of this one.
        let last = max(Int(clamping: volumeEnd / 2048), claimedEnd) - 1
        let track = layout.track(holding: last)
        return try ImageEnd(
            volumeEnd: volumeEnd,
            claimedEnd: claimedEnd,
            byteCount: byteCount,
            trackEnd: min(count, track?.end.rawValue ?? count),
            source: source
        )
    }

    /// The file systems of later sessions, if the image has all of them in one session: in tracks of
    /// their own, or after the end of the first one in the same track.
    ///
    /// - Parameter end: What ``end()`` returned.
    /// - Returns: In the order of the disc; nothing if the layout tells sessions apart.
    /// - Throws: Errors of the file.
    public func laterVolumes(_ end: ImageEnd?) throws -> [LaterVolume] {
        guard !isVirtualDisc, layout.sessions.count == 1 else { return [] }
        let tracks = layout.tracks.filter { $0.content == .data && $0.length > 0 }
        let others = try tracks.dropFirst().compactMap {
            try LaterVolume(source, at: $0.start.rawValue)
        }
        return ((end?.laterVolumes ?? []) + others).sorted { $0.start < $1.start }
    }

    /// That the image is shorter than its file system: one sentence; `nil` if it isn't, or if it has
    /// more tracks than one.
    public var truncation: String? {
        guard !isVirtualDisc, layout.tracks.count == 1, let end = content?.volumeEnd,
            end > UInt64(max(0, byteCount))
        else { return nil }
        let missing = end - UInt64(max(0, byteCount))
        return
            "\(path) is truncated: its file system has \(end) bytes, and \(missing) of them are missing."
    }
}

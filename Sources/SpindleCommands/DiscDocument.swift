import LinuxCalls
import SpindleJobs
import SystemPackage

/// What `info` tells of a disc or an image.
struct DiscDocument: Encodable {
    /// A session's numbers.
    struct SessionEntry: Encodable {
        var number: Int
        var leadOut: Int
        var tracks: [TrackEntry]
    }

    /// A track's numbers.
    struct TrackEntry: Encodable {
        var number: Int
        var content: Track.Content
        /// The mode of the sectors, where the source tells it.
        var mode: TrackMode?
        var start: Int
        var sectors: Int
        /// The sectors of index 0, where there are any.
        var pregap: Int?
        /// Where the indexes from 2 on begin.
        var indexes: [Int]?
        var isrc: String?
        var preEmphasis: Bool?
        var copyPermitted: Bool?
        var fourChannels: Bool?
        /// The track's CD-TEXT.
        var title: String?
        var performer: String?
    }

    /// The drive that holds the disc.
    struct DriveEntry: Encodable {
        var path: String
        var vendor: String
        var product: String
        var revision: String
    }

    var version = 1
    var path: String
    /// `drive`, `virtual-disc` or `image`.
    var origin: String
    var drive: DriveEntry?
    @AlwaysEncoded var medium: MediumKind?
    var state: DiscState
    var problem: String?
    /// What the drive said of what it can't use or read, such as `3/11/05`.
    var sense: String?
    var profile: Int?
    var isErasable: Bool?
    var isOverwritable: Bool?
    /// The sectors that are recorded, or that the image has.
    var sectors: Int?
    /// The sectors that can still be written.
    var writableSectors: Int?
    /// Where the next one of them is.
    var nextWritable: Int?
    /// The number of the session that would begin there, on a disc that can be appended to.
    var nextSession: Int?
    var writeSpeeds: [Int] = []
    /// The format of the image, by the name that the command uses.
    var format: String?
    /// How the image was known: a sentence each.
    var evidence: [String]?
    /// What is odd about it: a sentence each.
    var warnings: [String]?
    /// How the tracks compare with what libcdio reads; `nil` if it was not asked.
    var secondOpinion: TrackOpinion?
    /// The media catalogue number.
    var catalog: String?
    /// The disc's CD-TEXT.
    var title: String?
    var performer: String?
    var sessions: [SessionEntry] = []
    /// The disc's names in databases of audio; `nil` if it has no audio.
    var identifiers: IdentifierEntry?
    /// What these databases have of it; `nil` if none was to be asked.
    var lookup: LookUpEntry?
    /// How an image keeps its sectors.
    var geometry: [ImageGeometry]?
    /// What an image's end has to do with what its file systems claim.
    var end: ImageEnd?
    /// What is wrong with the sectors of an image that keeps them with their EDC.
    var damage: DamageEntry?
    /// The file systems of later sessions in an image that doesn't say where those begin.
    var later: [LaterVolume]?
    /// The trees of files that can be read.
    var trees: [String]?
    var content: DiscContent?

    /// Looks at what a path names: a drive's disc, a virtual disc, or an image.
    init(of path: FilePath, secrets: ImageSecrets? = nil) throws(Failure) {
        switch try OpenDisc(path, secrets: secrets).content {
        case .drive(let drive, let report): self.init(drive, report)
        case .image(let image): self.init(image)
        }
    }

    /// Asks databases for the disc.
    ///
    /// - Parameters:
    ///   - places: Where their answers are.
    ///   - used: What is worth knowing of how they are asked, a sentence each.
    ///   - cancellation: Heeded while servers are asked.
    /// - Throws: ``SpindleJobs/Failure`` if a file is no answer, or the user stopped it.
    mutating func lookUp(
        _ places: AudioDatabases.Places,
        noting used: [String],
        _ cancellation: Cancellation
    ) throws(Failure) {
        guard let identifiers else {
            let hasSound = sessions.contains { $0.tracks.contains { $0.content == .audio } }
            lookup = LookUpEntry(
                notes: [
                    hasSound
                        ? "The disc's names in the databases are not known: none was asked."
                        : DiscLookUp.noAudio
                ]
            )
            return
        }
        let found = try DiscLookUp(places, of: identifiers.toc, cancellation: cancellation)
        lookup = LookUpEntry(
            databases: found.databases,
            album: found.album,
            notes: used + found.sentences
        )
    }

    private init(_ drive: Drive, _ report: DiscReport) {
        path = drive.path.string
        origin = "drive"
        self.drive = DriveEntry(
            path: path,
            vendor: drive.identity.vendor,
            product: drive.identity.product,
            revision: drive.identity.revision
        )
        medium = report.medium
        state = report.state
        problem = report.problem
        sense = report.sense?.codes
        let odd = (report.complaint?.sentences ?? []) + report.nonsense.map(\.description)
        if !odd.isEmpty { warnings = odd }
        guard state != .none else { return }
        profile = report.profile.rawValue
        isErasable = report.isErasable
        isOverwritable = report.isOverwritable
        writableSectors = report.writableSectors
        nextWritable = report.nextSession?.address ?? report.nextWritable?.rawValue
        nextSession = report.nextSession?.session
        writeSpeeds = report.writeSpeeds?.descriptors.map(\.writeSpeed) ?? []
        var remarks = warnings ?? []
        let (layout, runOut) = describe(drive, report, &remarks)
        let data = layout.tracks.filter { $0.content == .data }
        let end = data.map(\.end.rawValue).max()
        let hasSound = report.layout.tracks.contains { $0.content == .audio }
        sectors = state == .blank ? nil : hasSound ? report.layout.leadOut?.rawValue : end
        defer { if !remarks.isEmpty { warnings = remarks } }
        guard state != .blank, let end, end > 0 else { return }
        let held = report.layout.dataSessions
        // Audio, run-out and what lies between sessions hold no file system, and say nothing of the disc.
        let (gaps, dataEnd) = DriveSource.dataGaps(layout, runOut: runOut)
        do {
            let found = try DiscContent.examine(
                DriveSource(drive, report, sectors: dataEnd, gaps: gaps),
                sessionStart: report.isOverwritable ? 0 : held.last?.start ?? 0
            )
            content = found
            let odd = Self.remarks(of: found, on: layout)
            remarks += odd
            if !found.unreadableSectors.isEmpty, !odd.isEmpty, let said = drive.readingComplaint {
                sense = said.sense?.codes
                remarks += said.sentences
            }
            if !report.isOverwritable { remarks += Self.remarks(of: held) }
        } catch {
            remarks.append("What the disc holds could not be read: \(error)")
        }
        trees = content?.trees
    }

    /// Takes over sessions, tracks, codes and texts of the disc in a drive.
    ///
    /// - Returns: What is known of its tracks, and the sectors of run-out at the ends of sessions, by the track
    ///   before them.
    private mutating func describe(_ drive: Drive, _ report: DiscReport, _ remarks: inout [String])
        -> (layout: DiscLayout, runOut: [Int: Int])
    {
        sessions = Self.entries(report.layout)
        guard report.medium?.facts.family == .cd, state != .blank else {
            return (report.layout, [:])
        }
        do throws(Failure) {
            let disc = try DriveDisc(drive, report)
            let layout = disc.layout
            sessions = Self.entries(layout, isFull: true)
            describe(layout)
            secondOpinion = .asking(about: drive.path, layout)
            remarks += secondOpinion?.disagreements.map(\.sentence) ?? []
            let isPressed = disc.runOut.isEmpty ? true : try drive.isPressed(report)
            return (layout, isPressed ? [:] : disc.runOut)
        } catch {
            remarks.append("What the disc has besides its tracks is not known: \(error.what)")
            return (report.layout, [:])
        }
    }

    /// Takes over codes and texts.
    private mutating func describe(_ layout: DiscLayout) {
        let texts = ReadableTexts(layout)
        catalog = layout.catalog
        title = texts.text(.title, track: 0)
        performer = texts.text(.performer, track: 0)
        identifiers = AudioTOC(layout).flatMap(IdentifierEntry.init)
    }

    private init(_ disc: DiscImage) {
        path = disc.path.string
        origin = disc.isVirtualDisc ? "virtual-disc" : "image"
        medium = disc.medium
        state = disc.state
        // Of a disc with audio all of it counts.
        let hasSound = disc.layout.tracks.contains { $0.content == .audio }
        sectors = hasSound ? disc.layout.leadOut?.rawValue : disc.source.sectorCount
        sessions = Self.entries(disc.layout, isFull: true)
        format = disc.format?.name
        evidence = disc.evidence
        describe(disc.layout)
        content = disc.content
        trees = content?.trees
        geometry = disc.isVirtualDisc ? nil : disc.geometry
        var remarks: [String] = []
        do {
            damage = DamageEntry(try SectorDamage(of: disc.disc))
        } catch {
            remarks.append("Not all sectors could be looked at: \(error)")
        }
        do {
            end = try disc.end()
            later = try disc.laterVolumes(end)
        } catch {
            remarks.append("What comes after the file systems could not be read: \(error)")
        }
        secondOpinion = .asking(about: disc)
        remarks += secondOpinion?.disagreements.map(\.sentence) ?? []
        remarks += Self.remarks(of: disc, end, later ?? [])
        if let content { remarks += Self.remarks(of: content, on: disc.layout) }
        if later?.isEmpty ?? false { later = nil }
        warnings =
            [disc.nameContradiction].compactMap(\.self) + disc.warnings + remarks
    }

    /// The sessions and tracks of a layout; in full where it tells more than a table of contents.
    private static func entries(_ layout: DiscLayout, isFull: Bool = false) -> [SessionEntry] {
        let texts = ReadableTexts(layout)
        return layout.sessions.map { session in
            SessionEntry(
                number: session.number,
                leadOut: session.leadOut.rawValue,
                tracks: session.tracks.map { track in
                    var entry = TrackEntry(
                        number: track.number,
                        content: track.content,
                        start: track.start.rawValue,
                        sectors: track.length
                    )
                    guard isFull else { return entry }
                    entry.mode = track.mode
                    if track.pregap > 0 { entry.pregap = track.pregap }
                    if !track.laterIndexes.isEmpty {
                        entry.indexes = track.laterIndexes.map(\.rawValue)
                    }
                    entry.isrc = track.isrc
                    // The bit of a track of data says that it was written in packets.
                    if track.mode == .audio, track.flags.contains(.preEmphasis) {
                        entry.preEmphasis = true
                    }
                    if track.flags.contains(.copyPermitted) { entry.copyPermitted = true }
                    if track.flags.contains(.fourChannels) { entry.fourChannels = true }
                    entry.title = texts.text(.title, track: track.number)
                    entry.performer = texts.text(.performer, track: track.number)
                    return entry
                }
            )
        }
    }
}

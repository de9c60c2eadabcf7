import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes a cue sheet and its files.
struct CueWriter {
    private let disc: any DiscSource
    private let path: FilePath
    private let options: ImageOptions
    private var paths: [FilePath] = []
    private var placements: [Placement] = []
    private var texts: [PlannedImage.Text] = []
    /// Files whose audio is packed, and how many bytes of it come.
    private var packed: [Int: Int] = [:]
    /// What the one file of the whole disc says of it, if it is of FLAC.
    private var contents = DiscContents()
    private var sheet: CueLines
    private var hasFile = false
    /// Whether each track has a file of its own.
    ///
    /// Programs that know nothing of the remarks that divide a sheet into sessions take the time in
    /// the one file for the address on the disc. In files of their own the tracks are right at least.
    private var splitsTracks: Bool { options.splitsTracks ?? (disc.layout.sessions.count > 1) }
    /// Whether the one file of all tracks is of audio, which has to be asked for.
    private var isOneSound: Bool { options.splitsTracks == false && options.audioFile != .raw }
    private var offset = 0
    /// The address at the beginning of the file, for a file of sectors of one size.
    private var frames = 0

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        if let naming = options.naming {
            return try TrackSheetWriter.begin(disc, path, options, naming)
        }
        try UnspellableName.check(path)
        var writer = CueWriter(disc: disc, path: path, options: options)
        if writer.isOneSound { try OneSound.check(disc) }
        writer.plan()
        try UnspellableName.check(writer.sheet)
        let contents = writer.contents
        return try PlannedImage(
            paths: writer.paths,
            placements: writer.placements,
            texts: writer.texts,
            options: options,
            packed: writer.packed.mapValues { size in
                {
                    try FlacWriter(
                        $0,
                        byteCount: size,
                        tags: contents.tags,
                        cueSheet: contents.sheet,
                        verifies: true
                    )
                }
            }
        )
    }

    private init(disc: any DiscSource, path: FilePath, options: ImageOptions) {
        self.disc = disc
        self.path = path
        self.options = options
        sheet = CueLines(disc, packFile: "\(path.stemText ?? "image").cdt")
    }

    /// The name without its extension, as `PathText`.
    private var stem: String { path.stemText ?? "image" }

    private func sibling(_ name: String) -> FilePath {
        path.removingLastComponent().appending(text: name)
    }

    private mutating func plan() {
        if let packs = sheet.packs {
            paths.append(sibling("\(stem).cdt"))
            texts.append(PlannedImage.Text(file: paths.count - 1, bytes: packs))
        }
        for session in disc.layout.sessions {
            sheet.begin(session)
            for (index, track) in session.tracks.enumerated() {
                plan(track, in: session, isFirst: index == 0)
            }
            sheet.end(session)
        }
        if isOneSound, options.audioFile == .flac {
            contents = DiscContents(disc.layout, sheet, sectors: allSectors)
        }
        paths.append(path)
        texts.append(PlannedImage.Text(file: paths.count - 1, bytes: sheet.bytes))
    }

    /// The first sector of a track that is kept: the pause before a session is in no file.
    private static func begin(of track: Track, isFirst: Bool) -> Int {
        track.extent.lowerBound + (isFirst ? min(track.pregap, CDGaps.firstPause) : 0)
    }

    /// The sectors in the one file of all tracks.
    private var allSectors: Int {
        disc.layout.sessions.reduce(0) { sum, session in
            session.tracks.enumerated().reduce(sum) { sum, entry in
                sum + entry.element.end.rawValue
                    - Self.begin(of: entry.element, isFirst: entry.offset == 0)
            }
        }
    }

    private mutating func plan(_ track: Track, in session: DiscLayout.Session, isFirst: Bool) {
        let isCooked =
            disc.medium.facts.family != .cd
            || options.keepsUserDataOnly && (track.mode == .mode1 || track.mode == .mode2Form1)
        let form: SectorForm = isCooked ? .user : .raw
        let begin = Self.begin(of: track, isFirst: isFirst)
        let sound: ImageOptions.AudioFile =
            isOneSound || splitsTracks && track.mode == .audio ? options.audioFile : .raw
        let size = (track.end.rawValue - begin) * form.size
        let fileSize = isOneSound ? allSectors * form.size : size
        if splitsTracks || !hasFile {
            hasFile = true
            let total = disc.layout.tracks.count
            let number = total > 9 ? CueLines.two(track.number) : "\(track.number)"
            let name =
                splitsTracks
                ? "\(stem) (Track \(number)).\(CueLines.endings[sound] ?? "bin")"
                : "\(stem).\(CueLines.endings[sound] ?? "bin")"
            paths.append(sibling(name))
            sheet.add(file: name, sound)
            frames = 0
            offset = 0
            if sound == .flac { packed[paths.count - 1] = fileSize }
            if sound == .wave {
                let header = WaveHeader.bytes(byteCount: fileSize)
                texts.append(PlannedImage.Text(file: paths.count - 1, bytes: header))
                offset = header.count
            }
        }
        sheet.begin(track, form, in: session)
        let pregap = track.start.rawValue - begin
        if pregap > 0 { sheet.add(index: 0, at: frames) }
        sheet.add(index: 1, at: frames + pregap)
        for (i, index) in track.laterIndexes.enumerated() {
            sheet.add(index: i + 2, at: frames + index.rawValue - begin)
        }
        placements.append(
            Placement(
                begin..<track.end.rawValue,
                form,
                file: paths.count - 1,
                offset: offset
            )
        )
        offset += size
        frames += track.end.rawValue - begin
    }
}

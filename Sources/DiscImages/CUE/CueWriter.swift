import DiscModel
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
    /// Files whose sound is packed, and how many bytes of it come.
    private var packed: [Int: Int] = [:]
    private var lines: [String] = []
    private let sheetTexts: SheetTexts
    private var hasFile = false
    /// Whether each track has a file of its own.
    ///
    /// Programs that know nothing of the remarks that divide a sheet into sessions take the time in
    /// the one file for the address on the disc. In files of their own the tracks are right at least.
    private var splitsTracks: Bool { options.splitsTracks ?? (disc.layout.sessions.count > 1) }
    private var offset = 0
    /// The address at the beginning of the file, for a file of sectors of one size.
    private var frames = 0

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        try UnspellableName.check(path)
        var writer = CueWriter(disc: disc, path: path, options: options)
        writer.plan()
        return try PlannedImage(
            paths: writer.paths,
            placements: writer.placements,
            texts: writer.texts,
            options: options,
            packed: writer.packed.mapValues { size in
                { try FlacWriter($0, byteCount: size) }
            }
        )
    }

    private init(disc: any DiscSource, path: FilePath, options: ImageOptions) {
        self.disc = disc
        self.path = path
        self.options = options
        sheetTexts = CueTexts.texts(of: disc.layout)
    }

    private var stem: String { path.stem ?? "image" }

    private func sibling(_ name: String) -> FilePath {
        path.removingLastComponent().appending(name)
    }

    private mutating func plan() {
        let layout = disc.layout
        if let catalog = layout.catalog { lines.append("CATALOG \(catalog)") }
        planTexts(layout)
        for session in layout.sessions {
            if layout.sessions.count > 1 { beginSession(session, layout) }
            for (index, track) in session.tracks.enumerated() {
                plan(track, in: session, isFirst: index == 0)
            }
            if session.number < layout.sessions.count {
                lines.append("REM LEAD-OUT \(MSF(frames: session.number == 1 ? 6750 : 2250))")
            }
        }
        // Sheets of people who read them on other machines have their lines end like this.
        let sheet = lines.joined(separator: "\r\n") + "\r\n"
        paths.append(path)
        texts.append(PlannedImage.Text(file: paths.count - 1, bytes: KeptBytes.bytes(of: sheet)))
    }

    private mutating func beginSession(_ session: DiscLayout.Session, _ layout: DiscLayout) {
        if session.number == 2,
            session.tracks.first?.start.rawValue == CDGaps.highDensityArea
        {
            lines.append("REM HIGH-DENSITY AREA")
            return
        }
        lines.append("REM SESSION \(Self.two(session.number))")
        guard session.number > 1 else { return }
        lines.append("REM LEAD-IN \(MSF(frames: 4500))")
        lines.append("REM PREGAP \(MSF(frames: CDGaps.firstPause))")
    }

    private mutating func plan(_ track: Track, in session: DiscLayout.Session, isFirst: Bool) {
        let isCooked =
            disc.medium.facts.family != .cd
            || options.keepsUserDataOnly && (track.mode == .mode1 || track.mode == .mode2Form1)
        let form: SectorForm = isCooked ? .user : .raw
        // The pause before a session is in no file.
        let before = isFirst ? min(track.pregap, CDGaps.firstPause) : 0
        let begin = track.extent.lowerBound + before
        let sound: ImageOptions.AudioFile =
            splitsTracks && track.mode == .audio ? options.audioFile : .raw
        let size = (track.end.rawValue - begin) * form.size
        if splitsTracks || !hasFile {
            hasFile = true
            let total = disc.layout.tracks.count
            let number = total > 9 ? Self.two(track.number) : "\(track.number)"
            let name =
                splitsTracks
                ? "\(stem) (Track \(number)).\(Self.endings[sound] ?? "bin")" : "\(stem).bin"
            paths.append(sibling(name))
            lines.append("FILE \"\(name)\" \(sound == .raw ? "BINARY" : "WAVE")")
            frames = 0
            offset = 0
            if sound == .flac { packed[paths.count - 1] = size }
            if sound == .wave {
                let header = WaveHeader.bytes(byteCount: size)
                texts.append(PlannedImage.Text(file: paths.count - 1, bytes: header))
                offset = header.count
            }
        }
        let word =
            CueMode.word(for: track.mode, form, isCDI: session.kind == .cdI) ?? "MODE1/2352"
        lines.append("  TRACK \(Self.two(track.number)) \(word)")
        lines += textLines(track: track.number).map { "    " + $0 }
        if let isrc = track.isrc { lines.append("    ISRC \(isrc)") }
        let flags = [
            (TrackFlags.copyPermitted, "DCP"), (.fourChannels, "4CH"), (.preEmphasis, "PRE"),
        ].filter { track.flags.contains($0.0) }.map(\.1)
        if !flags.isEmpty { lines.append("    FLAGS \(flags.joined(separator: " "))") }
        let pregap = track.start.rawValue - begin
        if pregap > 0 { lines.append("    INDEX 00 \(MSF(frames: frames))") }
        lines.append("    INDEX 01 \(MSF(frames: frames + pregap))")
        for (i, index) in track.laterIndexes.enumerated() {
            lines.append(
                "    INDEX \(Self.two(i + 2)) \(MSF(frames: frames + index.rawValue - begin))"
            )
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

    private mutating func planTexts(_ layout: DiscLayout) {
        let packs = layout.cdText
        // The texts alone don't bring back other packs.
        if !packs.isEmpty, CueTexts.packs(sheetTexts, tracks: layout.tracks.map(\.number)) != packs
        {
            let name = "\(stem).cdt"
            paths.append(sibling(name))
            texts.append(
                PlannedImage.Text(file: paths.count - 1, bytes: packs.flatMap(\.bytes))
            )
            lines.append("CDTEXTFILE \"\(name)\"")
        }
        lines += textLines(track: 0)
    }

    private func textLines(track: Int) -> [String] {
        let entry = sheetTexts[track]
        let words = CueSheet.textWords.sorted { $0.value.rawValue < $1.value.rawValue }
        return entry.remarks.map { "REM \($0)" }
            + words.compactMap { word, field in
                guard let text = entry.texts[field] else { return nil }
                let isRemark = ["COMPOSER", "ARRANGER", "MESSAGE"].contains(word)
                return "\(isRemark ? "REM " : "")\(word) \"\(text)\""
            }
    }

    /// Endings of the files of a track's own; a sheet has no other kind for FLAC than for WAVE.
    private static let endings: [ImageOptions.AudioFile: String] = [
        .raw: "bin", .wave: "wav", .flac: "flac",
    ]

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

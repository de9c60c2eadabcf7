import DiscModel
import LibCodecs
import LinuxCalls
import SystemPackage
import Transfer

/// Writes a file for each track, as people listen to them, with a cue sheet and a playlist.
///
/// The pause before an audio track is where ``ImageOptions/gaps`` has it, as the layouts of EAC's sheets are:
/// usually at the end of the file before, where players play it, with INDEX 00 there and INDEX 01 in the next
/// file; or at the beginning of the track's own file; or in none, and a PREGAP in the sheet. Audio before
/// track 1 has a file of its own in each of them, number 00, and what is before a track of data is in that
/// track's file. Together the files hold all that the disc has, but for pauses that are left out.
struct TrackSheetWriter {
    private let disc: any DiscSource
    private let options: ImageOptions
    private let naming: TrackNaming
    private let path: FilePath
    private let texts: ReadableTexts
    private var sheet: CueLines
    private var paths: [FilePath] = []
    private var placements: [Placement] = []
    private var pieces: [PlannedImage.Text] = []
    /// The files whose audio is packed: their tracks, bytes and tags.
    private var packed: [Int: (track: Int, bytes: Int, tags: [FLACTag])] = [:]
    private var playlist = ["#EXTM3U"]
    private var taken: Set<String> = []

    /// Begins an image.
    static func begin(
        _ disc: any DiscSource,
        _ path: FilePath,
        _ options: ImageOptions,
        _ naming: TrackNaming
    ) throws -> any DiscSink {
        try UnspellableName.check(path)
        guard disc.layout.tracks.contains(where: { $0.mode == .audio }) else {
            throw NoSound()
        }
        var writer = TrackSheetWriter(disc, path, options, naming)
        writer.plan()
        try UnspellableName.check(writer.sheet)
        let gain = options.measuresLoudness && options.audioFile == .flac ? AlbumGain() : nil
        return try PlannedImage(
            paths: writer.paths,
            placements: writer.placements,
            texts: writer.pieces,
            options: options,
            packed: Dictionary(
                uniqueKeysWithValues: writer.packed.map { number, sound in
                    (
                        number,
                        {
                            try FlacWriter(
                                $0,
                                byteCount: sound.bytes,
                                tags: sound.tags,
                                cover: options.cover,
                                meter: gain?.meter(of: number, track: sound.track),
                                room: gain == nil ? 0 : AlbumGain.room,
                                verifies: true
                            )
                        }
                    )
                }
            ),
            gain: gain
        )
    }

    /// There are no audio tracks.
    struct NoSound: Error, CustomStringConvertible {
        let description = "There are no tracks of audio, of which each could have a file."
    }

    private init(
        _ disc: any DiscSource,
        _ path: FilePath,
        _ options: ImageOptions,
        _ naming: TrackNaming
    ) {
        self.disc = disc
        self.options = options
        self.naming = naming
        self.path = path
        texts = ReadableTexts(disc.layout)
        sheet = CueLines(disc, packFile: "\(path.stemText ?? "image").cdt")
    }

    private func sibling(_ name: String) -> FilePath {
        path.removingLastComponent().appending(text: name)
    }

    private mutating func plan() {
        let stem = path.stemText ?? "image"
        if let packs = sheet.packs { add(packs, "\(stem).cdt") }
        for session in disc.layout.sessions {
            sheet.begin(session)
            for index in session.tracks.indices { plan(index, of: session) }
            sheet.end(session)
        }
        add(
            Array((playlist.joined(separator: "\n") + "\n").utf8),
            "\(path.stemText ?? stem).m3u8"
        )
        paths.append(path)
        pieces.append(PlannedImage.Text(file: paths.count - 1, bytes: sheet.bytes))
    }

    private mutating func add(_ bytes: [UInt8], _ name: String) {
        paths.append(sibling(name))
        pieces.append(PlannedImage.Text(file: paths.count - 1, bytes: bytes))
    }

    private mutating func plan(_ index: Int, of session: DiscLayout.Session) {
        let track = session.tracks[index]
        let previous = index > 0 ? session.tracks[index - 1] : nil
        // The pause before a session is in no file.
        let pause = index == 0 ? min(track.pregap, CDGaps.firstPause) : 0
        let begin = track.extent.lowerBound + pause
        let start = track.start.rawValue
        guard track.mode == .audio else {
            addFile("\(CueLines.two(track.number)) - data", begin..<track.end.rawValue, of: track)
            sheet.begin(track, .raw, in: session)
            if begin < start { sheet.add(index: 0, at: 0) }
            addIndexes(track, from: begin)
            return
        }
        let next = index + 1 < session.tracks.count ? session.tracks[index + 1] : nil
        let isNextAppended = options.gaps == .appended && next?.mode == .audio
        let end = (isNextAppended ? next?.start ?? track.end : track.end).rawValue
        let name = naming.name(facts(of: track.number))
        guard begin < start else {
            addFile(name, start..<end, of: track)
            sheet.begin(track, .raw, in: session)
            return addIndexes(track, from: start)
        }
        switch (options.gaps, previous?.mode) {
        case (.appended, .audio):
            // It is in the file of the track before.
            sheet.begin(track, .raw, in: session)
            sheet.add(index: 0, at: begin - (previous?.start.rawValue ?? begin))
            addFile(name, start..<end, of: track)
        case (_, nil), (.appended, _):
            addHidden(begin..<start, before: track)
            sheet.begin(track, .raw, in: session)
            sheet.add(index: 0, at: 0)
            addFile(name, start..<end, of: track)
        case (.prepended, _):
            addFile(name, begin..<end, of: track)
            sheet.begin(track, .raw, in: session)
            sheet.add(index: 0, at: 0)
            return addIndexes(track, from: begin)
        case (.leftOut, _):
            addFile(name, start..<end, of: track)
            sheet.begin(track, .raw, in: session)
            sheet.add(pregap: start - begin)
        }
        addIndexes(track, from: start)
    }

    private mutating func addIndexes(_ track: Track, from begin: Int) {
        sheet.add(index: 1, at: track.start.rawValue - begin)
        for (place, later) in track.laterIndexes.enumerated() {
            sheet.add(index: place + 2, at: later.rawValue - begin)
        }
    }

    private func facts(of number: Int) -> TrackNaming.Facts {
        if let names = options.names { return names.facts(of: number) }
        return TrackNaming.Facts(
            number: number,
            title: text(.title, track: number),
            performer: text(.performer, track: number),
            album: text(.title, track: 0),
            albumPerformer: text(.performer, track: 0)
        )
    }

    /// A text without blanks around it; `nil` if nothing is left, as of one that only fills its place.
    private func text(_ field: CDText.Field, track: Int) -> String? {
        texts.text(field, track: track).map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Adds the file of audio before a track, which no track's file has.
    private mutating func addHidden(_ sectors: Range<Int>, before track: Track) {
        var facts = facts(of: 0)
        facts.title = track.number == 1 ? "Hidden track" : "Before track \(track.number)"
        facts.performer = nil
        addSound(facts, naming.name(facts), sectors, tags: tags(facts))
    }

    /// Adds the file of a track.
    private mutating func addFile(_ name: String, _ sectors: Range<Int>, of track: Track) {
        guard track.mode == .audio else {
            let name = unique(name, .raw)
            paths.append(sibling(name))
            sheet.add(file: name, .raw)
            placements.append(Placement(sectors, .raw, file: paths.count - 1, offset: 0))
            return
        }
        let facts = facts(of: track.number)
        addSound(facts, name, sectors, tags: tags(facts, isrc: track.isrc))
    }

    private mutating func addSound(
        _ facts: TrackNaming.Facts,
        _ name: String,
        _ sectors: Range<Int>,
        tags: [FLACTag]
    ) {
        let file = unique(name, options.audioFile)
        paths.append(sibling(file))
        sheet.add(file: file, options.audioFile)
        let bytes = sectors.count * SectorForm.raw.size
        var offset = 0
        if options.audioFile == .flac {
            packed[paths.count - 1] = (facts.number, bytes, tags)
        } else if options.audioFile == .wave {
            let header = WaveHeader.bytes(byteCount: bytes)
            pieces.append(PlannedImage.Text(file: paths.count - 1, bytes: header))
            offset = header.count
        }
        placements.append(Placement(sectors, .raw, file: paths.count - 1, offset: offset))
        let shown = [facts.performer ?? facts.albumPerformer, facts.title].compactMap(\.self)
            .joined(separator: " - ")
        playlist.append("#EXTINF:\((sectors.count + 37) / 75),\(TrackNaming.safe(shown) ?? name)")
        // A line that begins with this sign is none that names a file.
        playlist.append(file.hasPrefix("#") ? "./\(file)" : file)
    }

    /// A name that no other file has, also where capital letters count as others.
    private mutating func unique(_ name: String, _ kind: ImageOptions.AudioFile) -> String {
        let ending = CueLines.endings[kind] ?? "bin"
        var file = "\(name).\(ending)"
        var number = 2
        while !taken.insert(file.lowercased()).inserted {
            file = "\(name) (\(number)).\(ending)"
            number += 1
        }
        return file
    }

    /// What players show of a track, or of audio before one as number 0, from CD-TEXT and the disc's codes.
    private func tags(_ facts: TrackNaming.Facts, isrc: String? = nil) -> [FLACTag] {
        // Where data come first, the last number is more than the count of tracks.
        let last = disc.layout.tracks.last { $0.mode == .audio }?.number
        let values: [(String, String?)] = [
            ("TITLE", facts.title), ("ARTIST", facts.performer ?? facts.albumPerformer),
            ("ALBUM", facts.album), ("ALBUMARTIST", facts.albumPerformer),
            ("TRACKNUMBER", String(facts.number)), ("TRACKTOTAL", last.map { String($0) }),
            ("ISRC", isrc),
        ]
        let tags = values.compactMap { name, value in value.map { FLACTag(name: name, value: $0) } }
        let names = options.names
        return tags + (names?.tags ?? []) + (names?.tracks[facts.number]?.tags ?? [])
    }
}

import DiscModel

/// Makes a disc of a cue sheet.
struct CueReader {
    /// A stretch of a file that belongs to a track.
    private struct Segment {
        var file: Int
        /// The sectors in the file, as the sheet counts them.
        var frames: Range<Int>
        var offset: Int
    }

    private let sheet: CueSheet
    private let image: ImageFile
    private let firstPregap: FirstPregap
    private let files: CueFiles
    private var warnings: [String]
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    /// How far each file is used, in sectors and in bytes.
    private var used: [(frames: Int, bytes: Int)]
    /// The next address on the disc.
    private var address = 0

    /// Makes the disc.
    ///
    /// - Parameters:
    ///   - sheet: The sheet.
    ///   - image: The file that it lies in.
    ///   - sound: That file's own audio, which the sheet is about; `nil` if the sheet names files.
    /// - Returns: The disc.
    /// - Throws: ``ImageFormatError`` if it can't be right, or a file that it needs is not there.
    static func disc(of sheet: CueSheet, _ image: ImageFile, sound: SoundFile? = nil) throws
        -> ImageDisc
    {
        let files = try CueFiles(sheet, of: image, sound: sound)
        func read(_ pregap: FirstPregap) throws -> CueReader {
            var reader = CueReader(sheet, image, files, pregap)
            for index in sheet.tracks.indices { try reader.add(index) }
            return reader
        }
        var reader = try read(.fromPause)
        if let pregap = sheet.tracks.first?.pregap, pregap > 0 {
            let other = try read(.fromZero)
            reader = Self.choice(reader, other, sheet, pregap)
        }
        reader.addTexts()
        let size = reader.files.bytes.reduce(0) { $0 &+ $1.byteCount }
        let isOneCooked =
            sheet.tracks.count == 1 && reader.placements.allSatisfy { $0.form == .user }
        do {
            return try ImageDisc(
                medium: isOneCooked ? .pressed(bytes: size) : .cdROM,
                layout: reader.layout,
                files: reader.files.bytes,
                placements: reader.placements,
                evidence: [
                    sound == nil
                        ? "It is the text of a cue sheet."
                        : "It is an audio file with a cue sheet in it."
                ],
                warnings: reader.warnings,
                soundProblem: reader.files.problem
            )
        } catch {
            throw ImageFormatError(
                image.name,
                "a cue sheet",
                "the table of tracks",
                "can't be right: \(error.problem)"
            )
        }
    }

    /// Decides how the pregap of the first track is meant.
    private static func choice(
        _ fromPause: CueReader,
        _ fromZero: CueReader,
        _ sheet: CueSheet,
        _ pregap: Int
    ) -> CueReader {
        if let identifier = FirstPregap.identifier(in: sheet) {
            if FirstPregap.identifier(of: fromZero.layout) == identifier { return fromZero }
            if FirstPregap.identifier(of: fromPause.layout) == identifier { return fromPause }
        }
        if FirstPregap.isRippers(sheet) { return fromZero }
        var reader = fromPause
        // Two seconds are what every disc has before its first track.
        guard pregap != CDGaps.firstPause else { return reader }
        reader.warnings.append(
            "Nothing in the sheet says from where the PREGAP of track 1 counts (\(MSF(frames: pregap))): it is taken as CDRWIN has it, with the two seconds that every disc begins with, so that track 1 begins at sector \(reader.layout.tracks.first?.start.rawValue ?? 0); EAC and other rippers mean sector \(fromZero.layout.tracks.first?.start.rawValue ?? 0)."
        )
        return reader
    }

    private init(
        _ sheet: CueSheet,
        _ image: ImageFile,
        _ files: CueFiles,
        _ firstPregap: FirstPregap
    ) {
        self.sheet = sheet
        self.firstPregap = firstPregap
        self.image = image
        self.files = files
        warnings = sheet.warnings + Self.oddities(of: sheet) + files.warnings
        used = files.bytes.map { _ in (0, 0) }
    }

    /// What the sheet says, and no disc can have.
    private static func oddities(of sheet: CueSheet) -> [String] {
        let used = Set(sheet.tracks.flatMap(\.indexes).map(\.file))
        var sentences = sheet.files.indices.filter { !used.contains($0) }.map { file in
            "No track lies in “\(KeptBytes.readable(sheet.files[file].name))”; it is left out."
        }
        for track in sheet.tracks {
            let marks = track.indexes
            if let zero = marks.firstIndex(where: { $0.number == 0 }),
                let one = marks.firstIndex(where: { $0.number == 1 }),
                zero > one
                    || marks[zero].file == marks[one].file
                        && marks[zero].frames > marks[one].frames
            {
                sentences.append(
                    "Index 0 of track \(track.number) comes after its index 1; it is left out."
                )
            }
            // A disc has its indexes in their order, and none without the ones before it.
            let later = marks.map(\.number).filter { $0 > 1 }
            if let place = later.indices.first(where: { later[$0] != $0 + 2 }) {
                sentences.append(
                    "Track \(track.number) has no index \(place + 2): its index \(later[place]) becomes that."
                )
            }
        }
        return Array(sentences.prefix(20))
    }

    private func error(_ track: CueSheet.Track, _ problem: String) -> ImageFormatError {
        ImageFormatError(
            image.name,
            "a cue sheet",
            "track \(track.number)",
            at: track.offset,
            problem
        )
    }

    // MARK: A track

    private mutating func add(_ index: Int) throws {
        let entry = sheet.tracks[index]
        let previous = index > 0 ? sheet.tracks[index - 1] : nil
        guard let first = entry.indexes.first,
            let one = entry.indexes.first(where: { $0.number == 1 }) ?? entry.indexes.last
        else { throw error(entry, "has no index") }
        if one.number != 1 {
            warnings.append(
                "Track \(entry.number) has no index 1; its index \(one.number) is taken."
            )
        }
        let isFirst = previous?.session != entry.session
        let mode = try observed(entry, at: used[first.file].bytes)
        if isFirst { try beginSession(entry, first, mode) }
        try moveBehindMissing(entry, first, mode)
        let unstored =
            isFirst && layout.sessions.count == 1
            ? firstPregap.sectors(of: entry.pregap) : entry.pregap
        address += unstored
        let begin = address - unstored
        var start = address
        var later: [LBA] = []
        for segment in try segments(of: index, mode) {
            for mark in entry.indexes where mark.file == segment.file {
                guard
                    segment.frames.contains(mark.frames) || mark.frames == segment.frames.upperBound
                else { continue }
                let place = address + mark.frames - segment.frames.lowerBound
                if mark == one { start = place }
                if mark.number > one.number { later.append(LBA(place)) }
            }
            place(segment, mode)
            address += segment.frames.count
        }
        address += entry.postgap
        var track = Track(
            number: entry.number,
            session: layout.sessions.count,
            mode: mode.mode,
            start: LBA(start),
            length: address - start,
            pregap: start - begin
        )
        track.flags = entry.flags
        track.isrc = entry.isrc
        track.laterIndexes = later
        layout.sessions[layout.sessions.count - 1].tracks.append(track)
        layout.sessions[layout.sessions.count - 1].leadOut = LBA(address)
        if mode.isCDI {
            layout.sessions[layout.sessions.count - 1].kind = .cdI
        } else if mode.mode.isXA, layout.sessions[layout.sessions.count - 1].kind == .cdROM {
            layout.sessions[layout.sessions.count - 1].kind = .cdROMXA
        }
    }

    /// The pause before a later session's first track, where it is in no file.
    private func pause(_ isFirst: Bool, _ begin: Int, _ start: Int) -> Int {
        guard isFirst, layout.sessions.count > 1, start - begin < CDGaps.firstPause else {
            return 0
        }
        let end = layout.sessions[layout.sessions.count - 2].leadOut.rawValue
        return max(0, min(CDGaps.firstPause, begin - end))
    }

    /// The stretches of files that a track has: from its first index to the next track's.
    private mutating func segments(of index: Int, _ mode: CueMode) throws -> [Segment] {
        let entry = sheet.tracks[index]
        let next = sheet.tracks.indices.contains(index + 1) ? sheet.tracks[index + 1] : nil
        var wanted: [Int] = []
        for mark in entry.indexes where !wanted.contains(mark.file) { wanted.append(mark.file) }
        var result: [Segment] = []
        for file in wanted {
            let (from, offset) = used[file]
            guard let earliest = entry.indexes.first(where: { $0.file == file })?.frames,
                earliest >= from
            else { throw error(entry, "begins before the end of the track before it") }
            for early in entry.indexes
            where early.file == file && early.number > 1 && early.frames < earliest {
                warnings.append(
                    "Index \(early.number) of track \(entry.number) lies before the start of the track; it is left out."
                )
            }
            var end: Int
            if let mark = next?.indexes.first, mark.file == file {
                end = mark.frames
                let own = entry.indexes.filter { $0.file == file }
                guard end >= own.filter({ $0.number <= 1 }).map(\.frames).max() ?? from else {
                    throw error(entry, "ends before it begins")
                }
                for late in own where late.frames > end {
                    warnings.append(
                        "Index \(late.number) of track \(entry.number) lies after the start of the next track; it is left out."
                    )
                }
            } else {
                let rest = max(0, files.claimed[file] - offset)
                end = from + rest / mode.stride
                if rest % mode.stride != 0 {
                    warnings.append(
                        "After the last sector of \(files.bytes[file].name) lie \(rest % mode.stride) bytes that belong to none."
                    )
                }
                guard let last = entry.indexes.filter({ $0.file == file }).map(\.frames).max()
                else {
                    continue
                }
                // An index behind the end: the file is cut off.
                end = max(end, last)
            }
            // A sheet of one track of user data may be about a DVD or a BD.
            let most = sheet.tracks.count == 1 && mode.form == .user ? 1 << 28 : 1 << 20
            guard end - from < most else { throw error(entry, "is longer than a CD") }
            used[file] = (end, offset + (end - from) * mode.stride)
            result.append(Segment(file: file, frames: from..<end, offset: offset))
        }
        return result
    }

    private mutating func place(_ segment: Segment, _ mode: CueMode) {
        guard !segment.frames.isEmpty else { return }
        var place = Placement(
            address..<(address + segment.frames.count),
            mode.form,
            file: segment.file,
            offset: segment.offset,
            stride: mode.stride,
            with: mode.subchannel > 0 ? .interleaved : nil
        )
        place.isBigEndian = mode.mode == .audio && files.isBigEndian[segment.file]
        placements.append(place)
    }

    // MARK: A session

    /// Finds where a track begins behind one whose file is missing, so that its length is not known:
    /// the headers of data tell.
    private mutating func moveBehindMissing(
        _ entry: CueSheet.Track,
        _ first: CueSheet.Index,
        _ mode: CueMode
    ) throws {
        guard !files.missing.isEmpty,
            let header = try header(mode, first.file, used[first.file].bytes),
            header > address, header < 450_000
        else { return }
        address = header
    }

    /// Finds the address that a session begins with, and where the one before it ends.
    private mutating func beginSession(
        _ entry: CueSheet.Track,
        _ first: CueSheet.Index,
        _ mode: CueMode
    ) throws {
        let header = try self.header(mode, first.file, used[first.file].bytes)
        layout.sessions.append(
            DiscLayout.Session(number: layout.sessions.count + 1, tracks: [], leadOut: LBA(address))
        )
        let number = layout.sessions.count
        guard number > 1 else {
            layout.sessions[0].catalog = sheet.catalog
            // A file may have the pause before the first track, or a part of it.
            if let header, (-CDGaps.firstPause..<0).contains(header) { address = header }
            return
        }
        let gap = sheet.gaps[entry.session] ?? CueSheet.Gap()
        let stored = (entry.indexes.first { $0.number == 1 }?.frames ?? first.frames) - first.frames
        let usual = CDGaps.fromLeadOut(ofSession: number - 1) - CDGaps.firstPause
        let pause = gap.pause ?? (stored >= CDGaps.firstPause ? 0 : CDGaps.firstPause)
        let usualLeadOut = number == 2 ? 6750 : 2250
        let isPosition = gap.leadOut.map { $0 != usualLeadOut && $0 > usualLeadOut } ?? false
        if let start = gap.start {
            address = max(address, start - stored)
        } else if isPosition || header == address {
            // The gap is in the file, as ISOBuster writes it: it is no part of the track before it.
            shortenLastTrack(by: usual + CDGaps.firstPause, to: isPosition ? gap.leadOut : nil)
        } else if let header, header > address, header < 450_000 {
            address = header
        } else {
            let length = (gap.leadOut ?? usualLeadOut) + (gap.leadIn ?? 4500)
            address += (length == 0 ? usual : length) + pause
        }
    }

    /// Takes the gap between two sessions out of the track before it.
    private mutating func shortenLastTrack(by count: Int, to position: Int?) {
        let s = layout.sessions.count - 2
        guard s >= 0, var track = layout.sessions[s].tracks.last else { return }
        let end = position.map { min($0, address) } ?? address - count
        guard end > track.start.rawValue else { return }
        track.length = end - track.start.rawValue
        layout.sessions[s].tracks[layout.sessions[s].tracks.count - 1] = track
        layout.sessions[s].leadOut = LBA(end)
        warnings.append(
            "The gap between sessions \(s + 1) and \(s + 2) is in the file; it is left out."
        )
        if let last = placements.indices.last, placements[last].sectors.contains(end) {
            placements[last].sectors = placements[last].sectors.lowerBound..<end
        }
    }

    // MARK: What the sectors say

    /// The address in the header of a raw sector, where it has one.
    private func header(_ mode: CueMode, _ file: Int, _ offset: Int) throws -> Int? {
        guard mode.mode.isData, mode.form == .raw else { return nil }
        return try RawProbe(bytes: files.bytes[file]).header(at: offset)?.address
    }

    /// What a track is: sheets are wrong at times, and the sectors' own headers count for more.
    private mutating func observed(_ entry: CueSheet.Track, at offset: Int) throws -> CueMode {
        guard let first = entry.indexes.first, !files.missing.contains(first.file) else {
            return entry.mode
        }
        let bytes = files.bytes[first.file]
        let probe = RawProbe(bytes: bytes)
        let before = max(
            0,
            (entry.indexes.first { $0.number == 1 }?.frames ?? 0) - used[first.file].frames
        )
        // The first sector of the track, and the one at index 1, which may be the first with data.
        for skipped in before == 0 || before > 1 << 20 ? [0] : [0, before] {
            for stride in [2352, 2448] {
                let place = offset + skipped * stride
                guard let (_, mode) = try probe.header(at: place) else { continue }
                let isLast = place + 2 * stride > bytes.byteCount
                guard
                    try isLast
                        ? stride == entry.mode.stride : probe.header(at: place + stride) != nil
                else { continue }
                return try correct(entry, stride, mode, bytes, place)
            }
        }
        if entry.mode.mode.isData, entry.mode.form == .raw {
            if try probe.isVolumeDescriptor(at: offset + 16 * 2048),
                let cooked = CueMode.named("MODE1/2048")
            {
                warnings.append(
                    "Track \(entry.number) has sectors of 2048 bytes, not as the sheet says."
                )
                return cooked
            }
            warnings.append("Track \(entry.number) should be data, and has no sync pattern.")
        }
        return entry.mode
    }

    private mutating func correct(
        _ entry: CueSheet.Track,
        _ stride: Int,
        _ mode: UInt8,
        _ bytes: any ByteSource,
        _ place: Int
    ) throws -> CueMode {
        let sector = try bytes.bytes(place..<(place + RawSector.size))
        let isFormless = RawSector.kind(of: sector.span) == .mode2
        let actual: TrackMode = mode == 1 ? .mode1 : isFormless ? .mode2 : .mode2Mixed
        let declared = entry.mode
        if declared.stride == stride, declared.mode == actual { return declared }
        if declared.stride != stride || declared.mode.isMode2 != actual.isMode2
            || declared.mode.isData != actual.isData
        {
            warnings.append(
                "The sheet says that track \(entry.number) is \(declared.word); its sectors are \(actual.displayName), \(stride) bytes each."
            )
        }
        return CueMode(
            word: declared.word,
            mode: actual,
            form: .raw,
            subchannel: stride - RawSector.size,
            isCDI: declared.isCDI
        )
    }

    // MARK: Texts

    private mutating func addTexts() {
        guard !layout.sessions.isEmpty else { return }
        if !sheet.texts.entries.isEmpty { layout.sheetTexts = sheet.texts }
        if let packs = textFile() {
            layout.sessions[0].cdText = packs
        } else {
            layout.sessions[0].cdText = CueTexts.packs(
                sheet.texts,
                tracks: sheet.tracks.map(\.number)
            )
        }
    }

    /// The CD-TEXT of the file that the sheet names for it.
    private mutating func textFile() -> [CDTextPack]? {
        guard let name = sheet.textFile else { return nil }
        do {
            let file = try image.companion(name, endings: ["cdt"]).bytes
            let found = CDTextFile((try? file.bytes(0..<40_000)) ?? [], name: name)
            warnings += found.warnings
            if !found.packs.isEmpty { return found.packs }
        } catch {
            warnings.append("The file of CD-TEXT, “\(name)”, \(error.problem).")
        }
        return nil
    }
}

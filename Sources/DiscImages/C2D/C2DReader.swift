import DiscModel

/// Makes a disc of an image of WinOnCD.
struct C2DReader {
    private static let format = "a WinOnCD image"
    private static let marks = [
        Array("Adaptec CeQuadrat VirtualCD File".utf8),
        Array("Roxio Image File Format 3.0".utf8),
    ]
    /// Bytes of an entry: one for each index of each track.
    private static let entrySize = 44
    /// The longest table, 99 tracks with all indexes and CD-TEXT.
    private static let longest = 1 << 20
    /// What stands for a place where an index goes on behind the one before.
    private static let nowhere = 0xFFFF_FFFF

    /// An index of a track.
    private struct Entry {
        var place: Int
        var sectors: Range<Int>
        /// Absent where it goes on behind the one before.
        var offset: Int?
        var size: Int
        var isrc: String
        var flags: Int
        var session: Int
        var track: Int
        var index: Int
        var mode: Int
    }

    /// What the code of a mode and the bytes of a sector say.
    private struct Kind {
        let code: Int
        let size: Int
        let mode: TrackMode
        let form: SectorForm
        var hasSubchannel: Bool { size > RawSector.size }

        static let table = [
            Kind(code: 0, size: 2352, mode: .audio, form: .raw),
            Kind(code: 0, size: 2448, mode: .audio, form: .raw),
            Kind(code: 1, size: 2048, mode: .mode1, form: .user),
            Kind(code: 1, size: 2352, mode: .mode1, form: .raw),
            Kind(code: 1, size: 2448, mode: .mode1, form: .raw),
            Kind(code: 2, size: 2048, mode: .mode2Form1, form: .user),
            Kind(code: 2, size: 2324, mode: .mode2Form2, form: .form2User),
            Kind(code: 2, size: 2336, mode: .mode2Mixed, form: .mode2),
            Kind(code: 2, size: 2352, mode: .mode2Mixed, form: .raw),
            Kind(code: 2, size: 2448, mode: .mode2Mixed, form: .raw),
        ]
    }

    private let file: ImageFile
    private let fields: BinaryFields
    private var layout = DiscLayout()
    private var placements: [Placement] = []

    /// Opens an image; `nil` if the file does not begin as one does.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let head = try file.head(32)
        guard marks.contains(where: { head.starts(with: $0) }) else { return nil }
        let fields = BinaryFields(file.name, format, try file.bytes.bytes(0..<longest))
        var reader = C2DReader(file, fields)
        let entries = try reader.entries()
        var start = 0
        while start < entries.count {
            let first = entries[start]
            let end =
                entries[start...].firstIndex {
                    $0.track != first.track || $0.session != first.session
                } ?? entries.count
            try reader.add(entries[start..<end])
            start = end
        }
        return try reader.disc()
    }

    private init(_ file: ImageFile, _ fields: BinaryFields) {
        self.file = file
        self.fields = fields
    }

    private func disc() throws -> ImageDisc {
        var layout = layout
        guard !layout.sessions.isEmpty else {
            throw fields.error("the number of entries", 50, "leaves no track")
        }
        if try fields.u16(34, "whether there is a catalogue number") != 0 {
            layout.sessions[0].catalog = CatalogNumber(fields.text(36, 13))?.text
        }
        let place = try fields.u16(32, "the length of the header")
        let size = try fields.u32(52, "the length of CD-TEXT")
        layout.sessions[0].cdText = CDTextPack.packs(
            in: try fields.exactly(place, size, "CD-TEXT")
        )
        for index in layout.sessions.indices {
            let tracks = layout.sessions[index].tracks
            layout.sessions[index].leadOut = tracks.last?.end ?? .zero
            if tracks.contains(where: { $0.mode.isXA }) { layout.sessions[index].kind = .cdROMXA }
        }
        do {
            return try ImageDisc(
                medium: .cdROM,
                layout: layout,
                files: [file.bytes],
                placements: placements,
                evidence: ["It begins as images of WinOnCD do."]
            )
        } catch {
            throw fields.error("the table of entries", nil, "can't be right: \(error.problem)")
        }
    }

    private func entries() throws -> [Entry] {
        let count = try fields.u16(50, "the number of entries")
        let table = try fields.u32(56, "the place of the entries")
        guard (1...(99 * 100)).contains(count) else {
            throw fields.error("the number of entries", 50, "is \(count)")
        }
        return try (0..<count).map { try entry(table + $0 * Self.entrySize) }
    }

    private func entry(_ at: Int) throws -> Entry {
        let size = try fields.u32(at, "the length of an entry")
        guard size == Self.entrySize else {
            throw fields.error("the length of an entry", at, "is \(size)")
        }
        let first = try fields.i32(at + 4, "the first sector of an entry")
        let last = try fields.i32(at + 8, "the last sector of an entry")
        guard abs(first) < 1 << 28, last >= first - 1, last < 1 << 28 else {
            throw fields.error(
                "the last sector of an entry",
                at + 8,
                "is \(last), from \(first) on"
            )
        }
        let offset = try fields.u64(at + 12, "the place of an entry")
        guard try fields.u8(at + 41, "whether an entry is compressed") == 0 else {
            throw fields.error(
                "the place of an entry",
                at + 12,
                "holds compressed sectors, which no known program but WinOnCD reads"
            )
        }
        return Entry(
            place: at,
            sectors: first..<(last + 1),
            offset: offset == Self.nowhere ? nil : offset,
            size: try fields.u32(at + 20, "the size of a sector"),
            isrc: fields.text(at + 24, 12),
            flags: try fields.u8(at + 36, "the flags of an entry"),
            session: try fields.u8(at + 37, "the session of an entry"),
            track: try fields.u8(at + 38, "the track of an entry"),
            index: try fields.u8(at + 39, "the index of an entry"),
            mode: try fields.u8(at + 40, "the mode of an entry")
        )
    }

    /// Adds a track, of which there are its indexes in order.
    private mutating func add(_ entries: ArraySlice<Entry>) throws {
        guard let first = entries.first, let last = entries.last else { return }
        guard let one = entries.first(where: { $0.index > 0 }) else {
            throw fields.error(
                "the index of track \(first.track)",
                first.place + 39,
                "is \(first.index), and no other follows"
            )
        }
        let code = first.mode == 0xFF ? 0 : first.mode
        guard let kind = Kind.table.first(where: { $0.code == code && $0.size == first.size })
        else {
            throw fields.error(
                "the mode of track \(first.track)",
                first.place + 40,
                "is \(first.mode), with sectors of \(first.size) bytes"
            )
        }
        guard last.sectors.upperBound >= one.sectors.lowerBound else {
            throw fields.error(
                "the last sector of track \(first.track)",
                last.place + 8,
                "is \(last.sectors.upperBound - 1)"
            )
        }
        let mode = try place(entries, kind)
        if layout.sessions.last?.number != first.session {
            layout.sessions.append(
                DiscLayout.Session(number: first.session, tracks: [], leadOut: .zero)
            )
        }
        // Sectors between two tracks that no entry has are the later one's pause.
        let session = layout.sessions.count - 1
        let begin =
            layout.sessions[session].tracks.last?.end.rawValue
            ?? max(-CDGaps.firstPause, one.sectors.lowerBound - CDGaps.firstPause)
        var track = Track(
            number: first.track,
            session: first.session,
            mode: mode,
            start: LBA(one.sectors.lowerBound),
            length: last.sectors.upperBound - one.sectors.lowerBound,
            pregap: max(0, one.sectors.lowerBound - min(begin, first.sectors.lowerBound))
        )
        if first.flags & 2 != 0 { track.flags = .preEmphasis }
        track.isrc = RecordingCode(one.isrc)?.text
        track.laterIndexes = entries.filter { $0.index > 1 }.map { LBA($0.sectors.lowerBound) }
        layout.sessions[session].tracks.append(track)
    }

    private mutating func place(_ entries: ArraySlice<Entry>, _ kind: Kind) throws -> TrackMode {
        var mode = kind.mode
        var next: Int?
        for entry in entries {
            guard let offset = entry.offset ?? next,
                entry.offset == nil || offset <= file.bytes.byteCount
            else {
                throw fields.error(
                    "the place of track \(entry.track)",
                    entry.place + 12,
                    "is \(entry.offset ?? Self.nowhere), in a file of \(file.bytes.byteCount) bytes"
                )
            }
            next = offset + entry.sectors.count * kind.size
            placements.append(
                Placement(
                    entry.sectors,
                    kind.form,
                    offset: offset,
                    with: kind.hasSubchannel ? .interleaved : nil
                )
            )
            if kind.form == .raw, mode.isData, entry.index > 0 {
                mode =
                    try ObservedMode.mode(of: file.bytes, at: offset, stride: kind.size) ?? mode
            }
        }
        return mode
    }
}

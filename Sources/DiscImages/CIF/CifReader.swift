import DiscModel

/// Makes a disc of an image of Easy CD Creator.
struct CifReader {
    private static let format = "an Easy CD Creator image"
    private static let riff = Array("RIFF".utf8)
    /// A block for each of 99 tracks, and a few others.
    private static let mostBlocks = 1000
    /// The longest block that describes: 99 tracks with their titles take a twentieth.
    private static let longest = 1 << 20

    /// What the code of a track's type says.
    private static let types: [Int: (mode: TrackMode, form: SectorForm)] = [
        0: (.audio, .raw), 1: (.mode1, .user), 2: (.mode2Form1, .form1), 4: (.mode2Mixed, .form2),
    ]

    /// A block of the file: its content, without the name.
    private struct Block {
        var start: Int
        var length: Int
    }

    private let file: ImageFile
    private var disc: BinaryFields
    private var places: BinaryFields
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    private var texts = CDText.Block()
    private var at = 8
    private var trackCount = 0

    /// Opens an image; `nil` if the file does not begin as one does.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let head = try file.head(12)
        guard head.starts(with: riff), Array(head.dropFirst(8)) == Array("imag".utf8) else {
            return nil
        }
        let blocks = try blocks(of: file)
        func fields(_ name: String) throws -> BinaryFields {
            guard let block = blocks[name] else {
                throw ImageFormatError(file.name, format, "the block “\(name)”", "is missing")
            }
            guard block.length <= longest else {
                throw ImageFormatError(
                    file.name,
                    format,
                    "the length of the block “\(name)”",
                    at: block.start - 8,
                    "is \(block.length)"
                )
            }
            let bytes = try file.bytes.bytes(block.start..<(block.start + block.length))
            return BinaryFields(file.name, format, bytes, origin: block.start)
        }
        var reader = CifReader(file, disc: try fields("disc"), places: try fields("ofs "))
        try reader.readDisc()
        return try reader.made()
    }

    private init(_ file: ImageFile, disc: BinaryFields, places: BinaryFields) {
        self.file = file
        self.disc = disc
        self.places = places
    }

    private static func blocks(of file: ImageFile) throws -> [String: Block] {
        var blocks: [String: Block] = [:]
        var at = 0
        for _ in 0..<mostBlocks where at + 12 <= file.bytes.byteCount {
            let head = BinaryFields(
                file.name,
                format,
                try file.bytes.bytes(at..<(at + 12)),
                origin: at
            )
            guard head.slice(0, 4) == riff else {
                throw head.error("the mark of a block", 0, "is missing")
            }
            // The length counts the name.
            let length = try head.u32(4, "the length of a block")
            guard length >= 4 else { throw head.error("the length of a block", 4, "is \(length)") }
            blocks[head.text(8, 4)] = Block(start: at + 12, length: length - 4)
            at += 8 + length + length % 2
        }
        return blocks
    }

    private func made() throws -> ImageDisc {
        var layout = layout
        guard !layout.sessions.isEmpty else {
            throw disc.error("the number of sessions", 10, "leaves no track")
        }
        if !texts.texts.isEmpty, let last = layout.tracks.last {
            layout.sessions[0].cdText = CDText(blocks: [texts])
                .packs(firstTrack: 1, lastTrack: last.number)
        }
        do {
            return try ImageDisc(
                medium: .cdROM,
                layout: layout,
                files: [file.bytes],
                placements: placements,
                evidence: ["It begins as images of Easy CD Creator do."]
            )
        } catch {
            throw disc.error("the table of tracks", nil, "can't be right: \(error.problem)")
        }
    }

    // MARK: Descriptors

    /// Goes over a descriptor, which begins with its length.
    private mutating func next(_ name: String, atLeast least: Int) throws -> Range<Int> {
        let length = try disc.u16(at, "the length of \(name)")
        guard length >= least, length <= disc.count - at else {
            throw disc.error("the length of \(name)", at, "is \(length)")
        }
        defer { at += length }
        return at..<(at + length)
    }

    private mutating func readDisc() throws {
        let own = try next("the disc's descriptor", atLeast: 16)
        let sessions = try disc.u16(own.lowerBound + 2, "the number of sessions")
        let titleLength = try disc.u16(own.lowerBound + 6, "the length of the title")
        guard (1...99).contains(sessions) else {
            throw disc.error("the number of sessions", own.lowerBound + 2, "is \(sessions)")
        }
        let title = own.lowerBound + 16
        let rest = max(0, own.upperBound - title)
        note(title, min(titleLength, rest), as: .title, track: 0)
        note(
            title + min(titleLength, rest),
            rest - min(titleLength, rest),
            as: .performer,
            track: 0
        )
        for number in 1...sessions {
            try readSession(number)
        }
        // Of a disc without audio they are the volume's name.
        if !layout.tracks.contains(where: { $0.mode == .audio }) { texts.texts = [:] }
    }

    private mutating func note(_ at: Int, _ count: Int, as field: CDText.Field, track: Int) {
        let bytes = Array(disc.slice(at, count).prefix { $0 != 0 })
        if !bytes.isEmpty { texts.texts[field, default: [:]][track] = bytes }
    }

    private mutating func readSession(_ number: Int) throws {
        let own = try next("the descriptor of session \(number)", atLeast: 18)
        let tracks = try disc.u16(own.lowerBound + 2, "the number of tracks of session \(number)")
        guard tracks <= 99 - trackCount else {
            throw disc.error(
                "the number of tracks of session \(number)",
                own.lowerBound + 2,
                "is \(tracks)"
            )
        }
        var session = DiscLayout.Session(number: number, tracks: [], leadOut: .zero)
        if try disc.u16(own.lowerBound + 10, "the kind of session \(number)") == 3 {
            session.kind = .cdROMXA
        }
        var end =
            layout.leadOut.map {
                $0.rawValue + CDGaps.fromLeadOut(ofSession: layout.sessions.count)
                    - CDGaps.firstPause
            } ?? -CDGaps.firstPause
        for _ in 0..<tracks {
            let track = try readTrack(session, behind: end)
            end = track.end.rawValue
            session.tracks.append(track)
        }
        session.leadOut = LBA(end)
        if !session.tracks.isEmpty { layout.sessions.append(session) }
    }

    private mutating func readTrack(_ session: DiscLayout.Session, behind end: Int) throws -> Track
    {
        trackCount += 1
        let number = trackCount
        let own = try next("the descriptor of track \(number)", atLeast: 24)
        let place = own.lowerBound
        let code = try disc.u16(place + 10, "the type of track \(number)")
        guard let type = Self.types[code] else {
            throw disc.error("the type of track \(number)", place + 10, "is \(code)")
        }
        let sectors = try disc.u32(place + 4, "the length of track \(number)")
        let (offset, bytes) = try self.place(of: number)
        let stored = bytes / type.form.size
        // Of a track that is too short, the file has as much as the shortest one.
        let length = max(sectors, min(CDGaps.shortestTrack, stored))
        guard length <= stored else {
            throw disc.error(
                "the length of track \(number)",
                place + 4,
                "is \(sectors), with \(stored) sectors in the file"
            )
        }
        // The pauses are in no file: one before each session, and one where audio follows data or
        // data audio.
        let isApart = session.tracks.last.map { $0.mode.isData != type.mode.isData } ?? true
        let pregap = isApart ? CDGaps.firstPause : 0
        let start = end + pregap
        var track = Track(
            number: number,
            session: session.number,
            mode: type.mode,
            start: LBA(start),
            length: length,
            pregap: pregap
        )
        if type.mode == .audio, own.count >= 241 {
            track.isrc = RecordingCode(disc.text(place + 229, 12))?.text
            note(place + 293, own.upperBound - place - 293, as: .title, track: number)
        }
        placements.append(Placement(start..<(start + length), type.form, offset: offset))
        return track
    }

    /// Where a track's sectors lie, and how many bytes they take: the entries of the other block
    /// follow one another as the tracks do.
    private func place(of number: Int) throws -> (offset: Int, bytes: Int) {
        let count = try places.u16(8, "the number of places")
        let entry = 10 + (number - 1) * 22
        guard number <= count else {
            throw places.error("the number of places", 8, "is \(count), without track \(number)")
        }
        guard try places.exactly(entry, 22, "the place of track \(number)").starts(with: Self.riff)
        else {
            throw places.error("the place of track \(number)", entry, "has no mark")
        }
        let length = try places.u32(entry + 4, "the length of the block of track \(number)")
        let offset = try places.u32(entry + 12, "the place of track \(number)")
        guard length >= 4, offset <= file.bytes.byteCount - 4 else {
            throw places.error(
                "the place of track \(number)",
                entry + 12,
                "is \(offset), with \(length) bytes"
            )
        }
        // Both count the block's name.
        return (offset + 4, length - 4)
    }
}

import DiscModel

/// What a DiscJuggler image says of its sessions and tracks, behind its sectors.
struct CdiDescriptor {
    /// The version, as the last bytes but four have it.
    enum Version: Int {
        case two = 0x8000_0004
        case three = 0x8000_0005
        case threeAndAHalf = 0x8000_0006

        var name: String { self == .two ? "2" : self == .three ? "3" : "3.5 or later" }
    }

    struct Track {
        /// Lengths in sectors: of the pregap, of index 1, and so on.
        var indexes: [Int]
        var mode: CdiMode
        /// The first sector of the pregap, counted from the beginning of the first pause.
        var start: Int
        /// Sectors with the pregap.
        var length: Int
        var control: Int
        var isrc: String?
        var title: String?
        /// Where the start stands, for messages.
        var place: Int
    }

    struct Session {
        var tracks: [Track] = []
        /// 0 audio, 1 CD-ROM, 2 CD-ROM XA.
        var kind = 0
    }

    /// What each track's description begins with, twice.
    static let mark: [UInt8] = [0, 0, 1, 0, 0, 0, 255, 255, 255, 255]
    /// Texts of a track in one language; the eleventh is its title.
    static let textCount = 18
    /// No track has more indexes.
    private static let mostIndexes = 100

    let version: Version
    let fields: BinaryFields
    private(set) var sessions: [Session] = []
    private(set) var isDVD = false
    private(set) var catalog: String?
    private(set) var packs: [CDTextPack] = []
    private var at = 0

    /// Reads a descriptor that begins as one does; `nil` if it doesn't.
    init?(_ fields: BinaryFields, _ version: Version) throws {
        self.fields = fields
        self.version = version
        guard fields.count > 34, (1...99).contains(try fields.u16(0, "the number of sessions")),
            (1...99).contains(try fields.u16(2, "the number of tracks"))
        else { return nil }
        let extra = try fields.u32(4, "the beginning of a track") == 0 ? 0 : 8
        guard fields.slice(8 + extra, 20) == Self.mark + Self.mark else { return nil }
        try readSessions()
        if version == .threeAndAHalf { try readDisc() }
    }

    // MARK: Steps

    private mutating func number(_ count: Int, _ field: String) throws -> Int {
        defer { at += count }
        switch count {
        case 1: return try fields.u8(at, field)
        case 2: return try fields.u16(at, field)
        default: return try fields.u32(at, field)
        }
    }

    private mutating func text(_ count: Int, _ field: String) throws -> String {
        defer { at += count }
        _ = try fields.exactly(at, count, field)
        return fields.text(at, count)
    }

    // MARK: Sessions and tracks

    private mutating func readSessions() throws {
        let count = try number(2, "the number of sessions")
        var total = 0
        for index in 1...max(1, count) {
            let place = at
            let tracks = try number(2, "the number of tracks of session \(index)")
            total += tracks
            guard total <= 99 else {
                throw fields.error(
                    "the number of tracks of session \(index)",
                    place,
                    "is \(tracks)"
                )
            }
            var session = Session()
            for _ in 0..<tracks {
                session.tracks.append(try readTrack())
            }
            session.kind = try number(4, "the kind of session \(index)")
            at += version == .two ? 8 : 9
            // One without a track is open.
            if !session.tracks.isEmpty { sessions.append(session) }
        }
    }

    /// What a track's description and the disc's begin with: marks, the file's name, the medium.
    private mutating func readHeader(_ name: String) throws {
        for _ in 0..<2 {
            guard try fields.exactly(at, 10, "the mark of \(name)") == Self.mark else {
                throw fields.error("the mark of \(name)", at, "is missing")
            }
            at += 10
        }
        at += 4
        let length = try number(1, "the length of a name")
        at += length + 19
        // Later versions have the disc's capacity and its kind behind this.
        if try number(4, "the mark of the medium") == 0x8000_0000 {
            if try fields.u16(at + 6, "the medium") == 0x38 { isDVD = true }
            at += 8
        }
    }

    private mutating func readTrack() throws -> Track {
        let name = "track \(sessions.reduce(1) { $0 + $1.tracks.count })"
        // From 3.00.780 on there may be more.
        if try number(4, "the beginning of \(name)") != 0 { at += 8 }
        try readHeader(name)
        let indexesAt = at
        let indexCount = try number(2, "the number of indexes of \(name)")
        guard indexCount <= Self.mostIndexes else {
            throw fields.error("the number of indexes of \(name)", indexesAt, "is \(indexCount)")
        }
        var indexes: [Int] = []
        for _ in 0..<indexCount { indexes.append(try number(4, "an index of \(name)")) }
        var title: String?
        for _ in 0..<(try number(4, "the number of texts of \(name)")) {
            for i in 0..<Self.textCount {
                let length = try number(1, "the length of a text of \(name)")
                let text = try text(length, "a text of \(name)")
                if i == 10, title == nil, !text.isEmpty { title = text }
            }
        }
        at += 2
        let modeAt = at
        let code = try number(4, "the mode of \(name)")
        at += 12
        let place = at
        let start = try number(4, "the start of \(name)")
        let length = try number(4, "the length of \(name)")
        at += 16
        let reading = try number(4, "the size of a sector of \(name)")
        guard let mode = CdiMode.named(code, reading: reading) else {
            throw fields.error(
                "the mode of \(name)",
                modeAt,
                "is \(code), with code \(reading) for the size of a sector"
            )
        }
        let control = try number(4, "the flags of \(name)")
        at += 9
        let isrc = try text(12, "the recording code of \(name)")
        let hasCode = try number(4, "whether \(name) has a recording code") != 0
        if version != .two {
            at += 5
            if try number(4, "the end of \(name)") == 0xFFFF_FFFF { at += 78 }
        }
        return Track(
            indexes: indexes,
            mode: mode,
            start: start,
            length: length,
            control: control,
            isrc: hasCode ? RecordingCode(isrc)?.text : nil,
            title: title,
            place: place
        )
    }

    // MARK: The disc

    /// Behind the sessions comes one without a track, and then what belongs to the disc; between
    /// them some images have more, so that the marks are looked for.
    private mutating func readDisc() throws {
        let wanted = Self.mark + Self.mark
        guard
            let found = (at..<max(at, fields.count - wanted.count)).first(where: {
                fields.slice($0, wanted.count) == wanted
            })
        else { return }
        at = found
        try readHeader("the disc")
        at += 4
        let length = try number(1, "the length of the volume's name")
        at += length + 9
        let digits = try text(13, "the catalogue number")
        if try number(4, "whether there is a catalogue number") != 0 {
            catalog = CatalogNumber(digits)?.text
        }
        let place = at
        let size = try number(4, "the length of CD-TEXT")
        let bytes = try fields.exactly(at, size, "CD-TEXT")
        guard size < 1 << 18 else {
            throw fields.error("the length of CD-TEXT", place, "is \(size)")
        }
        packs = CDTextPack.packs(in: size % 18 == 4 ? Array(bytes.dropFirst(4)) : bytes)
    }
}

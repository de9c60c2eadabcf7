import DiscModel
import LinuxCalls
import SystemPackage

/// Makes a disc of the descriptor of BlindWrite 5 or 6.
struct B6TReader {
    private static let format = "a BlindWrite image"
    private static let mark = Array("BWT5 STREAM SIGN".utf8)
    private static let foot = Array("BWT5 STREAM FOOT".utf8)
    /// The longest descriptor: measurements of how fast a DVD turns take the most.
    private static let longest = 1 << 22
    /// A DVD is cut into files of 2 GiB; a CD has few blocks for each track.
    private static let mostBlocks = 1000
    /// No disc has a hundred times 2 GiB.
    private static let mostFiles = 100

    /// The kinds of disc, by their profile (MMC-6 §5.3.1).
    private enum Family { case cd, dvd, bd }
    private static let families: [(profiles: ClosedRange<Int>, family: Family)] = [
        (0x08...0x0A, .cd), (0x10...0x1B, .dvd), (0x20...0x22, .cd), (0x2A...0x2B, .dvd),
        (0x40...0x43, .bd), (0x80...0x82, .cd),
    ]
    /// What the type of an entry says of a track's sectors; 0 is no track, 6 is a DVD's.
    private static let modes: [Int: TrackMode] = [
        1: .audio, 2: .mode1, 3: .mode2Mixed, 4: .mode2Form1, 5: .mode2Form2, 6: .mode1,
    ]

    private let image: ImageFile
    private let fields: BinaryFields
    private let family: Family
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    private var warnings: [String] = []
    private var files: [any ByteSource] = []
    private var numbers: [String: Int] = [:]
    private var blocks: [B6TBlock] = []
    private var packs: [CDTextPack] = []
    private var at = 260

    /// Opens an image; `nil` if the file does not begin as one does.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        guard try file.head(16) == mark else { return nil }
        let fields = BinaryFields(file.name, format, try file.bytes.bytes(0..<longest))
        let profile = try fields.u16(48, "the kind of disc")
        guard let family = families.first(where: { $0.profiles.contains(profile) })?.family else {
            throw fields.error("the kind of disc", 48, "is \(profile)")
        }
        var reader = B6TReader(file, fields, family)
        try reader.readParts()
        try reader.readBlocks()
        try reader.readSessions()
        return try reader.disc()
    }

    private init(_ image: ImageFile, _ fields: BinaryFields, _ family: Family) {
        self.image = image
        self.fields = fields
        self.family = family
    }

    private mutating func disc() throws -> ImageDisc {
        if try fields.u8(64, "whether there is a catalogue number") != 0 {
            layout.sessions[0].catalog = CatalogNumber(fields.text(65, 13))?.text
        }
        layout.sessions[0].cdText = packs
        at += try fields.u32(256, "the length of the measurements")
        if fields.slice(at + 4, 16) != Self.foot {
            warnings.append("It does not end as images of BlindWrite do.")
        }
        let bytes = layout.tracks.reduce(0) { $0 &+ $1.length &* 2048 }
        let medium: MediumKind =
            switch family {
            case .cd: .cdROM
            case .dvd: .pressed(bytes: max(bytes, 900_000_000))
            case .bd: .bdROM
            }
        do {
            return try ImageDisc(
                medium: medium,
                layout: layout,
                files: files,
                placements: placements,
                evidence: ["It begins as the descriptors of BlindWrite do."],
                warnings: warnings
            )
        } catch {
            throw fields.error("the table of tracks", nil, "can't be right: \(error.problem)")
        }
    }

    // MARK: Parts

    /// Goes over what came from the drive: lengths stand in the header, in another order.
    private mutating func readParts() throws {
        for (place, count, name) in [
            (240, 4, "the drive's capabilities"), (244, 4, "the second part"),
            (96, 2, "the programme memory area"), (98, 2, "the pregroove"),
        ] { try skip(place, count, name) }
        let size = try fields.u16(100, "the length of CD-TEXT")
        let bytes = try fields.exactly(at, size, "CD-TEXT")
        packs = CDTextPack.packs(in: size % 18 == 4 ? Array(bytes.dropFirst(4)) : bytes)
        at += size
        try skip(104, 4, "the burst cutting area")
        try skip(120, 4, "the disc's structures")
        if family == .cd {
            try skip(102, 2, "the disc's information")
        } else {
            try skip(124, 4, "the disc's information")
        }
    }

    private mutating func skip(_ place: Int, _ count: Int, _ name: String) throws {
        let field = "the length of \(name)"
        let length = try count == 2 ? fields.u16(place, field) : fields.u32(place, field)
        guard length <= fields.count - at else {
            throw fields.error(field, place, "is \(length), past the end")
        }
        at += length
    }

    // MARK: Blocks of sectors

    private mutating func readBlocks() throws {
        let count = try fields.u32(at, "the number of blocks")
        guard count <= Self.mostBlocks else {
            throw fields.error("the number of blocks", at, "is \(count)")
        }
        let folder = try fields.u32(at + 4, "the length of the folder's name")
        at += 8 + folder
        for _ in 0..<count { try readBlock() }
        blocks.sort { $0.sectors.lowerBound < $1.sectors.lowerBound }
    }

    private mutating func readBlock() throws {
        let place = at
        let bytes = try fields.u32(at + 4, "the length of a block")
        let offset = try fields.u32(at + 24, "the place of a block")
        let start = try fields.i32(at + 40, "the address of a block")
        let count = try fields.i32(at + 44, "the number of sectors of a block")
        let length = try fields.u32(at + 48, "the length of a file's name")
        guard length <= 4096 else {
            throw fields.error("the length of a file's name", at + 48, "is \(length)")
        }
        _ = try fields.exactly(at + 52, length, "a file's name")
        let name = fields.wideText(at + 52, length)
        at += 52 + length + 4
        guard count >= 0, count < 1 << 28, abs(start) < 1 << 28 else {
            throw fields.error("the number of sectors of a block", place + 44, "is \(count)")
        }
        guard count > 0 else { return }
        guard let (form, subchannel) = B6TBlock.kind(ofSize: bytes / count) else {
            throw fields.error(
                "the length of a block",
                place + 4,
                "is \(bytes) bytes for \(count) sectors"
            )
        }
        blocks.append(
            B6TBlock(
                sectors: start..<(start + count),
                form: form,
                subchannel: subchannel,
                file: try open(name, place + 52),
                offset: offset
            )
        )
    }

    private mutating func open(_ name: String, _ place: Int) throws -> Int {
        if let number = numbers[name] { return number }
        let endings = image.ending == "b5t" ? ["b5i", "b6i"] : ["b6i", "b5i"]
        let found: Companion
        do {
            found = try image.companion(name, endings: numbers.isEmpty ? endings : [])
        } catch {
            throw fields.error("the file “\(name)”", place, error.problem)
        }
        warnings += found.warnings
        guard files.count < Self.mostFiles else {
            throw fields.error("the file “\(name)”", place, "is one too many")
        }
        files.append(found.bytes)
        numbers[name] = files.count - 1
        return files.count - 1
    }

    // MARK: Sessions

    private mutating func readSessions() throws {
        let count = try fields.u16(50, "the number of sessions")
        guard (1...99).contains(count) else {
            throw fields.error("the number of sessions", 50, "is \(count)")
        }
        for number in 1...count {
            let place = at
            let entries = try fields.u8(at + 2, "the number of entries of session \(number)")
            let end = try fields.i32(at + 8, "the end of session \(number)")
            at += 16
            var session = DiscLayout.Session(number: number, tracks: [], leadOut: .zero)
            for _ in 0..<entries { try readEntry(&session) }
            guard let last = session.tracks.last else {
                throw fields.error(
                    "the number of entries of session \(number)",
                    place + 2,
                    "leaves no track"
                )
            }
            session.leadOut = max(LBA(end), last.end)
            layout.sessions.append(session)
        }
    }

    private mutating func readEntry(_ session: inout DiscLayout.Session) throws {
        let place = at
        let type = try fields.u8(place, "the type of an entry")
        let point = try fields.u8(place + 12, "the number of a track")
        // Tracks of a CD have eight bytes more.
        at += type == 0 || type == 6 ? 64 : 72
        _ = try fields.exactly(place, at - place, "an entry")
        guard type != 0 else {
            if point == 0xA0 {
                let code = try fields.u8(place + 19, "the kind of session")
                session.kind = SessionKind(code: UInt8(truncatingIfNeeded: code)) ?? .cdROM
            }
            return
        }
        guard let declared = Self.modes[type] else {
            throw fields.error("the type of an entry", place, "is \(type)")
        }
        let before = session.tracks.last?.number ?? layout.tracks.last?.number ?? 0
        guard point > before, point <= 99 else {
            throw fields.error("the number of a track", place + 12, "is \(point), after \(before)")
        }
        let pregap = try fields.u32(place + 22, "the pregap of track \(point)")
        let first = try fields.i32(place + 42, "the address of track \(point)")
        let length = try fields.i32(place + 46, "the length of track \(point)")
        guard abs(first) < 1 << 28, length >= pregap, length < 1 << 28 else {
            throw fields.error(
                "the length of track \(point)",
                place + 46,
                "is \(length), with a pregap of \(pregap)"
            )
        }
        let start = first + pregap
        var track = Track(
            number: point,
            session: session.number,
            mode: try keep(first..<(first + length), declared, start),
            start: LBA(start),
            length: length - pregap,
            pregap: pregap
        )
        track.flags = TrackFlags(rawValue: try fields.u8(place + 10, "the flags of track \(point)"))
            .intersection(.all)
        session.tracks.append(track)
    }

    /// Finds the blocks that keep a track, and what its sectors are.
    private mutating func keep(_ sectors: Range<Int>, _ declared: TrackMode, _ start: Int) throws
        -> TrackMode
    {
        var mode = declared
        for block in blocks {
            let part = block.sectors.clamped(to: sectors)
            guard !part.isEmpty else { continue }
            placements.append(block.placement(of: part))
            guard declared.isData, part.contains(start) || part.lowerBound > start else { continue }
            if block.form == .raw, mode == declared {
                let place = block.placement(of: max(start, part.lowerBound)..<part.upperBound)
                mode =
                    try ObservedMode.mode(
                        of: files[block.file],
                        at: place.offset,
                        stride: block.stride
                    ) ?? declared
            } else if block.form == .mode2 || block.form == .form2, declared.isMode2 {
                mode = .mode2Mixed
            }
        }
        return mode
    }
}

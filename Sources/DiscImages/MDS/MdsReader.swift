import DiscModel
import LinuxCalls
import SystemPackage

/// Makes a disc of the descriptor of Alcohol 120%, version 1.
struct MdsReader {
    private static let format = "an MDS image"
    private static let mark = Array("MEDIA DESCRIPTOR".utf8)
    /// The longest descriptor; what discs of two layers have besides takes a tenth.
    private static let longest = 1 << 20

    private let image: ImageFile
    private let fields: BinaryFields
    private let isCD: Bool
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    private var warnings: [String] = []
    private var files: [any ByteSource] = []
    private var numbers: [Int: Int] = [:]

    /// Opens an image; `nil` if the file does not begin as one does.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        guard try file.head(16) == mark else { return nil }
        let fields = BinaryFields(file.name, format, try file.bytes.bytes(0..<longest))
        let version = try fields.u8(16, "the version")
        guard version == 1 else {
            throw fields.error(
                "the version",
                16,
                version == 2
                    ? "is 2: the descriptor is encrypted, as DAEMON Tools writes it, and can't be read"
                    : "is \(version)"
            )
        }
        let kind = try fields.u16(18, "the kind of disc")
        var reader = MdsReader(file, fields, isCD: kind < 0x10)
        try reader.readSessions()
        reader.warnings += reader.files.indices.compactMap {
            Placement.leftover($0, of: reader.files, behind: reader.placements)
        }
        let medium: MediumKind =
            kind < 0x10
            ? .cdROM
            : .pressed(
                bytes: max(900_000_000, reader.layout.tracks.reduce(0) { $0 + $1.length } * 2048)
            )
        do {
            return try ImageDisc(
                medium: medium,
                layout: reader.layout,
                files: reader.files,
                placements: reader.placements,
                evidence: ["It begins as the descriptors of Alcohol 120% do."],
                warnings: reader.warnings
            )
        } catch {
            throw fields.error("the table of tracks", nil, "can't be right: \(error.problem)")
        }
    }

    private init(_ image: ImageFile, _ fields: BinaryFields, isCD: Bool) {
        self.image = image
        self.fields = fields
        self.isCD = isCD
    }

    private mutating func readSessions() throws {
        let count = try fields.u16(20, "the number of sessions")
        guard (1...99).contains(count) else {
            throw fields.error("the number of sessions", 20, "is \(count)")
        }
        let start = try fields.u32(80, "the place of the sessions")
        for number in 0..<count {
            let at = start + number * 24
            let end = try fields.i32(at + 4, "the end of session \(number + 1)")
            let blocks = try fields.u8(at + 10, "the number of entries of session \(number + 1)")
            let tracks = try fields.u32(at + 20, "the place of the tracks of session \(number + 1)")
            var session = DiscLayout.Session(number: number + 1, tracks: [], leadOut: LBA(end))
            for block in 0..<blocks {
                try readEntry(tracks + block * 80, &session)
            }
            guard !session.tracks.isEmpty else {
                throw fields.error("the number of entries", at + 10, "leaves no track")
            }
            // Some programs leave the end out.
            let last = session.tracks.last?.end ?? .zero
            session.leadOut = max(session.leadOut, last)
            layout.sessions.append(session)
        }
    }

    private mutating func readEntry(_ at: Int, _ session: inout DiscLayout.Session) throws {
        let point = try fields.u8(at + 4, "a track's number")
        guard (1...99).contains(point) else {
            if point == 0xA0 {
                let code = try fields.u8(at + 10, "the kind of session")
                session.kind = SessionKind(code: UInt8(truncatingIfNeeded: code)) ?? .cdROM
            }
            return
        }
        let code = try fields.u8(at, "the mode of track \(point)")
        guard let declared = MdsMode.mode(code) else {
            throw fields.error("the mode of track \(point)", at, "is \(code)")
        }
        let side = try fields.u8(at + 1, "the subchannel of track \(point)")
        guard side == 0 || side == 8 else {
            throw fields.error("the subchannel of track \(point)", at + 1, "is \(side)")
        }
        let stride = try fields.u16(at + 16, "the size of a sector of track \(point)")
        let size = stride - (side == 8 ? SubchannelQ.interleavedSize : 0)
        guard let form = SectorForm(rawValue: size), form != .absent else {
            throw fields.error("the size of a sector of track \(point)", at + 16, "is \(stride)")
        }
        let start = try fields.i32(at + 36, "the address of track \(point)")
        let offset = try fields.u64(at + 40, "the place of track \(point)")
        let (pregap, length) = try extent(at, point)
        let file = try open(at, point)
        guard offset <= files[file].byteCount else {
            throw fields.error(
                "the place of track \(point)",
                at + 40,
                "is \(offset), in a file of \(files[file].byteCount) bytes"
            )
        }
        guard length < 1 << 28, start < 1 << 28, pregap < 1 << 28 else {
            throw fields.error("the length of track \(point)", at + 12, "is \(length)")
        }
        var mode = declared
        if form == .raw, declared.isData {
            mode = try ObservedMode.mode(of: files[file], at: offset, stride: stride) ?? declared
        } else if form == .mode2 || form == .form2, declared.isMode2 {
            mode = .mode2Mixed
        }
        var track = Track(
            number: point,
            session: session.number,
            mode: mode,
            start: LBA(start),
            length: length,
            pregap: pregap
        )
        track.flags = TrackFlags(rawValue: try fields.u8(at + 2, "the flags of track \(point)"))
            .intersection(.all)
        session.tracks.append(track)
        guard length > 0 else { return }
        let place = Placement(
            start..<(start + length),
            form,
            file: file,
            offset: offset,
            stride: stride,
            with: side == 8 ? .interleaved : nil
        )
        placements.append(place)
    }

    /// The sectors of the pregap, which no file has, and of the track.
    private func extent(_ at: Int, _ point: Int) throws -> (pregap: Int, length: Int) {
        let extra = try fields.u32(at + 12, "the extent of track \(point)")
        guard isCD else { return (0, extra) }
        return (
            try fields.u32(extra, "the pregap of track \(point)"),
            try fields.u32(extra + 4, "the length of track \(point)")
        )
    }

    /// The file of a track, or its files, joined.
    private mutating func open(_ at: Int, _ point: Int) throws -> Int {
        let footer = try fields.u32(at + 52, "the names of the files of track \(point)")
        if let number = numbers[footer] { return number }
        let count = try fields.u32(at + 48, "the number of files of track \(point)")
        guard (1...100).contains(count) else {
            throw fields.error("the number of files of track \(point)", at + 48, "is \(count)")
        }
        var parts: [any ByteSource] = []
        for i in 0..<count {
            let entry = footer + 16 * i
            let place = try fields.u32(entry, "the name of a file")
            let isWide = try fields.u32(entry + 4, "the kind of a name") != 0
            var name = isWide ? fields.wideText(place, 1024) : fields.text(place, 512)
            let stem = image.path.stemText ?? ""
            if name.hasPrefix("*") { name = stem + name.dropFirst() }
            let isXMD = image.ending == "xmd"
            let found: Companion
            do {
                found = try image.companion(
                    name,
                    endings: i == 0 ? (isXMD ? ["xmf"] : ["mdf"]) : []
                )
            } catch {
                throw fields.error("the file “\(name)”", entry, error.problem)
            }
            warnings += found.warnings
            parts.append(found.bytes)
        }
        guard let joined = JoinedBytes(parts) else {
            throw fields.error("the number of files of track \(point)", at + 48, "is \(count)")
        }
        files.append(joined)
        numbers[footer] = files.count - 1
        return files.count - 1
    }
}

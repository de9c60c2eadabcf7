import DiscModel

/// Makes a disc of an NRG image.
struct NrgReader {
    private static let format = "an NRG image"
    /// The longest descriptor: 99 tracks with all indexes and CD-TEXT take a fifth.
    private static let longest = 1 << 20

    /// A mark of the cue sheet within a descriptor.
    private struct Mark {
        var control: Int
        var track: Int
        var index: Int
        var address: Int
    }

    private let file: ImageFile
    private let fields: BinaryFields
    private let isOld: Bool
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    private var marks: [Mark] = []
    private var warnings: [String] = []
    private var packs: [CDTextPack] = []
    private var mediumFlags: Int?

    /// Opens an image; `nil` if the file does not end as one does.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let size = file.bytes.byteCount
        guard size > 12 else { return nil }
        let tail = BinaryFields(
            file.name,
            format,
            try file.tail(12),
            origin: size - 12,
            order: .big
        )
        let isNew = tail.slice(0, 4) == Array("NER5".utf8)
        guard isNew || tail.slice(4, 4) == Array("NERO".utf8) else { return nil }
        let start =
            isNew
            ? try tail.u64(4, "the descriptor's offset")
            : try tail.u32(8, "the descriptor's offset")
        let end = size - (isNew ? 12 : 8)
        guard start < end, end - start <= longest else {
            throw tail.error(
                "the descriptor's offset",
                isNew ? 4 : 8,
                "is \(start), in a file of \(size) bytes"
            )
        }
        var reader = NrgReader(
            file,
            BinaryFields(
                file.name,
                format,
                try file.bytes.bytes(start..<end),
                origin: start,
                order: .big
            ),
            isOld: !isNew
        )
        try reader.readChunks()
        return try reader.disc()
    }

    private init(_ file: ImageFile, _ fields: BinaryFields, isOld: Bool) {
        self.file = file
        self.fields = fields
        self.isOld = isOld
    }

    private func disc() throws -> ImageDisc {
        var layout = layout
        guard !layout.sessions.isEmpty else {
            throw fields.error("the descriptor", 0, "has no track")
        }
        if layout.sessions[0].cdText.isEmpty { layout.sessions[0].cdText = packs }
        let bytes = layout.tracks.reduce(0) { $0 &+ max(0, $1.length) &* 2048 }
        do {
            return try ImageDisc(
                medium: isCD ? .cdROM : .pressed(bytes: max(bytes, 900_000_000)),
                layout: layout,
                files: [file.bytes],
                placements: placements,
                evidence: ["It ends as images of Nero do, version \(isOld ? 1 : 2)."],
                warnings: warnings
            )
        } catch {
            throw fields.error("the descriptor", 0, "can't be right: \(error.problem)")
        }
    }

    /// Whether the disc is a CD, as far as the image says what it is.
    ///
    /// Bit 0 is CD and bit 12 CD-ROM; all others are DVD, HD DVD and BD.
    private var isCD: Bool { mediumFlags.map { $0 & 0x1001 != 0 } ?? true }

    // MARK: Chunks

    /// Looks for the kind of disc, which comes after the tracks that it says something about.
    private mutating func findKind() throws {
        var at = 0
        while at + 8 <= fields.count {
            let name = fields.text(at, 4)
            let length = try fields.u32(at + 4, "the length of a chunk")
            guard name != "END!", length <= fields.count - at - 8 else { return }
            if name == "MTYP" {
                mediumFlags = try fields.u32(at + 8, "the kind of disc")
            }
            at += 8 + length
        }
    }

    private mutating func readChunks() throws {
        try findKind()
        var at = 0
        while at + 8 <= fields.count {
            let name = fields.text(at, 4)
            let length = try fields.u32(at + 4, "the length of a chunk")
            let body = at + 8
            guard length <= fields.count - body else {
                throw fields.error(
                    "the length of the chunk “\(name)”",
                    at + 4,
                    "is \(length), past the end"
                )
            }
            switch name {
            case "END!": return
            case "CUEX", "CUES": try readMarks(body, length, isOld: name == "CUES")
            case "DAOX", "DAOI": try readSession(body, length, isOld: name == "DAOI")
            case "ETN2", "ETNF": try readTracks(body, length, isOld: name == "ETNF")
            case "CDTX":
                let bytes = fields.slice(body, length)
                packs = CDTextPack.packs(in: length % 18 == 4 ? Array(bytes.dropFirst(4)) : bytes)
            case "MTYP", "SINF", "DINF", "TOCT", "RELO", "TINF", "AFNM", "VOLM": break
            default: warnings.append("The chunk “\(name)” is not known; it is left out.")
            }
            at = body + length
        }
        throw fields.error("the chunk “END!”", fields.count, "is missing")
    }

    private mutating func readMarks(_ body: Int, _ length: Int, isOld: Bool) throws {
        marks = []
        func bcd(_ byte: Int) -> Int { (byte >> 4) * 10 + byte & 0xF }
        for at in stride(from: body, to: body + length - 7, by: 8) {
            let track = try fields.u8(at + 1, "a track")
            let index = bcd(try fields.u8(at + 2, "an index"))
            let address: Int
            if isOld {
                // A time in plain numbers behind a zero.
                let time = MSF(
                    minute: try fields.u8(at + 5, "a minute"),
                    second: try fields.u8(at + 6, "a second"),
                    frame: try fields.u8(at + 7, "a frame")
                )
                address = time.frames - MSF.offset
            } else {
                address = try fields.i32(at + 4, "an address")
            }
            marks.append(
                Mark(
                    control: try fields.u8(at, "a control byte") >> 4,
                    track: track == 0xAA ? 0xAA : bcd(track),
                    index: index,
                    address: address
                )
            )
        }
    }

    // MARK: Disc at once

    private mutating func readSession(_ body: Int, _ length: Int, isOld: Bool) throws {
        let width = isOld ? 4 : 8
        let size = 18 + 3 * width
        var session = DiscLayout.Session(
            number: layout.sessions.count + 1,
            tracks: [],
            leadOut: .zero
        )
        session.catalog = CatalogNumber(fields.text(body + 4, 13))?.text
        // The byte stands in either half of the number.
        let kind = try fields.u16(body + 18, "the kind of session")
        session.kind = SessionKind(code: UInt8(truncatingIfNeeded: kind | kind >> 8)) ?? .cdROM
        let first = try fields.u8(body + 20, "the first track")
        var address =
            layout.leadOut.map {
                $0.rawValue + CDGaps.fromLeadOut(ofSession: layout.sessions.count)
                    - CDGaps.firstPause
            } ?? -CDGaps.firstPause
        let places = Array(stride(from: body + 22, through: body + length - size, by: size))
        for (number, at) in zip(numbers(of: places.count, from: first), places) {
            let declared = try fields.u16(at + 12, "the size of a sector")
            let code = try fields.u8(at + 14, "the mode of track \(number)")
            guard var mode = NrgMode.named(code, stride: declared) else {
                throw fields.error(
                    "the mode of track \(number)",
                    at + 14,
                    "is \(code), with sectors of \(declared) bytes"
                )
            }
            func offset(_ n: Int, _ field: String) throws -> Int {
                let place = at + 18 + n * width
                return isOld ? try fields.u32(place, field) : try fields.u64(place, field)
            }
            let offsets = [
                try offset(0, "the pregap of track \(number)"),
                try offset(1, "the start of track \(number)"),
                try offset(2, "the end of track \(number)"),
            ]
            guard offsets[0] <= offsets[1], offsets[1] <= offsets[2],
                offsets[1] <= file.bytes.byteCount
            else {
                throw fields.error(
                    "the place of track \(number)",
                    at + 18,
                    "is \(offsets[0]), \(offsets[1]), \(offsets[2])"
                )
            }
            mode = try observed(mode, at: offsets[1])
            let before = (offsets[1] - offsets[0]) / mode.stride
            let count = (offsets[2] - offsets[1]) / mode.stride
            guard before < 1 << 28, count < 1 << 28 else {
                throw fields.error("the end of track \(number)", at + 18 + 2 * width, "is too far")
            }
            let own = marks.filter { $0.track == number }
            let start = own.first { $0.index == 1 }?.address ?? address + before
            var track = Track(
                number: number,
                session: session.number,
                mode: mode.mode,
                start: LBA(start),
                length: count,
                pregap: before
            )
            track.flags = TrackFlags(rawValue: own.first?.control ?? 0).intersection(.all)
            track.laterIndexes = own.filter { $0.index > 1 }.map { LBA($0.address) }
            track.isrc = RecordingCode(fields.text(at, 12))?.text
            session.tracks.append(track)
            let (from, isBelow) = start.subtractingReportingOverflow(before)
            let (end, isBeyond) = start.addingReportingOverflow(count)
            guard !isBelow, !isBeyond, start < 1 << 32 else {
                throw fields.error("the address of track \(number)", nil, "is \(start)")
            }
            placements.append(mode.placement(of: from..<end, at: offsets[0]))
            address = end
        }
        session.leadOut = LBA(
            marks.first { $0.track == 0xAA }.map { max($0.address, address) } ?? address
        )
        layout.sessions.append(session)
        marks = []
    }

    /// The numbers of a session's tracks: as the marks have them, for the chunk of the tracks has only
    /// the first and the last.
    private func numbers(of count: Int, from first: Int) -> [Int] {
        var marked: [Int] = []
        for mark in marks where (1...99).contains(mark.track) && mark.track != marked.last {
            marked.append(mark.track)
        }
        // Some programs' marks make no sense; then there is no hole, as on nearly all discs.
        let isSound =
            marked.count == count && marked.first == first
            && zip(marked, marked.dropFirst()).allSatisfy { $0 < $1 }
        return isSound ? marked : Array(first..<(first + count))
    }

    // MARK: Track at once

    private mutating func readTracks(_ body: Int, _ length: Int, isOld: Bool) throws {
        let size = isOld ? 20 : 32
        var session = DiscLayout.Session(
            number: layout.sessions.count + 1,
            tracks: [],
            leadOut: .zero
        )
        let number = layout.tracks.last?.number ?? 0
        // Only CDs have pauses, and gaps of a known length between sessions.
        let pause = isCD ? CDGaps.firstPause : 0
        var end =
            layout.leadOut.map {
                $0.rawValue
                    + (isCD ? CDGaps.fromLeadOut(ofSession: layout.sessions.count) - pause : 0)
            } ?? -pause
        for (i, at) in stride(from: body, through: body + length - size, by: size).enumerated() {
            let offset =
                isOld
                ? try fields.u32(at, "a track's offset") : try fields.u64(at, "a track's offset")
            let bytes =
                isOld
                ? try fields.u32(at + 4, "a track's length")
                : try fields.u64(at + 8, "a track's length")
            let code = try fields.u32(at + (isOld ? 8 : 16), "a track's mode")
            let address = try fields.u32(at + (isOld ? 12 : 20), "a track's address")
            guard let known = NrgMode.named(code, stride: nil) else {
                throw fields.error("a track's mode", at + (isOld ? 8 : 16), "is \(code)")
            }
            guard offset <= file.bytes.byteCount else {
                throw fields.error(
                    "a track's offset",
                    at,
                    "is \(offset), past the end of the file"
                )
            }
            let mode = try observed(known, at: offset)
            let count = bytes / mode.stride
            guard count < 1 << 28 else { throw fields.error("a track's length", at, "is \(bytes)") }
            // The pause before each track is in no file.
            let start = max(end + pause, address < 1 << 28 ? address : 0)
            session.tracks.append(
                Track(
                    number: number + i + 1,
                    session: session.number,
                    mode: mode.mode,
                    start: LBA(start),
                    length: count,
                    pregap: pause
                )
            )
            placements.append(mode.placement(of: start..<(start + count), at: offset))
            end = start + count
        }
        session.leadOut = LBA(end)
        if session.tracks.contains(where: { $0.mode.isXA }) { session.kind = .cdROMXA }
        if !session.tracks.isEmpty { layout.sessions.append(session) }
    }

    // MARK: Sectors

    /// The code says less than raw sectors do.
    private func observed(_ mode: NrgMode, at offset: Int) throws -> NrgMode {
        guard mode.form == .raw, mode.mode.isData,
            let actual = try ObservedMode.mode(of: file.bytes, at: offset, stride: mode.stride)
        else { return mode }
        return NrgMode(
            code: mode.code,
            mode: actual,
            form: .raw,
            subchannel: mode.subchannel
        )
    }
}

/// The track of audio in an MPEG-4 file: what it is coded with, that all of it is there, and which part of
/// it is to be heard (ISO/IEC 14496-12).
struct MPEG4Track {
    /// What it is coded with.
    let coding: MPEG4Coding
    /// Ticks in a second.
    let ticksPerSecond: Int
    /// The number of packets.
    let packets: Int
    /// Ticks that these have in all.
    let ticks: Int
    /// Ticks of the longest packet.
    let longestPacket: Int
    /// The packets of audio of which all but the last one are full; `nil` of other audio.
    let filled: FilledPackets?
    /// The part of it that is to be heard, in ticks, as an edit list has it; `nil` if there is none.
    private(set) var edit: Range<Int>?
    /// What is odd, as the rest of a sentence about the file; `nil` if nothing is.
    private(set) var oddity: String?

    private static let mostEntries = 1 << 22
    /// Codings of pictures, which are covers and those of chapters.
    private static let pictures: Set<String> = ["jpeg", "png ", "mjpa", "mjpb", "tiff", "gif "]

    /// Whether a file has moving pictures.
    ///
    /// - Throws: ``SoundProblem`` if it is damaged; errors of the file.
    static func hasFilm(_ file: any ByteSource) throws -> Bool {
        try tracks(of: file, "vide").contains { track in
            let kinds = try descriptions(of: file, track).map(\.kind)
            return !kinds.allSatisfy { pictures.contains($0) }
        }
    }

    /// Reads a file's tables.
    ///
    /// - Throws: ``SoundProblem`` if some of it is missing, or it is no single piece of audio; errors of
    ///   the file.
    init(_ file: any ByteSource) throws {
        let top = try MPEG4Boxes.of(file)
        guard let movie = top.first(where: { $0.kind == "moov" })?.body else {
            throw SoundProblem("is cut off or damaged: the table of its audio is missing")
        }
        guard top.count(where: { $0.kind == "moov" }) == 1 else { throw SoundProblem.severalPieces }
        let parts = try MPEG4Boxes.of(file, in: movie)
        guard !top.contains(where: { $0.kind == "moof" }),
            !parts.contains(where: { $0.kind == "mvex" })
        else {
            throw SoundProblem(
                "is MPEG-4 in fragments, which is not decoded",
                advice: "Convert it to FLAC first, such as with ffmpeg."
            )
        }
        let tracks = try Self.tracks(of: file, "soun")
        guard let track = tracks.first, tracks.count == 1 else {
            throw SoundProblem(
                tracks.isEmpty
                    ? "has no track of audio in it" : "has \(tracks.count) tracks of audio in it",
                advice: "Convert what is to be burned to FLAC first, such as with ffmpeg."
            )
        }
        let described = try Self.descriptions(of: file, track)
        guard let description = described.first, described.count == 1 else {
            throw SoundProblem("is damaged: what its audio is coded with is not clear")
        }
        coding = try MPEG4Coding(description.kind, description.body, of: file)
        guard coding.name != nil else {
            (ticksPerSecond, packets, ticks, longestPacket) = (0, 0, 0, 0)
            filled = nil
            return
        }
        ticksPerSecond = try Self.timescale(of: file, track, ["mdia", "mdhd"])
        let tables = try Self.required(["mdia", "minf", "stbl"], of: file, in: track)
        let times = try Self.table("stts", of: file, in: tables, head: 8, entry: 8)
        var (count, sum, longest) = (0, 0, 0)
        var runs: [FilledPackets.Run] = []
        for at in stride(from: 0, to: times.count, by: 8) {
            let (some, each) = (
                MPEG4Boxes.number(times[at..<(at + 4)]),
                MPEG4Boxes.number(times[(at + 4)..<(at + 8)])
            )
            // Neither has more than 32 bits, and there are no more than so many entries.
            count += some
            let (part, isLarge) = some.multipliedReportingOverflow(by: each)
            let (next, overflow) = sum.addingReportingOverflow(part)
            guard !isLarge, !overflow else {
                throw SoundProblem("is damaged: its times make no sense")
            }
            sum = next
            if some > 0 { longest = max(longest, each) }
            runs.append(FilledPackets.Run(count: some, ticks: each))
        }
        ticks = sum
        longestPacket = longest
        filled = coding.packetSamples.flatMap {
            [ticksPerSecond] in FilledPackets(full: $0, ticksPerSecond: ticksPerSecond, runs)
        }
        packets = try Self.checkPlaces(file, tables)
        guard packets == count else {
            throw SoundProblem(
                "is damaged: it says in one place that it has \(packets) packets, and in another that it has \(count)"
            )
        }
        try readEdits(file, track, movie)
    }

    // MARK: Boxes

    /// The tracks of a kind.
    private static func tracks(of file: any ByteSource, _ kind: String) throws -> [Range<Int>] {
        guard let movie = try MPEG4Boxes.of(file).first(where: { $0.kind == "moov" })?.body else {
            return []
        }
        return try MPEG4Boxes.of(file, in: movie).filter { $0.kind == "trak" }.map(\.body).filter {
            guard let handler = try MPEG4Boxes.first(["mdia", "hdlr"], of: file, in: $0) else {
                return false
            }
            let name = (handler.lowerBound + 8)..<(handler.lowerBound + 12)
            return try file.bytes(name) == Array(kind.utf8)
        }
    }

    /// What a track says that it is coded with.
    private static func descriptions(of file: any ByteSource, _ track: Range<Int>) throws
        -> [MPEG4Boxes.Box]
    {
        let path = ["mdia", "minf", "stbl", "stsd"]
        guard let body = try MPEG4Boxes.first(path, of: file, in: track), body.count >= 8 else {
            return []
        }
        return try MPEG4Boxes.of(file, in: (body.lowerBound + 8)..<body.upperBound)
    }

    private static func required(
        _ path: [String],
        of file: any ByteSource,
        in range: Range<Int>
    ) throws -> Range<Int> {
        guard let found = try MPEG4Boxes.first(path, of: file, in: range) else {
            throw SoundProblem("is damaged: its table “\(path.last ?? "")” is missing")
        }
        return found
    }

    /// The ticks of a second, which stand behind two dates of 32 or 64 bits.
    private static func timescale(of file: any ByteSource, _ range: Range<Int>, _ path: [String])
        throws -> Int
    {
        let body = try required(path, of: file, in: range)
        let fields = try file.bytes(body, limit: 24)
        guard fields.count == 24 else { throw SoundProblem("is damaged: its times are missing") }
        let at = fields[0] == 1 ? 20 : 12
        let value = MPEG4Boxes.number(fields[at..<(at + 4)])
        guard value > 0 else { throw SoundProblem("is damaged: its times make no sense") }
        return value
    }

    /// The entries of a table, after a head whose last four bytes say how many there are.
    private static func table(
        _ name: String,
        of file: any ByteSource,
        in range: Range<Int>,
        head: Int,
        entry: Int
    ) throws -> [UInt8] {
        let body = try required([name], of: file, in: range)
        let fields = try file.bytes(body, limit: head)
        let count = fields.count == head ? MPEG4Boxes.number(fields[(head - 4)..<head]) : .max
        guard count <= mostEntries, count * entry <= body.count - head else {
            throw SoundProblem("is damaged: its table “\(name)” is not whole")
        }
        let start = body.lowerBound + head
        let bytes = try file.bytes(start..<(start + count * entry), limit: count * entry)
        guard bytes.count == count * entry else {
            throw SoundProblem("is cut off: its table “\(name)” is not whole")
        }
        return bytes
    }

    /// Fails if packets lie beyond the end of the file, or in another one.
    ///
    /// - Returns: How many packets there are.
    private static func checkPlaces(_ file: any ByteSource, _ tables: Range<Int>) throws -> Int {
        let sizes = try required(["stsz"], of: file, in: tables)
        let head = try file.bytes(sizes, limit: 12)
        guard head.count == 12 else {
            throw SoundProblem("is damaged: its table “stsz” is not whole")
        }
        let (fixed, count) = (MPEG4Boxes.number(head[4..<8]), MPEG4Boxes.number(head[8..<12]))
        guard count <= mostEntries else { throw TrackSound.tooLong }
        let list =
            fixed == 0 ? try table("stsz", of: file, in: tables, head: 12, entry: 4) : []
        let isLong = try MPEG4Boxes.first(["co64"], of: file, in: tables) != nil
        let width = isLong ? 8 : 4
        let places = try table(
            isLong ? "co64" : "stco",
            of: file,
            in: tables,
            head: 8,
            entry: width
        )
        let runs = try table("stsc", of: file, in: tables, head: 8, entry: 12)
        var (packet, run, each, end) = (0, 0, 0, 0)
        for chunk in 0..<(places.count / width) {
            // A run says from which chunk on, counted from 1, each has so many packets.
            if run < runs.count, MPEG4Boxes.number(runs[run..<(run + 4)]) == chunk + 1 {
                each = MPEG4Boxes.number(runs[(run + 4)..<(run + 8)])
                run += 12
            }
            guard each <= count - packet else {
                throw SoundProblem("is damaged: its tables disagree about its packets")
            }
            var length = fixed * each
            if fixed == 0 {
                for i in packet..<(packet + each) {
                    length += MPEG4Boxes.number(list[(4 * i)..<(4 * i + 4)])
                }
            }
            packet += each
            let place = MPEG4Boxes.number(places[(chunk * width)..<((chunk + 1) * width)])
            let (last, overflow) = place.addingReportingOverflow(length)
            end = max(end, overflow ? .max : last)
        }
        guard packet == count else {
            throw SoundProblem("is damaged: its tables disagree about its packets")
        }
        guard end <= file.byteCount else {
            throw SoundProblem(
                "is cut off: \(end - file.byteCount) bytes of its audio are missing"
            )
        }
        return count
    }

    // MARK: Edits

    /// Reads the edit list (§8.6.6), whose durations have ticks of their own.
    private mutating func readEdits(
        _ file: any ByteSource,
        _ track: Range<Int>,
        _ movie: Range<Int>
    ) throws {
        guard let body = try MPEG4Boxes.first(["edts", "elst"], of: file, in: track) else { return }
        let version = try file.bytes(body, limit: 1).first ?? 0
        let width = version == 1 ? 8 : 4
        let fields = try Self.table(
            "elst",
            of: file,
            in: (try Self.required(["edts"], of: file, in: track)),
            head: 8,
            entry: 2 * width + 4
        )
        var edits: [(length: Int, start: Int, isPlain: Bool)] = []
        for at in stride(from: 0, to: fields.count, by: 2 * width + 4) {
            let length = MPEG4Boxes.number(fields[at..<(at + width)])
            let start = fields[(at + width)..<(at + 2 * width)]
            let rate = MPEG4Boxes.number(fields[(at + 2 * width)..<(at + 2 * width + 4)])
            // All bits set say that nothing is to be heard so long.
            guard !start.allSatisfy({ $0 == 0xFF }) else {
                if length > 0 { oddity = "says that it begins with a pause, which is left out" }
                continue
            }
            edits.append((length, MPEG4Boxes.number(start), rate == 0x1_0000))
        }
        guard let only = edits.first else { return }
        guard edits.count == 1, only.isPlain, only.start < ticks else {
            throw SoundProblem(
                "says that it is to be heard in \(edits.count) parts or at another speed, which is not followed",
                advice: "Convert it to FLAC first, such as with ffmpeg."
            )
        }
        let scale = try Self.timescale(of: file, movie, ["mvhd"])
        let (product, overflow) = only.length.multipliedReportingOverflow(by: ticksPerSecond)
        guard !overflow, only.length > 0 else {
            edit = only.start..<ticks
            return
        }
        // A length in coarse ticks that may be that of all the rest is that.
        let slack = ticksPerSecond / scale + 1
        let (whole, isLarger) = only.start.addingReportingOverflow(product / scale)
        let end = isLarger ? ticks : min(ticks, whole)
        edit = only.start..<(ticks - end <= slack ? ticks : max(end, only.start))
    }
}

import DiscModel

/// Makes a disc of a DiscJuggler image.
struct CdiReader {
    private static let format = "a DiscJuggler image"
    /// The longest descriptor: 99 tracks with all their texts take a tenth.
    private static let longest = 1 << 20

    private let file: ImageFile
    private let descriptor: CdiDescriptor
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    private var titles = CDText.Block()
    /// Bytes of the file that tracks take.
    private var offset = 0

    private var fields: BinaryFields { descriptor.fields }

    /// Opens an image; `nil` if the file does not end as one does.
    ///
    /// Nothing at its beginning tells one, and an image of another kind may end with one: a disc
    /// that holds such a file last. So tracks and descriptor have to fill the file.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let size = file.bytes.byteCount
        guard size > 64 else { return nil }
        let tail = BinaryFields(file.name, format, try file.tail(8), origin: size - 8)
        guard let version = CdiDescriptor.Version(rawValue: try tail.u32(0, "the version")) else {
            return nil
        }
        let place = try tail.u32(4, "the descriptor's place")
        // Counted from the end, or in older versions from the beginning.
        let start = version == .threeAndAHalf ? size - place : place
        guard start >= 0, start < size - 8, size - start <= longest else { return nil }
        let fields = BinaryFields(
            file.name,
            format,
            try file.bytes.bytes(start..<(size - 8)),
            origin: start
        )
        do {
            guard let descriptor = try CdiDescriptor(fields, version) else { return nil }
            var reader = CdiReader(file, descriptor)
            for session in descriptor.sessions { try reader.read(session) }
            let lack = start - reader.offset
            guard lack >= 0 else {
                throw fields.error(
                    "the length of the tracks",
                    nil,
                    "is \(reader.offset) bytes, and the descriptor begins at byte \(start)"
                )
            }
            if lack > 0, try ISOReader.hasVolume(file) { return nil }
            return try reader.disc(
                warnings: lack == 0
                    ? []
                    : ["Before the descriptor lie \(lack) bytes that belong to no track."]
            )
        } catch let error as ImageFormatError {
            if try ISOReader.hasVolume(file) { return nil }
            throw error
        }
    }

    private init(_ file: ImageFile, _ descriptor: CdiDescriptor) {
        self.file = file
        self.descriptor = descriptor
    }

    private mutating func disc(warnings: [String]) throws -> ImageDisc {
        guard !layout.sessions.isEmpty else {
            throw fields.error("the number of tracks", 2, "leaves none")
        }
        layout.sessions[0].catalog = descriptor.catalog
        layout.sessions[0].cdText = descriptor.packs
        let tracks = layout.tracks
        if descriptor.packs.isEmpty, !titles.texts.isEmpty, let last = tracks.last {
            layout.sessions[0].cdText = CDText(blocks: [titles])
                .packs(firstTrack: 1, lastTrack: last.number)
        }
        let bytes = tracks.reduce(0) { $0 &+ $1.length &* 2048 }
        do {
            return try ImageDisc(
                medium: descriptor.isDVD ? .pressed(bytes: max(bytes, 900_000_000)) : .cdROM,
                layout: layout,
                files: [file.bytes],
                placements: placements,
                evidence: [
                    "It ends as images of DiscJuggler do, version \(descriptor.version.name)."
                ],
                warnings: warnings
            )
        } catch {
            throw fields.error("the table of tracks", 0, "can't be right: \(error.problem)")
        }
    }

    private mutating func read(_ session: CdiDescriptor.Session) throws {
        var result = DiscLayout.Session(
            number: layout.sessions.count + 1,
            tracks: [],
            leadOut: .zero
        )
        if session.kind == 2 { result.kind = .cdROMXA }
        let count = layout.tracks.count
        for (i, track) in session.tracks.enumerated() {
            let track = try self.track(track, count + i + 1, of: result.number)
            result.tracks.append(track)
            result.leadOut = track.end
        }
        layout.sessions.append(result)
    }

    private mutating func track(
        _ track: CdiDescriptor.Track,
        _ number: Int,
        of session: Int
    ) throws -> Track {
        let pregap = track.indexes.first ?? 0
        guard track.length < 1 << 28, track.start < 1 << 28, pregap <= track.length else {
            throw fields.error(
                "the length of track \(number)",
                track.place + 4,
                "is \(track.length), from \(track.start) on, with a pregap of \(pregap)"
            )
        }
        // The pause before the first track is in the file, and its first sector counts as 0.
        let first = track.start - CDGaps.firstPause
        let start = first + pregap
        let stride = track.mode.stride
        let main = offset + pregap * stride
        var mode = track.mode.mode
        if track.mode.form == .raw, mode.isData,
            let actual = try ObservedMode.mode(of: file.bytes, at: main, stride: stride)
        {
            mode = actual
        }
        var result = Track(
            number: number,
            session: session,
            mode: mode,
            start: LBA(start),
            length: track.length - pregap,
            pregap: descriptor.isDVD ? 0 : pregap
        )
        result.flags = TrackFlags(rawValue: track.control).intersection(.all)
        result.isrc = track.isrc
        var index = start
        // The first two lengths are those of the pregap and of index 1.
        for length in track.indexes.dropFirst().dropLast() {
            index = min(index + length, start + track.length)
            result.laterIndexes.append(LBA(index))
        }
        if let title = track.title { titles.set(title, as: .title, track: number) }
        place((descriptor.isDVD ? start : first)..<(first + track.length), track.mode, from: first)
        offset += track.length * stride
        return result
    }

    private mutating func place(_ sectors: Range<Int>, _ mode: CdiMode, from first: Int) {
        placements.append(
            Placement(
                sectors,
                mode.form,
                offset: offset + (sectors.lowerBound - first) * mode.stride,
                with: mode.subchannel
            )
        )
    }
}

import DiscModel
import LinuxCalls
import SystemPackage

/// Opens CHD images.
struct ChdReader {
    private static let format = "a CHD image"
    /// Metadata of what is no disc of these.
    private static let others = [
        "GDDD": "of a hard disk", "AVAV": "of a LaserDisc", "AVLD": "of a LaserDisc",
        "IDNT": "of a hard disk",
    ]

    private let file: ImageFile
    private let bytes: any ByteSource
    private var layout = DiscLayout()
    private var placements: [Placement] = []
    private var warnings: [String] = []

    /// Opens an image; `nil` if the file does not begin as one.
    static func open(_ file: ImageFile) throws -> ImageDisc? {
        guard let header = try ChdHeader.read(file, format) else { return nil }
        let pieces = try ChdMetadata.read(file, header, format)
        for piece in pieces {
            guard let what = others[piece.tag] else { continue }
            throw ImageFormatError(file.name, format, "the content", "is \(what), not of a disc")
        }
        let tracks = try ChdTrack.tracks(pieces, file.name, format)
        let places = ChdPlace.places(tracks)
        let bytes = try hunks(file, header, ChdProofs(tracks, places))
        let codecs = header.codecs.map(\.tag).joined(separator: ", ")
        let evidence =
            "It begins with MComprHD, version 5: \(header.hunks) hunks of \(header.hunk) bytes, "
            + (codecs.isEmpty ? "not packed." : "packed with \(codecs).")
        guard !tracks.isEmpty else {
            guard header.unit != ChdCodec.frame else {
                throw ImageFormatError(file.name, format, "the metadata", "name no track")
            }
            return try Unpacked.open(file, bytes, format: format, evidence: [evidence])
        }
        guard header.unit == ChdCodec.frame else {
            throw ImageFormatError(
                file.name,
                format,
                "the size of a unit",
                at: 60,
                "is \(header.unit), and a CD's is \(ChdCodec.frame)"
            )
        }
        var reader = ChdReader(file, bytes)
        let isGD = pieces.contains { $0.tag == "CHGD" || $0.tag == "CHGT" }
        for (track, place) in zip(tracks, places) { try reader.add(track, place, isGD: isGD) }
        do {
            return try ImageDisc(
                medium: .cdROM,
                layout: reader.layout,
                files: [bytes],
                placements: reader.placements,
                evidence: [evidence],
                warnings: reader.warnings
            )
        } catch {
            throw ImageFormatError(
                file.name,
                format,
                "the table of tracks",
                "can't be right: \(error.problem)"
            )
        }
    }

    private init(_ file: ImageFile, _ bytes: any ByteSource) {
        self.file = file
        self.bytes = bytes
    }

    // MARK: The bytes

    private static func hunks(
        _ file: ImageFile,
        _ header: ChdHeader,
        _ proofs: ChdProofs = ChdProofs([], [])
    ) throws -> BlockBytes {
        let map = try ChdMap(file, header, format)
        let parent = try header.parentSum.map { try self.parent(of: file, $0) }
        if map.needsParent, parent == nil {
            throw ImageFormatError(file.name, format, "the map", "needs a parent, and names none")
        }
        return BlockBytes(
            file.bytes,
            try ChdHunks(file.bytes, header, map, parent: parent, proofs: proofs)
        )
    }

    /// The image that this one holds the differences from: one beside it with the right sum.
    private static func parent(of file: ImageFile, _ sum: [UInt8]) throws -> any ByteSource {
        let directory = file.path.removingLastComponent()
        let names = try? FileSystem.names(in: directory.string.isEmpty ? "." : directory)
        if file.depth < ImageFile.deepest {
            for name in (names ?? []).sorted() where name.lowercased().hasSuffix(".chd") {
                let path = directory.appending(text: name)
                guard path != file.path, let status = try? FileSystem.status(path),
                    status.kind == .regular, let bytes = try? FileBytes(path)
                else { continue }
                let other = ImageFile(path, bytes: bytes, depth: file.depth + 1)
                guard let header = try? ChdHeader.read(other, format), header.sum == sum else {
                    continue
                }
                return try hunks(other, header)
            }
        }
        let digits = Hexadecimal.text(sum)
        throw ImageFormatError(
            file.name,
            format,
            "the parent",
            at: 104,
            "is the CHD image with the SHA-1 \(digits), which does not lie beside it"
        )
    }

    // MARK: Tracks

    private mutating func add(_ track: ChdTrack, _ lies: ChdPlace, isGD: Bool) throws {
        let isFirst = layout.sessions.isEmpty
        if isFirst || isGD && lies.begin >= CDGaps.highDensityArea && layout.sessions.count == 1 {
            layout.sessions.append(
                DiscLayout.Session(
                    number: layout.sessions.count + 1,
                    tracks: [],
                    leadOut: LBA(lies.begin)
                )
            )
        }
        if let warning = track.warning { warnings.append(warning) }
        let mode = observed(track, lies)
        var place = Placement(
            lies.address..<(lies.address + lies.frames.count),
            mode.form,
            offset: lies.frames.lowerBound * ChdCodec.frame,
            stride: ChdCodec.frame,
            with: track.hasSubchannel ? .interleaved : nil
        )
        place.isBigEndian = mode.mode == .audio
        placements.append(place)
        let start = lies.address + (track.keepsPregap ? track.pregap : 0)
        let session = layout.sessions.count - 1
        layout.sessions[session].tracks.append(
            Track(
                number: track.number,
                session: session + 1,
                mode: mode.mode,
                start: LBA(start),
                length: lies.end - start,
                pregap: start - lies.begin
            )
        )
        layout.sessions[session].leadOut = LBA(lies.end)
        if mode.mode.isXA { layout.sessions[session].kind = .cdROMXA }
    }

    /// The metadata say less than raw sectors do.
    private func observed(_ track: ChdTrack, _ lies: ChdPlace) -> ChdTrack.Mode {
        let skipped = track.keepsPregap ? track.pregap : 0
        guard track.mode.form == .raw, track.mode.mode.isData,
            // A damaged hunk tells nothing.
            let actual = try? ObservedMode.mode(
                of: bytes,
                at: (lies.frames.lowerBound + skipped) * ChdCodec.frame,
                stride: ChdCodec.frame
            )
        else { return track.mode }
        return ChdTrack.Mode(words: track.mode.words, mode: actual, form: .raw)
    }
}

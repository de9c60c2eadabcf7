import DiscModel
import LinuxCalls
import SystemPackage

/// Makes a disc of the table of a GD-ROM's tracks.
///
/// The two areas of the disc are two sessions: a CD player knows of the first one only.
struct GdiReader {
    private let image: ImageFile
    private var layout = DiscLayout()
    private var files: [any ByteSource] = []
    private var placements: [Placement] = []
    private var warnings: [String] = []
    private var hasData = false
    /// Why the first file of audio that can't be had can't.
    private var soundProblem: ImageFormatError?

    static func disc(of sheet: GdiSheet, _ image: ImageFile) throws -> ImageDisc {
        var reader = GdiReader(image: image)
        reader.hasData = sheet.tracks.contains { $0.control & 4 != 0 }
        for (i, track) in sheet.tracks.enumerated() {
            let next = sheet.tracks.indices.contains(i + 1) ? sheet.tracks[i + 1].address : nil
            try reader.add(track, before: next)
        }
        do {
            return try ImageDisc(
                medium: .cdROM,
                layout: reader.layout,
                files: reader.files,
                placements: reader.placements,
                evidence: ["It is the text of a GD-ROM's table of tracks."],
                warnings: reader.warnings,
                soundProblem: reader.soundProblem
            )
        } catch {
            throw ImageFormatError(
                image.name,
                GdiSheet.format,
                "the table",
                at: 0,
                "can't be right: \(error.problem)"
            )
        }
    }

    private init(image: ImageFile) {
        self.image = image
    }

    private mutating func add(_ entry: GdiSheet.Track, before next: Int?) throws {
        let isData = entry.control & 4 != 0
        guard (0...15).contains(entry.control) else {
            throw error(entry, "the kind", "is \(entry.control)")
        }
        guard let form = SectorForm(rawValue: entry.size),
            isData ? [.user, .mode2, .raw].contains(form) : form == .raw
        else { throw error(entry, "the size of a sector", "is \(entry.size)") }
        guard (0..<CDGaps.endOfHighDensityArea).contains(entry.address) else {
            throw error(entry, "the address", "is \(entry.address)")
        }
        guard entry.address != next else {
            throw error(entry, "the address", "is \(entry.address), as that of the next track")
        }
        guard (0..<(1 << 40)).contains(entry.place) else {
            throw error(entry, "the place", "is \(entry.place)")
        }
        let bytes = try open(entry, before: next)
        guard entry.place <= bytes.byteCount - form.size else {
            throw error(
                entry,
                "the place",
                "is \(entry.place), in a file of \(bytes.byteCount) bytes"
            )
        }
        var length = (bytes.byteCount - entry.place) / form.size
        if let next, next >= entry.address, length > next - entry.address {
            length = next - entry.address
            warnings.append("The file of track \(entry.number) is longer than its track.")
        }
        var mode: TrackMode = isData ? form == .mode2 ? .mode2Mixed : .mode1 : .audio
        if isData, form == .raw {
            mode = try ObservedMode.mode(of: bytes, at: entry.place, stride: form.size) ?? mode
        }
        let isDense = entry.address >= CDGaps.highDensityArea
        if layout.sessions.isEmpty || isDense && layout.sessions.count == 1 {
            let number = layout.sessions.count + 1
            layout.sessions.append(
                DiscLayout.Session(number: number, tracks: [], leadOut: .zero)
            )
        }
        let session = layout.sessions.count - 1
        // What lies between two tracks is in no file.
        let end = layout.sessions[session].tracks.last?.end.rawValue
        var track = Track(
            number: entry.number,
            session: session + 1,
            mode: mode,
            start: LBA(entry.address),
            length: length,
            pregap: end.map { max(0, entry.address - $0) } ?? 0
        )
        track.flags = TrackFlags(rawValue: entry.control).intersection(.all)
        layout.sessions[session].tracks.append(track)
        layout.sessions[session].leadOut = track.end
        if mode.isXA { layout.sessions[session].kind = .cdROMXA }
        placements.append(
            Placement(
                entry.address..<(entry.address + length),
                form,
                file: files.count - 1,
                offset: entry.place
            )
        )
    }

    private func error(_ entry: GdiSheet.Track, _ field: String, _ problem: String)
        -> ImageFormatError
    {
        ImageFormatError(
            image.name,
            GdiSheet.format,
            "\(field) of track \(entry.number)",
            at: entry.offset,
            problem
        )
    }

    private mutating func open(
        _ entry: GdiSheet.Track,
        before next: Int?
    ) throws -> any ByteSource {
        let bytes: any ByteSource
        do throws(CompanionProblem) {
            let found = try image.companion(entry.file)
            guard !image.isSame(found) else {
                throw CompanionProblem(problem: "is the table itself")
            }
            warnings += found.warnings
            bytes = found.bytes
        } catch let problem {
            let cause = error(entry, "the file “\(entry.file)”", problem.problem)
            guard entry.control & 4 == 0, hasData else { throw cause }
            // The tracks of data need nothing of it.
            soundProblem = soundProblem ?? cause
            let sectors = next.map { $0 - entry.address } ?? MissingSound.fewestSectors
            bytes = MissingSound(
                entry.file,
                byteCount: entry.place + max(1, min(sectors, 1 << 20)) * RawSector.size,
                reason: cause.complaint
            )
        }
        files.append(bytes)
        return bytes
    }
}

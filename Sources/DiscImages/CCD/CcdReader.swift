import DiscModel
import LinuxCalls
import SystemPackage

/// Makes a disc of a control file of CloneCD.
struct CcdReader {
    private static let format = "a CloneCD image"

    private let sheet: CcdSheet
    private let image: ImageFile
    private var warnings: [String] = []
    private var files: [any ByteSource] = []
    private var placements: [Placement] = []
    /// Sectors of the image that are taken.
    private var used = 0

    static func disc(of sheet: CcdSheet, _ image: ImageFile) throws -> ImageDisc {
        var reader = CcdReader(sheet: sheet, image: image)
        try reader.openFiles()
        var layout = DiscLayout()
        let numbers = Set(sheet.entries.map(\.session)).sorted()
        for number in numbers.prefix(99) {
            try layout.sessions.append(
                reader.session(number, behind: layout.leadOut?.rawValue)
            )
        }
        if !layout.sessions.isEmpty {
            layout.sessions[0].catalog = sheet.catalog
            layout.sessions[0].cdText = sheet.packs
        }
        if sheet.isScrambled {
            reader.warnings.append(
                "It says that its data are scrambled; they are taken as they are."
            )
        }
        do {
            return try ImageDisc(
                medium: .cdROM,
                layout: layout,
                files: reader.files,
                placements: reader.placements,
                evidence: ["It is a control file of CloneCD."],
                warnings: reader.warnings
            )
        } catch {
            throw reader.error("the table of entries", nil, "can't be right: \(error.problem)")
        }
    }

    private init(sheet: CcdSheet, image: ImageFile) {
        self.sheet = sheet
        self.image = image
    }

    private func error(_ field: String, _ offset: Int?, _ problem: String) -> ImageFormatError {
        ImageFormatError(image.name, Self.format, field, at: offset, problem)
    }

    private mutating func openFiles() throws {
        let stem = image.path.stem ?? ""
        do {
            let main = try image.companion("\(stem).img", endings: ["img", "bin"])
            let isOwn = main.path.stem?.lowercased() == stem.lowercased()
            if !isOwn, let warning = main.warning { warnings.append(warning) }
            files.append(main.bytes)
        } catch let problem {
            throw error("the file “\(stem).img”", nil, problem.problem)
        }
        do {
            files.append(try image.companion("\(stem).sub", endings: ["sub"]).bytes)
        } catch let problem {
            warnings.append(
                "The file “\(stem).sub” \(problem.problem): the subchannel is missing."
            )
        }
    }

    private mutating func session(_ number: Int, behind end: Int?) throws -> DiscLayout.Session {
        let entries = sheet.entries.filter { $0.session == number && $0.adr == 1 }
        let starts = entries.filter { (1...99).contains($0.point) }.sorted { $0.point < $1.point }
        guard let leadOut = entries.first(where: { $0.point == 0xA2 }) else {
            throw error("the lead-out of session \(number)", nil, "is missing")
        }
        guard let first = starts.first else {
            throw error("session \(number)", nil, "has no track")
        }
        var session = DiscLayout.Session(number: number, tracks: [], leadOut: LBA(leadOut.address))
        if let kind = entries.first(where: { $0.point == 0xA0 }) {
            // The byte stands where seconds do; some write it in decimal digits of BCD.
            session.kind =
                SessionKind(code: UInt8(truncatingIfNeeded: kind.seconds))
                ?? (kind.seconds == 20 ? .cdROMXA : kind.seconds == 10 ? .cdI : .cdROM)
        }
        // The image goes on from session to session without what lies between them.
        let origin = first.address - pregap(first, isFirst: true, end: end ?? 0)
        let base = used
        guard origin >= 0, leadOut.address >= origin, leadOut.address - origin < 1 << 20 else {
            throw error(
                "the lead-out of session \(number)",
                leadOut.offset,
                "is at \(leadOut.address)"
            )
        }
        for (index, entry) in starts.enumerated() {
            let next = starts.indices.contains(index + 1) ? starts[index + 1] : nil
            let before = index == 0 ? first.address - origin : pregap(entry, isFirst: false, end: 0)
            let stop =
                next.map { $0.address - pregap($0, isFirst: false, end: 0) } ?? leadOut.address
            guard entry.address - before >= origin, stop >= entry.address, stop <= leadOut.address
            else {
                throw error(
                    "the address of track \(entry.point)",
                    entry.offset,
                    "is \(entry.address)"
                )
            }
            let offset = (base + entry.address - origin) * RawSector.size
            let mode = try self.mode(entry, at: offset)
            var track = Track(
                number: entry.point,
                session: number,
                mode: mode,
                start: LBA(entry.address),
                length: stop - entry.address,
                pregap: before
            )
            track.flags = TrackFlags(rawValue: entry.control).intersection(.all)
            track.isrc = sheet.tracks[entry.point]?.isrc
            track.laterIndexes = laterIndexes(entry)
            session.tracks.append(track)
            place((entry.address - before)..<stop, from: base - origin)
        }
        used = base + leadOut.address - origin
        return session
    }

    private mutating func place(_ sectors: Range<Int>, from base: Int) {
        let index = base + sectors.lowerBound
        var place = Placement(sectors, .raw, offset: index * RawSector.size)
        if files.count > 1 {
            let size = SubchannelQ.interleavedSize
            place.subchannel = Placement.Subchannel(
                .linear,
                file: 1,
                offset: index * size,
                stride: size
            )
        }
        placements.append(place)
    }

    /// The sectors of index 0 before a track: its index times count from the session's beginning,
    /// so that only their difference tells.
    private func pregap(_ entry: CcdSheet.Entry, isFirst: Bool, end: Int) -> Int {
        guard let indexes = sheet.tracks[entry.point]?.indexes, let one = indexes[1],
            let zero = indexes[0] ?? (isFirst ? 0 : nil)
        else { return 0 }
        let (count, overflow) = one.subtractingReportingOverflow(zero)
        guard !overflow, count > 0, count <= entry.address - end else { return 0 }
        return count
    }

    private func laterIndexes(_ entry: CcdSheet.Entry) -> [LBA] {
        guard let indexes = sheet.tracks[entry.point]?.indexes, let one = indexes[1] else {
            return []
        }
        return indexes.filter { $0.key > 1 && $0.value > one }.values.sorted()
            .map { LBA(entry.address + ($0 - one)) }
    }

    /// The sectors say what they are; the key MODE is often wrong.
    private mutating func mode(_ entry: CcdSheet.Entry, at offset: Int) throws -> TrackMode {
        guard entry.control & 4 != 0 else { return .audio }
        for skipped in 0..<4 {
            let place = offset + skipped * RawSector.size
            let sector = try files[0].bytes(place..<(place + RawSector.size))
            switch RawSector.kind(of: sector.span) {
            case .mode1: return .mode1
            case .mode2: return .mode2
            case .mode2Form1, .mode2Form2: return .mode2Mixed
            case nil: continue
            }
        }
        warnings.append("Track \(entry.point) should be data, and has no sync pattern.")
        return sheet.tracks[entry.point]?.mode == 2 ? .mode2Mixed : .mode1
    }
}

import DiscModel
import LinuxCalls
import Reports
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
                reader.session(
                    number,
                    behind: layout.leadOut?.rawValue,
                    isOnly: numbers.count == 1
                )
            )
        }
        reader.noteLeftovers()
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
        warnings = sheet.warnings
        self.image = image
    }

    private func error(_ field: String, _ offset: Int?, _ problem: String) -> ImageFormatError {
        ImageFormatError(image.name, Self.format, field, at: offset, problem)
    }

    private mutating func openFiles() throws {
        let stem = image.path.stemText ?? ""
        do {
            let main = try image.companion("\(stem).img", endings: ["img", "bin"])
            let isOwn = main.path.stemText?.lowercased() == stem.lowercased()
            if !isOwn, let warning = main.warning { warnings.append(warning) }
            warnings += main.packing
            files.append(main.bytes)
        } catch let problem {
            throw error("the file “\(stem).img”", nil, problem.problem)
        }
        do {
            let side = try image.companion("\(stem).sub", endings: ["sub"])
            warnings += side.packing
            files.append(side.bytes)
        } catch let problem {
            warnings.append(
                "The file “\(stem).sub” \(problem.problem): the subchannel is missing."
            )
        }
    }

    /// Tells what the files have behind the last sector of the table.
    private mutating func noteLeftovers() {
        if let leftover = Placement.leftover(0, of: files, behind: placements) {
            warnings.append(leftover)
        }
        guard files.count > 1 else { return }
        let side = files[1].byteCount - used * SubchannelQ.interleavedSize
        if side > 0 {
            warnings.append(
                "\(files[1].name) has \(Wording.bytes(side)) more than the sectors of the table have subchannel; they are left out."
            )
        }
    }

    private mutating func session(_ number: Int, behind end: Int?, isOnly: Bool) throws
        -> DiscLayout.Session
    {
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
        let base = used
        let positions = CcdPositions(image: files[0], side: files.count > 1 ? files[1] : nil)
        let origin = try origin(first, leadOut, behind: end, isOnly: isOnly, positions)
        guard origin >= 0, origin <= first.address else {
            throw error(
                "the address of track \(first.point)",
                first.offset,
                "is \(first.address)"
            )
        }
        guard leadOut.address >= origin, leadOut.address - origin < 1 << 20 else {
            throw error(
                "the lead-out of session \(number)",
                leadOut.offset,
                "is at \(leadOut.address)"
            )
        }
        var pregaps = [first.address - origin]
        for (previous, entry) in zip(starts, starts.dropFirst()) {
            let index = base + entry.address - origin
            // What a sheet without sections of tracks leaves out stands in Q.
            let isTold = sheet.tracks[entry.point]?.indexes.isEmpty == false
            try pregaps.append(
                isTold
                    ? pregap(entry, isFirst: false, end: 0)
                    : positions.pregap(
                        of: entry.point,
                        before: index,
                        most: entry.address - previous.address - 1
                    )
            )
        }
        for (index, entry) in starts.enumerated() {
            let next = starts.indices.contains(index + 1) ? starts[index + 1] : nil
            let before = pregaps[index]
            let stop = next.map { $0.address - pregaps[index + 1] } ?? leadOut.address
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

    /// The address of a session's first sector in the image.
    ///
    /// The image of the first session begins with sector 0, wherever its first track does; that of
    /// a later one with the index 0 of its first track, if that is told. What the sectors
    /// themselves say counts for more.
    private func origin(
        _ first: CcdSheet.Entry,
        _ leadOut: CcdSheet.Entry,
        behind end: Int?,
        isOnly: Bool,
        _ positions: CcdPositions
    ) throws -> Int {
        let short = first.address - pregap(first, isFirst: true, end: end ?? 0)
        let told = end == nil ? 0 : short
        if let seen = try positions.address(
            at: used,
            within: leadOut.address - first.address
        ) {
            // Some drives deliver Q some sectors early or late.
            if let near = [told, short].first(where: { abs($0 - seen) <= CcdPositions.skew }) {
                return near
            }
            if seen >= end ?? 0, seen <= first.address { return seen }
        }
        // Some programs leave out what comes before the first track.
        let size = files[0].byteCount
        if isOnly, size != (leadOut.address - told) * RawSector.size,
            size == (leadOut.address - short) * RawSector.size
        {
            return short
        }
        return told
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
        return indexes.filter { $0.key > 1 }.sorted { $0.key < $1.key }
            .map { LBA(entry.address + ($0.value - one)) }
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

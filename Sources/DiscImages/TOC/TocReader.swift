import DiscModel
import LinuxCalls
import SystemPackage

/// Makes a disc of a TOC file.
struct TocReader {
    private let sheet: TocSheet
    private let image: ImageFile
    /// Whether all pieces are in one file.
    private let namesOneFile: Bool
    private var warnings: [String]
    private var files: [any ByteSource] = []
    private var isBigEndian: [Bool] = []
    private var numbers: [String: Int] = [:]
    private var placements: [Placement] = []
    private var tracks: [Track] = []
    private var address = 0
    /// Why the first file of audio that can't be had can't.
    private var soundProblem: ImageFormatError?
    /// How many bytes each file should have: more than it has if it is audio that is cut off.
    private var claimed: [Int] = []

    static func disc(of sheet: TocSheet, _ image: ImageFile) throws -> ImageDisc {
        var reader = TocReader(sheet, image)
        for (index, entry) in sheet.tracks.enumerated() {
            try reader.add(entry, number: sheet.firstTrack + index)
        }
        if let problem = reader.soundProblem, !reader.tracks.contains(where: \.mode.isData) {
            throw problem
        }
        var session = DiscLayout.Session(
            number: 1,
            tracks: reader.tracks,
            leadOut: LBA(reader.address)
        )
        session.kind = sheet.kind
        session.catalog = sheet.catalog
        if sheet.text.blocks.contains(where: { !$0.texts.isEmpty }) {
            session.cdText = sheet.text.packs(
                firstTrack: sheet.firstTrack,
                lastTrack: sheet.firstTrack + sheet.tracks.count - 1
            )
        }
        var layout = DiscLayout(sessions: [session])
        if !sheet.sheetTexts.entries.isEmpty { layout.sheetTexts = sheet.sheetTexts }
        do {
            return try ImageDisc(
                medium: .cdROM,
                layout: layout,
                files: reader.files,
                placements: reader.placements,
                evidence: ["It is the text of a TOC file of cdrdao."],
                warnings: reader.warnings,
                soundProblem: reader.soundProblem
            )
        } catch {
            throw ImageFormatError(
                image.name,
                "a TOC file",
                "the table of tracks",
                "can't be right: \(error.problem)"
            )
        }
    }

    private init(_ sheet: TocSheet, _ image: ImageFile) {
        self.sheet = sheet
        self.image = image
        namesOneFile = Set(sheet.tracks.flatMap(\.pieces).compactMap(\.file)).count == 1
        warnings = sheet.warnings
    }

    private func error(_ piece: TocSheet.Piece, _ problem: String) -> ImageFormatError {
        ImageFormatError(
            image.name,
            "a TOC file",
            "the piece “\(piece.file ?? "of silence")”",
            at: piece.offset,
            problem
        )
    }

    private func error(_ entry: TocSheet.Track, _ number: Int, _ problem: String)
        -> ImageFormatError
    {
        ImageFormatError(
            image.name,
            "a TOC file",
            "track \(number)",
            at: entry.offset,
            problem
        )
    }

    private mutating func add(_ entry: TocSheet.Track, number: Int) throws {
        guard !entry.pieces.isEmpty else { throw error(entry, number, "has no audio and no data") }
        let begin = address
        address += entry.pregap
        var mode = entry.mode
        // Where each piece begins.
        var marks: [Int] = []
        if entry.mode.mode == .audio, !entry.hasSubchannel {
            marks = try placeSamples(entry, number)
        } else {
            for piece in entry.pieces {
                marks.append(address)
                try place(piece, entry, &mode)
                guard address <= Self.farthest else {
                    throw error(piece, "ends past what a CD can hold")
                }
            }
        }
        marks.append(address)
        var start = entry.pregap > 0 ? begin + entry.pregap : begin
        if let index = entry.startAfterPieces { start = marks[index] }
        if let mark = entry.start { start = begin + sectors(mark, entry) }
        let isMarked = entry.startAfterPieces != nil || entry.start != nil
        // Of a track without sectors all is pregap, and that is told as odd.
        guard !isMarked || start <= address else {
            throw error(entry, number, "has its START after its end")
        }
        let one = min(start, address)
        var track = Track(
            number: number,
            session: 1,
            mode: mode.mode,
            start: LBA(one),
            length: address - one,
            pregap: one - begin
        )
        track.flags = entry.flags
        track.isrc = entry.isrc
        track.laterIndexes = entry.indexes.map { LBA(one + sectors($0, entry)) }
        tracks.append(track)
    }

    /// No CD has so many sectors.
    private static let farthest = 1 << 20

    // MARK: Audio

    /// Places the pieces of a track of audio, which join sample by sample: only the end of the track
    /// is filled up to a whole sector.
    ///
    /// - Returns: The sector in which each piece begins.
    private mutating func placeSamples(_ entry: TocSheet.Track, _ number: Int) throws -> [Int] {
        let size = RawSector.size
        var pieces: [JoinedSamples.Piece] = []
        var files: [Int?] = []
        var marks: [Int] = []
        var end = 0
        for piece in entry.pieces {
            let (file, offset, count) = try samples(of: piece, entry)
            let isBigEndian = file.map { self.isBigEndian[$0] != piece.isSwapped } ?? false
            marks.append(address + end / size)
            if entry.startAfterPieces == files.count, end % size != 0 {
                warnings.append(
                    "The START of track \(number) lies within a sector; index 1 is at the beginning of that sector."
                )
            }
            end += count
            guard count <= Self.farthest * size, address + end / size <= Self.farthest else {
                throw error(piece, "ends past what a CD can hold")
            }
            files.append(file)
            pieces.append(
                JoinedSamples.Piece(
                    bytes: file.map { self.files[$0] },
                    offset: offset,
                    count: count,
                    isBigEndian: isBigEndian
                )
            )
        }
        guard pieces.contains(where: { $0.count % size != 0 }) else {
            for (piece, file) in zip(pieces, files) {
                let sectors = address..<(address + piece.count / size)
                address = sectors.upperBound
                guard let file, !sectors.isEmpty else { continue }
                var place = Placement(sectors, .raw, file: file, offset: piece.offset)
                place.isBigEndian = piece.isBigEndian
                placements.append(place)
            }
            return marks
        }
        let joined = JoinedSamples(pieces)
        let sectors = address..<(address + joined.byteCount / size)
        if end % size != 0 {
            warnings.append(
                "Track \(number) ends within a sector, which is filled up with \((size - end % size) / 4) samples of silence."
            )
        }
        for file in Set(files.compactMap(\.self)).sorted() {
            let last = zip(pieces, files).filter { $1 == file }.map { $0.0.offset + $0.0.count }
                .max()
            let lack = (last ?? 0) - self.files[file].byteCount
            guard lack > 0 else { continue }
            warnings.append(
                "\(self.files[file].name) is truncated: \(lack) bytes are missing at its end."
            )
        }
        append(joined, claiming: joined.byteCount, isBigEndian: false)
        placements.append(Placement(sectors, .raw, file: self.files.count - 1, offset: 0))
        address = sectors.upperBound
        return marks
    }

    /// The bytes of a piece of audio: those of a file from a place on, or of silence.
    private mutating func samples(of piece: TocSheet.Piece, _ entry: TocSheet.Track) throws
        -> (file: Int?, offset: Int, count: Int)
    {
        let size = RawSector.size
        let told = piece.length?.bytes(stride: size, isData: piece.isData)
        if let told, told % 4 != 0 {
            throw error(piece, "has \(told) bytes, which are no whole samples")
        }
        guard let name = piece.file else { return (nil, 0, told ?? 0) }
        let file = try open(name, piece, entry)
        let (offset, overflow) = piece.skipped.addingReportingOverflow(
            piece.start.bytes(stride: size, isData: piece.isData)
        )
        guard !overflow, offset <= claimed[file] else {
            throw error(piece, "begins past the end of the file")
        }
        if let told { return (file, offset, told) }
        let rest = (claimed[file] - offset) % 4
        if rest != 0 { warnings.append("After the last sample of \(name) lie \(rest) bytes.") }
        return (file, offset, claimed[file] - offset - rest)
    }

    // MARK: Data

    private func sectors(_ length: TocLength, _ entry: TocSheet.Track) -> Int {
        switch length {
        case .sectors(let count): count
        case .units(let count):
            entry.mode.mode.isData ? count / max(1, entry.mode.form.size) : count / 588
        }
    }

    private mutating func place(
        _ piece: TocSheet.Piece,
        _ entry: TocSheet.Track,
        _ mode: inout TocMode
    ) throws {
        let side = entry.hasSubchannel ? SubchannelQ.interleavedSize : 0
        let stride = entry.mode.form.size + side
        guard let name = piece.file else {
            guard let length = piece.length else { return }
            // Of audio with subchannel samples are told, which are those of sectors without.
            let isAudio = entry.mode.mode == .audio
            let unit = isAudio ? RawSector.size : stride
            let bytes = length.bytes(stride: unit, isData: !isAudio)
            guard bytes % unit == 0 else {
                throw error(piece, "has \(bytes) bytes, which are no whole sectors")
            }
            address += bytes / unit
            return
        }
        let file = try open(name, piece, entry)
        let isData = entry.mode.mode.isData
        let (offset, overflow) = piece.skipped.addingReportingOverflow(
            piece.start.bytes(stride: stride, isData: piece.isData)
        )
        let size = claimed[file]
        guard !overflow, offset <= size else {
            throw error(piece, "begins past the end of the file")
        }
        let count: Int
        if let length = piece.length {
            let bytes = length.bytes(stride: stride, isData: piece.isData)
            guard bytes % stride == 0 else {
                throw error(piece, "has \(bytes) bytes, which are no whole sectors")
            }
            count = bytes / stride
        } else {
            count = (size - offset) / stride
            let rest = (size - offset) % stride
            if rest != 0 { warnings.append("After the last sector of \(name) lie \(rest) bytes.") }
        }
        guard count > 0, count <= 1 << 20 else {
            if count == 0 { return }
            throw error(piece, "is longer than a CD")
        }
        if isData, entry.mode.form == .raw,
            let header = try RawProbe(bytes: files[file]).header(at: offset)
        {
            mode = try observed(header.mode, files[file], offset, entry.mode)
        }
        var place = Placement(
            address..<(address + count),
            entry.mode.form,
            file: file,
            offset: offset,
            stride: stride,
            with: side > 0 ? .interleaved : nil
        )
        place.isBigEndian = !isData && isBigEndian[file] != piece.isSwapped
        placements.append(place)
        address += count
    }

    private mutating func observed(
        _ mode: UInt8,
        _ file: any ByteSource,
        _ offset: Int,
        _ declared: TocMode
    ) throws -> TocMode {
        let sector = try file.bytes(offset..<(offset + RawSector.size))
        let isFormless = RawSector.kind(of: sector.span) == .mode2
        let actual: TrackMode = mode == 1 ? .mode1 : isFormless ? .mode2 : .mode2Mixed
        if actual.isMode2 != declared.mode.isMode2 {
            warnings.append(
                "The TOC file says \(declared.word); the sectors are \(actual.displayName)."
            )
        }
        return TocMode(word: declared.word, mode: actual, form: .raw)
    }

    private mutating func open(
        _ name: String,
        _ piece: TocSheet.Piece,
        _ entry: TocSheet.Track
    ) throws -> Int {
        if let number = numbers[name] { return number }
        do {
            try openFile(name, piece)
            numbers[name] = files.count - 1
        } catch {
            let isForData = sheet.tracks.contains { track in
                track.mode.mode.isData && track.pieces.contains { $0.file == name }
            }
            guard !isForData else { throw error }
            // The tracks of data need nothing of it. Each piece says how long it should be.
            let cause = error as? ImageFormatError ?? self.error(piece, "can't be read: \(error)")
            soundProblem = soundProblem ?? cause
            let told = piece.length.map { min(self.sectors($0, entry), 1 << 20) }
            let start = piece.start.bytes(stride: RawSector.size, isData: piece.isData)
            let count = (told ?? MissingSound.fewestSectors) * RawSector.size
            let (end, overflow) = start.addingReportingOverflow(count + piece.skipped)
            let bytes = MissingSound(
                name,
                byteCount: overflow ? count : end,
                reason: cause.complaint
            )
            append(bytes, claiming: bytes.byteCount, isBigEndian: true)
        }
        return files.count - 1
    }

    private mutating func append(
        _ bytes: any ByteSource,
        claiming count: Int,
        isBigEndian: Bool
    ) {
        files.append(bytes)
        claimed.append(count)
        self.isBigEndian.append(isBigEndian)
    }

    private mutating func openFile(_ name: String, _ piece: TocSheet.Piece) throws {
        let isAudio = AudioKind.endings.contains(FilePath(name).extension?.lowercased() ?? "")
        let found: Companion
        do {
            found = try image.companion(
                name,
                endings: namesOneFile ? ["bin", "img", "raw"] : [],
                others: isAudio ? ["wav", "flac", "aiff", "aif"] : []
            )
        } catch let problem {
            throw error(piece, problem.problem)
        }
        warnings += found.warnings
        guard !image.isSame(found) else { throw error(piece, "is the TOC file itself") }
        let file = found.bytes
        // What is not named as audio is samples, the high byte first.
        guard AudioKind.endings.contains(found.path.extension?.lowercased() ?? "") else {
            append(file, claiming: file.byteCount, isBigEndian: true)
            return
        }
        guard file.byteCount > 0 else { throw error(piece, "is empty") }
        guard let sound = try SoundFile.open(file) else {
            let name = try AudioKind.name(of: file)
            throw error(
                piece,
                name.map { "is \($0), which is not read" }
                    ?? "is named as audio, and is no WAVE, AIFF or FLAC file"
            )
        }
        if let surplus = try SoundFile.surplus(of: file) {
            warnings.append(surplus.sentence)
        }
        append(
            sound.bytes,
            claiming: sound.claimedByteCount,
            isBigEndian: sound.isBigEndian
        )
    }
}

import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// The files that a cue sheet names, opened.
struct CueFiles {
    /// The bytes, of audio only its samples.
    private(set) var bytes: [any ByteSource] = []
    /// How many bytes each should have: more than there are if a file of audio is cut off.
    private(set) var claimed: [Int] = []
    /// Whether samples have their high byte first.
    private(set) var isBigEndian: [Bool] = []
    /// The files that can't be had and of which the data tracks need nothing.
    private(set) var missing: Set<Int> = []
    /// Why the first of these can't be had.
    private(set) var problem: ImageFormatError?
    /// What was odd: a sentence each.
    private(set) var warnings: [String] = []

    private let sheet: CueSheet
    private let image: ImageFile

    /// Finds and opens the files.
    ///
    /// - Throws: ``ImageFormatError`` if one that is needed is not there, or can't be audio of a CD.
    init(_ sheet: CueSheet, of image: ImageFile, sound: SoundFile? = nil) throws {
        self.sheet = sheet
        self.image = image
        if let sound {
            append(sound)
            return
        }
        let hasData = sheet.tracks.contains { $0.mode.mode.isData }
        for index in sheet.files.indices {
            do {
                try add(index)
            } catch {
                guard hasData, !holdsData(index), image.cancellation?.isRequested != true else {
                    throw error
                }
                leaveOut(index, error)
            }
        }
    }

    /// Whether a track of data lies in a file.
    private func holdsData(_ file: Int) -> Bool {
        sheet.tracks.contains { track in
            track.mode.mode.isData && track.indexes.contains { $0.file == file }
        }
    }

    private mutating func leaveOut(_ index: Int, _ error: any Error) {
        let entry = sheet.files[index]
        let cause =
            error as? ImageFormatError
            ?? self.error(entry, "can't be read: \((error as? SystemError)?.reason ?? "\(error)")")
        let last = sheet.tracks.flatMap(\.indexes).filter { $0.file == index }.map(\.frames).max()
        // How long it should be is not known.
        let sectors = min((last ?? 0) + MissingSound.fewestSectors, 1 << 20)
        missing.insert(index)
        problem = problem ?? cause
        append(
            MissingSound(
                entry.name,
                byteCount: sectors * RawSector.size,
                reason: cause.complaint
            )
        )
    }

    private func error(_ entry: CueSheet.File, _ problem: String) -> ImageFormatError {
        ImageFormatError(
            image.name,
            "a cue sheet",
            "the file “\(KeptBytes.readable(entry.name))”",
            at: entry.offset,
            problem
        )
    }

    private mutating func append(
        _ source: any ByteSource,
        claiming count: Int? = nil,
        isBigEndian: Bool = false
    ) {
        bytes.append(source)
        claimed.append(max(count ?? 0, source.byteCount))
        self.isBigEndian.append(isBigEndian)
    }

    private mutating func append(_ sound: SoundFile) {
        append(sound.bytes, claiming: sound.claimedByteCount, isBigEndian: sound.isBigEndian)
    }

    /// Tells what a file of audio has that is not taken.
    private mutating func noteSurplus(_ file: FileBytes) throws {
        if let surplus = try SoundFile.surplus(of: file) {
            warnings.append(surplus.sentence)
        }
    }

    private mutating func add(_ index: Int) throws {
        let entry = sheet.files[index]
        let isAudio = entry.kind == .audio
        let found: Companion
        do {
            found = try image.companion(
                entry.name,
                endings: sheet.files.count > 1
                    ? [] : isAudio ? Self.audioEndings : ["bin", "img", "iso", "raw"],
                others: isAudio ? Self.audioEndings : []
            )
        } catch let problem {
            throw error(entry, problem.problem)
        }
        guard !image.isSame(found) else { throw error(entry, "is the cue sheet itself") }
        let file = found.bytes
        if isAudio {
            try addAudio(file, entry, index)
        } else {
            try addSectors(file, entry, found.path)
        }
        warnings += found.warnings
    }

    /// The extensions of files of audio that are read.
    private static let audioEndings = ["wav", "flac", "aiff", "aif"]

    /// Adds what the sheet calls plain sectors.
    ///
    /// A file that is named as audio and is audio is taken as that: its header would be heard as a
    /// click, and what is packed as noise.
    private mutating func addSectors(
        _ file: FileBytes,
        _ entry: CueSheet.File,
        _ path: FilePath
    ) throws {
        if AudioKind.endings.contains(path.extension?.lowercased() ?? "") {
            if let sound = try SoundFile.open(file) {
                warnings.append("“\(file.name)” is a file of audio, not of plain sectors.")
                append(sound)
                try noteSurplus(file)
                return
            }
            if let name = try AudioKind.name(of: file) {
                throw error(entry, "is \(name), which is not read")
            }
        }
        append(file, isBigEndian: entry.kind == .motorola)
    }

    /// Adds audio that is not that of a CD, decoded.
    private mutating func decode(_ file: FileBytes) throws {
        let sound = try image.decoded(file)
        let size = RawSector.size
        let count = (sound.bytes.byteCount + size - 1) / size * size
        append(WindowBytes(sound.bytes, 0..<sound.bytes.byteCount, paddedTo: count))
        warnings += sound.warnings
        let plan = sound.plan
        let clipped = plan.clippedSamples ?? 0
        warnings.append(
            "“\(file.name)” is no audio as a CD has it (\(plan.format), \(plan.rate) Hz): it was decoded\(clipped > 0 ? ", and \(clipped) samples were clipped" : "")."
        )
    }

    /// Adds what the sheet calls audio: what it is, its content says.
    private mutating func addAudio(_ file: FileBytes, _ entry: CueSheet.File, _ index: Int) throws {
        guard file.byteCount > 0 else { throw error(entry, "is empty") }
        let name = try AudioKind.name(of: file)
        do {
            if let sound = try SoundFile.open(file) {
                append(sound)
                try noteSurplus(file)
                if let oddity = try? SoundFile.disagreement(of: file) {
                    warnings.append("“\(file.name)” \(oddity).")
                }
                return
            }
            if name != nil { return try decode(file) }
        } catch let problem as SoundProblem {
            let advice = "unpack it to WAVE or FLAC, and name that in the sheet"
            let kind = name ?? "audio"
            // Some problems say themselves what it is.
            let what =
                problem.problem.hasPrefix("is \(kind),")
                ? problem.problem : "is \(kind) that can't be used; it \(problem.problem)"
            throw error(entry, "\(what): \(advice)")
        } catch let problem as ImageFormatError {
            // It may be of another rate or width.
            do { return try decode(file) } catch is SoundProblem { throw problem }
        }
        let onlyData = sheet.tracks.allSatisfy { track in
            track.mode.mode.isData || !track.indexes.contains { $0.file == index }
        }
        guard onlyData, holdsData(index) else {
            throw error(
                entry,
                "is no WAVE, AIFF or FLAC file; plain samples are BINARY or MOTOROLA in a sheet"
            )
        }
        warnings.append("“\(file.name)” is not an audio file; it is taken as plain sectors.")
        append(file)
    }
}

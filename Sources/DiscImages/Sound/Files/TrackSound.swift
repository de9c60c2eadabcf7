import DiscModel
import LibCodecs
import LibSound
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// The audio of a file as that of a CD: 44100 samples a second, 16 bits, two channels.
///
/// What is that already is read where it lies. All else is decoded, once, into a file that has no
/// name: so its length, its clipped samples and its damage are known before anything is written, and
/// each reading of it gives the same.
struct TrackSound {
    /// The samples: left before right, low byte first; whole ones.
    let bytes: any ByteSource
    /// What is done to the file.
    var plan: PlannedSound
    /// What the file says of itself in words.
    let tags: [SoundTag: String]
    /// What its tags say of it that a disc has codes for.
    let codes: SoundCodes
    /// What it says of who plays the album, if it does.
    let albumArtist: String?
    /// What is odd about it: a sentence each.
    private(set) var warnings: [String]

    /// Samples of a channel that are decoded at once.
    private static let piece = 4096
    /// The channels of a CD.
    private static let channels = 2
    /// Bytes of a sample of both channels.
    static let sampleSize = 4
    /// Samples of a channel in a second.
    static let rate = 44100
    /// Rates that files have.
    private static let rates = 4000...768_000
    /// No disc holds so many samples: 100 minutes.
    static let mostSamples = 450_000 * RawSector.size / sampleSize

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - cancellation: A wish to stop; the audio is then not complete.
    /// - Throws: ``SoundProblem`` if it can't become a track; the system's errors.
    init(_ file: FileBytes, _ cancellation: Cancellation?) throws {
        guard file.byteCount > 0 else { throw SoundProblem("is empty") }
        try Self.refuse(file)
        // Before the library sees it: that takes what is there, and has words on stderr for the rest.
        try OggPages.check(file, cancellation)
        var oddity = try MPEGFrames.check(file, cancellation)
        // What is wrong with the header is found where it is read for the audio.
        if oddity == nil { oddity = try? SoundFile.disagreement(of: file) }
        let texts = try SoundTexts(file)
        codes = SoundCodes(texts, of: file.name)
        albumArtist = texts["ALBUMARTIST"].first.flatMap(Self.line)
        let surplus = (try? SoundFile.surplus(of: file)) ?? nil
        if surplus?.isAnotherPiece ?? false { throw SoundProblem.severalPieces }
        warnings =
            (oddity.map { ["“\(file.name)” \($0)."] } ?? [])
            + [surplus?.sentence].compactMap(\.self)
        if texts.isCut {
            warnings.append(
                "The tags of “\(file.name)” have more or longer texts than are of use; the rest is left aside."
            )
        }
        if let other = try OtherDecoder(file, cancellation) {
            tags = Self.tags(in: texts)
            (bytes, plan) = try Self.decoded(
                file,
                other.decoder,
                paths: other.paths,
                cancellation
            )
            warnings += other.warnings
            return
        }
        let decoder: SndfileDecoder?
        var complaint: SoundError?
        do {
            let body = try Self.body(file)
            decoder = try SndfileDecoder(byteCount: body.byteCount) { offset, buffer in
                try body.read(at: offset, into: &buffer)
            }
        } catch let error as SoundError {
            decoder = nil
            complaint = error
        }
        tags = (decoder?.tags ?? [:]).mapValues(Self.text).filter { !$0.value.isEmpty }
        // A header that can't be read is named below.
        let exact: SoundFile?
        do {
            exact = try SoundFile.open(file)
        } catch let error as ImageFormatError {
            // It may be of another rate, width or coding.
            guard let decoder else { throw SoundProblem("can't be used: \(error.complaint)") }
            try Self.checkLength(file)
            (bytes, plan) = try Self.decoded(file, decoder, cancellation)
            return
        }
        if let exact {
            (bytes, plan) = try Self.plain(file, exact, decoder?.format.name, cancellation)
            return
        }
        guard let decoder else {
            throw SoundProblem(complaint.map { "\($0)" } ?? "is no audio file")
        }
        try Self.checkLength(file)
        (bytes, plan) = try Self.decoded(file, decoder, cancellation)
    }

    /// What the library gets of a file: it passes over one tag before FLAC, and no more.
    private static func body(_ file: FileBytes) throws -> any ByteSource {
        let tag = try AudioKind.tagSize(of: file)
        guard tag > 0, try isFLAC(file, tag) else { return file }
        return WindowBytes(file, tag..<file.byteCount)
    }

    private static func isFLAC(_ file: FileBytes, _ tag: Int) throws -> Bool {
        try file.bytes(tag..<(tag + 4)) == Array("fLaC".utf8)
    }

    /// Whether a file is an audio file, by its content, and by its name where the content is not sure.
    static func isSound(_ file: any ByteSource, ending: String) throws -> Bool {
        let head = try file.bytes(0..<12)
        guard head.count == 12 else { return false }
        let (outer, inner) = (Array(head[0..<4]), Array(head[8..<12]))
        let marks = ["RIFF", "RF64", "BW64", "FORM"].map { Array($0.utf8) }
        let kinds = ["WAVE", "AIFF", "AIFC"].map { Array($0.utf8) }
        if marks.contains(outer), kinds.contains(inner) { return true }
        if outer == Array("fLaC".utf8) || outer == Array("OggS".utf8) { return true }
        guard AudioKind.endings.contains(ending), let name = try AudioKind.name(of: file) else {
            return false
        }
        // A film of the same kind is none; what is damaged is named where it is opened.
        return name != "MPEG-4 (AAC or ALAC)" || (try? MPEG4Track.hasFilm(file)) != true
    }

    /// Refuses what is known and not decoded, by its name.
    private static func refuse(_ file: FileBytes) throws {
        guard let name = try AudioKind.name(of: file), !decodedKinds.contains(name) else { return }
        throw SoundProblem(
            "is \(name), which is not decoded",
            advice: "Unpack it to WAVE or FLAC first."
        )
    }

    /// What ``AudioKind`` names, and is decoded all the same.
    private static let decodedKinds: Set<String> = [
        "Ogg (Opus)", "Ogg (Vorbis)", "Ogg", "MP3", "MPEG audio, layer II",
        "MPEG audio, layer I", "Wave64", "Sun audio", "Core Audio", "WavPack",
        "MPEG-4 (AAC or ALAC)", "AAC", "TTA", "Monkey's Audio",
    ]

    /// The texts that a disc has room for.
    private static func tags(in texts: SoundTexts) -> [SoundTag: String] {
        let names: [SoundTag: String] = [.title: "TITLE", .artist: "ARTIST", .album: "ALBUM"]
        return names.compactMapValues { texts[$0].first.flatMap(line) }
    }

    /// A text that fits into a line; `nil` of others.
    private static func line(_ text: String) -> String? {
        SheetText.fitsIntoLine(text) && !text.isEmpty ? text : nil
    }

    /// The text of a tag: UTF-8, else bytes that are kept.
    private static func text(_ bytes: [UInt8]) -> String {
        let text = String(validating: bytes, as: UTF8.self) ?? KeptBytes.text(of: bytes)
        return SheetText.fitsIntoLine(text) ? text : ""
    }

    // MARK: Audio of a CD

    private static func plain(
        _ file: FileBytes,
        _ sound: SoundFile,
        _ name: String?,
        _ cancellation: Cancellation?
    ) throws -> (any ByteSource, PlannedSound) {
        guard sound.isWhole else {
            throw cutOff(sound.samplesThere, of: sound.samplesClaimed)
        }
        guard sound.samplesClaimed > 0 else { throw SoundProblem("has no audio in it") }
        guard sound.samplesClaimed <= mostSamples else { throw tooLong }
        var bytes = sound.samples
        if sound.isBigEndian { bytes = SwappedBytes(bytes) }
        // What is packed is unpacked once, to see that all of it can be.
        try whole { try (sound.samples as? any SummedBytes)?.checkSums(cancellation) }
        let plan = PlannedSound(
            file: file.paths.first?.string ?? file.name,
            format: name ?? "wav",
            rate: rate,
            channels: channels,
            bits: 16,
            samples: sound.samplesClaimed,
            exact: true
        )
        return (bytes, plan)
    }

    private static func cutOff(_ count: Int, of claimed: Int) -> SoundProblem {
        SoundProblem(
            "is cut off or damaged: it says that it has \(claimed) samples, and \(count) are there"
        )
    }

    static let tooLong = SoundProblem(
        "is longer than a CD",
        advice: "Cut it into discs first, or leave it out."
    )

    // MARK: Other audio

    private static func decoded(
        _ file: FileBytes,
        _ decoder: any SoundDecoder,
        paths: [FilePath]? = nil,
        _ cancellation: Cancellation?
    ) throws -> (any ByteSource, PlannedSound) {
        let format = decoder.format
        guard (1...channels).contains(format.channels) else {
            throw SoundProblem(
                "has \(format.channels) channels, and a CD has two",
                advice: "Mix it down to two channels first, or leave it out."
            )
        }
        guard rates.contains(format.rate) else {
            throw SoundProblem("says that it has \(format.rate) samples a second")
        }
        try prove(file, cancellation)
        let resampler = format.rate == rate ? nil : try Resampler(from: format.rate, to: rate)
        var writer = try SoundWriter()
        var decoded = 0
        var buffer = [Double](repeating: 0, count: piece * format.channels)
        while cancellation?.isRequested != true {
            let count = try decode(decoder, into: &buffer)
            guard count > 0 else { break }
            decoded += count
            guard decoded <= mostSamples * (rates.upperBound / rate + 1) else { throw tooLong }
            try writer.append(stereo(buffer, count, format.channels), through: resampler)
        }
        if decoded > 0, resampler != nil { try writer.append([], through: resampler) }
        if let claimed = format.samples, decoded < claimed, try isSure(file, format),
            cancellation?.isRequested != true
        {
            throw cutOff(decoded, of: claimed)
        }
        guard writer.byteCount > 0 else { throw SoundProblem("has no audio in it") }
        var plan = PlannedSound(
            file: file.paths.first?.string ?? file.name,
            format: format.name,
            rate: format.rate,
            channels: format.channels,
            bits: format.bits,
            samples: writer.byteCount / sampleSize,
            exact: resampler == nil && !writer.requantizer.isDithered && format.bits != nil
        )
        plan.resampler = resampler == nil ? nil : Resampler.name
        plan.dither = writer.requantizer.isDithered ? "tpdf" : nil
        plan.clippedSamples = plan.exact ? nil : writer.requantizer.clipped
        let source = DecodedBytes(
            writer.file,
            byteCount: writer.byteCount,
            name: file.name,
            paths: paths ?? file.paths
        )
        return (source, plan)
    }

    private static func decode(_ decoder: any SoundDecoder, into buffer: inout [Double]) throws
        -> Int
    {
        do {
            var span = buffer.mutableSpan
            return try decoder.decode(into: &span)
        } catch let error as SoundError {
            throw SoundProblem("\(error)")
        }
    }

    /// Two channels of finite samples: one is doubled.
    private static func stereo(_ samples: [Double], _ count: Int, _ channels: Int) -> [Double] {
        var result = [Double](repeating: 0, count: count * Self.channels)
        for i in 0..<result.count {
            let value = samples[channels == 1 ? i / 2 : i]
            // A resampler would spread what is no number, and what is out of all measure.
            result[i] = value.isNaN ? 0 : min(max(value, -loudest), loudest)
        }
        return result
    }

    /// Samples of floating point go beyond full scale; those of no sensible file go beyond this.
    private static let loudest = 1024.0

    // MARK: Whether it is whole

    /// Fails if a file's header says that it has more than there is: the library would take what is
    /// there.
    private static func checkLength(_ file: FileBytes) throws {
        guard let lack = try SoundFile.missingBytes(of: file), lack > 0 else { return }
        throw SoundProblem("is cut off: \(lack) bytes of its audio are missing")
    }

    /// Fails if a FLAC file is not what its header says: the library does not look at that.
    private static func prove(_ file: FileBytes, _ cancellation: Cancellation?) throws {
        guard try isFLAC(file, try AudioKind.tagSize(of: file)) else { return }
        try whole { try FlacBytes.prove(try body(file), cancellation) }
    }

    private static func whole(_ check: () throws -> Void) throws {
        do {
            try check()
        } catch let error as FLACError {
            throw SoundProblem("\(error)")
        }
    }

    /// Whether the number of samples that a file says it has is more than a guess: of MPEG audio it is
    /// one if the first frame says nothing of the whole.
    private static func isSure(_ file: FileBytes, _ format: SoundFormat) throws -> Bool {
        guard ["mp1", "mp2", "mp3"].contains(format.name) else { return true }
        let tag = try AudioKind.tagSize(of: file)
        let head = try file.bytes(tag..<(tag + 4096))
        return ["Xing", "Info", "VBRI"].contains { word in
            let mark = Array(word.utf8)
            return (0..<max(0, head.count - 4)).contains { head[$0..<($0 + 4)].elementsEqual(mark) }
        }
    }
}

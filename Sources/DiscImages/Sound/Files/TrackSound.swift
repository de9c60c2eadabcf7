import DiscModel
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
    /// What the file has that is not taken: one sentence; `nil` if that is nothing.
    let surplus: String?

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
        let decoder: SndfileDecoder?
        var complaint: SoundError?
        do {
            decoder = try SndfileDecoder(byteCount: file.byteCount) { offset, buffer in
                try file.read(at: offset, into: &buffer)
            }
        } catch let error as SoundError {
            decoder = nil
            complaint = error
        }
        tags = (decoder?.tags ?? [:]).mapValues(Self.text).filter { !$0.value.isEmpty }
        // A header that can't be read is named below.
        surplus = (try? SoundFile.surplus(of: file)) ?? nil
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
        (bytes, plan) = try Self.decoded(file, decoder, cancellation)
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
        guard AudioKind.endings.contains(ending) else { return false }
        return try AudioKind.name(of: file) != nil
    }

    /// Refuses what is known and not decoded, by its name.
    private static func refuse(_ file: FileBytes) throws {
        guard let name = try AudioKind.name(of: file), !decodedKinds.contains(name) else { return }
        guard name == "MPEG-4 (AAC or ALAC)" else {
            throw SoundProblem(
                "is \(name), which is not decoded",
                advice: "Unpack it to WAVE or FLAC first."
            )
        }
        let coding = try MPEG4Coding(of: file)
        throw SoundProblem(
            "is \(coding.displayName), which is not decoded",
            advice: coding.isLossless
                ? "Unpack it to FLAC or WAVE first, such as with ffmpeg; nothing is lost by that."
                : "Decode it to WAVE first, such as with ffmpeg."
        )
    }

    /// What ``AudioKind`` names, and is decoded all the same.
    private static let decodedKinds: Set<String> = [
        "Ogg (Opus)", "Ogg (Vorbis)", "Ogg", "MP3", "MPEG audio, layer II",
        "MPEG audio, layer I", "Wave64", "Sun audio", "Core Audio",
    ]

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
        if bytes.fileRange(at: 0) == nil, !sound.isBigEndian { try readAll(bytes, cancellation) }
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

    private static func readAll(_ bytes: any ByteSource, _ cancellation: Cancellation?) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while offset < bytes.byteCount, cancellation?.isRequested != true {
            var span = buffer.mutableSpan
            let got: Int
            do {
                got = try bytes.read(at: offset, into: &span)
            } catch let error as UnreadableBytes {
                throw SoundProblem("can't be unpacked: \(error.reason)")
            }
            guard got > 0 else {
                throw cutOff(offset / sampleSize, of: bytes.byteCount / sampleSize)
            }
            offset += got
        }
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
        try checkEnd(file, format)
        let resampler = format.rate == rate ? nil : try Resampler(from: format.rate, to: rate)
        var writer = SoundWriter(try NamelessFile.create())
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
        if let claimed = format.samples, decoded < claimed, try isSure(file, format) {
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
        let source = DecodedBytes(writer.file, byteCount: writer.byteCount, of: file)
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

    /// Fails if an Ogg stream has no page that says that it is the last (RFC 3533 §6).
    private static func checkEnd(_ file: FileBytes, _ format: SoundFormat) throws {
        guard try file.bytes(0..<4) == Array("OggS".utf8) else { return }
        let tail = try file.bytes(max(0, file.byteCount - (1 << 17))..<file.byteCount)
        let mark = Array("OggS".utf8)
        var last: UInt8?
        for i in 0..<max(0, tail.count - 5)
        where tail[i] == mark[0] && tail[i..<(i + 4)].elementsEqual(mark) {
            last = tail[i + 5]
        }
        guard let last, last & 4 != 0 else {
            throw SoundProblem("is cut off: its last page is missing")
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

/// What was decoded of a file.
private final class DecodedBytes: ByteSource {
    let name: String
    let byteCount: Int
    let paths: [FilePath]
    private let file: File

    init(_ file: File, byteCount: Int, of origin: FileBytes) {
        self.file = file
        self.byteCount = byteCount
        name = origin.name
        paths = origin.paths
    }

    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard offset >= 0, offset < byteCount else { return 0 }
        return try file.read(at: offset, into: &buffer)
    }

    func fileRange(at offset: Int) -> FileRange? {
        guard offset >= 0, offset < byteCount else { return nil }
        return FileRange(file, offset: offset, count: byteCount - offset)
    }
}

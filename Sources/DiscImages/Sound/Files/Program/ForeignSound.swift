import DiscModel
import Transfer

/// An audio file that the program `ffmpeg` decodes, as the file describes itself.
///
/// What comes out is held against that: the program is not asked which kind of file it is, nor how long.
struct ForeignSound {
    /// The format's name for programs, such as `aac`.
    let name: String
    /// The format's name for people.
    let displayName: String
    /// The program's name of the container, which it does not guess.
    let container: String
    /// The bits of a sample; `nil` if it has none of whole numbers.
    var bits: Int?
    /// The part of what is decoded that is to be heard, in ticks; `nil` for all of it.
    var part: Range<Int>?
    /// Ticks in a second; `nil` if these are the samples.
    var ticksPerSecond: Int?
    /// The ticks of all of it; `nil` if that is not known.
    var ticks: Int?
    /// Packets of equal length that it has; `nil` if that is not known.
    var packets: Int?
    /// Packets of which all but the last one are full; `nil` if it has none of that kind, or does not say how
    /// many samples these are.
    var filled: FilledPackets?
    /// What is odd: a sentence each.
    var warnings: [String] = []

    /// Samples that a packet of AAC becomes, without and with a second band (ISO/IEC 14496-3 §4.5.1.1).
    static let packetSizes = [960, 1024, 1920, 2048]

    /// Looks at a file.
    ///
    /// - Returns: `nil` of files that other decoders decode.
    /// - Throws: ``SoundProblem`` if it is not whole, or of a kind that is not decoded; errors of the file.
    static func of(_ file: FileBytes, _ cancellation: Cancellation?) throws -> ForeignSound? {
        switch try AudioKind.name(of: file) {
        case "MPEG-4 (AAC or ALAC)": return try mpeg4(file)
        case "AAC":
            var sound = ForeignSound(name: "aac", displayName: "AAC", container: "aac")
            sound.packets = try ADTSFrames(file, cancellation).packets
            sound.warnings = [
                "“\(file.name)” does not say which samples its encoder added at both ends; nothing is cut from it."
            ]
            return sound
        case "TTA": return try tta(file)
        case "Monkey's Audio":
            let audio = try MonkeysAudio(file)
            try audio.prove(file, cancellation)
            var sound = ForeignSound(
                name: "ape",
                displayName: "Monkey's Audio",
                container: "ape"
            )
            sound.bits = audio.bits
            sound.part = 0..<audio.samples
            return sound
        default: return nil
        }
    }

    private init(name: String, displayName: String, container: String) {
        self.name = name
        self.displayName = displayName
        self.container = container
    }

    private static func tta(_ file: FileBytes) throws -> ForeignSound {
        let start = try AudioKind.tagSize(of: file)
        let head = try file.bytes(start..<(start + 22))
        let fields = BinaryFields(file.name, "TTA", head)
        guard head.starts(with: Array("TTA1".utf8)), head.count == 22 else {
            throw SoundProblem(
                "is TTA of another version than 1, which is not decoded",
                advice: "Unpack it to WAVE or FLAC first."
            )
        }
        var sound = ForeignSound(name: "tta", displayName: "TTA", container: "tta")
        sound.bits = try fields.u16(8, "the bits")
        sound.part = 0..<(try fields.u32(14, "the samples"))
        return sound
    }

    private static func mpeg4(_ file: FileBytes) throws -> ForeignSound {
        guard try !MPEG4Track.hasFilm(file) else {
            throw SoundProblem(
                "is a film, and no audio file",
                advice: "Take the audio out of it first, such as with ffmpeg, or leave it out."
            )
        }
        let track = try MPEG4Track(file)
        let coding = track.coding
        guard let name = coding.name else {
            guard !coding.isEncrypted else {
                throw SoundProblem(
                    "is \(coding.displayName), which can't be decoded",
                    advice: "Get it without encryption, or leave it out."
                )
            }
            throw SoundProblem(
                "is \(coding.displayName), which is not decoded",
                advice: coding.isLossless
                    ? "Convert it to FLAC first, such as with ffmpeg; nothing is lost by that."
                    : "Convert it to FLAC first, such as with ffmpeg."
            )
        }
        guard track.packets > 0, track.ticks > 0 else { throw SoundProblem("has no audio in it") }
        var sound = ForeignSound(name: name, displayName: coding.displayName, container: "mov")
        sound.bits = coding.bits
        sound.ticksPerSecond = track.ticksPerSecond
        sound.part = track.edit ?? 0..<track.ticks
        sound.filled = track.filled
        sound.ticks = track.ticks
        if let oddity = track.oddity { sound.warnings.append("“\(file.name)” \(oddity).") }
        guard name == "aac" else { return sound }
        sound.packets = track.packets
        if let part = try gapless(file, track) {
            sound.part = part
        } else if track.edit == nil {
            sound.warnings.append(
                "“\(file.name)” does not say which samples its encoder added at both ends; nothing is cut from it."
            )
            sound.part = nil
        }
        return sound
    }

    /// What iTunes and others say of the part that is to be heard: samples that were added before it and
    /// after it, and those between, in hexadecimal numbers.
    ///
    /// - Returns: `nil` if the file does not say it, or it does not fit the file.
    private static func gapless(_ file: FileBytes, _ track: MPEG4Track) throws -> Range<Int>? {
        var texts = TagTexts()
        try MPEG4Tags.take(file, into: &texts)
        guard let text = texts["ITUNSMPB"].first else { return nil }
        let numbers = text.split(separator: " ").prefix(4).map { Int($0, radix: 16) ?? -1 }
        guard numbers.count == 4, numbers.allSatisfy({ (0..<1 << 40).contains($0) }),
            packetSizes.contains(track.longestPacket)
        else { return nil }
        let (before, after, count) = (numbers[1], numbers[2], numbers[3])
        let (whole, overflow) = track.packets.multipliedReportingOverflow(by: track.longestPacket)
        guard !overflow, count > 0, count <= whole, before <= whole - count else { return nil }
        // All packets but the last are of one length, which some programs shorten.
        guard whole - count - before >= after - track.longestPacket,
            whole - count - before <= after + track.longestPacket
        else { return nil }
        return before..<(before + count)
    }
}

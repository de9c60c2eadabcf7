import LibSound
import LinuxCalls
import Transfer

/// Decodes with the program `ffmpeg`, in a process of its own.
///
/// The program gets the open file and no path, reads nothing else, and is told which kind of file it is.
/// It decodes all of it; which part is to be heard, the file itself says. Any complaint of the program is
/// an error, and so is another number of samples than the file has.
final class FFmpegDecoder: SoundDecoder {
    /// The program's name.
    static let program = "ffmpeg"

    let format: SoundFormat
    /// None: the tags of such files are read where those of others are.
    var tags: [SoundTag: [UInt8]] { [:] }
    /// What became known when it was decoded: one sentence; `nil` if nothing is odd.
    private(set) var note: String?

    private let sound: ForeignSound
    private let process: FFmpegProcess
    private let isFloat: Bool
    /// The part that is to be heard, in samples of a channel; open at the end if that is not known.
    private let start: Int
    private let end: Int?
    /// Whether the file's ticks tell these exactly.
    private let isExact: Bool
    /// How many samples of a channel there are, as the packets have it where ticks don't tell; `nil` if these do, or
    /// nothing does.
    private let expected: ClosedRange<Int>?
    private let fileName: String
    /// Samples of a channel that came so far.
    private var position = 0
    private var isOver = false

    /// Bytes of a sample of one channel.
    private static let width = 4
    /// No disc has room for so many samples, whatever their rate.
    private static let mostSamples = TrackSound.mostSamples * 18

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - sound: What the file is.
    ///   - file: The file.
    ///   - cancellation: A wish to stop; decoding then ends with ``SoundProblem``.
    /// - Throws: ``SoundProblem`` if the program is not installed, or does not decode the file; the
    ///   system's errors.
    init(_ sound: ForeignSound, of file: FileBytes, _ cancellation: Cancellation?) throws {
        self.sound = sound
        fileName = file.name
        isFloat = sound.bits == nil
        guard let input = file.fileRange(at: 0)?.file else { throw SoundProblem("is empty") }
        do {
            process = try FFmpegProcess(
                Self.arguments(sound, isFloat: isFloat),
                input: input,
                cancellation
            )
        } catch {
            guard error.isNoSuchFile else { throw error }
            throw SoundProblem(
                "is \(sound.displayName), which the program ffmpeg decodes, and that is not installed",
                advice: "Install the package ffmpeg, or convert the file to FLAC first."
            )
        }
        let header = try AudioStreamHeader(process, isFloat: isFloat)
        let (rate, part) = (header.rate, sound.part)
        let scale = sound.ticksPerSecond ?? rate
        let isExact = Self.isExact(sound, rate, scale)
        let start = part.map { Self.samples($0.lowerBound, rate, scale) } ?? 0
        self.start = start
        // Rounded ticks would cut off what is behind them.
        let isToTheEnd = !isExact && sound.bits != nil && part?.upperBound == sound.ticks
        let end = isToTheEnd ? nil : part.map { Self.samples($0.upperBound, rate, scale) }
        self.end = end
        self.isExact = isExact
        let expected = isExact ? nil : sound.filled?.samples(at: rate)
        self.expected = expected
        if !isExact, sound.bits != nil {
            note = Self.note(
                on: file.name,
                scale,
                isCut: start > 0 || !isToTheEnd,
                isKnown: expected != nil
            )
        }
        format = SoundFormat(
            name: sound.name,
            displayName: sound.displayName,
            rate: rate,
            channels: header.channels,
            bits: sound.bits,
            samples: isExact ? end.map { $0 - start } : nil
        )
    }

    /// Whether ticks tell the number of samples.
    ///
    /// Of lossless audio each sample has to have ticks of its own: a length in coarser ones has been rounded.
    private static func isExact(_ sound: ForeignSound, _ rate: Int, _ scale: Int) -> Bool {
        guard sound.bits != nil, scale != rate else { return rate % scale == 0 }
        let each = scale / max(1, rate)
        guard scale % max(1, rate) == 0, let part = sound.part else { return false }
        return part.lowerBound % each == 0 && part.upperBound % each == 0
    }

    /// What can't be known of lossless audio whose ticks are no samples: one sentence; `nil` if all can.
    private static func note(on name: String, _ scale: Int, isCut: Bool, isKnown: Bool) -> String? {
        if isCut {
            return
                "“\(name)” says where it begins and ends in ticks of 1/\(scale) s, which are no samples: some may be missing or left over there."
        }
        return isKnown
            ? nil
            : "“\(name)” does not say how many samples it has, so that none may be missed at its end."
    }

    /// A place in ticks as one in samples; one that no file has is too large for all that is compared
    /// with it.
    private static func samples(_ ticks: Int, _ rate: Int, _ scale: Int) -> Int {
        guard rate != scale else { return ticks }
        let (product, isLarge) = ticks.multipliedReportingOverflow(by: rate)
        let (rounded, overflow) = product.addingReportingOverflow(scale / 2)
        return isLarge || overflow ? .max : rounded / scale
    }

    private static func arguments(_ sound: ForeignSound, isFloat: Bool) -> [String] {
        var arguments = [
            program, "-nostdin", "-hide_banner", "-loglevel", "error", "-xerror",
            "-max_error_rate", "0", "-threads", "1", "-protocol_whitelist", "file",
            "-err_detect", "crccheck+bitstream+buffer+explode", "-flags2", "+skip_manual",
        ]
        if sound.container == "mov" { arguments += ["-ignore_editlist", "1"] }
        arguments += [
            "-f", sound.container, "-i", "file:/proc/self/fd/0", "-map", "0:a:0",
            "-map_metadata", "-1", "-bitexact", "-c:a", isFloat ? "pcm_f32be" : "pcm_s32be",
            "-f", "au", "pipe:1",
        ]
        return arguments
    }

    func decode(into buffer: inout MutableSpan<Double>) throws -> Int {
        let size = Self.width * format.channels
        while !isOver {
            guard try process.fill(size) else {
                isOver = true
                try checkEnd()
                return 0
            }
            let ready = process.count / size
            guard position < Self.mostSamples else { throw TrackSound.tooLong }
            // Samples that the encoder added are left out.
            let isWanted = position >= start && position < end ?? .max
            let limit = position < start ? start : isWanted ? end ?? .max : .max
            let count = min(
                ready,
                limit - position,
                isWanted ? buffer.count / format.channels : .max
            )
            guard count > 0 else { return 0 }
            position += count
            guard isWanted else {
                process.drop(count * size)
                continue
            }
            for i in 0..<(count * format.channels) {
                let bits = process.number(at: i * Self.width)
                buffer[i] =
                    isFloat
                    ? Double(Float(bitPattern: bits))
                    : Double(Int32(bitPattern: bits)) / 0x8000_0000
            }
            process.drop(count * size)
            return count
        }
        return 0
    }

    /// Fails if the program failed, or gave another number of samples than the file has.
    private func checkEnd() throws {
        try process.finish()
        if let packets = sound.packets, packets > 0 {
            let (each, rest) = position.quotientAndRemainder(dividingBy: packets)
            guard rest == 0, ForeignSound.packetSizes.contains(each) else {
                throw SoundProblem(
                    "is damaged: its \(packets) packets became \(position) samples, which can't be all of them"
                )
            }
            if each > 1024, sound.part != nil {
                note =
                    "“\(fileName)” is HE-AAC: what its encoder added at both ends may be cut some milliseconds too early or too late."
            }
        }
        if let expected, !expected.contains(position) {
            let count =
                expected.count == 1
                ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)"
            throw SoundProblem(
                "is cut off or damaged: its packets have \(count) samples, and \(position) are there"
            )
        }
        if let end, isExact, position < end {
            throw SoundProblem(
                "is cut off or damaged: it says that it has \(end) samples, and \(position) are there"
            )
        }
    }
}

/// The head of what the program writes: Sun audio, whose length is open.
private struct AudioStreamHeader {
    let rate: Int
    let channels: Int

    private static let size = 24
    /// The numbers of its codings: whole numbers of 32 bits, and floating point of 32 bits.
    private static let codings = (whole: 5, float: 6)
    private static let longest = 4096
    private static let mostChannels = 256

    /// Reads it.
    ///
    /// - Throws: ``SoundProblem`` if the program failed, or it is another one.
    init(_ process: FFmpegProcess, isFloat: Bool) throws {
        guard try process.fill(Self.size) else {
            try process.finish()
            throw SoundProblem("can't be decoded: ffmpeg gave nothing")
        }
        let fields = (0..<6).map { Int(process.number(at: 4 * $0)) }
        let coding = isFloat ? Self.codings.float : Self.codings.whole
        guard fields[0] == 0x2E73_6E64, fields[3] == coding, fields[4] > 0,
            (1...Self.mostChannels).contains(fields[5]),
            (Self.size...Self.longest).contains(fields[1])
        else { throw SoundProblem("can't be decoded: ffmpeg gave something else than audio") }
        rate = fields[4]
        channels = fields[5]
        guard try process.fill(fields[1]) else {
            try process.finish()
            throw SoundProblem("has no audio in it")
        }
        process.drop(fields[1])
    }
}

import LinuxCalls
import Transfer

/// The running program `ffmpeg`, what it writes, and what it complains of.
final class FFmpegProcess {
    private let child: ChildProcess
    private let output: StreamSocket
    private let errors: StreamSocket
    private let cancellation: Cancellation?
    /// What came and was not used yet, from a place on.
    private var bytes: [UInt8] = []
    private var place = 0
    /// The beginning of its complaints.
    private var words: [UInt8] = []
    private var hasEnded = false
    private var areErrorsOver = false

    /// Seconds in which the program must write something.
    private static let patience = 60.0
    /// Seconds in which a wish to stop is seen.
    private static let slice = 0.2
    /// Seconds that it has to end after its last byte.
    private static let grace = 10.0
    /// Bytes that are taken at once.
    private static let piece = 1 << 16
    private static let mostWords = 4096

    /// Starts it.
    ///
    /// - Parameters:
    ///   - arguments: Its name and its arguments.
    ///   - input: Its input, and the only file that it gets.
    ///   - cancellation: A wish to stop.
    /// - Throws: The system's error if it can't be started.
    init(_ arguments: [String], input: File, _ cancellation: Cancellation?) throws(SystemError) {
        let (output, itsOutput) = try StreamSocket.pair()
        let (errors, itsErrors) = try StreamSocket.pair()
        child = try ChildProcess(
            arguments: arguments,
            environment: Environment.bare + ["AV_LOG_FORCE_NOCOLOR=1"],
            directory: nil,
            input: input,
            output: itsOutput,
            errors: itsErrors
        )
        self.output = output
        self.errors = errors
        self.cancellation = cancellation
    }

    deinit {
        guard !hasEnded else { return }
        output.shutDown()
        child.killGroup()
        _ = child.wait()
    }

    /// How many bytes are there.
    var count: Int { bytes.count - place }

    /// Waits until so many bytes are there.
    ///
    /// - Returns: Whether they are; else nothing more comes, and what is left is less.
    /// - Throws: ``SoundProblem`` if the program complains or hangs, or somebody wished to stop.
    func fill(_ wanted: Int) throws -> Bool {
        while count < wanted {
            guard try receive() else { return false }
        }
        return true
    }

    /// The number of four bytes at a place among those that are there, the high one first.
    func number(at offset: Int) -> UInt32 {
        let at = place + offset
        return UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16 | UInt32(bytes[at + 2]) << 8
            | UInt32(bytes[at + 3])
    }

    /// Goes on after so many bytes.
    func drop(_ count: Int) {
        place += count
    }

    private func receive() throws -> Bool {
        let deadline = Clock.seconds + Self.patience
        while true {
            drainErrors(seconds: 0)
            if let complaint { throw SoundProblem("can't be decoded: \(complaint)") }
            guard cancellation?.isRequested != true else {
                throw SoundProblem("is not decoded to its end")
            }
            if output.waitForInput(seconds: Self.slice) { break }
            guard Clock.seconds < deadline else {
                throw SoundProblem(
                    "can't be decoded: ffmpeg gave nothing for \(Int(Self.patience)) seconds"
                )
            }
        }
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        var span = buffer.mutableSpan
        let count = try output.receive(into: &span)
        guard count > 0 else { return false }
        bytes.removeFirst(place)
        place = 0
        bytes += buffer[..<count]
        return true
    }

    /// Waits for the program's end.
    ///
    /// - Throws: ``SoundProblem`` if it complained or failed.
    func finish() throws {
        let deadline = Clock.seconds + Self.grace
        while !areErrorsOver, Clock.seconds < deadline { drainErrors(seconds: Self.slice) }
        let ending = child.end(within: Self.grace)
        hasEnded = true
        if let complaint { throw SoundProblem("can't be decoded: \(complaint)") }
        switch ending {
        case .exited(0): return
        case .exited(let code):
            throw SoundProblem("can't be decoded: ffmpeg ended with code \(code)")
        case .signalled(let number):
            throw SoundProblem("can't be decoded: ffmpeg was ended by signal \(number)")
        case nil: throw SoundProblem("can't be decoded: ffmpeg hangs")
        }
    }

    private func drainErrors(seconds: Double) {
        guard !areErrorsOver, errors.waitForInput(seconds: seconds) else { return }
        var buffer = [UInt8](repeating: 0, count: Self.mostWords)
        var span = buffer.mutableSpan
        let count = (try? errors.receive(into: &span)) ?? 0
        areErrorsOver = count == 0
        words += buffer.prefix(min(count, Self.mostWords - words.count))
    }

    /// The first line of what it complained of, as the rest of a sentence; `nil` if it did not.
    private var complaint: String? {
        guard !words.isEmpty else { return nil }
        var line = String(decoding: words.prefix { $0 != 0x0A }, as: UTF8.self)
        // The part of the program that complains comes first, with an address: “[aac @ 0x55d0c2]”.
        if line.first == "[", let end = line.firstIndex(of: "]") {
            line = String(line[line.index(after: end)...].drop { $0 == " " })
        }
        let name = "file:/proc/self/fd/0: "
        if line.hasPrefix(name) { line.removeFirst(name.count) }
        let clean = line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        var text = String(String.UnicodeScalarView(clean).prefix(160))
        if text.last == "." || text.last == "!" { text.removeLast() }
        return "ffmpeg says “\(text)”"
    }
}

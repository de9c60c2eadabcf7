import Transfer

/// The frames of MPEG audio (ISO/IEC 11172-3 §2.4), to see what a decoder would not tell: that the file
/// has more of them than its header counts, as files that were joined have.
struct MPEGFrames {
    /// What the header of a frame says.
    private struct Header {
        /// The version, the layer, the rate, and whether there is one channel: the same in all frames.
        var kind: [UInt8]
        /// Its bytes; 0 where the header leaves this open.
        var length: Int
    }

    private let file: FileBytes
    /// What was read last, and where it lies.
    private var window: [UInt8] = []
    private var windowStart = 0

    private static let windowSize = 1 << 16

    /// Walks through the frames.
    ///
    /// - Parameters:
    ///   - file: Any file; nothing is said of those that are no MPEG audio.
    ///   - cancellation: A wish to stop; the rest is then not looked at.
    /// - Returns: What is odd, as the rest of a sentence about the file; `nil` if nothing is.
    /// - Throws: ``SoundProblem`` if some of it is missing or damaged, or it holds several pieces; errors
    ///   of the file.
    static func check(_ file: FileBytes, _ cancellation: Cancellation?) throws -> String? {
        guard let name = try AudioKind.name(of: file), name == "MP3" || name.hasPrefix("MPEG audio")
        else { return nil }
        var frames = MPEGFrames(file: file)
        return try frames.walk(cancellation)
    }

    private init(file: FileBytes) {
        self.file = file
    }

    private mutating func walk(_ cancellation: Cancellation?) throws -> String? {
        var at = try AudioKind.tagSize(of: file)
        // A length that the header leaves open tells nothing of the next frame.
        guard let first = try header(at), first.length > 0 else { return nil }
        let told = try counted(at, first)
        if told != nil { at += first.length }
        var count = 0
        while at < file.byteCount {
            guard cancellation?.isRequested != true else { return nil }
            if let told, count >= told { break }
            if let next = try header(at), next.length > 0 {
                // A change that lasts begins another piece; one frame alone may be damaged.
                if next.kind != first.kind, try header(at + next.length)?.kind == next.kind {
                    throw SoundProblem.severalPieces
                }
                if next.kind == first.kind {
                    guard at + next.length <= file.byteCount else {
                        guard told == nil else { break }
                        return "ends in the middle of a frame, which is left out"
                    }
                    count += 1
                    at += next.length
                    continue
                }
            }
            let tag = try tagSize(at)
            guard tag > 0 else { break }
            at += tag
        }
        // One frame more is no other piece: encoders differ in whether they count the one that says so.
        let isAllThere = told.map { count >= $0 } ?? false
        if isAllThere, try chain(at, of: first.kind, 2) { throw SoundProblem.severalPieces }
        if let more = try nextFrame(from: at, of: first.kind) {
            throw isAllThere
                ? SoundProblem.severalPieces
                : SoundProblem(
                    "is damaged: \(more - at) bytes from byte \(at) on are no frames of audio"
                )
        }
        if let told, count + 1 < told {
            throw SoundProblem(
                "is cut off or damaged: it says that it has \(told) frames, and \(count) are there"
            )
        }
        return nil
    }

    // MARK: Frames

    /// How many frames the file says it has, in a first frame that has no audio; `nil` if it says
    /// nothing of it.
    private mutating func counted(_ at: Int, _ first: Header) throws -> Int? {
        let frame = try file.bytes(at..<(at + min(first.length, 256)))
        func number(_ place: Int) -> Int? {
            guard place + 4 <= frame.count else { return nil }
            return frame[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        func has(_ word: String, _ place: Int) -> Bool {
            frame.dropFirst(place).starts(with: Array(word.utf8))
        }
        // VBRI lies 32 bytes behind the header; Xing behind what layer III keeps there, which a CRC
        // moves.
        if has("VBRI", 36) { return number(50) }
        for place in [13, 15, 21, 23, 36, 38] where has("Xing", place) || has("Info", place) {
            guard let flags = number(place + 4), flags & 1 != 0 else { return nil }
            return number(place + 8)
        }
        return nil
    }

    /// Bit rates in kbit/s, by the version (MPEG-1 or later) and the layer.
    private static let bitRates: [String: [Int]] = [
        "1.1": [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        "1.2": [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        "1.3": [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        "2.1": [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        "2.2": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
        "2.3": [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]
    private static let rates = [44100, 48000, 32000]

    private mutating func header(_ at: Int) throws -> Header? {
        let bytes = try take(at, 4)
        guard bytes.count == 4, bytes[0] == 0xFF, bytes[1] & 0xE0 == 0xE0 else { return nil }
        let version = bytes[1] >> 3 & 3
        let layer = 4 - Int(bytes[1] >> 1 & 3)
        let (index, rateIndex) = (Int(bytes[2] >> 4), Int(bytes[2] >> 2 & 3))
        guard version != 1, layer < 4, index < 15, rateIndex < 3 else { return nil }
        let isFirstVersion = version == 3
        let kind = [bytes[1] & 0x1E, bytes[2] & 0x0C, bytes[3] >> 6 == 3 ? 1 : 0]
        guard index > 0, let bitRates = Self.bitRates["\(isFirstVersion ? 1 : 2).\(layer)"] else {
            return Header(kind: kind, length: 0)
        }
        let rate = Self.rates[rateIndex] / (isFirstVersion ? 1 : version == 2 ? 2 : 4)
        let bits = bitRates[index - 1] * 1000
        let padding = Int(bytes[2] >> 1 & 1)
        let length =
            switch layer {
            case 1: (12 * bits / rate + padding) * 4
            case 3 where !isFirstVersion: 72 * bits / rate + padding
            default: 144 * bits / rate + padding
            }
        return Header(kind: kind, length: length)
    }

    /// Whether so many frames follow one another from a place on.
    private mutating func chain(_ place: Int, of kind: [UInt8], _ count: Int) throws -> Bool {
        var at = place
        for _ in 0..<count {
            guard let next = try header(at), next.kind == kind, next.length > 0,
                at + next.length <= file.byteCount
            else { return false }
            at += next.length
        }
        return true
    }

    /// The next place from which on frames follow one another: so many that no picture in a tag looks
    /// like them.
    private mutating func nextFrame(from place: Int, of kind: [UInt8]) throws -> Int? {
        var at = place
        while at < file.byteCount {
            let bytes = try file.bytes(at..<min(file.byteCount, at + Self.windowSize))
            guard !bytes.isEmpty else { return nil }
            for i in bytes.indices where bytes[i] == 0xFF {
                if try chain(at + i, of: kind, 4) { return at + i }
            }
            at += bytes.count
        }
        return nil
    }

    /// The size of a tag that lies between frames: ID3v2, ID3v1, or APE with its header.
    private mutating func tagSize(_ at: Int) throws -> Int {
        let head = try take(at, 32)
        if head.starts(with: Array("TAG".utf8)) { return 128 }
        if head.count == 32, head.starts(with: Array("APETAGEX".utf8)) {
            // Its length counts no header (APEv2).
            return 32 + head[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        guard head.count >= 10, head.starts(with: Array("ID3".utf8)) else { return 0 }
        return try AudioKind.tagSize(of: WindowBytes(file, at..<file.byteCount))
    }

    private mutating func take(_ at: Int, _ count: Int) throws -> [UInt8] {
        if at < windowStart || at + count > windowStart + window.count {
            window = try file.bytes(at..<(at + Self.windowSize))
            windowStart = at
        }
        let start = at - windowStart
        return Array(window[min(start, window.count)..<min(start + count, window.count)])
    }
}

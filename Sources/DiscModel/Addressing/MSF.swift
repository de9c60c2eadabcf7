/// A time on a CD: minutes, seconds and frames, 75 frames a second.
///
/// One frame is one sector; LBA 0 lies at 00:02:00 (ECMA-130 §22.3.3.3, MMC-6 §4.2.4).
public struct MSF: Hashable, Comparable, Sendable {
    /// Frames in a second.
    public static let framesPerSecond = 75
    /// Frames from 00:00:00 to LBA 0.
    public static let offset = 150

    /// Minutes, 0 to 99.
    public var minute: Int
    /// Seconds, 0 to 59.
    public var second: Int
    /// Frames, 0 to 74.
    public var frame: Int

    /// Creates a time from its parts.
    public init(minute: Int, second: Int, frame: Int) {
        self.minute = minute
        self.second = second
        self.frame = frame
    }

    /// The time of a sector; an address before 00:00:00 wraps round at 100 minutes, as it does on
    /// a disc, where the lead-in's times end at 99:59:74.
    public init(_ address: LBA) {
        let day = 100 * 60 * Self.framesPerSecond
        let remainder = (address.rawValue % day + Self.offset + day) % day
        minute = remainder / (60 * Self.framesPerSecond)
        second = remainder / Self.framesPerSecond % 60
        frame = remainder % Self.framesPerSecond
    }

    /// Creates a time from three numbers in binary-coded decimal, as headers and Q have them;
    /// `nil` if they are no time.
    public init?(bcd minute: UInt8, _ second: UInt8, _ frame: UInt8) {
        let parts = [minute, second, frame].map { ($0 >> 4, $0 & 0xF) }
        guard parts.allSatisfy({ $0.0 < 10 && $0.1 < 10 }) else { return nil }
        let numbers = parts.map { Int($0.0) * 10 + Int($0.1) }
        guard numbers[1] < 60, numbers[2] < Self.framesPerSecond else { return nil }
        self.init(minute: numbers[0], second: numbers[1], frame: numbers[2])
    }

    /// Reads a time as mm:ss:ff; minutes may have one digit, or three.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { part in
            part.utf8.count <= 3 && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                ? Int(part) : nil
        }
        guard parts.count == 3, let minute = parts[0], let second = parts[1], let frame = parts[2],
            second < 60, frame < Self.framesPerSecond
        else { return nil }
        self.init(minute: minute, second: second, frame: frame)
    }

    /// The number of frames from 00:00:00 on.
    public var frames: Int { (minute * 60 + second) * Self.framesPerSecond + frame }

    /// The time of so many frames, of at most 99 minutes and a bit.
    public init(frames: Int) {
        let frames = max(0, frames)
        self.init(
            minute: frames / (60 * Self.framesPerSecond),
            second: frames / Self.framesPerSecond % 60,
            frame: frames % Self.framesPerSecond
        )
    }

    /// The sector at this time, with the times from 90:00:00 on taken as the lead-in's.
    public var lba: LBA {
        let frames = (minute * 60 + second) * Self.framesPerSecond + frame
        let wrapped = minute >= 90 ? frames - 100 * 60 * Self.framesPerSecond : frames
        return LBA(wrapped - Self.offset)
    }

    /// The sector at this time where no lead-in's is meant, such as a track's start or a lead-out's:
    /// on discs of more than 90 minutes these have times that elsewhere are a lead-in's.
    public var lbaInProgramArea: LBA {
        LBA((minute * 60 + second) * Self.framesPerSecond + frame - Self.offset)
    }

    /// Orders by time.
    public static func < (a: MSF, b: MSF) -> Bool {
        (a.minute, a.second, a.frame) < (b.minute, b.second, b.frame)
    }
}

extension MSF: CustomStringConvertible {
    /// The time as mm:ss:ff.
    public var description: String {
        [minute, second, frame].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

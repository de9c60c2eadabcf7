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

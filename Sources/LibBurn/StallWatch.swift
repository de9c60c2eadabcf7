/// Notices that libburn no longer makes progress with a drive.
///
/// libburn waits without end for some drives, such as one that refuses each START STOP UNIT after a format.
/// A clock alone can't tell, because a format may be silent for an hour. So the drive is asked whether it is
/// at work, but only after half a minute without news: a drive that takes data is not disturbed.
package struct StallWatch {
    /// What is to be done now.
    package enum Step: Hashable {
        case wait, ask
        /// The drive has nothing to do, and libburn waits for it all the same.
        case endIdle
        /// The drive has been at work for longer than any drive takes.
        case endBusy
    }

    /// Seconds without news after which the drive is asked.
    package static let quiet = 30.0
    /// Seconds between two questions.
    package static let pause = 10.0
    /// What answers count for, and what is too much.
    ///
    /// That is half a minute of a drive without work, five minutes of one that is about to be ready. While
    /// data are written drives may pause for longer, and take no more of them, though they are ready for
    /// anything else.
    private static let (idle, gettingReady, tooMuch, tooMuchWriting) = (10, 1, 30, 150)
    /// Looks, of some hundredths of a second each, that there must have been besides: a clock that counts a drive's time leaps.
    package static let fewestLooks = 200

    /// Seconds that a drive may be at work without getting on.
    private let longest: Double
    private var last: Double
    private var lastQuestion = 0.0
    private var looks = 0
    private var count = 0
    private var driveProgress: Int?
    /// Whether data are being written.
    package var isWriting = false

    /// Begins to watch.
    ///
    /// - Parameters:
    ///   - task: What libburn is to do.
    ///   - now: The time, in seconds.
    package init(_ task: BurnOrder.Task, now: Double) {
        longest = task.longestSilence
        last = now
    }

    /// Takes note that it gets on.
    package mutating func hear(now: Double) {
        last = now
        looks = 0
        count = 0
        driveProgress = nil
    }

    /// Takes note of what the drive says.
    package mutating func hear(_ work: DriveWork) {
        switch work {
        case .busy(let progress):
            count = 0
            if let progress, progress != driveProgress { last = lastQuestion }
            driveProgress = progress
        case .gettingReady: count += Self.gettingReady
        case .idle: count += Self.idle
        }
    }

    /// Says what to do after a look at which there was no news.
    package mutating func step(now: Double) -> Step {
        looks += 1
        guard looks >= Self.fewestLooks, now - last >= Self.quiet else { return .wait }
        if count >= (isWriting ? Self.tooMuchWriting : Self.tooMuch) { return .endIdle }
        if now - last >= longest { return .endBusy }
        guard now - lastQuestion >= Self.pause else { return .wait }
        lastQuestion = now
        return .ask
    }
}

extension BurnOrder.Task {
    /// Seconds that a drive may be at work on it without a sign of getting on: more than what drives were
    /// seen to take, or what writing all of the slowest disc takes.
    fileprivate var longestSilence: Double {
        switch self {
        case .erase(fast: false), .format(_, certifying: true): 6 * 3600
        case .format, .write(_, formattingTo: .some): 3 * 3600
        case .erase, .formatToGrow, .write: 3600
        }
    }
}

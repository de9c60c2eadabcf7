import DiscModel
import LibBurn
import LinuxCalls
import Reports

/// Something that a drive does by itself, for minutes, without telling how far it is: once it has lasted a
/// while, a person is told how long it usually takes.
struct SilentPhase {
    /// Seconds after which it is worth a word.
    private static let secondsBeforeWords = 4.0

    /// What is said.
    private let words: String?
    private var began: Double?
    private var isSaid = false

    /// Describes blanking and formatting.
    init(_ task: BurnOrder.Task, _ medium: MediumKind) {
        let (what, time): (String, String)
        switch task {
        case .erase(fast: true):
            (what, time) = ("blanks the disc", "half a minute to two minutes")
        case .erase(fast: false):
            (what, time) = (
                "erases all of the disc",
                "as long as writing all of it: on CD-RW from 10 to 80 minutes, on DVD-RW up to an hour"
            )
        case .format(_, let isCertified):
            (what, time) =
                isCertified
                ? (
                    "formats and tries all of the disc",
                    "as long as writing all of it, or twice that"
                )
                : ("formats the disc", "from a few seconds to some minutes")
        case .formatToGrow:
            (what, time) = ("formats the disc", "a minute or two")
        case .write:
            words = nil
            return
        }
        words = "The drive \(what) by itself, which can't be stopped and usually takes \(time)."
    }

    /// Describes the end of a recording: what drives were seen to take for the lead-out, and for zeros up to
    /// the least that a DVD has to hold.
    init(closing medium: MediumKind) {
        let time =
            medium.facts.family == .cd
            ? "half a minute, and up to four minutes"
            : "a minute or two, and up to 15 minutes on a DVD with little on it"
        words =
            medium.facts.recording == .overwritable
            ? nil
            : "The drive ends the recording by itself, which can't be stopped and usually takes \(time)."
    }

    /// Takes note that it goes on, or that it does not.
    ///
    /// - Returns: What is to be said now, once; `nil` at all other times.
    mutating func sentence(isGoingOn: Bool) -> String? {
        guard isGoingOn, !isSaid, let words else { return nil }
        let began = began ?? Clock.seconds
        self.began = began
        guard Clock.seconds - began >= Self.secondsBeforeWords else { return nil }
        isSaid = true
        return words
    }
}

import LinuxCalls
package import MMC

/// How often and how long a drive is asked again that tells of something else first, or is not ready yet.
package struct Patience {
    /// Unit attentions that are heard before an answer: each is told once, to whatever is asked first
    /// (SAM-5 §5.14), and a drive has few to tell.
    private static let mostAttentions = 16
    /// Seconds between two questions to a drive that is not ready.
    private static let pause = 0.25

    private var attentions = 0
    /// Since when it is not ready, by the clock.
    private var began: Double?

    /// Creates the patience with a drive that was not asked yet.
    package init() {}

    /// Seconds since it first was not ready.
    var seconds: Double { began.map { Clock.seconds - $0 } ?? 0 }

    /// Whether to ask again, after waiting if the drive is not ready.
    ///
    /// - Parameters:
    ///   - sense: What the drive said.
    ///   - seconds: How long a drive that is not ready is given.
    /// - Returns: False if it is of no use: the answer is final, or the time is over.
    package mutating func asksAgain(_ sense: Sense?, within seconds: Double) -> Bool {
        switch (sense?.key, sense?.asc) {
        case (.unitAttention, _):
            attentions += 1
            return attentions <= Self.mostAttentions
        case (.notReady, 0x04), (.notReady, 0x3E):
            began = began ?? Clock.seconds
            guard self.seconds < seconds else { return false }
            Clock.sleep(seconds: Self.pause)
            return true
        default: return false
        }
    }
}

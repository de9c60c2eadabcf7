public import Reports
public import Transfer

/// A look at the audio that a rip has read, by somebody who knows what others have read.
public struct SoundReview: Sendable {
    /// What is to be read once more.
    public struct Suspects: Sendable {
        /// The tracks that are not what others have.
        public var tracks: [Int] = []
        /// The sectors of those that may be wrong.
        public var sectors = RangeSet<Int>()
        /// Whether these are the very ones that are wrong, as parity says.
        public var areNamed = false
        /// Sectors of which nobody else says anything.
        public var unproven = RangeSet<Int>()

        /// Creates suspects of which there are none.
        public init() {}
    }

    /// Looks at a disc, the image as far as it was read, and tells how far that is.
    public typealias Look =
        @Sendable (any DiscSource, Cancellation, (JobEvent) -> Void) throws -> Suspects

    /// Whether others have the disc, so that reading it once tells of most of it whether it is right.
    public let knowsDisc: Bool
    /// Looks at what was read.
    let look: Look

    /// Creates a look.
    ///
    /// - Parameters:
    ///   - knowsDisc: Whether others have the disc.
    ///   - look: Looks at what was read.
    public init(knowsDisc: Bool, _ look: @escaping Look) {
        self.knowsDisc = knowsDisc
        self.look = look
    }
}

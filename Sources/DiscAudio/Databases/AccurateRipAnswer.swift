/// What AccurateRip's server answers of a disc: the file `dBAR-….bin`.
///
/// Records stand one behind the other, one of each pressing, with all numbers little-endian: the tracks,
/// the three ids, and of each track the confidence, the sum, and the first sum of sector 450. Nothing
/// says whether a sum is of the first or the second kind.
public struct AccurateRipAnswer: Hashable, Sendable {
    /// What is known of a track.
    public struct Slot: Hashable, Sendable {
        /// How many rips had the sum.
        public let confidence: Int
        /// The sum, of either kind.
        public let sum: UInt32
        /// The first sum of sector 450; zero if it is not known.
        public let frame450: UInt32

        /// Whether anything is known: silence has the sum 0, and says nothing.
        public var isKnown: Bool { confidence > 0 && sum != 0 }
    }

    /// What is known of one pressing.
    public struct Pressing: Hashable, Sendable {
        /// The disc's id.
        public let id: AccurateRipID
        /// By track, as ``AudioTOC/accurateRipSlot(_:)`` counts them.
        public let slots: [Slot]
    }

    /// The pressings in the answer's order.
    public let pressings: [Pressing]

    /// No answer is as large: a record of 99 tracks takes 904 bytes.
    public static let mostBytes = 4 << 20

    /// Reads an answer's bytes, which may hold anything.
    ///
    /// - Throws: ``AnswerProblem`` if they are no answer, or a part of one.
    public init(parsing bytes: [UInt8]) throws(AnswerProblem) {
        if let problem = AnswerProblem(instead: bytes) { throw problem }
        guard bytes.count <= Self.mostBytes else { throw .tooLarge }
        func word(_ place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
        }
        var pressings: [Pressing] = []
        var place = 0
        while place < bytes.count {
            let tracks = Int(bytes[place])
            guard (1...99).contains(tracks) else {
                throw .malformed("record \(pressings.count + 1) has \(tracks) tracks")
            }
            guard bytes.count - place >= 13 + 9 * tracks else { throw .truncated }
            let id = AccurateRipID(
                tracks: tracks,
                id1: word(place + 1),
                id2: word(place + 5),
                freedb: word(place + 9)
            )
            let slots = (0..<tracks).map { track in
                let slot = place + 13 + 9 * track
                return Slot(
                    confidence: Int(bytes[slot]),
                    sum: word(slot + 1),
                    frame450: word(slot + 5)
                )
            }
            pressings.append(Pressing(id: id, slots: slots))
            place += 13 + 9 * tracks
        }
        self.pressings = pressings
    }
}

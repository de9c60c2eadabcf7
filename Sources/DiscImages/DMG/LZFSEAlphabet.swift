/// The behaviour of one of LZFSE's coders: its states, and what its symbols stand for.
struct LZFSEAlphabet {
    let states: Int
    let extraBits: [Int]
    /// What each symbol's values begin with: each begins where the one before ends.
    let bases: [Int]

    private init(states: Int, extraBits: [Int]) {
        self.states = states
        self.extraBits = extraBits
        var next = 0
        bases = extraBits.map { bits in
            defer { next += 1 << bits }
            return next
        }
    }

    static let literals = LZFSEAlphabet(
        states: 1024,
        extraBits: [Int](repeating: 0, count: 256)
    )
    static let runs = LZFSEAlphabet(
        states: 64,
        extraBits: [Int](repeating: 0, count: 16) + [2, 3, 5, 8]
    )
    static let matches = LZFSEAlphabet(
        states: 64,
        extraBits: [Int](repeating: 0, count: 16) + [3, 5, 8, 11]
    )
    static let distances = LZFSEAlphabet(states: 256, extraBits: (0..<64).map { $0 / 4 })

    /// All of them, in the order of a block's table.
    static let all = [runs, matches, distances, literals]
}

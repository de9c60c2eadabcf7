/// The encoder of a coder by finite state entropy: what ``FSETable`` undoes.
///
/// It works from the last symbol to the first, for the decoder reads from the end.
struct FSEEncoder {
    /// A symbol's states: where they begin, how many there are, and how its bits are counted.
    private struct Symbol {
        var start = 0
        var frequency = 0
        var bits = 0
        /// How many of its states take all of the bits; the others take one less.
        var long = 0
    }

    private let states: Int
    private let symbols: [Symbol]
    /// The state that the decoder is in before what was encoded last.
    private(set) var state = 0

    /// Takes how many states each symbol has; they fill all states.
    init(states: Int, frequencies: [Int]) {
        self.states = states
        var start = 0
        symbols = frequencies.map { frequency in
            guard frequency > 0 else { return Symbol() }
            defer { start += frequency }
            let bits = frequency.leadingZeroBitCount - states.leadingZeroBitCount
            return Symbol(
                start: start,
                frequency: frequency,
                bits: bits,
                long: (2 * states) >> bits - frequency
            )
        }
    }

    /// Encodes a symbol that has states: writes the bits that lead from one of them to where the
    /// decoder goes on.
    mutating func encode(_ symbol: Int, _ output: inout FSEWriter) {
        let symbol = symbols[symbol]
        let shifted = (state + states) >> symbol.bits
        if shifted >= symbol.frequency {
            output.push(state + states - shifted << symbol.bits, symbol.bits)
            state = symbol.start + shifted - symbol.frequency
        } else {
            let bits = symbol.bits - 1
            output.push(state & (1 << bits - 1), bits)
            state = symbol.start + symbol.long + state >> bits
        }
    }

    /// Shares states out among symbols by how often these occur; each that does has one at least.
    static func frequencies(of counts: [Int], states: Int) -> [Int] {
        let total = counts.reduce(0, +)
        guard total > 0 else {
            return counts.indices.map { $0 == 0 ? states : 0 }
        }
        var shares = counts.map { $0 == 0 ? 0 : max(1, ($0 * states + total / 2) / total) }
        var rest = states - shares.reduce(0, +)
        while rest != 0 {
            // The largest bears it best.
            guard let largest = shares.indices.max(by: { shares[$0] < shares[$1] }) else { break }
            let step = rest > 0 ? rest : max(rest, -max(1, shares[largest] / 4))
            shares[largest] += step
            rest -= step
        }
        return shares
    }
}

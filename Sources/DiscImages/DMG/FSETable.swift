/// The decoder of a coder by finite state entropy.
enum FSETable {
    /// What a state stands for, and where it leads.
    struct Entry {
        var stateBits: UInt8
        var valueBits: UInt8
        var base: Int32
        var delta: Int32
    }

    /// Makes the states: each symbol has as many as it is frequent, in the symbols' order.
    ///
    /// - Parameters:
    ///   - states: How many there are; a power of two.
    ///   - frequencies: How many each symbol has.
    ///   - extraBits: How many bits each symbol has of its own behind those of the state.
    ///   - bases: What those bits are added to. Where no symbol has any, the symbol itself.
    /// - Returns: `nil` if there are more symbols than states. Where there are fewer, the rest
    ///   of the states lead to the first one.
    static func entries(states: Int, frequencies: [Int], extraBits: [Int], bases: [Int])
        -> [Entry]?
    {
        var entries: [Entry] = []
        entries.reserveCapacity(states)
        for (symbol, frequency) in frequencies.enumerated() where frequency > 0 {
            guard entries.count + frequency <= states else { return nil }
            // As many bits as lead from the symbol's states to all of them.
            let bits = frequency.leadingZeroBitCount - states.leadingZeroBitCount
            let first = (2 * states) >> bits - frequency
            for i in 0..<frequency {
                entries.append(
                    Entry(
                        stateBits: UInt8(truncatingIfNeeded: i < first ? bits : bits - 1),
                        valueBits: UInt8(truncatingIfNeeded: extraBits[symbol]),
                        base: Int32(truncatingIfNeeded: bases[symbol]),
                        delta: Int32(
                            truncatingIfNeeded: i < first
                                ? (frequency + i) << bits - states : (i - first) << (bits - 1)
                        )
                    )
                )
            }
        }
        while entries.count < states {
            entries.append(Entry(stateBits: 0, valueBits: 0, base: 0, delta: 0))
        }
        return entries
    }
}

/// The sectors of a disc that can be read as data, in stretches in the disc's order.
package struct ReadableSectors: Sendable {
    private let stretches: [Range<Int>]

    /// Takes stretches, in order.
    package init(_ stretches: [Range<Int>]) {
        self.stretches = stretches
    }

    /// Where the last of them ends.
    package var end: Int { stretches.last?.upperBound ?? 0 }

    /// How many sectors can be read together.
    ///
    /// - Parameters:
    ///   - start: The first of them.
    ///   - most: How many are wanted.
    ///   - absence: Why those between the stretches can't be read.
    /// - Returns: The number; 0 behind the end, or if none is wanted.
    /// - Throws: ``UnreadableSectors`` if the first one is in no stretch.
    package func count(from start: Int, atMost most: Int, absence: String)
        throws(UnreadableSectors) -> Int
    {
        let wanted = min(most, max(0, end - start))
        guard wanted > 0 else { return 0 }
        guard let stretch = stretches.first(where: { $0.contains(start) }) else {
            let next = stretches.first { $0.lowerBound > start }?.lowerBound ?? start + wanted
            throw UnreadableSectors(
                start: start,
                count: min(wanted, next - start),
                reason: absence,
                isAbsence: true
            )
        }
        return min(wanted, stretch.upperBound - start)
    }
}

import LinuxCalls

/// Sectors of a stretch that were read into one buffer of each disc.
struct Piece {
    /// The stretch.
    let stretch: Stretch
    /// The sectors that the buffers have room for.
    let planned: Int
    /// The sectors that were read, counted from the stretch's first one.
    private(set) var sectors: Range<Int>
    /// Those of them that can't be read on one of the discs.
    private(set) var unreadable: Set<Int> = []
    /// Whether reading ended with them, because so many can't be read.
    private(set) var gaveUp = false

    init(_ stretch: Stretch, _ sectors: Range<Int>) {
        self.stretch = stretch
        self.sectors = sectors
        planned = sectors.count
    }

    /// Takes what the threads that read met, as far as these sectors go.
    ///
    /// - Parameters:
    ///   - a: What the first disc's met.
    ///   - b: What the second's met.
    ///   - before: The sectors of all stretches before this one.
    mutating func take(_ a: DiscReading.State, _ b: DiscReading.State, before: Int) {
        let end = [a.gaveUpAt, b.gaveUpAt].compactMap(\.self).min().map { $0 - before }
        if let end, end <= sectors.upperBound {
            gaveUp = true
            sectors = sectors.lowerBound..<max(sectors.lowerBound, end)
        }
        for list in [a.unreadable, b.unreadable] {
            for sector in list where sectors.contains(sector - before) {
                unreadable.insert(sector - before)
            }
        }
    }

    /// Goes through the sectors that can be read and that are different on the two discs.
    ///
    /// - Parameters:
    ///   - one: The first disc's buffer.
    ///   - other: The second's.
    ///   - size: The bytes of a sector that are compared.
    ///   - base: Where in the buffers they begin.
    ///   - body: Is given the sector, counted as ``sectors`` are, and both sides of it.
    func forDifferences(
        in one: Span<UInt8>,
        _ other: Span<UInt8>,
        size: Int,
        from base: Int,
        _ body: (Int, Span<UInt8>, Span<UInt8>) -> Void
    ) {
        let all = base..<(base + sectors.count * size)
        guard !Bytes.areEqual(one.extracting(all), other.extracting(all)) else { return }
        for (place, sector) in sectors.enumerated() where !unreadable.contains(sector) {
            let range = (base + place * size)..<(base + (place + 1) * size)
            let (a, b) = (one.extracting(range), other.extracting(range))
            if !Bytes.areEqual(a, b) { body(sector, a, b) }
        }
    }
}

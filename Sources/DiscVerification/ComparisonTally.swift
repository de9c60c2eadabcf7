import LinuxCalls
import Transfer

/// Counts what differs, buffer by buffer.
struct ComparisonTally {
    let size: Int
    let payload: Int?
    let a: SourceReading
    let b: SourceReading

    /// The sectors that were taken from the longer one.
    private(set) var position = 0
    /// The sectors that were taken from both.
    private(set) var common = 0
    private(set) var differing = 0
    private(set) var firstDiffering: Int?
    private(set) var differingRest: Int?
    private(set) var tail: ComparisonResult.Tail?

    init(size: Int, payload: Int?, a: SourceReading, b: SourceReading) {
        self.size = size
        self.payload = payload
        self.a = a
        self.b = b
    }

    /// Takes a buffer of both, or, behind the end of one, of the other.
    ///
    /// - Returns: False at the end, or where nothing more can be learned.
    mutating func takeNext() -> Bool {
        var bHad = false
        let aHad = a.ring.consume(0) { first in
            bHad = b.ring.consume(0) { second in
                compare(first, second)
            }
            if !bHad { takeTail(first, .first) }
        }
        if !aHad { bHad = b.ring.consume(0) { takeTail($0, .second) } }
        if a.ring.isAbandoned || b.ring.isAbandoned {
            a.ring.abandon()
            b.ring.abandon()
            return false
        }
        guard aHad || bHad else { return false }
        // Without the other's sectors there is nothing to compare with, and no tail either.
        let hasGivenUp =
            (!aHad || !bHad) && (a.met.gaveUpAt != nil || b.met.gaveUpAt != nil) && tail == nil
        let isSettled = tail?.firstNotZero != nil && knowsLength
        guard hasGivenUp || isSettled else { return true }
        // The sums go on with what is in the ring.
        a.stopEarly()
        b.stopEarly()
        a.ring.leave(0)
        b.ring.leave(0)
        return false
    }

    private var knowsLength: Bool {
        tail.map { ($0.side == .first ? a : b).knowsLength } ?? false
    }

    private mutating func compare(_ first: Span<UInt8>, _ second: Span<UInt8>) {
        let count = min(first.count, second.count)
        let sectors = count / size
        let start = position
        position += sectors
        common = position
        let one = first.extracting(first: count)
        let other = second.extracting(first: count)
        if !Bytes.areEqual(one, other) {
            let unreadable = Set(a.met.unreadable).union(b.met.unreadable)
            for index in 0..<sectors where !unreadable.contains(start + index) {
                let range = index * size..<(index + 1) * size
                compareSector(
                    start + index,
                    one.extracting(range),
                    other.extracting(range)
                )
            }
        }
        if first.count > count { takeTail(first.extracting(count...), .first) }
        if second.count > count { takeTail(second.extracting(count...), .second) }
    }

    private mutating func compareSector(
        _ sector: Int,
        _ one: Span<UInt8>,
        _ other: Span<UInt8>
    ) {
        guard !Bytes.areEqual(one, other) else { return }
        if let payload, sector == payload / size {
            let count = payload % size
            if Bytes.areEqual(one.extracting(first: count), other.extracting(first: count)) {
                differingRest = sector
                return
            }
        }
        differing += 1
        if firstDiffering == nil { firstDiffering = sector }
    }

    private mutating func takeTail(_ bytes: Span<UInt8>, _ side: ComparisonResult.Side) {
        let shorter = side == .first ? b : a
        // Where the other was given up it may have as many sectors, and nothing is known of them.
        guard shorter.met.gaveUpAt == nil, !shorter.ring.isAbandoned, !bytes.isEmpty else { return }
        let sectors = bytes.count / size
        var tail =
            self.tail
            ?? ComparisonResult.Tail(side: side, start: position, sectors: 0, isKnown: false)
        if tail.firstNotZero == nil, !Bytes.areZero(bytes) {
            tail.firstNotZero = (0..<sectors).first {
                !Bytes.areZero(bytes.extracting($0 * size..<($0 + 1) * size))
            }.map { position + $0 }
        }
        tail.sectors += sectors
        position += sectors
        self.tail = tail
    }
}

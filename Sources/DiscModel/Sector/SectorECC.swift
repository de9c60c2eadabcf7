/// The P and Q parity of CD sectors: two Reed–Solomon codes over the field of 256 elements with the
/// polynomial x^8 + x^4 + x^3 + x^2 + 1 (ECMA-130 Annex A).
///
/// From the header on, a sector is a square of 26 rows of 43 pairs of bytes, P being the last two
/// rows. The words of P are its columns, those of Q its diagonals, each with two pairs of parity
/// behind the square. A word is right where two sums are zero: that of its bytes, and that of its
/// bytes times powers of the field's primitive element, the last byte's being 1. The second sum
/// takes no more than a doubling before each byte is added, which is the same work for all words:
/// so a whole row is added at a time.
public enum SectorECC {
    /// Bytes of a row.
    private static let row = 86
    /// Rows, with P's.
    private static let rows = 26
    /// Bytes of a row with those of Q that its diagonals go on with.
    private static let longRow = row + 4
    /// Where row 0 begins so that row 25, two bytes further to the left with each, begins at 0.
    private static let shift = 2 * (rows - 1)
    /// Where P begins in a sector.
    private static let p = 2076
    /// Where Q begins.
    private static let q = 2248

    /// Whether the parity of a raw sector of 2352 bytes is right.
    ///
    /// The header counts in mode 1; in mode 2 form 1 it counts as zeros (CD-ROM XA specification).
    public static func isRight(_ sector: Span<UInt8>, countsHeader: Bool) -> Bool {
        guard sector.count >= RawSector.size else { return false }
        // Through spans, as each use of an inline array's subscript may copy all of it.
        let columns = columns(sector, countsHeader)
        let (plain, weighted) = (columns.plain.span, columns.weighted.span)
        var all: UInt8 = 0
        for i in 0..<row { all |= plain[i] | weighted[i] }
        guard all == 0 else { return false }
        let diagonals = diagonals(sector, countsHeader)
        let words = diagonals.span
        for i in 0..<words.count { all |= words[i] }
        return all == 0
    }

    /// Puts the parity of a raw sector of 2352 bytes into it.
    ///
    /// The header counts as with ``isRight(_:countsHeader:)``.
    public static func fill(_ sector: inout MutableSpan<UInt8>, countsHeader: Bool) {
        guard sector.count >= RawSector.size else { return }
        for i in p..<RawSector.size { sector[i] = 0 }
        let table = SectorField.thirds
        let thirds = table.span
        let columns = columns(sector.span, countsHeader)
        let (plain, weighted) = (columns.plain.span, columns.weighted.span)
        // The two bytes of a word's parity are worth 2 and 1.
        for i in 0..<row {
            let first = thirds[Int(plain[i] ^ weighted[i])]
            sector[p + i] = first
            sector[p + row + i] = first ^ plain[i]
        }
        let diagonals = diagonals(sector.span, countsHeader)
        let words = diagonals.span
        for i in 0..<(2 * rows) {
            let sum = words[2 * rows + i]
            let product = SectorField.multiplied(words[i], power: i / 2 - 33)
            let first = thirds[Int(sum ^ product)]
            sector[q + i] = first
            sector[q + 2 * rows + i] = first ^ sum
        }
    }

    // MARK: Sums

    /// The sums of words that stand side by side: as many bytes as shifted rows take, filled up to
    /// whole vectors.
    private struct Sums {
        var plain = InlineArray<144, UInt8>(repeating: 0)
        var weighted = InlineArray<144, UInt8>(repeating: 0)
    }

    /// Adds a row to sums.
    @inline(__always)
    private static func add(
        _ row: Span<UInt8>,
        to plain: inout MutableSpan<UInt8>,
        _ weighted: inout MutableSpan<UInt8>
    ) {
        guard row.count <= plain.count, row.count <= weighted.count else { return }
        for i in 0..<row.count {
            let byte = row[i]
            plain[i] ^= byte
            weighted[i] = SectorField.double(weighted[i]) ^ byte
        }
    }

    /// A row of a sector; the header counts where that is asked for.
    @inline(__always)
    private static func withRow(
        _ number: Int,
        of sector: Span<UInt8>,
        _ countsHeader: Bool,
        _ body: (Span<UInt8>) -> Void
    ) {
        let start = 12 + number * row
        let bytes = sector.extracting(start..<(start + row))
        if number > 0 || countsHeader { return body(bytes) }
        var first = InlineArray<86, UInt8>(repeating: 0)
        var span = first.mutableSpan
        for i in 4..<row { span[i] = bytes[i] }
        body(first.span)
    }

    private static func columns(_ sector: Span<UInt8>, _ countsHeader: Bool) -> Sums {
        var sums = Sums()
        var plain = sums.plain.mutableSpan
        var weighted = sums.weighted.mutableSpan
        addColumns(sector, countsHeader, to: &plain, &weighted)
        return sums
    }

    // Not inlined, as the loops become ones over vectors only where the buffers come from outside.
    @inline(never)
    private static func addColumns(
        _ sector: Span<UInt8>,
        _ countsHeader: Bool,
        to plain: inout MutableSpan<UInt8>,
        _ weighted: inout MutableSpan<UInt8>
    ) {
        for number in 0..<rows {
            withRow(number, of: sector, countsHeader) { add($0, to: &plain, &weighted) }
        }
    }

    /// The sums of whole diagonals: first those with powers, of diagonal n times the power 33 - n, and
    /// behind them the plain ones.
    private static func diagonals(_ sector: Span<UInt8>, _ countsHeader: Bool)
        -> InlineArray<104, UInt8>
    {
        var sums = Sums()
        var shifted = InlineArray<144, UInt8>(repeating: 0)
        var line = shifted.mutableSpan
        var plain = sums.plain.mutableSpan
        var weighted = sums.weighted.mutableSpan
        addDiagonals(sector, countsHeader, over: &line, to: &plain, &weighted)
        var result = InlineArray<104, UInt8>(repeating: 0)
        var words = result.mutableSpan
        let table = SectorField.timesPower26
        let laps = table.span
        for i in 0..<(2 * rows) {
            // A diagonal that came through the bottom goes on at the top, 26 rows later, and some do so
            // twice.
            let place = shift - i + 2 * (i % 2)
            var (sum, product) = (plain[place], laps[Int(weighted[place])])
            sum ^= plain[place + 2 * rows]
            product = laps[Int(product ^ weighted[place + 2 * rows])]
            if place + 4 * rows < shift + longRow {
                sum ^= plain[place + 4 * rows]
                product ^= weighted[place + 4 * rows]
            }
            words[i] = product
            words[2 * rows + i] = sum
        }
        return result
    }

    /// Adds rows up so that what belongs to one diagonal, as far as it does not go on at the square's
    /// top, stands upright.
    @inline(never)
    private static func addDiagonals(
        _ sector: Span<UInt8>,
        _ countsHeader: Bool,
        over line: inout MutableSpan<UInt8>,
        to plain: inout MutableSpan<UInt8>,
        _ weighted: inout MutableSpan<UInt8>
    ) {
        for number in 0..<rows {
            let place = shift - 2 * number
            withRow(number, of: sector, countsHeader) { bytes in
                var part = line._mutatingExtracting(place..<(place + row))
                for i in 0..<row { part[i] = bytes[i] }
            }
            // The 44th and the 45th pair of a row are parity of the diagonals that get there.
            for i in 0..<2 {
                let pair = q + 2 * (i * rows + (number + 2 * rows - 43 - i) % rows)
                line[place + row + 2 * i] = sector[pair]
                line[place + row + 2 * i + 1] = sector[pair + 1]
            }
            add(line.span, to: &plain, &weighted)
            line[place + longRow - 2] = 0
            line[place + longRow - 1] = 0
        }
    }
}

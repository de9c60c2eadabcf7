/// The syndromes of a disc's audio, as the CUETools Database has them as parity.
///
/// The words of 16 bits stand in rows of 11760; the first row and the last whole one are left out, and
/// so is what follows it. Each column is a Reed–Solomon code word of its own: syndrome i of a column is
/// the polynomial of its words, the first one's power the highest, at a to the power of i.
public struct ParitySyndromes: Sendable {
    /// Words in a row.
    public static let rowWords = 2 * AudioExtent.stride
    /// The most syndromes that are made of a column; the database has up to 16.
    public static let most = 16

    /// The syndromes of a column.
    public let count: Int
    /// The words of a column that they are over.
    package let rows: Int
    /// The words of the disc.
    private let words: Int
    /// By syndrome, and then by column.
    private var values: [UInt16]
    /// The two rows at each end where a column that is shifted has other words.
    private var first: [UInt16] = []
    private var last: [UInt16] = []
    /// The row in progress.
    private var row: [UInt16] = []
    private var rowsDone = 0

    /// Prepares the syndromes of a disc; `nil` if it is too short or too long for such a code, or the
    /// count is none that is made.
    ///
    /// - Parameters:
    ///   - toc: The disc.
    ///   - count: The syndromes of a column, from 1 to ``most``.
    public init?(_ toc: AudioTOC, count: Int) {
        words = AudioExtent(toc).count * 2
        rows = words / Self.rowWords - 2
        guard (1...Self.most).contains(count), rows >= 1, rows + 2 < GaloisField.order else {
            return nil
        }
        self.count = count
        values = Array(repeating: 0, count: count * Self.rowWords)
        row.reserveCapacity(Self.rowWords)
    }

    /// Takes further samples, as ``AudioSummer/take(_:)`` does.
    public mutating func take(_ bytes: Span<UInt8>) {
        var place = 0
        while place + 1 < bytes.count, rowsDone < rows + 2 {
            let wanted = min(Self.rowWords - row.count, (bytes.count - place) / 2)
            for _ in 0..<wanted {
                row.append(UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8)
                place += 2
            }
            if row.count == Self.rowWords { takeRow() }
        }
    }

    private mutating func takeRow() {
        if rowsDone < 2 { first += row }
        if rowsDone >= rows { last += row }
        if (1...rows).contains(rowsDone) {
            for column in row.indices { values[column] ^= row[column] }
            let reductions = GaloisField.shared.reductions
            for index in 1..<max(1, count) {
                let base = index * Self.rowWords
                let shift = UInt16(index)
                for column in row.indices {
                    let value = values[base + column]
                    values[base + column] =
                        value << shift ^ reductions[Int(value >> (16 - shift))] ^ row[column]
                }
            }
        }
        rowsDone += 1
        row.removeAll(keepingCapacity: true)
    }

    /// Whether all rows came.
    package var isComplete: Bool { rowsDone == rows + 2 }

    /// The syndromes of a column of the disc as a database has it.
    ///
    /// - Parameters:
    ///   - column: The column.
    ///   - offset: By how many samples the disc's words lie later than the database's, of no more than
    ///     5879.
    /// - Returns: The syndromes.
    package func column(_ column: Int, at offset: Int = 0) -> [UInt16] {
        (0..<count).map { syndrome($0, column, at: offset) }
    }

    private func syndrome(_ index: Int, _ column: Int, at offset: Int) -> UInt16 {
        let field = GaloisField.shared
        let size = Self.rowWords
        let place = column + 2 * offset
        let own = place < 0 ? place + size : place >= size ? place - size : place
        let value = values[index * size + own]
        let leading = index * (rows - 1)
        if place < 0 {
            // It begins a row earlier, and lacks the last word.
            let shorter = field.product(value ^ last[own], power: -index)
            return shorter ^ field.product(first[own], power: leading)
        }
        if place >= size {
            // It lacks the first word, and ends a row later.
            let rest = value ^ field.product(first[size + own], power: leading)
            return field.product(rest, power: index) ^ last[size + own]
        }
        return value
    }

    /// The offset nearest to 0 at which a column has the syndromes that a database has of it.
    ///
    /// - Parameters:
    ///   - column: The column.
    ///   - known: As many of its syndromes as both sides have.
    /// - Returns: The offset; `nil` if there is none, or the column is silent and fits everywhere.
    package func offset(ofColumn column: Int, _ known: some Collection<UInt16>) -> Int? {
        guard known.contains(where: { $0 != 0 }) else { return nil }
        return AudioExtent.offsets(within: AudioExtent.mostOffset).first { offset in
            zip(0..<count, known).allSatisfy { syndrome($0, column, at: offset) == $1 }
        }
    }

    /// The rows of a parity file: all columns' syndrome 0, then all columns' syndrome 1, and so on.
    public var bytes: [UInt8] {
        values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// The syndromes of the first column, as an answer of the database has them.
    public var firstColumn: [UInt8] {
        (0..<count).flatMap { index in
            let value = values[index * Self.rowWords]
            return [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
    }
}

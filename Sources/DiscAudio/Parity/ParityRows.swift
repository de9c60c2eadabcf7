import Reports

/// A database's syndromes of all columns, as its parity files have them.
public struct ParityRows: Sendable {
    /// How many of each column there are; no more than are made here.
    package let count: Int
    /// By syndrome, and then by column.
    private let values: [UInt16]

    /// Reads a parity file: rows of 11760 words, the low byte first; `nil` if there is not one pair of
    /// rows, or a row is cut short.
    ///
    /// - Parameters:
    ///   - bytes: The file's.
    ///   - count: How many rows the database says that there are; those that are there count.
    package init?(_ bytes: [UInt8], count: Int) {
        let size = ParitySyndromes.rowWords
        guard bytes.count % (2 * size) == 0 else { return nil }
        // One wrong word in a column takes two rows.
        let rows = min(bytes.count / (2 * size), count, ParitySyndromes.most) & ~1
        guard rows >= 2 else { return nil }
        self.count = rows
        values = (0..<(rows * size)).map { UInt16(bytes[2 * $0]) | UInt16(bytes[2 * $0 + 1]) << 8 }
    }

    /// Why bytes are no parity, as the rest of a sentence that begins with their file.
    ///
    /// - Parameters:
    ///   - bytes: The file's, of which no rows could be made.
    ///   - count: How many rows the database says that there are.
    /// - Returns: The words.
    static func problem(of bytes: [UInt8], count: Int) -> String {
        if let problem = AnswerProblem(instead: bytes) {
            return problem == .notFound ? "says that there is no such parity" : problem.predicate
        }
        let row = 2 * ParitySyndromes.rowWords
        guard bytes.count % row == 0 else {
            return
                "has \(Wording.bytes(bytes.count)), and parity has rows of \(row): it is cut short or something else"
        }
        let rows = min(bytes.count / row, count)
        return "has \(Wording.counted(rows, "row")), and one wrong word takes two"
    }

    /// The syndromes of a column.
    package func column(_ column: Int) -> [UInt16] {
        (0..<count).map { values[$0 * ParitySyndromes.rowWords + column] }
    }
}

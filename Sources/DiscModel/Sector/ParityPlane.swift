/// One of the two halves in which a sector's parity is counted: each second byte from the header on,
/// 1170 of them (ECMA-130 Annex A).
///
/// Its first 1118 cells are a square of 26 rows and 43 columns. Each column is a code word of P, each
/// of 26 diagonals, with two cells behind the square, one of Q. A word has two sums, which are zero
/// where it is right; one wrong cell follows from them, or two whose places are known.
struct ParityPlane: Equatable {
    /// A cell, and what has to be added to it.
    struct Correction: Equatable {
        var cell: Int
        var value: UInt8
    }

    /// Bytes of a plane.
    static let size = 1170
    static let columns = 43
    static let diagonals = 26
    /// The words: columns, and behind them diagonals.
    static let words = columns + diagonals
    /// Cells of the square.
    private static let square = columns * diagonals
    /// Where the header begins in a sector.
    private static let start = 12

    /// What is known of the header.
    enum Header {
        /// It is read like anything else.
        case unknown
        /// It is right.
        case known
        /// It counts as zeros (CD-ROM XA).
        case zero
    }

    private(set) var cells: [UInt8]
    /// As many cells at the beginning are known, and never wrong.
    private let known: Int
    /// The sums of the words' bytes.
    private var plain: [UInt8]
    /// The sums of the words' bytes times powers of 2, the last byte's being 1.
    private var weighted: [UInt8]

    /// Takes a plane out of a sector.
    ///
    /// - Parameters:
    ///   - sector: 2352 bytes.
    ///   - parity: 0 or 1: the first byte from the header on.
    ///   - header: What is known of the header.
    init(_ sector: Span<UInt8>, parity: Int, header: Header) {
        known = header == .unknown ? 0 : 2
        cells = [UInt8](repeating: 0, count: Self.size)
        plain = [UInt8](repeating: 0, count: Self.words)
        weighted = plain
        for cell in (header == .zero ? known : 0)..<Self.size {
            cells[cell] = sector[Self.place(of: cell, parity: parity)]
        }
        for word in 0..<Self.words {
            var (sum, product): (UInt8, UInt8) = (0, 0)
            for position in 0..<Self.length(of: word) {
                let byte = cells[Self.cell(position, of: word)]
                sum ^= byte
                product = SectorField.double(product) ^ byte
            }
            plain[word] = sum
            weighted[word] = product
        }
    }

    /// Puts the plane back into a sector.
    func store(in sector: inout MutableSpan<UInt8>, parity: Int) {
        for cell in known..<Self.size { sector[Self.place(of: cell, parity: parity)] = cells[cell] }
    }

    /// The place in a sector of a cell.
    static func place(of cell: Int, parity: Int) -> Int { start + 2 * cell + parity }

    // MARK: Words

    static func isColumn(_ word: Int) -> Bool { word < columns }

    static func length(of word: Int) -> Int { isColumn(word) ? diagonals : columns + 2 }

    /// A word's cell.
    static func cell(_ position: Int, of word: Int) -> Int {
        if isColumn(word) { return word + columns * position }
        let diagonal = word - columns
        return position < columns
            ? (columns * diagonal + (columns + 1) * position) % square
            : square + diagonal + diagonals * (position - columns)
    }

    /// The column of a cell, and its position there; `nil` if it is parity of Q.
    private static func column(of cell: Int) -> (word: Int, position: Int)? {
        cell < square ? (cell % columns, cell / columns) : nil
    }

    /// The diagonal of a cell, and its position there.
    private static func diagonal(of cell: Int) -> (word: Int, position: Int) {
        guard cell < square else {
            let behind = cell - square
            return (columns + behind % diagonals, columns + behind / diagonals)
        }
        let (row, column) = (cell / columns, cell % columns)
        return (columns + (row + 2 * diagonals - column) % diagonals, column)
    }

    /// The other word that a cell of one belongs to; `nil` if there is none.
    static func crossing(_ word: Int, at cell: Int) -> (word: Int, position: Int)? {
        isColumn(word) ? diagonal(of: cell) : column(of: cell)
    }

    /// What the byte at a position is worth in the second sum, as a power of 2.
    static func power(of position: Int, in word: Int) -> Int { length(of: word) - 1 - position }

    // MARK: What is wrong

    func isWrong(_ word: Int) -> Bool { plain[word] | weighted[word] != 0 }

    var wrongColumns: [Int] { (0..<Self.columns).filter(isWrong) }

    var wrongDiagonals: [Int] { (Self.columns..<Self.words).filter(isWrong) }

    /// The one cell that would make a word right; `nil` if it is right, or no single cell does.
    func single(in word: Int) -> Correction? {
        guard let power = SectorField.power(from: plain[word], to: weighted[word]) else {
            return nil
        }
        let position = Self.length(of: word) - 1 - power
        guard position >= 0 else { return nil }
        let cell = Self.cell(position, of: word)
        return cell < known ? nil : Correction(cell: cell, value: plain[word])
    }

    /// Whether a cell at a position, and nothing else, makes a word wrong.
    func isExplained(_ word: Int, by position: Int, _ value: UInt8) -> Bool {
        plain[word] == value
            && weighted[word]
                == SectorField.multiplied(value, power: Self.power(of: position, in: word))
    }

    /// What makes a word right whose wrong cells are at two positions.
    func pair(in word: Int, at first: Int, _ second: Int) -> [Correction] {
        let a = SectorField.power(Self.power(of: first, in: word))
        let b = SectorField.power(Self.power(of: second, in: word))
        let value = SectorField.quotient(
            weighted[word] ^ SectorField.product(b, plain[word]),
            a ^ b
        )
        return [
            Correction(cell: Self.cell(first, of: word), value: value),
            Correction(cell: Self.cell(second, of: word), value: value ^ plain[word]),
        ]
    }

    /// Whether a cell is one that is never wrong.
    func isKnown(_ cell: Int) -> Bool { cell < known }

    mutating func apply(_ correction: Correction) {
        let (cell, value) = (correction.cell, correction.value)
        cells[cell] ^= value
        add(value, to: Self.diagonal(of: cell))
        if let column = Self.column(of: cell) { add(value, to: column) }
    }

    private mutating func add(_ value: UInt8, to place: (word: Int, position: Int)) {
        plain[place.word] ^= value
        weighted[place.word] ^= SectorField.multiplied(
            value,
            power: Self.power(of: place.position, in: place.word)
        )
    }
}

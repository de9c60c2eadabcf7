/// Finds what is wrong in a column from what its syndromes differ by.
///
/// Berlekamp and Massey's algorithm gives the polynomial of the places, trying all places gives its
/// roots (Chien), and Forney's formula the values. What is found is held against the syndromes again.
package struct ParityDecoder {
    /// A word that is wrong.
    package struct Error: Hashable {
        /// The word's row, counted from the first that the syndromes are over.
        package var row: Int
        /// What is to be added to it, bit by bit.
        package var value: UInt16
    }

    /// The words in a column.
    package let rows: Int
    private let field = GaloisField.shared

    package init(rows: Int) {
        self.rows = rows
    }

    /// Finds the wrong words.
    ///
    /// - Parameter syndromes: What the two sides' syndromes differ by.
    /// - Returns: The words; `nil` if they are more than half as many as syndromes.
    package func errors(_ syndromes: [UInt16]) -> [Error]? {
        if syndromes.allSatisfy({ $0 == 0 }) { return [] }
        let locator = locator(syndromes)
        let degree = locator.count - 1
        guard degree >= 1, degree <= syndromes.count / 2 else { return nil }
        guard let exponents = roots(locator) else { return nil }
        var evaluator = [UInt16](repeating: 0, count: degree)
        for i in 0..<degree {
            for j in 0...i { evaluator[i] ^= field.product(syndromes[i - j], locator[j]) }
        }
        var errors: [Error] = []
        for exponent in exponents {
            let inverse = field.power(-exponent)
            let square = field.product(inverse, inverse)
            // The formal derivative has the odd terms alone.
            var derivative: UInt16 = 0
            var power: UInt16 = 1
            for index in stride(from: 1, through: degree, by: 2) {
                derivative ^= field.product(locator[index], power)
                power = field.product(power, square)
            }
            guard derivative != 0 else { return nil }
            let value = field.quotient(self.value(of: evaluator, at: inverse), derivative)
            errors.append(
                Error(row: rows - 1 - exponent, value: field.product(value, power: exponent))
            )
        }
        return explain(syndromes, errors) ? errors : nil
    }

    /// The polynomial whose roots are the inverses of the places (Berlekamp and Massey).
    private func locator(_ syndromes: [UInt16]) -> [UInt16] {
        var (current, previous): ([UInt16], [UInt16]) = ([1], [1])
        var (length, gap) = (0, 1)
        var previousDiscrepancy: UInt16 = 1
        for index in syndromes.indices {
            var discrepancy: UInt16 = 0
            for i in 0...min(length, current.count - 1) {
                discrepancy ^= field.product(current[i], syndromes[index - i])
            }
            guard discrepancy != 0 else {
                gap += 1
                continue
            }
            let before = current
            let factor = field.quotient(discrepancy, previousDiscrepancy)
            if current.count < previous.count + gap {
                current += Array(repeating: 0, count: previous.count + gap - current.count)
            }
            for i in previous.indices { current[i + gap] ^= field.product(factor, previous[i]) }
            if 2 * length <= index {
                length = index + 1 - length
                (previous, previousDiscrepancy, gap) = (before, discrepancy, 1)
            } else {
                gap += 1
            }
        }
        while current.count > 1, current.last == 0 { current.removeLast() }
        // Places that are not in the polynomial's degree are none.
        return current.count - 1 == length ? current : [1]
    }

    /// The exponents of the places, if there are as many as the polynomial has roots.
    private func roots(_ locator: [UInt16]) -> [Int]? {
        let degree = locator.count - 1
        if degree == 1 {
            guard locator[1] != 0 else { return nil }
            let exponent = field.exponent(locator[1])
            return exponent < rows ? [exponent] : nil
        }
        var found: [Int] = []
        var terms = locator
        for exponent in 0..<rows {
            if terms.reduce(0, ^) == 0 { found.append(exponent) }
            if found.count == degree { return found }
            for index in 1...degree { terms[index] = field.product(terms[index], power: -index) }
        }
        return nil
    }

    private func value(of polynomial: [UInt16], at x: UInt16) -> UInt16 {
        polynomial.reversed().reduce(0) { field.product($0, x) ^ $1 }
    }

    /// Whether wrong words have these syndromes.
    private func explain(_ syndromes: [UInt16], _ errors: [Error]) -> Bool {
        syndromes.indices.allSatisfy { index in
            errors.reduce(UInt16(0)) {
                $0 ^ field.product($1.value, power: index * (rows - 1 - $1.row))
            } == syndromes[index]
        }
    }
}

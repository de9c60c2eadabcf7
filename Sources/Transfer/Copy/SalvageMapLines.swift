/// The lines of a map file that hold more than comments, each with its first three fields.
struct SalvageMapLines {
    /// A line.
    struct Line {
        /// Its number, from 1.
        var number: Int
        /// Its first fields.
        fileprivate(set) var fields: [ArraySlice<UInt8>] = []

        /// A field's number as C++ writes integer constants: decimal, octal after a 0, hexadecimal after
        /// 0x; `nil` if it is none, or too large.
        func integer(_ index: Int) -> Int? {
            guard index < fields.count else { return nil }
            let digits = fields[index]
            guard digits.first == UInt8(ascii: "0"), let second = digits.dropFirst().first else {
                return Self.value(digits, radix: 10)
            }
            return second | 0x20 == UInt8(ascii: "x")
                ? Self.value(digits.dropFirst(2), radix: 16)
                : Self.value(digits.dropFirst(), radix: 8)
        }

        /// A field's number, which has to be decimal.
        func decimal(_ index: Int) -> Int? {
            index < fields.count ? Self.value(fields[index], radix: 10) : nil
        }

        /// A field as text; `nil` if it is long.
        func word(_ index: Int) -> String? {
            guard index < fields.count, fields[index].count < 32 else { return nil }
            return String(decoding: fields[index], as: UTF8.self)
        }

        /// The character of a field that has just one.
        func sign(_ index: Int) -> Character? {
            guard index < fields.count, fields[index].count == 1 else { return nil }
            return fields[index].first.map { Character(Unicode.Scalar($0)) }
        }

        private static func value(_ digits: ArraySlice<UInt8>, radix: Int) -> Int? {
            guard !digits.isEmpty else { return nil }
            var value = 0
            for byte in digits {
                guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix
                else { return nil }
                let (product, isTooLarge) = value.multipliedReportingOverflow(by: radix)
                let (sum, isTooLargeNow) = product.addingReportingOverflow(digit)
                guard !isTooLarge, !isTooLargeNow else { return nil }
                value = sum
            }
            return value
        }
    }

    /// The fields of a line that mean something.
    private static let mostFields = 3

    private let bytes: [UInt8]
    private var place = 0
    private var number = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The next line that holds a field; `nil` at the end.
    mutating func next() -> Line? {
        while place < bytes.count {
            number += 1
            let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = Line(number: number, fields: Self.fields(bytes[place..<end]))
            place = end + 1
            if !line.fields.isEmpty { return line }
        }
        return nil
    }

    private static func fields(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var fields: [ArraySlice<UInt8>] = []
        var rest = line.drop(while: isSpace)
        while !rest.isEmpty, rest.first != UInt8(ascii: "#"), fields.count < mostFields {
            let field = rest.prefix { !isSpace($0) }
            fields.append(field)
            rest = rest[field.endIndex...].drop(while: isSpace)
        }
        return fields
    }

    /// Space, tab, vertical tab, form feed, carriage return.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || (0x0B...0x0D).contains(byte)
    }
}

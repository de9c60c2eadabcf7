extension Sense {
    /// Reads sense data that a program wrote into a message, as libburn does: “[3 0C 00] Medium error…”,
    /// or “Sense Key 3 …, ASC 0C ASCQ 00”.
    ///
    /// - Returns: `nil` if there are none in it.
    public init?(in text: String) {
        let words = text.split { " [],:()\t".contains($0) }.map(String.init)
        if let open = text.firstIndex(of: "["), let end = text[open...].firstIndex(of: "]") {
            let codes = text[text.index(after: open)..<end].split(separator: " ")
                .map { UInt8($0, radix: 16) }
            if codes.count == 3, let key = codes[0].flatMap(Key.init), let asc = codes[1],
                let ascq = codes[2]
            {
                self.init(key, asc, ascq)
                return
            }
        }
        func value(after word: String) -> UInt8? {
            guard let place = words.firstIndex(where: { $0.uppercased() == word }),
                place + 1 < words.count
            else { return nil }
            let digits = words[place + 1]
            return UInt8(digits.hasPrefix("0x") ? String(digits.dropFirst(2)) : digits, radix: 16)
        }
        guard let key = value(after: "KEY").flatMap(Key.init), let asc = value(after: "ASC"),
            let ascq = value(after: "ASCQ")
        else { return nil }
        self.init(key, asc, ascq)
    }
}

/// Apple's LZFSE: blocks of plain bytes, of LZVN, and of matches whose numbers are coded by finite
/// state entropy.
enum LZFSE {
    /// The four marks that begin a block, as little-endian numbers: “bvx” and another letter.
    private enum Mark {
        static let end: UInt32 = 0x2478_7662
        static let plain: UInt32 = 0x2D78_7662
        static let tables: UInt32 = 0x3278_7662
        static let lzvn: UInt32 = 0x6E78_7662
    }

    /// Unpacks a stream.
    ///
    /// - Returns: How many bytes it held; `nil` if it is damaged or holds more than fit.
    static func unpack(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        var from = 0
        var to = 0
        while true {
            guard let mark = number(input, from) else { return nil }
            if mark == Mark.end { return to }
            guard let raw = number(input, from + 4).map(Int.init), raw <= output.count - to else {
                return nil
            }
            switch mark {
            case Mark.plain:
                guard raw <= input.count - from - 8 else { return nil }
                for i in 0..<raw { output[to + i] = input[from + 8 + i] }
                from += 8 + raw
            case Mark.lzvn:
                guard let packed = number(input, from + 8).map(Int.init),
                    packed <= input.count - from - 12,
                    LZVN.unpack(
                        input.extracting((from + 12)..<(from + 12 + packed)),
                        into: &output,
                        to..<(to + raw)
                    )
                else { return nil }
                from += 12 + packed
            case Mark.tables:
                guard let block = LZFSEBlock(input, at: from),
                    block.unpack(input, into: &output, to..<(to + raw))
                else { return nil }
                from = block.end
            default:
                return nil
            }
            to += raw
        }
    }

    private static func number(_ input: Span<UInt8>, _ at: Int) -> UInt32? {
        guard at + 4 <= input.count else { return nil }
        var value: UInt32 = 0
        for i in 0..<4 { value |= UInt32(input[at + i]) << UInt32(8 * i) }
        return value
    }
}

/// LZVN: one byte tells how many bytes follow as they are, and how many to copy from before.
enum LZVN {
    /// Unpacks a block that fills a range of the output.
    ///
    /// - Returns: Whether it did just that.
    static func unpack(
        _ input: Span<UInt8>,
        into output: inout MutableSpan<UInt8>,
        _ range: Range<Int>
    ) -> Bool {
        var from = 0
        var to = range.lowerBound
        var distance = 0
        while from < input.count {
            let code = Int(input[from])
            let second = from + 1 < input.count ? Int(input[from + 1]) : 0
            let third = from + 2 < input.count ? Int(input[from + 2]) : 0
            var plain = code >> 6
            var copied = (code >> 3) & 7 + 3
            var length = 1
            switch code {
            case 0x06: return to == range.upperBound
            case 0x0E, 0x16:
                from += 1
                continue
            case 0x1E, 0x26, 0x2E, 0x36, 0x3E, 0x70...0x7F, 0xD0...0xDF: return false
            case 0xE0:
                plain = second + 16
                copied = 0
                length = 2
            case 0xE1...0xEF:
                plain = code & 15
                copied = 0
            case 0xF0:
                plain = 0
                copied = second + 16
                length = 2
            case 0xF1...0xFF:
                plain = 0
                copied = code & 15
            case 0xA0...0xBF:
                plain = (code >> 3) & 3
                copied = ((code & 7) << 2 | second & 3) + 3
                distance = second >> 2 | third << 6
                length = 3
            default:
                switch code & 7 {
                case 6: break
                case 7:
                    distance = second | third << 8
                    length = 3
                default:
                    distance = (code & 7) << 8 | second
                    length = 2
                }
            }
            from += length
            guard plain <= input.count - from, plain + copied <= range.upperBound - to else {
                return false
            }
            for i in 0..<plain { output[to + i] = input[from + i] }
            from += plain
            to += plain
            guard copied > 0 else { continue }
            guard distance > 0, distance <= to else { return false }
            for i in to..<(to + copied) { output[i] = output[i - distance] }
            to += copied
        }
        return to == range.upperBound
    }
}

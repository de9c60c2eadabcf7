/// Apple Data Compression, which old disk images use: runs of bytes, and copies of what came before.
enum ADC {
    /// Unpacks a block.
    ///
    /// - Returns: How many bytes it held; `nil` if it is damaged or holds more than fit.
    static func unpack(_ input: Span<UInt8>, into output: inout MutableSpan<UInt8>) -> Int? {
        var from = 0
        var to = 0
        while from < input.count {
            let code = Int(input[from])
            if code & 0x80 != 0 {
                let count = code & 0x7F + 1
                guard from + 1 + count <= input.count, to + count <= output.count else {
                    return nil
                }
                for i in 0..<count { output[to + i] = input[from + 1 + i] }
                from += 1 + count
                to += count
                continue
            }
            let isLong = code & 0x40 != 0
            guard from + (isLong ? 3 : 2) <= input.count else { return nil }
            let second = Int(input[from + 1])
            let count = isLong ? code & 0x3F + 4 : (code >> 2) & 0x0F + 3
            let distance =
                isLong ? second << 8 | Int(input[from + 2]) : (code & 3) << 8 | second
            guard distance < to, to + count <= output.count else { return nil }
            for i in to..<(to + count) { output[i] = output[i - distance - 1] }
            from += isLong ? 3 : 2
            to += count
        }
        return to
    }
}

/// The filter that packers put before LZMA for x86 code: it makes the targets of calls and jumps
/// absolute, so that equal ones look equal.
enum X86Jumps {
    /// Makes them relative again, in bytes that begin at address 0.
    ///
    /// Five bytes are an instruction where the first is E8 or E9 and the last 00 or FF. Such bytes
    /// among the three before make it doubtful; which of them there are decides.
    static func undo(_ bytes: inout MutableSpan<UInt8>) {
        guard bytes.count >= 5 else { return }
        // Bits 0, 1 and 2: whether one, two or three bytes before is such a first byte that was left.
        var doubts = 0
        var last = -5
        var at = 0
        while at <= bytes.count - 5 {
            guard bytes[at] & 0xFE == 0xE8 else {
                at += 1
                continue
            }
            let gap = at - last
            last = at
            if gap > 3 {
                doubts = 0
            } else {
                doubts = doubts << (gap - 1) & 7
            }
            if doubts != 0 {
                let place = shift(doubts)
                if ![1, 2, 4].contains(doubts) || isSign(bytes[at + 4 - place]) {
                    doubts = (doubts << 1 & 7) | 1
                    at += 1
                    continue
                }
            }
            guard isSign(bytes[at + 4]) else {
                doubts = (doubts << 1 & 7) | 1
                at += 1
                continue
            }
            var target: UInt32 = 0
            for i in 0..<4 { target |= UInt32(bytes[at + 1 + i]) << UInt32(8 * i) }
            let address = UInt32(truncatingIfNeeded: at + 5)
            while true {
                target = target &- address
                guard doubts != 0 else { break }
                let bits = UInt32(8 * shift(doubts))
                guard isSign(UInt8(truncatingIfNeeded: target >> (24 - bits))) else { break }
                target ^= (1 << (32 - bits)) - 1
            }
            for i in 0..<3 {
                bytes[at + 1 + i] = UInt8(truncatingIfNeeded: target >> UInt32(8 * i))
            }
            bytes[at + 4] = target & 1 << 24 == 0 ? 0 : 0xFF
            doubts = 0
            at += 5
            last = at - 5
        }
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == 0 || byte == 0xFF }

    /// How many bytes before the last one the doubtful byte lies.
    private static func shift(_ doubts: Int) -> Int { doubts >= 4 ? 3 : doubts >= 2 ? 2 : 1 }
}

/// The bytes of .NET's `Random(seed).NextBytes`, which CUETools' tests are made of.
///
/// Knuth's subtractive generator (The Art of Computer Programming, volume 2, 3.2.2) with the constants of
/// its description by Microsoft.
struct NumberedNoise {
    private var table = [Int32](repeating: 0, count: 56)
    private var (next, behind) = (0, 21)

    init(seed: Int32) {
        var last = 161_803_398 - seed
        table[55] = last
        var value: Int32 = 1
        for index in 1..<55 {
            let place = 21 * index % 55
            table[place] = value
            value = last &- value
            if value < 0 { value &+= Int32.max }
            last = table[place]
        }
        for _ in 1..<5 {
            for index in 1..<56 {
                table[index] = table[index] &- table[1 + (index + 30) % 55]
                if table[index] < 0 { table[index] &+= Int32.max }
            }
        }
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in
            next = next % 55 + 1
            behind = behind % 55 + 1
            var value = table[next] &- table[behind]
            if value == Int32.max { value -= 1 }
            if value < 0 { value &+= Int32.max }
            table[next] = value
            return UInt8(truncatingIfNeeded: value % 256)
        }
    }
}

/// Samples without a generator: the golden ratio's multiples.
func goldenSamples(_ count: Int) -> [UInt8] {
    (1...count).flatMap { index in
        let sample = UInt32(truncatingIfNeeded: index) &* 0x9E37_79B1
        return (0..<4).map { UInt8(truncatingIfNeeded: sample >> UInt32(8 * $0)) }
    }
}

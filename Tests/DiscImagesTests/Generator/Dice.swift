/// A row of random numbers that is always the same, so that a failure can be had again.
struct Dice {
    var state: UInt64

    /// The next number, from 0 on and less than a limit.
    mutating func roll(_ below: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % max(1, below)
    }
}

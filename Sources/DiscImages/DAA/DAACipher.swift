import LibCodecs

/// What protects a DAA image with a password: half bytes change their places, in an order that the
/// password makes.
struct DAACipher {
    /// Bytes that are worked on at once; what is left at the end has an order of its own.
    private static let block = 128

    /// For each number of bytes, less one, where each half byte belongs.
    private let orders: [[Int]]

    /// Makes the orders.
    init(_ password: [UInt8]) {
        orders = (1...Self.block).map { Self.order($0, password) }
    }

    /// Whether the password is that of an image, by what it keeps of it.
    func isRight(key: [UInt8], sum: UInt32) -> Bool {
        var turned = key
        decrypt(&turned)
        var crc = RunningCRC32()
        crc.update(turned.span)
        return crc.value == sum
    }

    /// Puts the half bytes back where they belong.
    func decrypt(_ bytes: inout [UInt8]) {
        var start = 0
        while start < bytes.count {
            let count = min(Self.block, bytes.count - start)
            let order = orders[count - 1]
            var plain = [UInt8](repeating: 0, count: count)
            for i in 0..<(2 * count) {
                let half = bytes[start + i / 2] >> (i % 2 == 0 ? 0 : 4) & 15
                plain[order[i] / 2] |= order[i] % 2 == 0 ? half : half << 4
            }
            bytes.replaceSubrange(start..<(start + count), with: plain)
            start += count
        }
    }

    /// The order for a number of bytes.
    private static func order(_ bytes: Int, _ password: [UInt8]) -> [Int] {
        let count = 2 * bytes
        let first = Int(password.first ?? 0)
        guard count > 64 else {
            // Every eleventh of those that are left.
            let next = (min(first >> 5, count - 1) + 1) % count
            var circle = Circle(count, next: next)
            return (0..<count).map { _ in circle.take(11) }
        }
        // One place is given; the others are found from near the beginning on, and when the end was
        // reached only from the place 32 on.
        let given = first >> 5 + 32
        var circle = Circle(count, next: first >> 5 + 1)
        circle.remove(given)
        circle.low = 32
        var order = [given]
        for i in 1..<(count - 32) {
            let step = i < password.count ? Int(password[i]) : 0
            order.append(circle.take(step == 0 ? 11 : step))
        }
        // The last 32 are taken from what is left anywhere.
        circle.low = 0
        let step = first & 7
        for _ in 0..<32 { order.append(circle.take(step == 0 ? 7 : step)) }
        guard first & 24 != 0 else { return order }
        var again = Circle(count, next: 1)
        return (0..<count).map { _ in order[again.take(first & 24)] }
    }

    /// Places in a circle, of which one after the other is taken.
    private struct Circle {
        /// The first place that is looked at when the end was reached.
        var low = 0
        private var places: [Int]
        private var next: Int

        /// Takes all places below a number; the walk begins with the one given.
        init(_ count: Int, next: Int) {
            places = Array(0..<count)
            self.next = next
        }

        /// Takes a place that the walk has not come to.
        mutating func remove(_ place: Int) {
            places.removeAll { $0 == place }
        }

        /// Takes the place that lies so many steps on.
        mutating func take(_ steps: Int) -> Int {
            var index = next + steps - 1
            if index >= places.count {
                let first = places.firstIndex { $0 >= low } ?? 0
                index = first + (index - places.count) % (places.count - first)
            }
            next = index
            return places.remove(at: index)
        }
    }
}

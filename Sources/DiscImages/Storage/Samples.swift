/// Samples of 16 bits, as audio has them.
enum Samples {
    /// Changes the order of each sample's two bytes.
    static func swap(_ bytes: inout MutableSpan<UInt8>) {
        for i in stride(from: 0, to: bytes.count - 1, by: 2) {
            let low = bytes[i + 1]
            bytes[i + 1] = bytes[i]
            bytes[i] = low
        }
    }
}

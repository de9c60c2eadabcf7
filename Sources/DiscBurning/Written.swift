import LibCrypto

/// What went into a burn.
struct Written: Sendable {
    /// The payload's sum, made while it was burned.
    var sha256: Checksum
    /// The payload's bytes.
    var byteCount: Int
    /// The sectors that they fill.
    var sectors: Int

    init(_ sha256: Checksum, byteCount: Int) {
        self.sha256 = sha256
        self.byteCount = byteCount
        sectors = (byteCount + 2047) / 2048
    }
}

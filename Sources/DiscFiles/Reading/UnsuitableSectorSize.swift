/// File systems are looked for in data sectors of 2048 bytes only.
public struct UnsuitableSectorSize: Error, Hashable, Sendable {
    /// The source's sector size in bytes.
    public var sectorSize: Int

    /// Creates an error.
    public init(sectorSize: Int) {
        self.sectorSize = sectorSize
    }
}

extension UnsuitableSectorSize: CustomStringConvertible {
    /// One sentence.
    public var description: String {
        "File systems are read from sectors of 2048 bytes, not of \(sectorSize)."
    }
}

/// What a UDF volume's integrity descriptor tells of its state; ECMA-167 3/10.10, UDF 2.60 §2.2.6.
public struct UDFIntegrity: Codable, Hashable, Sendable {
    /// Whether the volume was closed properly; an open one was being written when it was left.
    public var isClosed: Bool
    /// When that was noted, in ISO 8601.
    public var date: String?
    /// The number of files.
    public var fileCount: Int?
    /// The number of directories, the root included.
    public var folderCount: Int?
    /// The lowest revision that a program must know to read the volume.
    public var readRevision: String?
    /// The lowest revision that a program must know to write to it.
    public var writeRevision: String?

    /// Reads a descriptor whose tag has been checked.
    init(_ bytes: Span<UInt8>) {
        isClosed = bytes.little32(28) == 1
        date = DescriptorDate.ofUDF(bytes, at: 16)
        // Two tables with a number for each partition lie before OSTA's part.
        let partitions = Int(bytes.little32(72))
        let base = 80 + min(partitions, 1 << 16) * 8
        guard bytes.little32(76) >= 46, base + 46 <= bytes.count else { return }
        fileCount = Int(bytes.little32(base + 32))
        folderCount = Int(bytes.little32(base + 36))
        readRevision = UDFVolume.revision(bytes.little16(base + 40))
        writeRevision = UDFVolume.revision(bytes.little16(base + 42))
    }
}

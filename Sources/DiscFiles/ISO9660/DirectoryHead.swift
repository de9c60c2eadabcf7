/// The two records that a directory of ISO 9660 begins with: its own, and that of its parent;
/// ECMA-119 §6.8.2.2.
struct DirectoryHead {
    /// The most bytes of two records.
    private static let longest = 2 * 255

    /// The directory's own record.
    let own: DirectoryRecord
    /// The record of its parent.
    let parent: DirectoryRecord?
    /// What the records were read from; their places count in it.
    let bytes: [UInt8]

    /// Reads the records at a directory's beginning; `nil` if no directory begins there.
    ///
    /// - Throws: ``BrokenStructure`` if the bytes can't be read.
    init?(_ reader: any StructureBytes, at offset: Int, isDraft: Bool) throws {
        // A record never lies in two sectors.
        let bytes = try reader.structure(
            at: offset,
            count: min(Self.longest, 2048 - offset % 2048)
        )
        guard
            let own = DirectoryRecord(bytes.span, at: 0, end: bytes.count, isDraft: isDraft),
            own.isSelf
        else { return nil }
        let second = DirectoryRecord(
            bytes.span,
            at: own.length,
            end: bytes.count,
            isDraft: isDraft
        )
        self.bytes = bytes
        self.own = own
        parent = second.flatMap { $0.isParent ? $0 : nil }
    }

    /// Whether it says of itself that it begins at a byte, and that it is its own parent, as only a
    /// root directory does.
    func isRoot(at offset: Int, blockSize: Int) -> Bool {
        own.place(blockSize: blockSize) == offset && parent?.block == own.block
    }
}

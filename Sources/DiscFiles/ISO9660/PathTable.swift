/// The list of all directories that each descriptor of an ISO 9660 volume has: ECMA-119 §9.4.
///
/// It says a second time where directories are, and serves if a record leads nowhere.
struct PathTable {
    /// Bytes of the longest table that is read: directories are numbered with 16 bits.
    private static let longest = 1 << 24
    /// Bytes of an entry before the name.
    private static let fixedLength = 8

    private struct Key: Hashable {
        var parent: Int
        var identifier: [UInt8]
    }

    /// The byte of the disc that the root directory begins at.
    let root: Int
    private let places: [Key: Int]

    /// Reads the first intact one of a descriptor's tables: the little-endian one, its copy, and the
    /// same in big-endian order.
    ///
    /// - Parameters:
    ///   - reader: The disc.
    ///   - descriptor: The descriptor's bytes.
    ///   - blockSize: Bytes in a logical block.
    ///   - isDraft: Whether it is a volume of High Sierra.
    /// - Returns: `nil` if no table can be read.
    /// - Throws: What the source throws besides `UnreadableSectors`.
    static func first(
        _ reader: any StructureBytes,
        of descriptor: Span<UInt8>,
        blockSize: Int,
        isDraft: Bool
    ) throws -> PathTable? {
        let size = Int(descriptor.both32(isDraft ? 140 : 132))
        // The draft has three copies of each.
        let little = isDraft ? [148, 152] : [140, 144]
        let big = isDraft ? [164, 168] : [148, 152]
        let places =
            little.map { (Int(descriptor.little32($0)), false) }
            + big.map { (Int(descriptor.big32($0)), true) }
        for (block, isBig) in places where block > 0 {
            do {
                let bytes = try reader.structure(
                    at: block * blockSize,
                    count: min(max(size, fixedLength + 2), longest)
                )
                if let table = PathTable(
                    bytes.span,
                    blockSize: blockSize,
                    isBig: isBig,
                    isDraft: isDraft
                ) {
                    return table
                }
            } catch is BrokenStructure {
                continue
            }
        }
        return nil
    }

    /// Reads a table's entries, as far as they make sense; `nil` if the first one isn't the root's.
    private init?(_ bytes: Span<UInt8>, blockSize: Int, isBig: Bool, isDraft: Bool) {
        var offsets: [Int] = []
        var places: [Key: Int] = [:]
        var position = 0
        while position + Self.fixedLength < bytes.count {
            // The draft has the block before the two lengths.
            let length = Int(bytes.byte(position + (isDraft ? 5 : 0)))
            let attributeBlocks = Int(bytes.byte(position + (isDraft ? 4 : 1)))
            let blockAt = position + (isDraft ? 0 : 2)
            let block = Int(isBig ? bytes.big32(blockAt) : bytes.little32(blockAt))
            let parent = Int(isBig ? bytes.big16(position + 6) : bytes.little16(position + 6))
            let start = position + Self.fixedLength
            guard length > 0, start + length <= bytes.count else { break }
            let identifier = (start..<start + length).map { bytes.byte($0) }
            let offset = (block + attributeBlocks) * blockSize
            offsets.append(offset)
            if offsets.count == 1 {
                guard identifier == [0], parent == 1, block > 0 else { return nil }
            } else {
                // Parents come before their children (§6.9.1).
                guard parent >= 1, parent < offsets.count else { break }
                places[Key(parent: offsets[parent - 1], identifier: identifier)] = offset
            }
            position = start + length + length % 2
        }
        guard let root = offsets.first else { return nil }
        self.root = root
        self.places = places
    }

    /// Looks a directory up.
    ///
    /// - Parameters:
    ///   - parent: The byte that its parent begins at.
    ///   - identifier: Its recorded name.
    /// - Returns: The byte that it begins at; `nil` if the table doesn't list it.
    func place(in parent: Int, _ identifier: [UInt8]) -> Int? {
        places[Key(parent: parent, identifier: identifier)]
    }
}

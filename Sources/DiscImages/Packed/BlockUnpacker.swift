/// A packed block's bytes, with what is needed to unpack them without the map.
struct PackedPiece: Sendable {
    /// What its number means to the map, for messages.
    var number: Int
    /// How it is packed: means something to the map's unpackers.
    var kind: Int
    /// Where the bytes lie in the file, for messages.
    var place: Int
    /// The sum of what it unpacks to, where one is known.
    var sum: UInt16?
    /// The packed bytes.
    var bytes: [UInt8]
}

/// What unpacks blocks apart from their map; one thread uses it at a time.
protocol BlockUnpacker: AnyObject {
    /// Unpacks a block.
    ///
    /// - Parameters:
    ///   - piece: The block.
    ///   - buffer: As long as the block's range.
    /// - Throws: As ``BlockMap/unpack(_:into:)``.
    func unpack(_ piece: PackedPiece, into buffer: inout MutableSpan<UInt8>) throws
}

/// A map whose blocks may be unpacked by several threads, each with an unpacker of its own.
protocol DividedBlockMap: BlockMap {
    /// Reads a block's packed bytes.
    ///
    /// - Returns: Nothing of a block that only the map can unpack.
    /// - Throws: As ``BlockMap/unpack(_:into:)``.
    func piece(of block: PackedBlock) throws -> PackedPiece?

    /// Makes an unpacker.
    var makeUnpacker: @Sendable () throws -> any BlockUnpacker { get }
}

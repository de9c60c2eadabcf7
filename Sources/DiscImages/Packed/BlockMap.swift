/// How the bytes of a packed image lie in its file, block by block.
protocol BlockMap: AnyObject {
    /// How many bytes there are when all is unpacked.
    var byteCount: Int { get }

    /// The block that holds a byte.
    ///
    /// - Parameter offset: Not negative, and less than ``byteCount``.
    /// - Returns: The block.
    /// - Throws: ``ImageFormatError`` where the file says nonsense of it.
    func block(holding offset: Int) throws -> PackedBlock

    /// Unpacks a block whose content is packed.
    ///
    /// - Parameters:
    ///   - block: The block.
    ///   - buffer: As long as the block's range.
    /// - Throws: ``ImageFormatError`` where the block does not hold just that much, or
    ///   ``UnreadableBytes`` where other blocks may be intact.
    func unpack(_ block: PackedBlock, into buffer: inout MutableSpan<UInt8>) throws
}

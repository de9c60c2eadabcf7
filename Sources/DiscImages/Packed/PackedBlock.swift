/// A block of a packed image.
struct PackedBlock: Hashable {
    /// What the file has of it.
    enum Content: Hashable {
        /// Nothing: all its bytes are zero.
        case zeros
        /// The bytes themselves, from a place in the file on.
        case plain(Int)
        /// Something to unpack; the number means something to the block's map.
        case packed(Int)
    }

    /// Where its bytes belong when all is unpacked.
    var range: Range<Int>
    /// What the file has of it.
    var content: Content

    init(_ range: Range<Int>, _ content: Content) {
        self.range = range
        self.content = content
    }
}

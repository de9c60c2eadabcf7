/// Bytes of an image that can't be had, as those of a damaged block, while others can.
///
/// ``ImageDisc`` makes `UnreadableSectors` of it.
struct UnreadableBytes: Error, CustomStringConvertible {
    /// What can be had of a damaged block.
    struct Rest: Sendable {
        /// The block's bytes, some of them wrong.
        var bytes: [UInt8]
        /// The parts of it that are proven to be right, in order.
        var proven: [Range<Int>]
    }

    /// Why: a sentence.
    var reason: String
    /// What can be had of the block all the same; `nil` if nothing can.
    var rest: Rest?

    var description: String { reason }
}

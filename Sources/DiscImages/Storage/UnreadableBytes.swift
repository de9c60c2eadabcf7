/// Bytes of an image that can't be had, as those of a damaged block, while others can.
///
/// ``ImageDisc`` makes `UnreadableSectors` of it.
struct UnreadableBytes: Error, CustomStringConvertible {
    /// Why: a sentence.
    var reason: String

    var description: String { reason }
}

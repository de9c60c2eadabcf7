/// Bytes that a file should have and that can't be had, though others can: a packed block that is
/// damaged.
///
/// A disc makes unreadable sectors of them.
struct UnreadableBytes: Error, Hashable, CustomStringConvertible {
    /// Why, as a part of a sentence.
    var reason: String

    /// One sentence.
    var description: String { reason + "." }
}

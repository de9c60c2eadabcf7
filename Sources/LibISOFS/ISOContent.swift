/// The bytes of a file that goes into an image.
///
/// libisofs calls these on a thread of its own, one call at a time, and may read a file several times
/// from its beginning on.
public protocol ISOContent: AnyObject, Sendable {
    /// How many bytes there are, which never changes.
    var byteCount: Int { get }

    /// Gets ready to be read from the beginning.
    ///
    /// - Returns: Whether it can be read; zeros stand for its bytes in the image if not.
    func open() -> Bool

    /// Fills a buffer with the bytes that follow.
    ///
    /// - Parameter buffer: It is to be filled but at the end.
    /// - Returns: The bytes delivered; 0 at the end; `nil` if they can't be read.
    func read(into buffer: inout MutableSpan<UInt8>) -> Int?

    /// Ends the reading.
    func close()
}

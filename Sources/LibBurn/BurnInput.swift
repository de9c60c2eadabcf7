/// Where the bytes of a track come from while libburn writes it.
public protocol BurnInput: AnyObject, Sendable {
    /// Fills a buffer, on libburn's thread.
    ///
    /// - Parameter buffer: One sector, or more; it is to be filled but at the end of the data.
    /// - Returns: The bytes delivered; 0 at the end; `nil` if the source fails.
    func read(into buffer: inout MutableSpan<UInt8>) -> Int?
}

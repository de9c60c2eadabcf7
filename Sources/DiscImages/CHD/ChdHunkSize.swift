/// How long the hunks of CHD images of DVDs and BDs are.
package enum ChdHunkSize {
    /// Hunks of a file of any size that a reader takes: a BD of one layer in hunks of 4096 bytes has fewer.
    package static let mostHunksAnyway = 1 << 23
    /// Two sectors, as chdman makes them.
    private static let usual = 2 * 2048

    /// The size of the hunks that are written of so many bytes of data.
    ///
    /// Of an image that is empty for the most part, the file has few bytes for each hunk, and is taken only with
    /// fewer hunks.
    package static func ofData(_ byteCount: Int) -> Int {
        var size = usual
        while byteCount > size * mostHunksAnyway { size *= 2 }
        return size
    }
}

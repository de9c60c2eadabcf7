/// Packs a run of bytes into a file.
protocol PackedWriter: AnyObject {
    /// Takes the next bytes.
    func append(_ bytes: Span<UInt8>) throws

    /// Ends the file: all bytes have come.
    func finish() throws
}

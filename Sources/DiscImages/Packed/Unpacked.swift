import SystemPackage

/// What comes out of a packed image.
enum Unpacked {
    /// Opens the image in a packed image.
    ///
    /// - Parameters:
    ///   - file: The packed image.
    ///   - bytes: What it holds.
    ///   - path: Where the files that the inner image may name are looked for, and what its name is.
    ///   - format: The packed image's format, for messages.
    ///   - evidence: How it was known.
    ///   - warnings: What is odd about it.
    /// - Returns: The disc in the inner image.
    /// - Throws: ``ImageFormatError`` where images lie in each other too deeply, or the inner one is
    ///   none, or broken.
    static func open(
        _ file: ImageFile,
        _ bytes: any ByteSource,
        path: FilePath? = nil,
        format: String,
        evidence: [String],
        warnings: [String] = []
    ) throws -> ImageDisc {
        guard file.depth < ImageFile.deepest else {
            throw ImageFormatError(
                file.name,
                format,
                "the image within it",
                "lies in more than \(ImageFile.deepest) others"
            )
        }
        let inner = ImageFile(
            path ?? file.path,
            bytes: bytes,
            depth: file.depth + 1,
            secrets: file.secrets,
            cancellation: file.cancellation
        )
        guard let (_, disc) = try ImageFormat.open(inner) else {
            throw ImageFormatError(file.name, format, "the content", "is not an image")
        }
        disc.describe(before: evidence, warnings: warnings)
        return disc
    }
}

import LibISOFS
public import Transfer

/// An image that is made while it is read, from its beginning to its end; reading from the beginning again
/// makes it again.
public final class AuthoredSource: SectorSource {
    /// Bytes in a sector.
    public let sectorSize = 2048
    /// The sectors of the whole image.
    public var sectorCount: Int? { authoring.byteCount / sectorSize }

    private let authoring: ISOAuthoring
    private var stream: ISOImageStream?
    private var position = 0

    /// Creates a source of an image.
    public init(_ authoring: ISOAuthoring) { self.authoring = authoring }

    /// Reads the next sectors, or those at the beginning.
    ///
    /// - Throws: `UnreadableSectors` if other sectors are asked for; what says which file can't be read or
    ///   has changed, and that the image can't be made to its end.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        if start == 0, position != 0 || stream == nil {
            // The last one ends before the next one begins.
            stream = nil
            position = 0
            let stream = try authoring.stream()
            guard stream.byteCount == authoring.byteCount else {
                throw AuthoringTrouble(
                    description:
                        "it has \(stream.byteCount) bytes, and \(authoring.byteCount) were planned"
                )
            }
            self.stream = stream
        }
        guard let stream, start == position else {
            throw UnreadableSectors(
                start: start,
                count: 1,
                reason: "an image is made from its beginning to its end"
            )
        }
        let count: Int
        do {
            count = try stream.read(into: &buffer)
        } catch {
            throw SourceTrouble(authoring.tree.problems) ?? error
        }
        position += count / sectorSize
        if position * sectorSize >= authoring.byteCount { try finish(stream) }
        // Zeros would stand for what can't be read.
        if let trouble = SourceTrouble(authoring.tree.problems) { throw trouble }
        return count / sectorSize
    }

    /// Waits until the last file is closed, and looks at what was not opened.
    private func finish(_ stream: ISOImageStream) throws {
        stream.waitForEnd()
        for file in authoring.tree.files where file.byteCount == 0 { file.checkEmpty() }
        let complaints = stream.messages().filter { $0.severity >= .sorry }
        if SourceTrouble(authoring.tree.problems) == nil, let complaint = complaints.first {
            throw AuthoringTrouble(description: complaint.text)
        }
    }
}

/// An image is not what was planned, or libisofs complained of it.
struct AuthoringTrouble: Error, CustomStringConvertible {
    let description: String
}

public import Transfer

/// The bytes of a file as a program would read them, wherever they come from.
public protocol FileBytes: AnyObject {
    /// How many there are.
    var count: Int { get }

    /// Reads bytes.
    ///
    /// - Parameters:
    ///   - offset: The first one, counted from the file's beginning.
    ///   - target: Where they go.
    /// - Returns: The number of bytes read, at least 1; 0 only at the end.
    /// - Throws: `UnreadableSectors` if the disc can't deliver them, ``BrokenContents`` if they can't be
    ///   unpacked, and what the source throws.
    func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int
}

extension FileContents: FileBytes {}

/// A file whose packed bytes make no sense.
public struct BrokenContents: Error, CustomStringConvertible {
    /// What is wrong: a part of a sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}

extension FileEntry {
    /// Opens the file's bytes, unpacked if they are packed.
    ///
    /// - Parameter source: The disc.
    /// - Returns: The bytes.
    /// - Throws: ``UnsuitableSectorSize``, ``BrokenContents``, and what reading a packed file's header throws.
    public func open(_ source: any SectorSource) throws -> any FileBytes {
        let contents = try FileContents(source, self)
        return compression == nil ? contents : try UnpackedContents(contents, size: size)
    }
}

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
    /// - Throws: `UnreadableSectors` if the disc can't deliver them, ``MissingExtents`` if it does not say where
    ///   they are, ``BrokenContents`` if they can't be unpacked, and what the source throws.
    func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int
}

extension FileContents: FileBytes {}

/// A file whose packed bytes make no sense.
public struct BrokenContents: Error, CustomStringConvertible {
    /// What is wrong: a part of a sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// A file of which the disc does not say where all of its bytes are.
public struct MissingExtents: Error, CustomStringConvertible {
    /// The bytes, from the first one on, of which it does.
    public let held: Int
    /// The bytes that the file should have; `nil` if only that there are more is known.
    public let size: Int?

    package init(held: Int, size: Int?) {
        self.held = held
        self.size = size
    }

    /// What is wrong: a part of a sentence.
    public var description: String {
        guard held > 0 else { return "the disc does not say where its bytes are" }
        let rest = size.map { "not where the other \($0 - held) are" }
        return "the disc says where its first \(held) bytes are, but \(rest ?? "no more of it")"
    }
}

extension FileEntry {
    /// Fails if the file system says that there is more of the file, and not where.
    public func checkIsWhole() throws(MissingExtents) {
        guard !isCut else { throw MissingExtents(held: size, size: nil) }
    }

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

public import LinuxCalls
public import SystemPackage

/// A file that may be an image, as the formats' readers look at it.
public struct ImageFile {
    /// The longest sheet of text that is read: 99 tracks with all they can have take a tenth.
    static let longestText = 1 << 20
    /// Bytes that are looked at before all of a file is read as text.
    private static let tellingBytes = 512

    /// The file's path; of a file within a compressed file, that file's.
    public let path: FilePath
    /// The bytes.
    public let bytes: any ByteSource
    /// How many compressed or encrypted files this one came out of; readers of such files go no
    /// further than ``deepest``.
    public let depth: Int
    /// No file lies in so many others.
    public static let deepest = 4
    /// What gives the password where the file turns out to be encrypted; absent where there is none.
    public let secrets: ImageSecrets?
    /// Files beside this one that don't have their names yet, and are read as if they had.
    let unfinished: UnfinishedFiles?

    /// The file's name.
    public var name: String { bytes.name }

    /// Opens a file.
    public init(_ path: FilePath, secrets: ImageSecrets? = nil) throws {
        self.init(path, bytes: try FileBytes(path), secrets: secrets)
    }

    /// Takes bytes, such as a codec makes them.
    public init(
        _ path: FilePath,
        bytes: any ByteSource,
        depth: Int = 0,
        secrets: ImageSecrets? = nil,
        unfinished: UnfinishedFiles? = nil
    ) {
        self.unfinished = unfinished
        self.path = path
        self.bytes = bytes
        self.depth = depth
        self.secrets = secrets
    }

    /// The password of the file, which is encrypted.
    ///
    /// - Parameter format: The format's name, for messages.
    /// - Returns: The password's bytes.
    /// - Throws: ``EncryptedImageError`` where none was given; what goes wrong in getting it.
    func password(_ format: String) throws -> [UInt8] {
        guard let secrets else { throw EncryptedImageError(.noPassword, name, format) }
        return try secrets.password()
    }

    /// The first bytes.
    public func head(_ count: Int) throws -> [UInt8] {
        try bytes.bytes(0..<count)
    }

    /// The last bytes.
    public func tail(_ count: Int) throws -> [UInt8] {
        try bytes.bytes(max(0, bytes.byteCount - count)..<bytes.byteCount)
    }

    /// The ending of the file's name in small letters, without the dot; empty where there is none.
    public var ending: String { path.extension?.lowercased() ?? "" }

    /// The file's path without that ending.
    var withoutEnding: FilePath {
        path.removingLastComponent().appending(path.stem ?? name)
    }

    /// The file as text, where it is short enough and has no byte that texts don't have.
    ///
    /// UTF-8 with or without its mark, UTF-16 with its mark, else ISO 8859-1.
    public func text() throws -> String? {
        guard bytes.byteCount > 0, bytes.byteCount <= Self.longestText else { return nil }
        // The first bytes of most other files tell; those may have to be unpacked.
        let beginning = try head(Self.tellingBytes)
        let isUTF16 = beginning.starts(with: [0xFF, 0xFE]) || beginning.starts(with: [0xFE, 0xFF])
        guard isUTF16 || !beginning.contains(where: Self.isForeign) else { return nil }
        let bytes = try head(Self.longestText)
        if isUTF16 {
            let low = bytes[0] == 0xFF ? 0 : 1
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map {
                UInt16(bytes[$0 + low]) | UInt16(bytes[$0 + 1 - low]) << 8
            }
            return String(decoding: units, as: UTF16.self)
        }
        guard !bytes.contains(where: Self.isForeign) else { return nil }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(body.map { Unicode.Scalar($0) }))
    }

    /// Whether a byte is one that texts don't have.
    private static func isForeign(_ byte: UInt8) -> Bool {
        byte < 0x20 && ![9, 10, 12, 13, 26].contains(byte)
    }

    /// A file that this one names, found in the same directory.
    ///
    /// Sheets name files as they were called on another machine, and files are renamed: the name is
    /// tried as it is, without its folders, in any case, and last as this file's own name with each
    /// of the endings.
    ///
    /// - Parameters:
    ///   - name: The name in the sheet.
    ///   - endings: Endings of files that may stand for it, in small letters.
    /// - Returns: The path, and whether the file has another name; nothing where there is none.
    public func companion(_ name: String, endings: [String] = []) -> (
        path: FilePath, isOther: Bool
    )? {
        let directory = path.removingLastComponent()
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
        if let last, last != ".", last != ".." {
            let exact = directory.appending(last)
            let isUnfinished = unfinished?.file(for: exact) != nil
            if Self.isFile(exact) || isUnfinished { return (exact, last != name) }
        }
        guard
            let names = try? FileSystem.names(in: directory.string.isEmpty ? "." : directory)
        else { return nil }
        if let last {
            let folded = last.lowercased()
            for other in names.sorted() where other.lowercased() == folded {
                let found = directory.appending(other)
                if Self.isFile(found) { return (found, true) }
            }
        }
        guard let stem = path.stem?.lowercased() else { return nil }
        for ending in endings {
            for other in names.sorted() where other.lowercased() == "\(stem).\(ending)" {
                let found = directory.appending(other)
                if Self.isFile(found), found != path { return (found, true) }
            }
        }
        return nil
    }

    /// Opens a file that was found.
    func open(_ path: FilePath) throws -> FileBytes {
        try unfinished?.file(for: path).map { try FileBytes($0, path: path) } ?? FileBytes(path)
    }

    private static func isFile(_ path: FilePath) -> Bool {
        guard let status = try? FileSystem.status(path) else { return false }
        return status.kind == .regular
    }
}

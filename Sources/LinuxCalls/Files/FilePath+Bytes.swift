import Glibc
public import SystemPackage

extension FilePath {
    /// A path of bytes, which need not be UTF-8; they end before a zero.
    public init(bytes: [UInt8]) {
        let name = bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        self = unsafe name.withUnsafeBufferPointer { name in
            unsafe name.baseAddress.map { unsafe FilePath(platformString: $0) } ?? FilePath("")
        }
    }

    /// The path that a string stands for, as ``PathText`` has it.
    public init(text: String) {
        self = PathText.hasBytes(text) ? FilePath(bytes: PathText.bytes(of: text)) : FilePath(text)
    }

    /// The path's bytes.
    public var bytes: [UInt8] {
        unsafe withPlatformString { path in
            unsafe UnsafeBufferPointer(start: path, count: strlen(path)).map {
                UInt8(bitPattern: $0)
            }
        }
    }

    /// The path as a string of which it can be made again, as ``PathText`` has it.
    ///
    /// `string` is for showing a path: it has U+FFFD for what is not UTF-8.
    public var text: String { PathText.text(of: bytes) }

    /// The path's last component as ``PathText``, without its extension; `nil` if it has none.
    public var stemText: String? {
        guard let last = lastComponent, last.kind == .regular else { return nil }
        let name = last.text
        guard last.extension != nil, let dot = name.unicodeScalars.lastIndex(of: ".") else {
            return name
        }
        return String(name.unicodeScalars[..<dot])
    }

    /// The path of an entry of this directory whose name is bytes, which need not be UTF-8.
    public func appending(bytes name: [UInt8]) -> FilePath {
        FilePath(bytes: bytes + [0x2F] + name)
    }

    /// The path with the components of a string after it, as ``PathText`` has them.
    public func appending(text name: String) -> FilePath {
        appending(FilePath(text: name).components)
    }

    /// The path with more letters at the end of its last component.
    public func adding(_ suffix: String) -> FilePath {
        FilePath(bytes: bytes + Array(suffix.utf8))
    }

    /// The path without the last letters of its last component; `nil` if they are others.
    public func removing(_ suffix: String) -> FilePath? {
        let (bytes, suffix) = (bytes, Array(suffix.utf8))
        guard bytes.count >= suffix.count, bytes.suffix(suffix.count).elementsEqual(suffix) else {
            return nil
        }
        return FilePath(bytes: Array(bytes.dropLast(suffix.count)))
    }
}

extension FilePath.Component {
    /// The component's bytes.
    public var bytes: [UInt8] {
        unsafe withPlatformString { name in
            unsafe UnsafeBufferPointer(start: name, count: strlen(name)).map {
                UInt8(bitPattern: $0)
            }
        }
    }

    /// The component as a string, as ``PathText`` has it.
    public var text: String { PathText.text(of: bytes) }
}

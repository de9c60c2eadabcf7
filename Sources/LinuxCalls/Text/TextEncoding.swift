internal import CLinux
import Glibc

/// An encoding of text that the C library knows, such as CP1251 or SHIFT_JIS.
public struct TextEncoding: Hashable, Sendable {
    /// Its name, as the C library takes it.
    public let name: String

    /// MS-JIS, as Japanese CD-TEXT has it: Shift-JIS with Microsoft's additions.
    public static let msJIS = TextEncoding(known: "CP932")

    private init(known name: String) {
        self.name = name
    }

    /// Finds an encoding by its name; `nil` if the C library doesn't know it.
    ///
    /// The corresponding C function is `iconv_open`.
    public init?(_ name: String) {
        // A slash begins a suffix that makes the C library replace what it can't spell.
        let isName = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || [0x2B, 0x2D, 0x2E, 0x3A, 0x5F].contains(byte)
        }
        guard isName, !name.isEmpty, name.utf8.count < 64 else { return nil }
        self.name = name
        guard Self.convert([], from: name, to: "UTF-8") != nil else { return nil }
    }

    /// The text that bytes are in this encoding; `nil` if they are not valid in it.
    ///
    /// The corresponding C function is `iconv`.
    public func text(_ bytes: [UInt8]) -> String? {
        Self.convert(bytes, from: name, to: "UTF-8").flatMap {
            String(validating: $0, as: UTF8.self)
        }
    }

    /// The bytes that a text is in this encoding; `nil` if it can't spell all of the text.
    ///
    /// The corresponding C function is `iconv`.
    public func bytes(_ text: String) -> [UInt8]? {
        Self.convert(Array(text.utf8), from: "UTF-8", to: name)
    }

    private static func convert(_ bytes: [UInt8], from source: String, to target: String)
        -> [UInt8]?
    {
        let converter = unsafe iconv_open(target, source)
        // The C library returns -1 as a pointer if it doesn't know one of the names.
        guard Int(bitPattern: converter) != -1 else { return nil }
        defer { unsafe _ = iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No encoding takes more than four times as many bytes as another, but for its marks.
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 32)
        let written: Int? = unsafe input.withUnsafeMutableBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                var next = input.baseAddress
                var rest = input.count
                var end = output.baseAddress
                var room = output.count
                guard unsafe iconv(converter, &next, &rest, &end, &room) == 0, rest == 0 else {
                    return nil
                }
                // What an encoding with shifts has to end with.
                guard unsafe iconv(converter, nil, nil, &end, &room) == 0 else { return nil }
                return output.count - room
            }
        }
        return written.map { output[..<$0].map { UInt8(bitPattern: $0) } }
    }
}

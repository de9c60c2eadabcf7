/// What an entry of a directory is.
public enum FileKind: String, Codable, CaseIterable, Sendable {
    /// Bytes.
    case file
    /// More entries.
    case directory
    /// A path to another entry.
    case symlink
    /// A device that is read by blocks.
    case blockDevice = "block-device"
    /// A device that is read by bytes.
    case characterDevice = "character-device"
    /// A named pipe.
    case fifo
    /// A socket.
    case socket

    /// The kind that a POSIX mode tells; `nil` if its type bits mean nothing.
    init?(mode: UInt32) {
        guard let kind = Self.kinds[mode & 0o170000] else { return nil }
        self = kind
    }

    /// `S_IFMT`'s values, which Rock Ridge (RRIP 1.12 §4.1.1) and HFS Plus share with POSIX.
    private static let kinds: [UInt32: FileKind] = [
        0o140000: .socket, 0o120000: .symlink, 0o100000: .file, 0o060000: .blockDevice,
        0o040000: .directory, 0o020000: .characterDevice, 0o010000: .fifo,
    ]
}

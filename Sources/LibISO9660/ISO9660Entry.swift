/// A file or a directory as libiso9660 lists it.
///
/// The corresponding C type is `iso9660_stat_t`.
public struct ISO9660Entry: Sendable, Hashable {
    /// The bytes of its name; of plain ISO 9660 with the version.
    public var name: [UInt8]
    /// Whether it is a directory.
    public var isDirectory: Bool
    /// Its first sector of 2048 bytes.
    public var start: Int
    /// The number of its bytes.
    ///
    /// Of a file in several parts each part is an entry of its own, with the same name.
    public var size: Int
    /// The POSIX mode; `nil` if its record has no Rock Ridge fields.
    public var mode: UInt32?
    /// The bytes of where a symlink leads.
    public var target: [UInt8]?
}

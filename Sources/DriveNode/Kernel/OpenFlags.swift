/// The flags of `open` that a device node heeds (asm-generic/fcntl.h).
struct OpenFlags: OptionSet, Sendable {
    let rawValue: Int32

    static let writeOnly = OpenFlags(rawValue: 0o1)
    static let readWrite = OpenFlags(rawValue: 0o2)
    static let exclusive = OpenFlags(rawValue: 0o200)
    static let append = OpenFlags(rawValue: 0o2000)
    static let nonBlocking = OpenFlags(rawValue: 0o4000)

    /// Flags that count for the opening alone, and that `F_GETFL` does not tell: O_CREAT, O_EXCL,
    /// O_NOCTTY, O_TRUNC.
    static let ofOpeningAlone = OpenFlags(rawValue: 0o1700)
    /// Flags that `F_SETFL` may change: O_APPEND, O_NONBLOCK, O_ASYNC, O_DIRECT, O_NOATIME.
    static let changeable = OpenFlags(rawValue: 0o1_066_000)

    var isForReading: Bool { rawValue & 0o3 != 0o1 }
    var isForWriting: Bool { rawValue & 0o3 != 0 }
}

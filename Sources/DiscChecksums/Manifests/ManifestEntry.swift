public import LibCrypto

/// One sum that a manifest gives, and the file that it is of.
public struct ManifestEntry: Hashable, Sendable {
    /// The file's name as the manifest has it, folders included, as `PathText`; `nil` if it names none.
    public var name: String?
    /// The sum.
    public var checksum: Checksum
    /// The file's size in bytes, where a comment of the form that Fedora uses tells it.
    public var byteCount: Int?
    /// The list that it is of, where it was put together from several.
    public var list: String?

    /// Creates an entry.
    public init(name: String?, checksum: Checksum, byteCount: Int? = nil) {
        self.name = name
        self.checksum = checksum
        self.byteCount = byteCount
    }

    /// The names that the file may have where it lies now: what follows the last slash, or the last
    /// backslash, for manifests that were made under Windows.
    var baseNames: [Substring] {
        guard let name else { return [] }
        guard let base = name.split(separator: "/").last else { return [] }
        guard let windows = base.split(separator: "\\").last, windows != base else { return [base] }
        return [base, windows]
    }
}

/// What lies in a partition of a disk.
public struct PartitionContent: Codable, Hashable, Sendable {
    /// Whose table lists it: `mbr`, `gpt` or `apple-partition-map`.
    public var table: FileSystemClaim.Kind
    /// Its place in the table, from 1.
    public var number: Int
    /// Where it begins, in bytes.
    public var start: UInt64
    /// Its size in bytes.
    public var size: UInt64
    /// What lies in it, in words: “a FAT16 file system”, “HFS+”; `nil` if nothing is known there.
    public var content: String?
    /// The volume's name.
    public var name: String?

    /// What lies in it and the volume's name; `nil` if nothing is known there.
    public var description: String? {
        content.map { content in name.map { "\(content) “\($0)”" } ?? content }
    }
}

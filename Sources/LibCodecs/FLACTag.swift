/// What a FLAC file says of its sound: a name and a value of a Vorbis comment.
public struct FLACTag: Hashable, Sendable {
    /// The name, such as `TITLE`.
    public var name: String
    /// The value.
    public var value: String

    /// Creates a tag.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

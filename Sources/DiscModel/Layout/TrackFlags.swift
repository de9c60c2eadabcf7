/// What the control nibble of a track's Q says beside “data” (ECMA-130 §22.3.1).
public struct TrackFlags: OptionSet, Hashable, Sendable, Codable {
    /// The bits, as they stand in the control nibble.
    public let rawValue: Int

    /// Creates a set from the bits of a control nibble.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The audio was recorded with pre-emphasis.
    public static let preEmphasis = TrackFlags(rawValue: 1)
    /// Copying is permitted.
    public static let copyPermitted = TrackFlags(rawValue: 2)
    /// Four channels of audio.
    public static let fourChannels = TrackFlags(rawValue: 8)

    /// All flags that there are.
    public static let all: TrackFlags = [.preEmphasis, .copyPermitted, .fourChannels]
}

public import SystemPackage

/// How answers of databases are fetched, and where they are kept.
public struct Fetching: Sendable {
    /// How Spindle introduces itself to servers, such as `Spindle/1.0`.
    public var agent = "Spindle"
    /// How long an answer may take, in seconds.
    public var seconds = 20
    /// The folder in which answers are kept as they came; `nil` if they are not kept.
    public var folder: FilePath?
    /// Where AccurateRip's answers are.
    public var accurateRip = WebAddress.accurateRip
    /// The server of the CUETools Database.
    public var ctdb = WebAddress.ctdb
    /// The server of MusicBrainz.
    public var musicBrainz = WebAddress.musicBrainz

    /// The servers that everybody uses, and no folder.
    public init() {}
}

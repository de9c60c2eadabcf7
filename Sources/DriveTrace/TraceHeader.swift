/// The first line of a trace.
struct TraceHeader: Codable {
    static let currentVersion = 1

    /// The format's version.
    var spindleTrace = currentVersion
    /// Where the commands were seen: “virtual” for a drive in software, “pass-through” for others.
    var origin: String
    /// Whether what sectors hold is in it.
    var sectors: Bool
    /// Whether numbers of drives and discs are in it.
    var serials: Bool

    enum CodingKeys: String, CodingKey {
        case spindleTrace = "spindle-trace"
        case origin, sectors, serials
    }
}

extension JobEvent {
    /// The version of the events' JSON; it grows when a field changes its meaning or goes.
    public static let version = 1

    /// The event as one line of JSON, `event` and `version` first, without blanks between tokens.
    public var json: String {
        switch self {
        case .plan(let plan): Self.line("plan", plan)
        case .progress(let progress): Self.line("progress", progress)
        case .message(let message): Self.line("message", message)
        case .result(let result): Self.line("result", result)
        }
    }

    private static func line(_ name: String, _ body: some Encodable) -> String {
        // JSONEncoder keeps no order of its own but the alphabet's; people read the kind first.
        let fields = JSON.encode(body).dropFirst()
        return "{\"event\":\"\(name)\",\"version\":\(version),\(fields)"
    }
}

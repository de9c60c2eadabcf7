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

    /// The same line with what is known where it is printed: the time, and of several drives which one.
    ///
    /// - Parameters:
    ///   - time: When it happened, in RFC 3339 form; progress, which comes several times a second,
    ///     is not given one. `nil` leaves it out.
    ///   - drive: The device node of one of several drives; its plan then has the maker and model
    ///     as `model`. `nil` leaves it out.
    /// - Returns: The line, with both after `version`.
    public func json(at time: String?, ofDrive drive: String? = nil) -> String {
        var event = self
        var added = ""
        if let time, !isProgress { added += "\"time\":\(JSON.encode(time))," }
        if let drive {
            added += "\"drive\":\(JSON.encode(drive)),"
            if case .plan(var plan) = event {
                (plan.model, plan.drive) = (plan.drive, nil)
                event = .plan(plan)
            }
        }
        let mark = "\"version\":\(Self.version),"
        return event.json.replacing(mark, with: mark + added, maxReplacements: 1)
    }

    private var isProgress: Bool {
        if case .progress = self { true } else { false }
    }

    private static func line(_ name: String, _ body: some Encodable) -> String {
        // JSONEncoder keeps no order of its own but the alphabet's; people read the kind first.
        let fields = JSON.encode(body).dropFirst()
        return "{\"event\":\"\(name)\",\"version\":\(version),\(fields)"
    }

    /// Takes an event from a line that another process of this program wrote.
    ///
    /// - Returns: `nil` if the line is no event.
    public init?(json line: [UInt8]) {
        struct Kind: Decodable { var event: String }
        switch JSON.decode(Kind.self, line)?.event {
        case "plan":
            guard let plan = JSON.decode(JobPlan.self, line) else { return nil }
            self = .plan(plan)
        case "progress":
            guard let progress = JSON.decode(JobProgress.self, line) else { return nil }
            self = .progress(progress)
        case "message":
            guard let message = JSON.decode(JobMessage.self, line) else { return nil }
            self = .message(message)
        case "result":
            guard let result = JSON.decode(JobResult.self, line) else { return nil }
            self = .result(result)
        default: return nil
        }
    }
}

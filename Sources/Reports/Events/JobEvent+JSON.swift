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

    /// The same as one of several drives' events: with the drive's node, and of a plan with its maker and
    /// model as `model`.
    ///
    /// - Parameter drive: The drive's device node.
    /// - Returns: The line.
    public func json(ofDrive drive: String) -> String {
        var event = self
        if case .plan(var plan) = event {
            (plan.model, plan.drive) = (plan.drive, nil)
            event = .plan(plan)
        }
        let mark = "\"version\":\(Self.version),"
        return event.json.replacing(
            mark,
            with: "\(mark)\"drive\":\(JSON.encode(drive)),",
            maxReplacements: 1
        )
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

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

    /// Reads an event from a line of JSON; `nil` if it is none.
    public init?(json line: String) {
        struct Kind: Decodable { var event: String }
        let event: JobEvent? =
            switch JSON.decode(Kind.self, line)?.event {
            case "plan": JSON.decode(JobPlan.self, line).map(JobEvent.plan)
            case "progress": JSON.decode(JobProgress.self, line).map(JobEvent.progress)
            case "message": JSON.decode(JobMessage.self, line).map(JobEvent.message)
            case "result": JSON.decode(JobResult.self, line).map(JobEvent.result)
            default: nil
            }
        guard let event else { return nil }
        self = event
    }

    private static func line(_ name: String, _ body: some Encodable) -> String {
        // JSONEncoder keeps no order of its own but the alphabet's; people read the kind first.
        let fields = JSON.encode(body).dropFirst()
        return "{\"event\":\"\(name)\",\"version\":\(version),\(fields)"
    }
}

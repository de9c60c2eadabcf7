public import Reports

/// What a job told while it ran, kept for a page about it.
///
/// Memory is bounded: of many measurements of the speed some are left out, evenly.
public struct JobRecord: Sendable {
    /// A measurement of the speed.
    public struct Sample: Hashable, Sendable {
        /// Bytes that were done.
        public var bytes: Int
        /// Bytes a second.
        public var rate: Double
    }

    private static let mostSamples = 2048
    private static let mostMessages = 1000

    /// What the job was about to do; of several plans the first.
    public private(set) var plan: JobPlan?
    /// Warnings and notes, as they came.
    public private(set) var messages: [JobMessage] = []
    /// The speed while the first kind of work was done.
    public private(set) var samples: [Sample] = []
    /// How it ended.
    public private(set) var result: JobResult?
    private var phase: JobProgress.Phase?
    private var step = 1
    private var skipped = 0

    /// Creates an empty record.
    public init() {}

    /// Takes an event in.
    public mutating func note(_ event: JobEvent) {
        switch event {
        case .plan(let plan): self.plan = self.plan ?? plan
        case .message(let message):
            if messages.count < Self.mostMessages { messages.append(message) }
        case .result(let result): self.result = result
        case .progress(let progress): note(progress)
        }
    }

    private mutating func note(_ progress: JobProgress) {
        phase = phase ?? progress.phase
        guard progress.phase == phase, let rate = progress.bytesPerSecond else { return }
        skipped += 1
        guard skipped >= step else { return }
        skipped = 0
        samples.append(Sample(bytes: progress.bytes, rate: rate))
        guard samples.count > Self.mostSamples else { return }
        samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        step *= 2
    }
}

import LinuxCalls
public import Reports
public import SystemPackage
public import Transfer

/// Burns one image in several drives at a time, each with a process of its own.
///
/// An image of plain data is read once, and each process gets it through a pipe; one with audio or several tracks
/// each process reads by itself.
///
/// What is read once waits in a ring that each drive goes through at its own speed, so a drive that is slow for a
/// while does not hold up the others before the ring is full; one that fails leaves it. A drive whose
/// data come late waits for them, as drives with protection from underrun do.
public struct SeveralBurnsJob {
    /// Bytes of a buffer, and how many there are: what the fastest drive can be ahead of the slowest.
    private static let (chunkSize, chunks) = (1 << 20, 64)
    /// Seconds after which a drive that takes nothing is left behind, where others wait for it.
    private static let patience = 120.0
    private static let verb = "burn"

    private let image: ImageToBurn
    private let drives: [FilePath]
    private let program: [String]
    /// Whether the image is read here.
    private let isFed: Bool

    /// Creates a job.
    ///
    /// - Parameters:
    ///   - image: What is burned.
    ///   - drives: The drives' device nodes.
    ///   - program: A program that burns in the drive whose node is added to the arguments, and tells events
    ///     as lines of JSON: its standard input, or an image that it opens by itself.
    ///   - isFed: Whether it is its standard input.
    public init(image: ImageToBurn, drives: [FilePath], program: [String], isFed: Bool) {
        self.image = image
        self.drives = drives
        self.program = program
        self.isFed = isFed
    }

    /// Burns.
    ///
    /// - Parameters:
    ///   - cancellation: Passed on to all drives.
    ///   - tell: Told what each drive tells, from several threads.
    /// - Returns: The worst result of all, with a sentence for each drive.
    /// - Throws: ``Reports/Failure`` if nothing was begun.
    public func run(
        cancellation: Cancellation,
        tell: @escaping @Sendable (FilePath, JobEvent) -> Void
    ) throws(Failure) -> JobResult {
        guard Set(drives).count == drives.count else {
            throw Failure(
                .usage,
                "A drive is named twice.",
                meaning: "Nothing was written.",
                advice: "Name each drive once."
            )
        }
        // The process for a drive knows the image as its standard input.
        let name = image.name
        @Sendable func named(_ event: JobEvent) -> JobEvent {
            guard case .plan(var plan) = event else { return event }
            plan.source = name
            return .plan(plan)
        }
        let ring = ChunkRing(
            chunkSize: Self.chunkSize,
            chunks: Self.chunks,
            consumers: drives.count
        )
        if !isFed { ring.finish() }
        let supply = Supply(image: image, ring: ring)
        var burns: [BurningDrive] = []
        for (index, node) in drives.enumerated() {
            do {
                burns.append(
                    try BurningDrive(node, program, ring, of: supply, as: index) { node, event in
                        tell(node, named(event))
                    }
                )
            } catch {
                burns.forEach { $0.stop() }
                throw Failure(
                    .trouble,
                    "No process for \(node) can be started: \(error)",
                    meaning: "Nothing was written.",
                    advice: "Try again."
                )
            }
        }
        let reader: Thread?
        do {
            reader = isFed ? try Thread(name: "source") { supply.run() } : nil
        } catch {
            burns.forEach { $0.stop() }
            throw Failure(
                .trouble,
                "No thread can be started: \(error)",
                meaning: "Nothing was written.",
                advice: "Try again."
            )
        }
        follow(burns, ring, cancellation)
        supply.stop()
        reader?.join()
        let results = burns.map { $0.finish() }
        return summary(results, supply.failure)
    }

    /// Waits for all drives, passes a wish to stop on, and leaves behind one that holds up the others.
    private func follow(_ burns: [BurningDrive], _ ring: ChunkRing, _ cancellation: Cancellation) {
        var hasAsked = false
        var positions = [Int?](repeating: nil, count: burns.count)
        var since = [Double](repeating: Clock.seconds, count: burns.count)
        while burns.contains(where: { !$0.hasEnded }) {
            if cancellation.isRequested, !hasAsked {
                hasAsked = true
                burns.forEach { $0.interrupt() }
            }
            let isFull = ring.fill >= 1
            for (index, burn) in burns.enumerated() {
                let position = ring.position(of: index)
                if position != positions[index] || !isFull {
                    positions[index] = position
                    since[index] = Clock.seconds
                } else if isFull, position == ring.slowestPosition,
                    Clock.seconds - since[index] > Self.patience
                {
                    burn.leaveBehind()
                }
            }
            Clock.sleep(seconds: 0.05)
        }
    }

    private func summary(_ results: [JobResult], _ failure: String?) -> JobResult {
        let order: [JobStatus] = [
            .interrupted, .failed, .notVerified, .differs, .incomplete, .refused, .done, .verified,
        ]
        let worst = results.min { a, b in
            (order.firstIndex(of: a.status) ?? 0) < (order.firstIndex(of: b.status) ?? 0)
        }
        guard let worst else { return JobResult(.failed, verb: Self.verb) }
        var result = worst
        result.sentences = zip(drives, results).map { node, result in
            "\(node): \(result.status.rawValue): \(result.sentences.first ?? "")"
        }
        let good = results.count { $0.exitCode == 0 }
        result.sentences.insert(
            "\(good) of \(Wording.counted(results.count, "disc")) came out well.",
            at: 0
        )
        if image.hasChanged {
            result.sentences.append("\(image.name) changed while it was burned.")
            if result.exitCode == 0 {
                result.status = .notVerified
                result.reason = .sourceChanged
            }
        }
        if let failure { result.sentences.append(failure) }
        // What is told of one disc is not true of all.
        result.discState = nil
        result.discUsable = nil
        result.tracks = nil
        result.start = nil
        result.session = nil
        result.sense = nil
        if Set(results.map(\.sha256)).count > 1 { result.sha256 = nil }
        result.bytes = results.map(\.bytes).max() ?? 0
        return result
    }
}

/// Reads an image into a ring, once.
private final class Supply: @unchecked Sendable {
    // Safe to share: the image's source is used by the one thread that runs it.
    private let image: ImageToBurn
    private let ring: ChunkRing
    private let state = Monitor<String?>(nil)

    init(image: ImageToBurn, ring: ChunkRing) {
        self.image = image
        self.ring = ring
    }

    /// Why the image could not be read to its end, in a sentence, where that is so by now.
    var failure: String? { state.read { $0 } }

    func run() {
        do {
            var sector = 0
            var left = image.byteCount
            let pipe = image.source as? PipeSource
            var isAtEnd = false
            while !isAtEnd {
                let goesOn = try ring.produce { buffer in
                    let before = pipe?.byteCount ?? 0
                    let sectors = try image.source.read(at: sector, into: &buffer)
                    sector += sectors
                    var bytes = pipe.map { $0.byteCount - before } ?? sectors * 2048
                    bytes = min(bytes, left ?? bytes)
                    left = left.map { $0 - bytes }
                    isAtEnd = sectors == 0 || left == 0 || pipe?.hasEnded ?? false
                    return bytes
                }
                guard goesOn else { return }
            }
            ring.finish()
        } catch is PipeSource.Stopped {
            ring.abandon()
        } catch {
            let sentence = "\(image.name) could not be read to its end: \(error)"
            state.update { $0 = sentence }
            ring.abandon()
        }
    }

    /// Ends the wait for a pipe in which nothing comes any more.
    func stop() {
        ring.abandon()
        (image.source as? PipeSource)?.stopper.wake()
    }
}

/// One drive of several: its process, what it is fed and what it tells.
private final class BurningDrive: Sendable {
    private let node: FilePath
    private let child: ChildProcess
    private let input: StreamSocket
    private let feeder: Thread
    private let listener: Thread
    private let result: Monitor<JobResult?>
    private let ended: Monitor<Bool>
    /// Why it is not given all of the image, in a sentence.
    ///
    /// Its process sees a pipe that ends, and can't tell that from the image's end where no size was told.
    private let cut: Monitor<String?>

    init(
        _ node: FilePath,
        _ program: [String],
        _ ring: ChunkRing,
        of supply: Supply,
        as consumer: Int,
        _ tell: @escaping @Sendable (FilePath, JobEvent) -> Void
    ) throws(SystemError) {
        let (input, itsInput) = try StreamSocket.pair()
        let (output, itsOutput) = try StreamSocket.pair()
        let child = try ChildProcess(
            arguments: program + [node.text],
            environment: Environment.all,
            input: itsInput,
            output: itsOutput
        )
        self.child = child
        self.node = node
        self.input = input
        let cut = Monitor<String?>(nil)
        self.cut = cut
        let result = Monitor<JobResult?>(nil)
        let ended = Monitor(false)
        self.result = result
        self.ended = ended
        feeder = try Thread(name: "feed") {
            var goesOn = true
            while goesOn {
                goesOn = (try? ring.consume(consumer) { try input.send($0) }) ?? false
            }
            ring.leave(consumer)
            if let failure = supply.failure {
                cut.update { $0 = failure }
                child.send(.interrupt)
            }
            input.shutDown()
        }
        listener = try Thread(name: "listen") {
            var waiting: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                var span = buffer.mutableSpan
                guard let count = try? output.receive(into: &span), count > 0 else { break }
                waiting += buffer.prefix(count)
                while let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
                    let line = Array(waiting[..<end])
                    waiting.removeSubrange(...end)
                    guard var event = JobEvent(json: line) else { continue }
                    if case .result(var told) = event {
                        if let sentence = cut.read({ $0 }) { told.adopt(cut: sentence) }
                        result.update { $0 = told }
                        event = .result(told)
                    }
                    tell(node, event)
                }
            }
            // What it still had to be given nobody takes any more.
            input.shutDown()
            ring.leave(consumer)
            ended.update { $0 = true }
        }
    }

    /// Whether it has told all that it tells.
    var hasEnded: Bool { ended.read { $0 } }

    /// Asks it to stop at the next safe place.
    func interrupt() { child.send(.interrupt) }

    /// Gives it nothing more, so that it ends without all of the image.
    func leaveBehind() {
        let sentence =
            "The drive took nothing for two minutes while others waited, and was left behind."
        cut.update { $0 = $0 ?? sentence }
        interrupt()
        input.shutDown()
    }

    /// Has it stop, and waits for that.
    func stop() {
        interrupt()
        input.shutDown()
        _ = finish()
    }

    /// Waits for its end.
    func finish() -> JobResult {
        listener.join()
        feeder.join()
        let ending = child.wait()
        return result.read { $0 }
            ?? JobResult(
                Failure(
                    .trouble,
                    .trouble,
                    "The process for this drive ended (\(ending.exitCode)) without a word.",
                    meaning: "What the disc holds is not known.",
                    advice: "See with “spindle info \(node)”."
                ),
                verb: "burn"
            )
    }
}

extension JobResult {
    /// Says that a drive was given a part of the image only, whatever its process made of that part.
    fileprivate mutating func adopt(cut sentence: String) {
        switch status {
        case .interrupted:
            // What the disc is now, and what to do with it, stays true.
            status = .failed
            sentences = [sentence] + sentences.dropFirst()
        case .verified, .done:
            status = .failed
            discUsable = nil
            sha256 = nil
            sentences = [
                sentence, "The disc holds what had come until then.",
                "Burn the image again, when all of it can be had.",
            ]
        default: sentences.append(sentence)
        }
    }
}

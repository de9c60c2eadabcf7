import DiscModel
public import LibBurn
import Reports
import SystemPackage
public import Transfer

extension RingReader: BurnInput {}

extension BurnJob {
    private static let chunkSize = 1 << 20
    private static let chunks = 8

    /// Has libburn write the plan's sessions one after the other, and makes the sums on the way.
    ///
    /// - Parameters:
    ///   - decision: What is written, to the disc that it was made for.
    ///   - cancellation: Heeded at the next safe place.
    ///   - confirm: Asked whether what comes through a pipe may lie at a place that it was not made for.
    ///   - tell: Told the progress.
    /// - Returns: What was written.
    /// - Throws: What libburn or the image failed at, or why nothing was begun.
    func write(
        _ decision: Decision,
        _ cancellation: Cancellation,
        _ confirm: (BurnQuestion) throws(Failure) -> Bool,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(Ending) -> Written {
        let plan = decision.plan
        let ring = ChunkRing(chunkSize: Self.chunkSize, chunks: Self.chunks, consumers: 1)
        let feeder = try begin(ring, decision, cancellation, confirm)
        let written: Written?
        do throws(BurnError) {
            try write(plan, ring, feeder, cancellation, tell)
            // libburn has taken all that it wanted.
            ring.leave(0)
            written = feeder.finish()
        } catch {
            var error = error
            error.bytes = min(error.bytes, plan.bytesToWrite ?? error.bytes)
            guard error.isDelivered else {
                feeder.stop(ring)
                if let failure = feeder.failure {
                    throw .image(ImageTrouble(unreadable: image, failure, bytes: error.bytes))
                }
                if let trouble = feeder.wrongSize(of: image, plan, error) { throw .image(trouble) }
                throw .trouble(BurnTrouble(error: error))
            }
            // All of it is out; the sums tell whether it has arrived.
            ring.leave(0)
            let written = feeder.finish()
            error.bytes = written?.byteCount ?? error.bytes
            throw .trouble(BurnTrouble(error: error, written: written))
        }
        guard let written else {
            throw .image(ImageTrouble(unreadable: image, "it ended early.", bytes: 0))
        }
        let bytes = written.byteCount
        if feeder.missingBytes > 0, !options.allowsTruncated {
            let sentence =
                "\(image.name) ended after \(bytes) bytes, and its file system has \(feeder.missingBytes) more."
            let remedy = "Get the image into a file, and check its checksum"
            throw .image(ImageTrouble(sentence: sentence, remedy: remedy, bytes: bytes))
        }
        if plan.disc.byteCount == nil, bytes % 2048 != 0 {
            let said =
                "\(image.name) ended within a sector; the rest of the last one is zeros."
            tell(.message(JobMessage(.note, said)))
        }
        return written
    }

    /// Writes the sessions; the drive is taken again for each, so that libburn looks at the disc again.
    private func write(
        _ plan: BurnPlan,
        _ ring: ChunkRing,
        _ feeder: Feeder,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws(BurnError) {
        guard !plan.isWritten else { return }
        var meter = RateMeter(
            phase: .write,
            total: plan.bytesToWrite,
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        var silence = SilentPhase(closing: plan.medium)
        let input = RingReader(ring, as: 0)
        let sessions = plan.disc.sessions
        var before = 0
        let control = WriteControl(
            isCancelled: { cancellation.isRequested || feeder.failure != nil },
            // libburn heeds a wish to stop between two sectors, and would wait for the next one for as
            // long as a pipe gives none.
            whenStopping: { ring.abandon() },
            observe: { progress in
                if let words = silence.sentence(isGoingOn: progress.phase == .closing) {
                    tell(.message(JobMessage(.note, words)))
                }
                guard meter.isDue else { return }
                var counts = meter.progress(
                    bytes: before + progress.delivered,
                    driveBuffer: progress.bufferFill,
                    fifo: ring.fill
                )
                counts.adopt(progress)
                tell(.progress(counts))
            }
        )
        for (index, session) in sessions.enumerated() {
            let isFirst = index == 0
            let order = BurnOrder(
                address: node.string,
                task: .write(session.job(plan), formattingTo: isFirst ? plan.format : nil)
            )
            do throws(BurnError) {
                if !isFirst, cancellation.isRequested { throw .stoppedBetweenSessions }
                let messages = try order.run(
                    by: options.libburn,
                    input: input,
                    control: control.asking(node)
                )
                for message in messages where message.severity >= .warning {
                    tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
                }
            } catch {
                var error = error
                error.bytes += before
                // One session may be there, but not the disc.
                error.isDelivered = error.isDelivered && index + 1 == sessions.count
                throw error
            }
            before += DiscPlan.byteCount(of: session.tracks) ?? 0
        }
    }

    /// Begins to read the image, and waits for its first piece before the drive is touched: a pipe may
    /// give nothing, and a disc can be formatted or begun only to find that out.
    ///
    /// A person may have changed the disc meanwhile, so that it is looked at last.
    private func begin(
        _ ring: ChunkRing,
        _ decision: Decision,
        _ cancellation: Cancellation,
        _ confirm: (BurnQuestion) throws(Failure) -> Bool
    ) throws(Ending) -> Feeder {
        let plan = decision.plan
        let feeder: Feeder
        do {
            feeder = try Feeder(image, plan.disc, behind: plan.resumedSectors, into: ring)
        } catch {
            throw .failure(
                Failure(
                    .trouble,
                    "The burn failed: \(error)",
                    meaning: "Nothing was written: the disc is unchanged.",
                    advice: "Try again."
                )
            )
        }
        do throws(Failure) {
            while ring.waitForFirst(atMost: .milliseconds(50)) == nil {
                guard !cancellation.isRequested else { throw .stoppedBeforehand }
            }
            try feeder.checkBeginning(of: image, options)
            if let question = feeder.question(about: plan) {
                guard try confirm(question) else { throw question.refusal }
            }
            _ = try reportOfSameDisc(decision)
            guard !cancellation.isRequested else { throw .stoppedBeforehand }
        } catch {
            feeder.stop(ring)
            throw .failure(error)
        }
        return feeder
    }
}

extension Failure {
    /// A burn was stopped while nothing had been done to the disc yet.
    static let stoppedBeforehand = Failure(
        .interruption,
        "The burn was stopped before it began.",
        meaning: "Nothing was written: the disc is unchanged.",
        advice: ""
    )
}

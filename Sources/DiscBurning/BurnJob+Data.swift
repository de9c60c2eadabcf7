import DiscDrives
import DiscModel
import LibBurn
import LibCrypto
import Reports
import SystemPackage
import Transfer

extension BurnJob {
    /// Burns a row of data sectors as the disc's only track, and has the disc bear witness.
    ///
    /// - Throws: ``BurnTrouble`` where libburn failed, ``ImageTrouble`` where the image did, and
    ///   ``Reports/Failure``.
    func burnData(
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws -> JobResult {
        let written = try write(plan, cancellation, tell)
        return try Witness(
            node: node,
            image: image,
            plan: plan,
            written: written,
            options: options
        ).testify(cancellation: cancellation, tell: tell)
    }

    /// Has libburn write the track, and makes the source's checksum on the way.
    private func write(
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws -> Written {
        // Two consumers: libburn's reader is 0, the checksum is 1.
        let ring = ChunkRing(chunkSize: Self.chunkSize, chunks: Self.chunks, consumers: 2)
        let digests = try DigestThreads([.sha256], over: ring, firstConsumer: 1)
        let feeder = try SourceFeeder(image, into: ring)
        do {
            try waitForFirstPiece(ring, cancellation) { () throws(Failure) in
                try feeder.checkBeginning(of: image, options)
            }
        } catch {
            ring.abandon()
            _ = digests.finish()
            feeder.stop()
            throw error
        }
        let expected = image.byteCount
        var meter = RateMeter(
            phase: .write,
            total: plan.job.knownSectors.map { $0 * 2048 },
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        let messages: [BurnMessage]
        do {
            messages = try order(SessionJob(plan.job), formattingTo: plan.format).run(
                by: options.libburn,
                input: RingInput(ring),
                isCancelled: { cancellation.isRequested || feeder.failure != nil },
                // libburn heeds a wish to stop between two sectors, and would wait for the next one
                // for as long as a pipe gives none.
                whenStopping: { ring.abandon() },
                observe: { progress in
                    guard meter.isDue else { return }
                    var counts = meter.progress(
                        bytes: progress.bytes,
                        driveBuffer: progress.bufferFill,
                        fifo: ring.fill
                    )
                    counts.adopt(progress)
                    tell(.progress(counts))
                }
            )
        } catch let error where error.isDelivered {
            // All of it is out; the checksum tells whether it has arrived.
            ring.leave(0)
            feeder.finish()
            let sum = digests.finish()[.sha256]
            let written = sum.map { Written($0, byteCount: expected ?? feeder.byteCount) }
            throw BurnTrouble(error: error, bytes: expected ?? feeder.byteCount, written: written)
        } catch {
            ring.abandon()
            _ = digests.finish()
            feeder.stop()
            let bytes = min(error.bytes, expected ?? error.bytes)
            if let failure = feeder.failure {
                throw ImageTrouble(unreadable: image, failure, bytes: bytes)
            }
            throw BurnTrouble(error: error, bytes: bytes)
        }
        // libburn has taken all that it wanted; the checksum may still be under way.
        ring.leave(0)
        feeder.finish()
        let sums = digests.finish()
        if feeder.missingBytes > 0, !options.allowsTruncated {
            throw ImageTrouble(
                sentence:
                    "\(image.name) ended after \(feeder.byteCount) bytes, and its file system has \(feeder.missingBytes) more.",
                remedy: "Get the image into a file, and check its checksum",
                bytes: feeder.byteCount
            )
        }
        for message in messages where message.severity >= .warning {
            tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
        }
        if expected == nil, feeder.byteCount % 2048 != 0 {
            tell(
                .message(
                    JobMessage(
                        .note,
                        "\(image.name) ended within a sector; the rest of the last one is zeros."
                    )
                )
            )
        }
        guard let sum = sums[.sha256] else {
            throw DigestMissing()
        }
        return Written(sum, byteCount: expected ?? feeder.byteCount)
    }

    /// What libburn is to do.
    func order(_ session: SessionJob, formattingTo format: ListedFormat?) -> BurnOrder {
        BurnOrder(address: node.string, task: .write(session, formattingTo: format))
    }

    /// Waits for the first piece of the image, before the drive is touched: a pipe may give nothing,
    /// and a disc can be formatted or begun only to find that out.
    ///
    /// - Parameters:
    ///   - ring: What the image goes through.
    ///   - cancellation: A wish to stop.
    ///   - check: Throws if what came, or did not come, can't be burned.
    /// - Throws: ``Reports/Failure``: what the check throws, or that the burn was stopped.
    func waitForFirstPiece(
        _ ring: ChunkRing,
        _ cancellation: Cancellation,
        _ check: () throws(Failure) -> Void
    ) throws(Failure) {
        while ring.waitForFirst(atMost: .milliseconds(50)) == nil {
            guard !cancellation.isRequested else { throw .stoppedBeforehand }
        }
        try check()
        guard !cancellation.isRequested else { throw .stoppedBeforehand }
    }
}

extension Failure {
    /// A burn was stopped while nothing had been done to the disc yet.
    static let stoppedBeforehand = Failure(
        .interruption,
        "The burn was stopped before it began.",
        meaning: "Nothing was written: the disc is as it was.",
        advice: ""
    )
}

/// libcrypto made no sum over what was burned.
struct DigestMissing: Error, CustomStringConvertible {
    var description: String { "the image's SHA-256 could not be made" }
}

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

    /// Takes the drive for libburn.
    func grab() throws(BurnTrouble) -> GrabbedDrive {
        var attempts = 0
        while true {
            do {
                return try GrabbedDrive(address: node.string, load: true)
            } catch {
                attempts += 1
                guard error.isUnitAttention, attempts < 4 else { throw BurnTrouble(error: error) }
            }
        }
    }

    /// Has libburn write the track, and makes the source's sum on the way.
    private func write(
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws -> Written {
        // Two consumers: libburn's reader is 0, the sum is 1.
        let ring = ChunkRing(chunkSize: Self.chunkSize, chunks: Self.chunks, consumers: 2)
        let grabbed = try grab()
        if plan.formatsFirst {
            do {
                try grabbed.format { progress in
                    tell(.progress(JobProgress(phase: .format, bytes: 0, share: progress.share)))
                }
            } catch {
                throw BurnTrouble(error: error)
            }
        }
        let digests = try DigestThreads([.sha256], over: ring, firstConsumer: 1)
        let feeder = try SourceFeeder(image, into: ring)
        let expected = image.byteCount
        var meter = RateMeter(
            phase: .write,
            total: plan.job.knownSectors.map { $0 * 2048 },
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        let messages: [BurnMessage]
        do {
            messages = try grabbed.write(
                plan.job,
                input: RingInput(ring),
                isCancelled: {
                    guard cancellation.isRequested || feeder.failure != nil else { return false }
                    // libburn heeds a wish to stop between two sectors, and would wait for the next
                    // one for as long as a pipe gives none.
                    ring.abandon()
                    return true
                },
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
            // All of it is out; the sum tells whether it has arrived.
            ring.leave(0)
            feeder.finish()
            let sum = digests.finish()[.sha256]
            let written = sum.map { Written($0, byteCount: expected ?? feeder.byteCount) }
            throw BurnTrouble(error: error, bytes: expected ?? feeder.byteCount, written: written)
        } catch {
            ring.abandon()
            _ = digests.finish()
            feeder.leave()
            let bytes = min(error.bytes, expected ?? error.bytes)
            if let failure = feeder.failure {
                throw ImageTrouble(unreadable: image, failure, bytes: bytes)
            }
            throw BurnTrouble(error: error, bytes: bytes)
        }
        // libburn has taken all that it wanted; the sum may still be behind it.
        ring.leave(0)
        feeder.finish()
        let sums = digests.finish()
        if feeder.missingBytes > 0, !options.allowsTruncated {
            throw ImageTrouble(
                sentence:
                    "\(image.name) ended after \(feeder.byteCount) bytes, and its file system has \(feeder.missingBytes) more.",
                remedy: "Get the image into a file, and check its sum",
                bytes: feeder.byteCount
            )
        }
        for message in messages where message.severity >= .warning {
            tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
        }
        guard let sum = sums[.sha256] else {
            throw DigestMissing()
        }
        return Written(sum, byteCount: expected ?? feeder.byteCount)
    }
}

/// libcrypto made no sum over what was burned.
struct DigestMissing: Error, CustomStringConvertible {
    var description: String { "the image's SHA-256 could not be made" }
}

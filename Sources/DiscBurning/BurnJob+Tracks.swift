import DiscDrives
import DiscModel
import LibBurn
import LibCrypto
import Reports
import SystemPackage
import Transfer

extension BurnJob {
    /// Burns a disc's sessions one after the other, and has the disc bear witness.
    ///
    /// - Throws: ``BurnTrouble`` where libburn failed, ``ImageTrouble`` where the image did, and
    ///   ``Reports/Failure``.
    func burnTracks(
        _ disc: DiscPlan,
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws -> JobResult {
        guard let source = image.disc else { throw DigestMissing() }
        let written = try write(disc, of: source, plan, cancellation, tell)
        return try TrackWitness(
            node: node,
            image: source,
            plan: disc,
            written: written,
            options: options
        ).testify(cancellation: cancellation, tell: tell)
    }

    private func write(
        _ disc: DiscPlan,
        of source: any DiscSource,
        _ plan: BurnPlan,
        _ cancellation: Cancellation,
        _ tell: @escaping @Sendable (JobEvent) -> Void
    ) throws -> WrittenTracks {
        // Two consumers: libburn's reader is 0, the sum is 1.
        let ring = ChunkRing(chunkSize: Self.chunkSize, chunks: Self.chunks, consumers: 2)
        let digests = try DigestThreads([.sha256], over: ring, firstConsumer: 1)
        let feeder = try TrackFeeder(source, disc.tracks, into: ring)
        do {
            try waitForFirstPiece(ring, cancellation) { () throws(Failure) in
                guard let failure = feeder.failure else { return }
                throw Failure(
                    notBurned: "\(image.name) can't be read: \(failure)",
                    "See what is wrong with the image, and burn again."
                )
            }
        } catch {
            ring.abandon()
            _ = digests.finish()
            _ = feeder.finish()
            throw error
        }
        let input = RingInput(ring)
        var meter = RateMeter(
            phase: .write,
            total: disc.byteCount,
            singleSpeed: plan.medium.facts.bytesPerSecondAtSingleSpeed
        )
        var before = 0
        do throws(BurnTrouble) {
            for session in disc.sessions {
                if before > 0, cancellation.isRequested {
                    throw BurnTrouble(error: BurnError(stoppedAfter: before), bytes: 0)
                }
                let job = session.job(options, plan.job)
                let messages = try write(job, input, ring, feeder, cancellation) { progress in
                    guard meter.isDue else { return }
                    var counts = meter.progress(
                        bytes: before + progress.delivered,
                        driveBuffer: progress.bufferFill,
                        fifo: ring.fill
                    )
                    counts.adopt(progress)
                    tell(.progress(counts))
                }
                for message in messages where message.severity >= .warning {
                    tell(.message(JobMessage(.warning, message.text, origin: "libburn")))
                }
                before += session.tracks.reduce(0) { $0 + $1.byteCount }
            }
        } catch let trouble
            where trouble.error.isDelivered && before + trouble.bytes == disc.byteCount
        {
            // All of it is out; the sums tell whether it has arrived.
            var trouble = trouble
            trouble.bytes = disc.byteCount
            ring.leave(0)
            trouble.tracks = try? sums(feeder, digests, disc)
            throw trouble
        } catch {
            ring.abandon()
            _ = digests.finish()
            _ = feeder.finish()
            if let failure = feeder.failure {
                throw ImageTrouble(unreadable: image, failure, bytes: before + error.bytes)
            }
            var trouble = error
            trouble.bytes += before
            // One session may be there, but not the disc.
            trouble.error.isDelivered = false
            throw trouble
        }
        ring.leave(0)
        return try sums(feeder, digests, disc)
    }

    private func sums(_ feeder: TrackFeeder, _ digests: DigestThreads, _ disc: DiscPlan)
        throws(DigestMissing) -> WrittenTracks
    {
        let sums = feeder.finish()
        guard let sum = digests.finish()[.sha256], sums.count == disc.tracks.count else {
            throw DigestMissing()
        }
        return WrittenTracks(sums: sums, sum: sum)
    }

    /// Writes one session; the drive is taken anew for each, so that libburn looks at the disc again.
    private func write(
        _ job: SessionJob,
        _ input: RingInput,
        _ ring: ChunkRing,
        _ feeder: TrackFeeder,
        _ cancellation: Cancellation,
        observe: (WriteProgress) -> Void
    ) throws(BurnTrouble) -> [BurnMessage] {
        do {
            return try order(job, formattingTo: nil).run(
                by: options.libburn,
                input: input,
                isCancelled: { cancellation.isRequested || feeder.failure != nil },
                whenStopping: { ring.abandon() },
                observe: observe
            )
        } catch {
            throw BurnTrouble(error: error, bytes: error.bytes)
        }
    }
}

import DiscDrives
import LibCrypto
import LinuxCalls
import Reports
import Transfer

/// Brings what a salvage asks for from a drive into an image, and keeps the map of it.
///
/// As long as a new rip's sectors come in order, they go through a ring, whose users write and hash them
/// at the same time. With the first one that can't be read that is over, and what is read goes to its
/// place.
final class RipCopy {
    private static let chunkSize = 1 << 20
    private static let chunks = 8

    let files: RipFiles
    private(set) var salvage: Salvage
    private let extent: ImageExtent
    private var attempts: DriveAttempts
    private let keeper: MapKeeper
    private let progress: RipProgress
    private let cancellation: Cancellation
    private let began = Clock.seconds
    private let size = RipOptions.bytesPerSector
    /// Whether sectors that were read may not have got into the file yet.
    private var isOnTheWay = false
    /// The pass of which a map was kept last.
    private var keptPass = (SalvageMapFile.Activity.copying, 1)

    /// Prepares the copy.
    ///
    /// - Throws: The system's error if it has no threads to give.
    init(
        _ salvage: Salvage,
        _ extent: ImageExtent,
        _ attempts: DriveAttempts,
        into files: RipFiles,
        _ progress: RipProgress,
        _ cancellation: Cancellation
    ) throws(SystemError) {
        self.salvage = salvage
        self.extent = extent
        self.attempts = attempts
        self.files = files
        self.progress = progress
        self.cancellation = cancellation
        keeper = try MapKeeper(files.image, files.map)
    }

    /// The drive's sectors.
    var source: DriveSource { attempts.source }

    /// Ends what goes on beside, and leaves the drive as it was found.
    func finish() {
        keeper.finish()
        progress.finish(salvage)
        attempts.finish()
    }

    private var seconds: Double { Clock.seconds - began }

    // MARK: In order

    /// Reads from the beginning on, as long as all goes well.
    ///
    /// - Returns: The sums, if all of the image went through; `nil` if they have to be made of the file.
    /// - Throws: What the drive, the file and the threads throw.
    func readInOrder(_ algorithms: [DigestAlgorithm]) throws -> [DigestAlgorithm: Checksum]? {
        let ring = ChunkRing(
            chunkSize: Self.chunkSize,
            chunks: Self.chunks,
            consumers: 1 + algorithms.count
        )
        let digests = try DigestThreads(algorithms, over: ring, firstConsumer: 1)
        let writer = try FileWriter(files.image, consuming: ring, as: 0)
        var place = 0
        var goesOn = true
        isOnTheWay = true
        do {
            while goesOn, !cancellation.isRequested {
                let isWanted = try ring.produce { buffer in
                    let start = place
                    goesOn = try fill(&buffer, &place, fifo: ring.fill)
                    return (place - start) * size
                }
                guard isWanted else { break }
                if keeper.isDue { keeper.keep(file) }
            }
        } catch {
            ring.finish()
            _ = digests.finish()
            _ = writer.finish()
            throw error
        }
        ring.finish()
        let sums = digests.finish()
        if let error = writer.finish() { throw error }
        isOnTheWay = false
        let isWhole = salvage.end != nil && place == salvage.map.sectorCount
        return isWhole ? sums : nil
    }

    /// Fills a buffer with the sectors that follow each other from a place on.
    ///
    /// - Returns: Whether there are more.
    private func fill(
        _ buffer: inout MutableSpan<UInt8>,
        _ place: inout Int,
        fifo: Double
    ) throws -> Bool {
        let start = place
        let end = start + buffer.count / size
        while place < end, !cancellation.isRequested {
            let attempt = salvage.next(at: seconds)
            // What lies between sessions is no sector of the disc's.
            let next = attempt?.sectors.lowerBound ?? salvage.map.sectorCount
            if next > place, extent.gaps.contains(where: { $0.contains(place) }) {
                let zeros = place..<min(end, next)
                Bytes.fill(&buffer, bytes(zeros, from: start), with: 0)
                place = zeros.upperBound
                continue
            }
            guard let attempt, next == place else { return false }
            guard attempt.sectors.upperBound <= end else { return true }
            let before = Clock.seconds
            let outcome = try Bytes.withPart(of: &buffer, bytes(attempt.sectors, from: start)) {
                part throws(any Error) in try attempts.make(attempt, into: &part)
            }
            salvage.learn(outcome, seconds: Clock.seconds - before)
            progress.update(salvage, outcome, fifo: fifo)
            guard outcome == .read else { return false }
            place = attempt.sectors.upperBound
        }
        return true
    }

    private func bytes(_ sectors: Range<Int>, from start: Int) -> Range<Int> {
        (sectors.lowerBound - start) * size..<(sectors.upperBound - start) * size
    }

    /// The map of what has got into the file: one that claimed what was read and is not in there would
    /// have whoever goes on with it leave it out.
    var file: SalvageMapFile {
        var file = salvage.file
        guard isOnTheWay else { return file }
        let sectors = ((try? files.image.status().size) ?? 0) / size
        file.map.mark(sectors..<max(sectors, file.map.sectorCount), .untried)
        return file
    }

    // MARK: As the salvage wants it

    /// Reads what the salvage asks for, to its end.
    ///
    /// - Throws: What the drive and the file throw.
    func readRest() throws {
        var buffer = [UInt8](repeating: 0, count: source.sectorsPerCommand * size)
        while !cancellation.isRequested, let attempt = salvage.next(at: seconds) {
            let count = attempt.sectors.count * size
            if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
            var span = buffer.mutableSpan
            let before = Clock.seconds
            let outcome = try Bytes.withPart(of: &span, 0..<count) {
                part throws(any Error) in try attempts.make(attempt, into: &part)
            }
            if outcome == .read {
                try files.image.write(
                    buffer.span.extracting(first: count),
                    at: attempt.sectors.lowerBound * size
                )
            }
            salvage.learn(outcome, seconds: Clock.seconds - before)
            progress.update(salvage, outcome)
            let pass = (salvage.activity, salvage.pass)
            if keeper.isDue || pass != keptPass {
                keptPass = pass
                keeper.keep(file)
            }
        }
        guard !cancellation.isRequested else { return }
        // What was not read at the end has a place all the same.
        try files.image.setSize(salvage.map.sectorCount * size)
    }
}

import DiscChecksums
import DiscImages
import LibCrypto
import LinuxCalls
public import Reports
import SystemPackage
public import Transfer

/// Makes an image of files, and reads it back.
///
/// Its statuses, and with them the exit codes:
///
/// - verified: the image was read back, and holds what was read of the files.
/// - done: it was made; no check was asked for.
/// - differs: what was read back differs; nothing was kept.
/// - refused, failed: nothing was kept.
public struct CreateJob {
    private static let pieceSize = 1 << 20
    private static let pieces = 6

    private let verb: String
    private let allowsLoss: Bool
    private let options: CreateOptions
    private let laidOut: (Cancellation) throws(Failure) -> any AuthoredImage

    /// Prepares a job.
    public init(
        _ input: AuthoringInput,
        _ kind: AuthoringKind,
        _ options: CreateOptions
    ) {
        var input = input
        input.output = options.output
        let whole = input
        self.init(verb: "create", allowsLoss: kind.allowsLoss, options) {
            cancellation throws(Failure) in
            try kind.image(of: whole, cancellation)
        }
    }

    /// Prepares a job for an image of any kind.
    ///
    /// - Parameters:
    ///   - verb: What the job is called in events.
    ///   - allowsLoss: Whether what can't be read, or can't be kept, may be left out.
    ///   - options: Where the image goes.
    ///   - image: Lays the image out.
    init(
        verb: String,
        allowsLoss: Bool,
        _ options: CreateOptions,
        of image: @escaping (Cancellation) throws(Failure) -> any AuthoredImage
    ) {
        self.verb = verb
        self.allowsLoss = allowsLoss
        self.options = options
        laidOut = image
    }

    /// Makes the image.
    ///
    /// Blocks until it is done; to be run on a thread of its own.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded at any time; nothing is kept then.
    ///   - tell: Told the plan and the progress, on the calling thread.
    /// - Returns: How it ended.
    /// - Throws: ``Reports/Failure`` if it can't be made; nothing of it is kept then.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        try checkOutput()
        let image = try laidOut(cancellation)
        tell(.plan(plan(image)))
        try image.checkConsent(allowsLoss, meaning: "Nothing was written.")
        try checkSpace(image)
        if options.isTrial {
            var result = JobResult(.done, verb: verb)
            result.sentences = ["This was the plan only: nothing was written."]
            return result
        }
        do {
            let files = try UnfinishedFiles([options.output], replaces: options.replaces)
            return try make(image, files, cancellation, tell)
        } catch let failure as Failure {
            throw failure
        } catch let error as SystemError {
            throw Failure(writing: options.output, error)
        } catch {
            throw Failure(authoring: error)
        }
    }

    // MARK: Before

    private func checkOutput() throws(Failure) {
        let ending = options.output.extension?.lowercased() ?? ""
        if let other = ImageFormat.all.first(where: { $0.endings.contains(ending) }),
            other.name != ImageFormat.iso.name
        {
            throw Failure(
                .usage,
                "“\(options.output)” has the file extension of \(other.displayName), and plain images are made.",
                meaning: "Nothing was written.",
                advice:
                    "Name it \(options.output.stemText ?? "disc").iso; “spindle convert” makes other formats of that."
            )
        }
        do {
            _ = try UnfinishedFiles([options.output], replaces: options.replaces)
        } catch {
            throw Failure(writing: options.output, error)
        }
        let directory = FileSystem.directory(of: options.output)
        guard (try? FileSystem.status(directory))?.kind == .directory else {
            throw Failure(
                .source,
                .outputError,
                "There is no directory \(directory) for \(options.output).",
                meaning: "Nothing was written.",
                advice: "Make it first, or choose another name."
            )
        }
    }

    private func plan(_ image: any AuthoredImage) -> JobPlan {
        var plan = JobPlan(verb: verb, source: image.name, target: options.output.string)
        plan.targetFormat = ImageFormat.iso.name
        plan.bytes = image.byteCount
        plan.sectors = image.byteCount / 2048
        plan.files = [options.output.string]
        plan.losses = image.losses.isEmpty ? nil : image.losses
        plan.verify = options.verifies
        plan.simulate = options.isTrial ? true : nil
        plan.notes = ["Volume “\(image.volume)”, \(image.summary)."] + image.notes
        return plan
    }

    private func checkSpace(_ image: any AuthoredImage) throws(Failure) {
        let directory = FileSystem.directory(of: options.output)
        guard let free = try? FileSystem.freeSpace(at: directory), free < image.byteCount else {
            return
        }
        throw Failure(
            .trouble,
            .noSpace,
            "\(options.output) needs \(image.byteCount) bytes, and there is room for \(free).",
            meaning: "Nothing was written.",
            advice: "Make room, or choose another place."
        )
    }

    // MARK: The work

    private func make(
        _ image: any AuthoredImage,
        _ files: UnfinishedFiles,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> JobResult {
        let file = try files.begin()[0]
        var sum = try write(image, to: file, cancellation, tell)
        if image.implantsMD5 {
            var meter = RateMeter(phase: .hash, total: image.byteCount)
            _ = try ImplantedSum.implant(into: file, replaces: true, cancellation) { done, _ in
                if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
            }
            sum = try FileDigests.make([.sha256], of: file, cancellation)[.sha256]
        }
        guard !cancellation.isRequested, let sum else { throw Failure.stoppedAuthoring }
        var result = JobResult(
            options.verifies ? .verified : .done,
            verb: verb,
            bytes: image.byteCount
        )
        result.sha256 = sum.hexadecimal
        result.entries = image.entries
        result.losses = image.losses.isEmpty ? nil : image.losses
        if options.verifies {
            let difference = try image.difference(in: options.output, files, cancellation, tell)
            guard !cancellation.isRequested else { throw Failure.stoppedAuthoring }
            if let difference {
                result.status = .differs
                result.sha256 = nil
                result.firstDifference = JobDifference(text: difference)
                result.sentences = [
                    "The image does not contain what it was made of: \(difference).",
                    "No partial output was kept.",
                ]
                return result
            }
        }
        try files.finish()
        result.output = options.output.string
        result.files = [options.output.string]
        result.sentences = [image.outcome(options.output.string, isVerified: options.verifies)]
        return result
    }

    /// Writes the image into a file.
    ///
    /// - Returns: Its SHA-256; `nil` if it was stopped.
    private func write(
        _ image: any AuthoredImage,
        to file: File,
        _ cancellation: Cancellation,
        _ tell: (JobEvent) -> Void
    ) throws -> Checksum? {
        let ring = ChunkRing(chunkSize: Self.pieceSize, chunks: Self.pieces, consumers: 1)
        let digests = try DigestThreads([.sha256], over: ring, firstConsumer: 0)
        let source = image.source()
        var meter = RateMeter(phase: .write, total: image.byteCount)
        var done = 0
        var early = EarlyWriting()
        do {
            while done < image.byteCount, !cancellation.isRequested {
                _ = try ring.produce { buffer in
                    let sectors = try source.read(at: done / 2048, into: &buffer)
                    guard sectors > 0 else { throw SystemError.inputOutput("read") }
                    let bytes = buffer.span.extracting(..<(sectors * 2048))
                    try file.writeSparsely(bytes, at: done)
                    done += bytes.count
                    early.reach(done, in: file)
                    return bytes.count
                }
                if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
            }
            try file.setSize(image.byteCount)
        } catch {
            ring.abandon()
            _ = digests.finish()
            throw error
        }
        if cancellation.isRequested { ring.abandon() } else { ring.finish() }
        tell(.progress(meter.progress(bytes: done)))
        return digests.finish()[.sha256]
    }
}

extension Failure {
    /// An image can't be written.
    init(writing path: FilePath, _ error: SystemError) {
        let name = error.path.map { UnfinishedFiles.target(of: FilePath($0))?.string ?? $0 }
        let shown = name ?? path.string
        if error.isFileExists {
            self.init(
                .source,
                .outputExists,
                "\(error.path ?? shown) is there already.",
                meaning: "Nothing was written or replaced.",
                advice: "Choose another name, or replace it with --force."
            )
        } else if error.isBusy {
            self.init(
                .unsuitable,
                .outputExists,
                "\(shown) is in use: another program is writing it, or a drive holds it.",
                meaning: "Nothing was written or replaced.",
                advice: "Choose another name, or wait until it is free."
            )
        } else {
            self.init(
                .trouble,
                Reason(ofOutput: error),
                "\(shown) can't be written: \(error.reason).",
                meaning: "No partial output was kept.",
                advice: error.isNoSpace
                    ? "Make room, or choose another place." : "Fix that, or choose another place."
            )
        }
    }
}

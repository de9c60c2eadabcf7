public import DiscAudio
public import DiscConversion
public import DiscImages
import DiscModel
public import Reports
public import Transfer

/// Converts an image whose audio is put right by the CUETools Database's parity.
///
/// Either the result has the CRC-32 that the database has, or nothing is written.
public struct SoundRepair {
    private let image: DiscImage
    private let toc: AudioTOC
    private let databases: AudioDatabases
    private let options: ConversionOptions

    /// Prepares a job.
    ///
    /// - Parameters:
    ///   - image: The image.
    ///   - places: Where the database's answer and parity are; of AccurateRip nothing is used.
    ///   - options: The conversion.
    ///   - cancellation: Heeded while a server is asked.
    /// - Throws: ``Reports/Failure`` if there is no audio in the image, or no answer about it.
    public init(
        _ image: DiscImage,
        by places: AudioDatabases.Places,
        options: ConversionOptions,
        cancellation: Cancellation
    ) throws(Failure) {
        self.image = image
        self.options = options
        guard let toc = AudioTOC(image.layout) else {
            throw Self.refusal("\(image.path) has no tracks of audio.", "Leave --ctdb out.")
        }
        self.toc = toc
        var own = AudioDatabases.Places()
        own.fetching = places.fetching
        // AccurateRip is no help: it keeps no parity.
        own.ctdb = places.ctdb ?? (places.asksServers ? .address(places.fetching.ctdb) : nil)
        databases = try AudioDatabases(own, of: toc, cancellation: cancellation)
        guard databases.states.first?.state == .found else {
            throw Self.refusal(
                databases.notes.first ?? "The CUETools Database has no such disc.",
                "Get its answer about this disc, or leave --ctdb out."
            )
        }
    }

    private static func refusal(_ what: String, _ advice: String) -> Failure {
        Failure(.source, what, meaning: "Nothing was written.", advice: advice)
    }

    /// Looks for what is wrong, and converts.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - tell: Told the progress, the plan, and what is worth knowing.
    /// - Returns: How the conversion ended.
    /// - Throws: ``Reports/Failure`` if the audio can't be put right, or the conversion fails.
    public func run(cancellation: Cancellation, tell: (JobEvent) -> Void) throws(Failure)
        -> JobResult
    {
        let bytes = toc.audio.reduce(0) { $0 + $1.sectors } * RawSector.size
        var meter = RateMeter(phase: .read, total: bytes)
        let findings = try AudioCheck(image.disc, toc, databases).run(cancellation) { done, _ in
            if meter.isDue { tell(.progress(meter.progress(bytes: done))) }
        }
        let source = ConversionSource(image)
        guard findings.status != .verified else {
            var result = try ConversionJob(source, options: options)
                .run(cancellation: cancellation, tell: tell)
            result.audio = findings.report
            let rest = findings.report.notCovered.joined(separator: ", ")
            result.sentences.append(
                "The audio needs no repair: the CUETools Database has the same."
                    + (rest.isEmpty ? "" : " It says nothing of \(rest).")
            )
            return result
        }
        guard let corrections = findings.corrections else {
            throw Self.refusal(
                "The audio of \(image.path) can't be put right: \(reason(findings))",
                "Rip the disc again, or leave --ctdb out to convert the image as it is."
            )
        }
        let disc = AmendedDisc(image.disc, correcting: corrections, toc)
        var result = try ConversionJob(source.corrected(by: disc), options: options)
            .run(cancellation: cancellation, tell: tell)
        let sectors = corrections.sectors(toc)
        result.audio = findings.report
        result.repairedSectors =
            (result.repairedSectors ?? 0) + sectors.reduce(0) { $0 + $1.count }
        result.repairedRuns =
            (result.repairedRuns ?? []) + sectors.map { SectorFaultRun($0, faults: ["samples"]) }
        result.sentences.append(
            "\(Wording.counted(corrections.samples, "sample")) in \(Wording.sectors(sectors.reduce(0) { $0 + $1.count })) were put right, and the audio has the CRC-32 that the CUETools Database has."
        )
        return result
    }

    private func reason(_ findings: AudioCheck.Findings) -> String {
        guard let repair = findings.report.repair else { return "the database keeps no parity." }
        if repair.isPossible == nil, let problem = repair.problem { return problem }
        return repair.isPossible == nil
            ? "its parity is not beside the answer; save \(repair.location ?? "it") as “\(repair.entry)”."
            : "too much differs for its parity, or it is another pressing."
    }
}

import DiscDrives
import DiscModel
import MMC
import Reports
import Transfer

/// A read offset, and where it comes from.
struct KnownOffset {
    /// The samples.
    var samples: Int
    /// `given`, `setting`, `table` or `database`.
    var source: String
    /// Where it is set, if it is.
    var place: String?
}

extension DiscRip {
    /// The drive's read offset; `nil` if audio is taken as it comes, or there is none.
    ///
    /// - Throws: ``Reports/Failure`` if it is to be found and is not known.
    func offset(_ disc: DriveDisc, _ cancellation: Cancellation) throws(Failure) -> KnownOffset? {
        guard let choice = options.offset,
            disc.layout.tracks.contains(where: { $0.mode == .audio })
        else { return nil }
        switch choice {
        case .samples(let samples): return KnownOffset(samples: samples, source: "given")
        case .set(let samples, let place):
            return KnownOffset(samples: samples, source: "setting", place: place)
        case .automatic: break
        }
        if let samples = ReadOffset.samples(of: drive.identity) {
            return KnownOffset(samples: samples, source: "table")
        }
        do {
            if let samples = try options.offsetSearch?(disc, cancellation) {
                return KnownOffset(samples: samples, source: "database")
            }
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "The drive's read offset can't be looked for: \(error).",
                meaning: "Nothing was written.",
                advice: "Give it with --offset, as AccurateRip's list has it."
            )
        }
        throw Failure(
            .source,
            .badSource,
            options.offsetSearch == nil
                ? "The read offset of the drive \(drive.name) is not known."
                : "The read offset of the drive \(drive.name) is not known, and too few tracks match AccurateRip's answer at any.",
            meaning: "Nothing was read.",
            advice: options.offsetSearch == nil
                ? "Give it with --offset, as AccurateRip's list has it, or AccurateRip's answer for this disc with --accuraterip."
                : "Give it with --offset, as AccurateRip's list has it."
        )
    }

    /// What a person should know of the offset before the rip, a sentence each.
    func offsetNotes(_ offset: KnownOffset?) -> [String] {
        guard let offset else { return [] }
        let number = Self.signed(offset.samples)
        return switch offset.source {
        case "setting":
            ["The read offset is \(number) samples, as set in \(offset.place ?? "a file")."]
        case "table": ["The read offset is that of the drive's model: \(number) samples."]
        case "database": ["The read offset was found by AccurateRip's answer: \(number) samples."]
        default: []
        }
    }

    /// Says what became of the offset.
    func add(_ offset: KnownOffset, _ shifted: ShiftedDisc, _ result: inout JobResult) {
        result.readOffset = offset.samples
        result.readOffsetSource = offset.source
        result.missingSamples = shifted.missingSamples
        result.sentences.append(
            "The audio was put right by the drive's read offset of \(Self.signed(offset.samples)) samples."
        )
        let count = shifted.missingSamples
        guard count > 0 else { return }
        result.sentences.append(
            "\(count) of the samples that it needs lie beyond what the drive reads: zeros stand for them."
        )
    }

    private static func signed(_ number: Int) -> String { number > 0 ? "+\(number)" : "\(number)" }
}

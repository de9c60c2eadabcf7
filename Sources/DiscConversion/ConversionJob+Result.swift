import DiscImages
import DiscModel
import DiscVerification
import LinuxCalls
import Reports
import SystemPackage
import Transfer

extension ConversionJob {
    /// The result of a conversion, and of the comparison where there was one.
    func result(_ made: Made, _ comparison: DiscComparisonResult? = nil) -> JobResult {
        let copied = made.copied
        let status: JobStatus =
            comparison.map { !$0.isSame } ?? false
            ? .differs
            : !copied.unreadable.isEmpty || comparison?.unreadable.isEmpty == false
                || source.truncation != nil || damage?.lost.isEmpty == false
                ? .incomplete : comparison == nil ? .done : .verified
        var result = JobResult(status, verb: options.verb, bytes: copied.bytes)
        result.sha256 = copied.sha256
        result.tracks = copied.tracks
        if let loudness = copied.loudness { add(loudness, to: &result) }
        if status != .differs {
            result.output = options.output.text
            result.files = made.files.map(\.text)
        }
        result.losses = made.losses.map(JobLoss.init)
        result.lossReport = status == .differs ? nil : made.report?.string
        if !copied.unreadable.isEmpty {
            result.unreadableSectors = copied.unreadable.reduce(0) { $0 + $1.count }
            result.firstUnreadableSector = copied.unreadable.first?.lowerBound
            result.unreadableRuns = copied.unreadable.map(SectorRun.init)
        }
        if let comparison {
            result.differingSectors = comparison.differingSectors
            result.firstDifferingSector = comparison.firstDifferingSector
            result.firstDifference = comparison.differences.first.map(JobDifference.init)
        }
        result.sentences = sentences(made, comparison)
        if status != .differs { result.sentences += copied.loudness.map(Self.sentences) ?? [] }
        if let damage, status != .differs { add(damage, to: &result) }
        return result
    }

    private func sentences(_ made: Made, _ comparison: DiscComparisonResult?) -> [String] {
        var sentences: [String] = []
        let all = made.losses.isEmpty ? "all" : "all else"
        if let difference = comparison?.differences.first {
            sentences.append("\(options.output) is not what it was made from: \(difference).")
            sentences.append(Self.notKept)
        } else if source.truncation != nil {
            sentences.append(
                "\(options.output) holds what there is of \(source.phrase), which is not all of its file system."
            )
        } else if comparison != nil, made.copied.unreadable.isEmpty {
            sentences.append(
                "\(options.output), opened again, holds \(all) of \(source.phrase) as Spindle reads it."
            )
        } else if made.copied.unreadable.isEmpty {
            sentences.append("\(options.output) holds \(all) of \(source.phrase).")
        } else {
            sentences.append(
                "\(options.output) was made, but not all of \(source.phrase) can be read."
            )
        }
        if !made.copied.unreadable.isEmpty {
            sentences.append("Zeros stand for \(Self.names(ofSectors: made.copied.unreadable)).")
            if let reason = made.copied.reason { sentences.append("The reason: \(reason).") }
        }
        if comparison?.differences.isEmpty == false { return sentences }
        let lost = made.losses.map(\.description).joined(separator: "; ")
        if let report = made.report {
            sentences.append("Lost, and listed in \(report): \(lost).")
        } else if !lost.isEmpty {
            sentences.append("Not kept: \(lost).")
        }
        return sentences
    }

    /// Says how loud the files are.
    private func add(_ loudness: AlbumLoudness, to result: inout JobResult) {
        result.loudness = loudness.album
        result.tracks = result.tracks?.map { track in
            var track = track
            track.loudness =
                track.mode == TrackMode.audio.rawValue ? loudness.tracks[track.number] : nil
            return track
        }
    }

    private static func sentences(_ loudness: AlbumLoudness) -> [String] {
        guard let gain = loudness.album.gainText, let lufs = loudness.album.lufsText else {
            return [
                "The files are silent, or too short to be measured: none has tags of ReplayGain."
            ]
        }
        var sentences = [
            "The album has a loudness of \(lufs) and a true peak of \(loudness.album.peakText): a ReplayGain of \(gain)."
        ]
        // What is before a track has no number.
        let unmeasured = loudness.tracks.filter { $0.key > 0 && $0.value.gain == nil }.keys.sorted()
        if !unmeasured.isEmpty {
            let names = unmeasured.map { String($0) }.joined(separator: ", ")
            sentences.append(
                unmeasured.count == 1
                    ? "Track \(names) is silent or shorter than 0.4 seconds, and has no tags of its own loudness."
                    : "Tracks \(names) are silent or shorter than 0.4 seconds, and have no tags of their own loudness."
            )
        }
        return sentences
    }

    /// What becomes of an image that is not what it should be.
    static let notKept =
        "No partial output was kept, and a file that was already there is unchanged. Please report this."

    /// Writes what is lost beside the image, to get its name together with it.
    func write(_ losses: [DiscLoss], to path: FilePath, _ sink: any DiscSink) throws {
        var lines = [
            "What \(options.output.lastComponent?.string ?? "") (\(format.displayName)) does not hold of",
            "\(source.path.lastComponent?.string ?? "") (\(source.kind)), which it was made from:",
            "",
        ]
        lines += losses.map { "- \($0)" }
        // Names may have anything in them, and the file is read on terminals.
        let text = lines.map { ShownText.line($0) + "\n" }.joined()
        let isOwn = resumes && path.isReport(on: options.output)
        try sink.unfinished?.add(path, replaces: isOwn ? true : nil)
            .write(Array(text.utf8).span, at: 0)
    }
}

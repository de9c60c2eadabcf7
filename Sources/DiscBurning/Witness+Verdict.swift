import DiscModel
import DiscVerification
import LibBurn
import LibCrypto
import Reports

extension Witness {
    /// What a reading says of the disc.
    func verdict(_ reading: Reading) -> JobResult {
        let found = reading.found
        let isCut = reading.sum.map { !$0.isWhole } ?? false
        var tracks = results(.verified)
        for (index, finding) in found.tracks.enumerated() where tracks.indices.contains(index) {
            if finding.unreadable > 0 || isCut {
                tracks[index].status = .incomplete
                tracks[index].unreadableSectors = finding.unreadable
                tracks[index].firstUnreadableSector = finding.firstUnreadable
                tracks[index].sha256 = nil
            } else if finding.differing > 0 || (found.shift == 0 && !isAsWritten(index, finding)) {
                tracks[index].status = .differs
                tracks[index].sha256 = finding.sum?.hexadecimal
            }
            if finding.differing > 0 {
                tracks[index].differingSectors = finding.differing
                tracks[index].firstDifferingSector = finding.firstDiffering
            }
        }
        let bad = tracks.filter { $0.status != .verified }
        let isIncomplete = bad.contains { $0.status == .incomplete }
        let status: JobStatus =
            isIncomplete ? .incomplete : bad.isEmpty ? .verified : .differs
        var result = JobResult(status, verb: "burn", bytes: written.byteCount)
        if bad.isEmpty {
            result.sentences = praise(
                found.shift,
                silenced: found.tracks.reduce(0) { $0 + $1.silenced }
            )
        } else {
            result.sentences = bad.map { complaint($0, reading.sum) }
            result.sentences += [
                "Don't trust this disc.",
                isIncomplete
                    ? "Clean it and run “spindle verify”, or burn another one at a lower speed."
                    : "Burn another disc, at a lower speed or in another drive.",
            ]
        }
        let left = offsetLeft(found.shift)
        if left != 0 { result.audioOffset = left }
        let unreadable = found.tracks.reduce(0) { $0 + $1.unreadable }
        let differing = found.tracks.reduce(0) { $0 + $1.differing }
        result.unreadableSectors = isIncomplete ? unreadable : nil
        result.firstUnreadableSector = found.tracks.lazy.compactMap(\.firstUnreadable).first
        result.differingSectors = differing > 0 ? differing : nil
        result.firstDifferingSector = found.tracks.lazy.compactMap(\.firstDiffering).first
        if disc.isPlainData {
            result.sha256 = tracks.first?.sha256
        } else {
            result.tracks = tracks
        }
        if let sum = reading.sum { result.adopt(sum) }
        return result
    }

    private func isAsWritten(_ index: Int, _ finding: TrackComparison.Finding) -> Bool {
        written.sums.indices.contains(index) && finding.sum == written.sums[index]
    }

    /// Each track's own result, if nothing is wrong with it.
    func results(_ status: JobStatus) -> [TrackResult] {
        disc.tracks.enumerated().map { index, track in
            var result = TrackResult(
                number: track.source.number,
                session: track.source.session,
                mode: track.kind.name,
                start: track.start,
                sectors: track.source.length,
                status: status
            )
            if written.sums.indices.contains(index) {
                result.sha256 = written.sums[index].hexadecimal
            }
            return result
        }
    }

    /// By how many samples the audio of the image came back too early, where what was sent, already moved by the
    /// write offset, came back so many too early.
    private func offsetLeft(_ shift: Int) -> Int { shift + (image.writeOffset ?? 0) }

    private func praise(_ shift: Int, silenced: Int) -> [String] {
        guard !disc.isPlainData else {
            return [
                "All \(written.sectors) sectors of the image were read back from the disc, and they are right."
            ]
        }
        let sound = disc.tracks.count { $0.kind == .audio }
        let data = disc.tracks.count - sound
        var parts: [String] = []
        if data > 0 { parts.append("\(Self.count(data, "track")) of data by every sector") }
        if sound > 0 {
            parts.append(
                "\(Self.count(sound, "track")) of audio "
                    + (offsetLeft(shift) == 0
                        ? "sample for sample" : "with a shift that is the same everywhere")
            )
        }
        var sentences = [
            "Read back and identical: \(parts.joined(separator: ", "))."
        ]
        let left = offsetLeft(shift)
        if left != 0 {
            sentences.append(
                "The audio came back \(abs(left)) samples too \(left > 0 ? "early" : "late"): the offsets of the drive for writing and for reading together\(image.writeOffset == nil ? "" : ", as far as --offset does not make up for them"), which no player makes audible."
            )
        }
        if shift != 0 {
            sentences.append(
                "The first or last \(abs(shift) + silenced) samples could not be compared."
            )
        }
        return sentences
    }

    /// What is wrong with a track.
    private func complaint(_ track: TrackResult, _ sum: ReadBackResult?) -> String {
        let (unreadable, differing) = (track.unreadableSectors ?? 0, track.differingSectors ?? 0)
        if disc.isPlainData {
            if let first = track.firstUnreadableSector {
                let gaveUp = sum?.gaveUpAt != nil
                return unreadable == 1 && !gaveUp
                    ? "Sector \(first) of the disc can't be read back."
                    : "\(gaveUp ? "More than " : "")\(Witness.count(unreadable, "sector")) of the disc can't be read back, the first of them \(first)."
            }
            if track.status == .incomplete {
                return "The disc ends at sector \(sum?.endedAt ?? 0), before the image does."
            }
            guard let first = track.firstDifferingSector else {
                return "The disc can be read, but it does not hold what was burned."
            }
            return differing == 1
                ? "The disc can be read, but sector \(first) is not what was burned."
                : "The disc can be read, but \(differing) sectors are not what was burned, the first of them \(first)."
        }
        if let first = track.firstUnreadableSector {
            return
                "Of track \(track.number), \(Self.count(unreadable, "sector")) can't be read back, from \(first) on."
        }
        if let first = track.firstDifferingSector {
            return
                "Track \(track.number) is not what was burned in \(Self.count(differing, "sector")), from \(first) on."
        }
        return "Track \(track.number) is not what was burned."
    }
}

extension JobResult {
    /// Takes over what a reading for the sum found: where sectors are missing, and what lies behind
    /// the payload.
    fileprivate mutating func adopt(_ sum: ReadBackResult) {
        if !sum.isWhole { unreadableRuns = SectorRun.runs(of: sum.unreadable) }
        paddingSectors = sum.paddingSectors
        if sum.notZero.count > 0, let first = sum.notZero.first {
            let count = sum.notZero.count
            sentences.append(
                "After the image, where zeros should be, "
                    + (count == 1
                        ? "sector \(first) holds something else."
                        : "\(count) sectors hold something else, the first of them \(first).")
            )
        }
    }
}

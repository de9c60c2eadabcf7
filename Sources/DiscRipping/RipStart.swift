import DiscDrives
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// What a rip begins with: nothing, what an earlier one left, what other images have.
struct RipStart {
    /// What was read already, gaps between sessions included.
    let map: SalvageMap
    /// What an earlier rip left; `nil` if this one is new.
    let remains: RipRemains?
    /// Other images, and the sectors that are taken from each.
    private let merged: [(image: MergedImage, gains: [Range<Int>])]
    /// What is known of the sectors besides that they were read.
    let evidence: SalvageEvidence

    /// Whether the image is read from its beginning.
    var isNew: Bool { remains == nil && merged.isEmpty }

    /// The sectors that other images give.
    var mergedSectors: Int { merged.reduce(0) { $0 + $1.gains.reduce(0) { $0 + $1.count } } }

    /// The sectors that an earlier rip has read.
    var keptSectors: Int { remains.map { $0.file.map.count(.finished) } ?? 0 }

    /// Looks at what there is, and whether it is of the disc in the drive.
    ///
    /// - Throws: ``Reports/Failure`` if it is of another disc, or can't be used.
    init(_ options: RipOptions, _ extent: ImageExtent, _ source: DriveSource) throws(Failure) {
        var evidence = SalvageEvidence()
        remains = options.resumes ? try RipRemains.find(options) : nil
        var map = SalvageMap(sectors: extent.sectors)
        if let remains {
            try Self.checkSize(remains.file.map.sectorCount, options.map, extent)
            evidence = RipRemains.evidence(options)
            try Self.check(remains.image, options.map, remains.file.map, source, &evidence)
            map = remains.file.map
            map.resize(to: extent.sectors)
        }
        for gap in extent.gaps { map.mark(gap, .finished) }
        var merged: [(image: MergedImage, gains: [Range<Int>])] = []
        for path in options.merged {
            let other = try MergedImage(path)
            try Self.checkSize(other.map.sectorCount, other.path, extent)
            let own = remains.map { (map: map, image: $0.image) }
            try Self.check(other.image, other.path, other.map, source, &evidence, own)
            let gains = map.gains(from: other.map)
            for range in gains { map.mark(range, .finished) }
            merged.append((other, gains))
        }
        self.merged = merged
        // Until they are copied, nobody has them.
        for (_, gains) in merged { for range in gains { map.mark(range, .untried) } }
        self.map = map
        self.evidence = evidence
    }

    /// What a person should know of it, a sentence each.
    var notes: [String] {
        var notes: [String] = []
        if remains != nil {
            notes.append("\(keptSectors) sectors were read before.")
        }
        for (image, gains) in merged {
            let count = gains.reduce(0) { $0 + $1.count }
            notes.append("\(count) sectors are taken from \(image.path).")
        }
        return notes
    }

    /// Makes the files of a new rip, or takes those of the earlier one.
    func files(_ options: RipOptions) throws(SystemError) -> RipFiles {
        if let remains { return try RipFiles(options, goingOnFrom: remains.kind) }
        if options.resumes { RipRemains.clear(options) }
        return try RipFiles(options, new: SalvageMapFile(map))
    }

    /// Copies into the image what other images have.
    ///
    /// - Returns: The map of what the image has then.
    func merge(into file: File, _ cancellation: Cancellation) throws(SystemError) -> SalvageMap {
        let size = RipOptions.bytesPerSector
        var map = map
        guard !merged.isEmpty else { return map }
        var buffer = [UInt8](repeating: 0, count: 512 * size)
        for (other, gains) in merged {
            for range in gains {
                var start = range.lowerBound
                while start < range.upperBound, !cancellation.isRequested {
                    let part = start..<min(range.upperBound, start + buffer.count / size)
                    var span = buffer.mutableSpan
                    guard try other.read(part, into: &span) else { break }
                    try file.write(
                        buffer.span.extracting(first: part.count * size),
                        at: start * size
                    )
                    map.mark(part, .finished)
                    start = part.upperBound
                }
            }
        }
        return map
    }

    // MARK: Whether it is the same disc

    /// Fails if an image is of a disc of another size.
    ///
    /// ddrescue takes all that the drive counts, which may be more than the image of the disc has.
    private static func checkSize(_ count: Int, _ path: FilePath, _ extent: ImageExtent)
        throws(Failure)
    {
        let sizes = [extent.sectors, extent.sectors + extent.missingSectors]
        guard !sizes.contains(count), !extent.claims.contains(where: { $0.sectors == count })
        else { return }
        throw Failure(
            .source,
            "\(path) is of a disc of \(count) sectors, and the one in the drive has \(extent.sectors).",
            meaning: "Nothing was read or changed.",
            advice: "Put the disc in that it was begun with, or another copy of it."
        )
    }

    /// Fails if what was read is not what the drive, or what was read before it, has there.
    private static func check(
        _ image: File,
        _ path: FilePath,
        _ map: SalvageMap,
        _ source: DriveSource,
        _ evidence: inout SalvageEvidence,
        _ own: (map: SalvageMap, image: File)? = nil
    ) throws(Failure) {
        let finished = RangeSet(map.ranges(.finished))
        guard !finished.isEmpty else { return }
        do {
            var verdict = SameDisc.Verdict.unknown
            if let own {
                let common = finished.intersection(RangeSet(own.map.ranges(.finished))).ranges
                verdict = try SameDisc.compare(
                    Array(common),
                    of: image,
                    with: own.image,
                    &evidence
                )
            }
            if verdict == .unknown {
                let there = finished.intersection(RangeSet(0..<(source.sectorCount ?? 0))).ranges
                verdict = try SameDisc.compare(Array(there), of: image, with: source, &evidence)
            }
            switch verdict {
            case .same, .zeros: return
            case .different(let sector):
                throw Failure(
                    .source,
                    "\(path) is of another disc: sector \(sector) is not the same.",
                    meaning: "Nothing was read or changed.",
                    advice: "Put the disc in that it was begun with, or another copy of it."
                )
            case .unknown:
                throw Failure(
                    .source,
                    "Whether \(path) is of the disc in the drive can't be seen: none of its sectors can be read from it.",
                    meaning: "Nothing was read or changed.",
                    advice: "Try another drive."
                )
            }
        } catch let failure as Failure {
            throw failure
        } catch let error as SystemError {
            throw Failure(reading: path, error)
        } catch {
            throw Failure(
                .trouble,
                "The disc could not be compared with \(path): \(error)",
                meaning: "Nothing was changed.",
                advice: "Try again."
            )
        }
    }
}

public import DiscDrives
public import DiscModel
public import Reports

/// Where the image on a disc ends, and how that was decided.
public struct ImageExtent: Hashable, Sendable {
    /// The sectors of the image, from LBA 0.
    public var sectors: Int
    /// Sectors between sessions, which belong to no track and are filled with zeros.
    public var gaps: [Range<Int>]
    /// Everyone who says how large the disc is, and what each says.
    public var claims: [JobPlan.SizeClaim]
    /// Sectors of zeros after the image that burning added and that are left out.
    public var droppedPadding: Int
    /// Run-out sectors after the track, which hold no data.
    public var runOut: Int
    /// Sectors after the image that a file system on the disc has and the drive does not give.
    public var missingSectors: Int
    /// Data after the end that file systems and partition tables claim.
    public var trailing: [TrailingData]
    /// What a person should know about it, a sentence each.
    public var notes: [String]

    /// The sectors of the image that are recorded on the disc: all but those between sessions.
    public var recordedSectors: Int {
        sectors - gaps.reduce(0) { $0 + $1.clamped(to: 0..<max(0, sectors)).count }
    }

    /// Looks at the disc in a drive and decides where its image ends.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    ///   - keepsAll: Whether all that can be read is wanted, whatever the image claims.
    /// - Returns: Where the image ends, and who says so.
    /// - Throws: ``Reports/Failure`` where there is nothing to read, or the drive can't be reached.
    public static func find(_ drive: Drive, _ report: DiscReport, keepsAll: Bool = false)
        throws(Failure) -> ImageExtent
    {
        try RipJob.checkDisc(report, drive)
        return try SizeArbiter(drive: drive, report: report).decide(keepsAll: keepsAll)
    }
}

/// What is known of a disc before the decision where its image ends: values only.
public struct ExtentEvidence: Sendable {
    /// The kind of disc.
    public var medium: MediumKind
    /// Whether any block can be written again.
    public var isOverwritable: Bool
    /// What the drive says of the size, by who in it says so: sectors from LBA 0.
    public var driveClaims: [JobPlan.SizeClaim] = []
    /// The end of what can be read, run-out left out.
    public var readableEnd: Int
    /// Run-out sectors after it.
    public var runOut = 0
    /// Sectors between sessions.
    public var gaps: [Range<Int>] = []
    /// The end that each file system, each partition table and error-correction data claims.
    public var contentClaims: [JobPlan.SizeClaim] = []
    /// The largest of the claims that decide.
    public var claimedEnd: Int?
    /// The largest end of a file system, partition tables left out: those of images for several kinds
    /// of media often end after the image.
    public var volumeEnd: Int?
    /// Whether sectors in which file systems are looked for could not be read.
    public var isContentUnreadable = false
    /// Error-correction data that belongs to the image.
    public var errorCorrection: TrailingData?
    /// What lies between the claimed end and the readable one.
    public var tail = TailFindings()
    /// Whether all that can be read is wanted, whatever the image claims.
    public var keepsAll = false

    /// Creates what is known of every disc.
    public init(medium: MediumKind, isOverwritable: Bool, readableEnd: Int) {
        self.medium = medium
        self.isOverwritable = isOverwritable
        self.readableEnd = readableEnd
    }

    /// The sectors of zeros that burning may have added after an image on this disc.
    ///
    /// On DVD and BD-R the rest of an ECC block; on CD, where run-out shows that a track was written
    /// at once, what burners append to keep read-ahead away from the run-out.
    public var paddingLimit: Int {
        switch medium.facts.family {
        case .cd: runOut > 0 ? 150 : 0
        case .dvd: 15
        case .bd: medium == .bdROM ? 0 : 31
        }
    }

    /// Whether the disc holds the shortest track that a CD can have: four seconds, to which burning
    /// fills a smaller image up (IEC 60908).
    fileprivate var isShortestTrack: Bool {
        medium.facts.family == .cd && (298...300).contains(readableEnd)
    }
}

extension ImageExtent {
    /// Decides where the image ends.
    ///
    /// The claimed end is the largest of what ISO 9660, UDF, MBR and GPT claim, and of the
    /// error-correction data that follows them. After it only zeros are left out, and only as many as
    /// burning adds; otherwise the whole track is the image. Overwritable discs end at the claimed
    /// end, for what follows may be from other times; what was seen there is reported.
    public init(deciding evidence: ExtentEvidence) {
        gaps = evidence.gaps
        runOut = evidence.runOut
        droppedPadding = 0
        missingSectors = max(0, (evidence.volumeEnd ?? 0) - evidence.readableEnd)
        notes = []
        claims = []
        sectors = evidence.readableEnd
        trailing = [evidence.errorCorrection].compactMap(\.self)
        if let claimed = evidence.claimedEnd {
            decide(evidence, claimed: claimed)
        } else if evidence.isOverwritable {
            notes.append(
                evidence.isContentUnreadable
                    ? "What would say where the image ends can't be read, so the whole capacity is kept."
                    : "Nothing on the disc says where its image ends, so the whole capacity is kept."
            )
        }
        if let data = evidence.errorCorrection {
            let name = data.name.map { " (\($0))" } ?? ""
            notes.append(
                "From sector \(data.start) on lies error-correction data\(name), which belongs to the image and is kept."
            )
        }
        if evidence.runOut > 0 {
            notes.append(
                evidence.runOut == 1
                    ? "The last sector of the track is run-out, not data, and is left out."
                    : "The last \(evidence.runOut) sectors of the track are run-out, not data, and are left out."
            )
        }
        if !evidence.gaps.isEmpty {
            let count = evidence.gaps.reduce(0) { $0 + $1.count }
            notes.append(
                count == 1
                    ? "1 sector between sessions holds no data and becomes zeros."
                    : "\(count) sectors between sessions hold no data and become zeros."
            )
        }
        let end = sectors
        claims = (evidence.driveClaims + evidence.contentClaims).map {
            var claim = $0
            claim.decides = $0.sectors == end
            return claim
        }
    }

    private mutating func decide(_ evidence: ExtentEvidence, claimed: Int) {
        let rest = evidence.readableEnd - claimed
        let tail = evidence.tail
        guard rest >= 0 else {
            notes.append(
                "What is on the disc claims \(claimed) sectors, but only \(evidence.readableEnd) can be read: \(-rest) \(rest == -1 ? "is" : "are") missing."
            )
            return
        }
        guard rest > 0 else { return }
        if evidence.keepsAll {
            notes.append(
                rest == 1
                    ? "The image claims \(claimed) sectors; the one that follows is kept, as was asked."
                    : "The image claims \(claimed) sectors; the \(rest) that follow are kept, as was asked."
            )
            keepTail(tail, from: claimed, to: evidence.readableEnd)
        } else if evidence.isOverwritable {
            sectors = claimed
            leaveTail(tail)
        } else if tail.isAllZeros, rest <= evidence.paddingLimit {
            sectors = claimed
            droppedPadding = rest
            notes.append(
                rest == 1
                    ? "One sector of zeros after the image is left out, as burning adds it."
                    : "\(rest) sectors of zeros after the image are left out, as burning adds them."
            )
        } else {
            notes.append(Self.sentence(about: tail, rest, evidence))
            keepTail(tail, from: claimed, to: evidence.readableEnd)
        }
    }

    private mutating func keepTail(_ tail: TailFindings, from claimed: Int, to end: Int) {
        guard let first = tail.firstData else { return }
        trailing.append(
            TrailingData(
                .unclaimed,
                start: first,
                sectors: end - first - tail.zerosAtEnd,
                kept: true
            )
        )
    }

    private mutating func leaveTail(_ tail: TailFindings) {
        if let first = tail.firstData {
            notes.append(
                "At sector \(first) the disc holds more data, which nothing claims for the image. It may be left over from earlier use, and is left out; --whole keeps it."
            )
            trailing.append(TrailingData(.unclaimed, start: first, sectors: nil, kept: false))
        } else if let sector = tail.firstUnreadable {
            notes.append(
                "What follows the image is not known: sector \(sector) can't be read. It is left out; --whole keeps it."
            )
        }
    }

    /// Why the rest of a track is kept.
    private static func sentence(
        about tail: TailFindings,
        _ rest: Int,
        _ evidence: ExtentEvidence
    ) -> String {
        if rest == 1 {
            if tail.isAllZeros {
                return "One sector of zeros after the image is kept: it may belong to it."
            }
            return "One sector after the end that the image claims is kept"
                + (tail.firstData == nil ? "." : ", for it holds data.")
        }
        if let first = tail.firstData {
            let kept =
                "\(rest) sectors after the end that the image claims are kept, for there is data from sector \(first) on."
            guard 1...max(1, evidence.paddingLimit) ~= tail.zerosAtEnd, evidence.paddingLimit > 0
            else { return kept }
            return kept
                + " The last \(tail.zerosAtEnd) of them are zeros, as burning adds them, so that the image that was burned may be shorter by that."
        }
        guard tail.isAllZeros else {
            return "\(rest) sectors after the end that the image claims are kept."
        }
        return evidence.isShortestTrack
            ? "\(rest) sectors of zeros after the image are kept; a CD's track has at least 300 sectors, and burning fills a smaller image up to that."
            : "\(rest) sectors of zeros after the image are kept: they may belong to it."
    }
}

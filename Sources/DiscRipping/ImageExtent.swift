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
    /// Sectors of zeros behind the image that burning added and that are left out.
    public var droppedPadding: Int
    /// Run-out sectors behind the track, which hold no data.
    public var runOut: Int
    /// Sectors behind the image that a file system on the disc has and the drive does not give.
    public var missingSectors: Int
    /// What a person should know about it, a sentence each.
    public var notes: [String]

    /// Looks at the disc in a drive and decides where its image ends.
    ///
    /// - Throws: ``Reports/Failure`` where there is nothing to read, or the drive can't be reached.
    public static func find(_ drive: Drive, _ report: DiscReport) throws(Failure) -> ImageExtent {
        try RipJob.checkDisc(report, drive)
        return try SizeArbiter(drive: drive, report: report).decide()
    }
}

/// What is known of a disc before the decision where its image ends: values only.
public struct ExtentEvidence: Sendable {
    /// The kind of disc.
    public var medium: MediumKind
    /// Whether any block can be written again.
    public var isOverwritable: Bool
    /// What the drive says of the size, by who in it says so: sectors from LBA 0.
    public var driveClaims: [JobPlan.SizeClaim]
    /// The end of what can be read, run-out left out.
    public var readableEnd: Int
    /// Run-out sectors behind it.
    public var runOut: Int
    /// Sectors between sessions.
    public var gaps: [Range<Int>]
    /// The end that each file system and partition table claims.
    public var contentClaims: [JobPlan.SizeClaim]
    /// The largest of the claims that decide.
    public var claimedEnd: Int?
    /// The largest end of a file system, partition tables left out: those of images for several kinds
    /// of media often end behind the image.
    public var volumeEnd: Int?
    /// Whether all sectors from the claimed end to the readable end are zero; absent where there are
    /// more than burning ever adds, so that nobody looked.
    public var tailIsZero: Bool?

    /// Creates what is known.
    public init(
        medium: MediumKind,
        isOverwritable: Bool,
        driveClaims: [JobPlan.SizeClaim],
        readableEnd: Int,
        runOut: Int,
        gaps: [Range<Int>],
        contentClaims: [JobPlan.SizeClaim],
        claimedEnd: Int?,
        volumeEnd: Int?,
        tailIsZero: Bool?
    ) {
        self.medium = medium
        self.isOverwritable = isOverwritable
        self.driveClaims = driveClaims
        self.readableEnd = readableEnd
        self.runOut = runOut
        self.gaps = gaps
        self.contentClaims = contentClaims
        self.claimedEnd = claimedEnd
        self.volumeEnd = volumeEnd
        self.tailIsZero = tailIsZero
    }

    /// The sectors of zeros that burning may have added behind an image on this disc.
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
}

extension ImageExtent {
    /// Decides where the image ends.
    ///
    /// The claimed end is the largest of what ISO 9660, UDF, MBR and GPT claim. Behind it only zeros
    /// are left out, and only as many as burning adds; otherwise the whole track is the image.
    /// Overwritable discs end at the claimed end: what lies behind it is from other times.
    public init(deciding evidence: ExtentEvidence) {
        gaps = evidence.gaps
        runOut = evidence.runOut
        droppedPadding = 0
        missingSectors = max(0, (evidence.volumeEnd ?? 0) - evidence.readableEnd)
        notes = []
        sectors = evidence.readableEnd
        if let claimed = evidence.claimedEnd {
            let behind = evidence.readableEnd - claimed
            if behind < 0 {
                notes.append(
                    "What is on the disc claims \(claimed) sectors, but only \(evidence.readableEnd) can be read: \(-behind) are missing."
                )
            } else if evidence.isOverwritable {
                sectors = claimed
            } else if behind > 0, evidence.tailIsZero == true, behind <= evidence.paddingLimit {
                sectors = claimed
                droppedPadding = behind
                notes.append(
                    "\(behind) sectors of zeros behind the image are left out, as burning adds them."
                )
            } else if behind > 0 {
                let what =
                    switch evidence.tailIsZero {
                    case true?: "\(behind) sectors of zeros"
                    case false?: "\(behind) sectors, not all of them zeros,"
                    case nil: "\(behind) sectors"
                    }
                notes.append(
                    "\(what) behind what the image claims are kept, since burning does not account for them."
                )
            }
        } else if evidence.isOverwritable {
            notes.append(
                "Nothing on the disc says where its image ends, so the whole capacity is kept."
            )
        }
        if evidence.runOut > 0 {
            notes.append(
                "The last \(evidence.runOut) sectors of the track are run-out, not data, and are left out."
            )
        }
        if !evidence.gaps.isEmpty {
            let count = evidence.gaps.reduce(0) { $0 + $1.count }
            notes.append("\(count) sectors between sessions hold no data and become zeros.")
        }
        let end = sectors
        claims = (evidence.driveClaims + evidence.contentClaims).map {
            var claim = $0
            claim.decides = $0.sectors == end
            return claim
        }
    }
}

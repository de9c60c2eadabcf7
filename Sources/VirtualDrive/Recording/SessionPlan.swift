import DiscImages
import DiscModel
import MMC

/// A session that is announced by a cue sheet, and how far it has come.
struct SessionPlan {
    /// Sectors of one kind that follow each other.
    struct Segment {
        var start: Int
        var track: Int
        var blocks: BlockType
    }

    private(set) var tracks: [TrackRecord] = []
    private(set) var segments: [Segment] = []
    private(set) var leadOut = 0
    private(set) var catalog: String?
    /// The disc type byte of the lead-in.
    var discType = 0
    /// The next sector that the host owes.
    var position = 0

    /// Whether the host sends the subchannel of the lead-in, which holds CD-TEXT.
    private(set) var hasText = false
    /// The packs of CD-TEXT that came.
    private(set) var packs = LeadInPacks()
    /// The next sector of the lead-in that the host owes, once it has begun one.
    private(set) var leadInPosition: Int?

    /// The first sector of the session: that of the first track's pregap.
    var start: Int { segments.first?.start ?? 0 }
    var isComplete: Bool { position >= leadOut }

    /// Reads a cue sheet.
    ///
    /// - Parameters:
    ///   - sheet: The sheet.
    ///   - first: The number and the pregap's first sector that the session must begin with.
    ///   - limit: The last possible start of the lead-out.
    ///   - leadIn: Where the lead-in of the session may be said to begin.
    /// - Throws: Sense data that point at the byte of the sheet that the drive does not accept.
    init(_ sheet: CueSheet, first: UpcomingTrack, limit: Int, leadIn: ClosedRange<Int>)
        throws(Sense)
    {
        var isrcs: [Int: [UInt8]] = [:]
        var catalogBytes: [UInt8] = []
        var isEnded = false
        for (line, entry) in sheet.entries.enumerated() {
            let byte = line * 8
            guard !isEnded else { throw .invalidParameter(byte) }
            switch entry.address {
            case 1 where entry.track == 0:
                // The lead-in; its form says whether CD-TEXT is to come (MMC-6 §6.33.3.15).
                guard segments.isEmpty, entry.form & 0x80 == 0 || entry.form & 0x40 != 0 else {
                    throw .invalidParameter(byte + 3)
                }
                hasText = entry.form & 0x40 != 0
                guard !hasText || leadIn.contains(entry.time.lba.rawValue) else {
                    throw .invalidParameter(byte + 5)
                }
            case 1 where entry.track == CueSheet.leadOutNumber:
                try end(entry, limit: limit, byte: byte)
                isEnded = true
            case 1:
                try add(entry, first: first, byte: byte)
            case 2:
                catalogBytes += entry.bytes[1...]
            case 3:
                isrcs[entry.track, default: []] += entry.bytes[2...]
            default:
                throw .invalidParameter(byte)
            }
        }
        guard isEnded, segments.first?.start == first.start - 150 else {
            throw .invalidParameter(0)
        }
        catalog = Self.text(catalogBytes, length: 13)
        for index in tracks.indices {
            tracks[index].isrc = Self.text(isrcs[tracks[index].number] ?? [], length: 12)
        }
        position = start
    }

    /// Takes the subchannel of sectors of the lead-in.
    mutating func takeLeadIn(_ data: Span<UInt8>, at lba: Int, sectors: Int) {
        leadInPosition = lba + sectors
        packs.take(data.extracting(..<(sectors * 96)))
    }

    private static func text(_ bytes: [UInt8], length: Int) -> String? {
        guard bytes.count >= length else { return nil }
        return String(decoding: bytes.prefix(length), as: UTF8.self)
    }

    /// Takes the start of an index.
    private mutating func add(_ entry: CueSheet.Entry, first: UpcomingTrack, byte: Int)
        throws(Sense)
    {
        guard let blocks = BlockType.byCueSheet(entry.form) else {
            throw .invalidParameter(byte + 3)
        }
        let start = entry.time.lba.rawValue
        guard start >= (segments.last?.start ?? .min) else { throw .invalidParameter(byte + 5) }
        if tracks.last?.number != entry.track {
            let expected = tracks.last.map { $0.number + 1 } ?? first.number
            // The first track of a disc may have any number (MMC-6 §6.33.3.6).
            let isFree = tracks.isEmpty && first.number == 1 && (1...99).contains(entry.track)
            guard entry.track == expected || isFree, entry.track <= 99, entry.index <= 1 else {
                throw .invalidParameter(byte + 1)
            }
            try finishTrack(at: start, byte: byte)
            var track = TrackRecord(
                number: entry.track,
                start: start,
                control: entry.control,
                dataMode: blocks.dataMode ?? 0,
                form: blocks.form
            )
            track.isDamaged = false
            if entry.index == 0 { track.pregap = -1 }
            tracks.append(track)
        } else if entry.index == 1, tracks[tracks.count - 1].pregap == -1 {
            let pregapStart = tracks[tracks.count - 1].start
            tracks[tracks.count - 1].pregap = start - pregapStart
            tracks[tracks.count - 1].start = start
            tracks[tracks.count - 1].form = blocks.form
        } else {
            guard entry.index == tracks[tracks.count - 1].indices.count + 2 else {
                throw .invalidParameter(byte + 2)
            }
            tracks[tracks.count - 1].indices.append(start)
        }
        segments.append(Segment(start: start, track: tracks.count - 1, blocks: blocks))
    }

    private mutating func finishTrack(at end: Int, byte: Int) throws(Sense) {
        guard let last = tracks.last else { return }
        // Index 1 is mandatory, and a track without a sector is none.
        guard last.pregap >= 0, end > last.start else { throw .invalidParameter(byte + 5) }
        tracks[tracks.count - 1].reserved = end - last.start
    }

    private mutating func end(_ entry: CueSheet.Entry, limit: Int, byte: Int) throws(Sense) {
        leadOut = entry.time.lba.rawValue
        guard !tracks.isEmpty, leadOut <= limit else { throw .invalidParameter(byte + 5) }
        try finishTrack(at: leadOut, byte: byte)
    }

    /// The segment that a sector belongs to.
    func segment(at lba: Int) -> Segment? {
        segments.last { $0.start <= lba }
    }

    /// The sector behind the segment that a sector belongs to.
    func segmentEnd(after lba: Int) -> Int {
        segments.first { $0.start > lba }?.start ?? leadOut
    }
}

extension CueSheet {
    /// The sheet with the times and track numbers of the disc, where it has those of the session: a
    /// later session's sheet may begin at 00:00:00 with track 1, too (wodim's does, and a TSSTcorp
    /// SH-S223C was recorded to take it).
    func placed(before next: UpcomingTrack) -> CueSheet {
        guard next.session > 1,
            entries.first(where: { $0.address == 1 && $0.track != 0 })?.time.frames == 0
        else { return self }
        var sheet = self
        let isCounted = entries.contains { $0.track == 1 }
        for place in sheet.entries.indices {
            let entry = sheet.entries[place]
            if entry.address == 1 {
                sheet.entries[place].time = MSF(frames: entry.time.frames + next.start)
            }
            if isCounted, entry.address != 2, (1...99).contains(entry.track) {
                sheet.entries[place].track = entry.track + next.number - 1
            }
        }
        return sheet
    }
}

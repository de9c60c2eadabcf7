import DiscModel
import LinuxCalls
import MMC
import Transfer

/// Reads the audio of a disc with the care that it needs.
///
/// It comes in stretches, most of them read ahead of what is asked for. Sectors in which C2 had doubts, or
/// of which two passes brought different samples, are read again, all of a stretch together, until the
/// reads agree or are enough. Where a drive begins commands some samples off, each stretch is put where
/// the last one ended.
final class SoundReader {
    /// Sectors in which doubts were not settled, in rising order.
    private(set) var doubtful: [Range<Int>] = []
    /// Sectors that were doubtful at first and read again.
    private(set) var reread: [Range<Int>] = []
    /// Those of them that enough reads agreed about.
    private(set) var settled: [Range<Int>] = []
    /// Sectors that were read twice, and the same.
    private(set) var twice: [Range<Int>] = []

    private unowned let disc: DriveDisc
    private var passes: Int
    /// Sectors that were read before, and that somebody doubts; `nil` before anybody does.
    private var suspects: RangeSet<Int>?
    /// What was read of a sector before that; `nil` if nothing was, or it was doubtful.
    private var before: (Int) -> [UInt8]? = { _ in nil }
    /// Whether doubts are of any consequence, so that they are gathered.
    private let isCareful: Bool
    /// Whether the drive begins where it is told to.
    private let isAccurate: Bool
    private var stretch = SoundStretch(start: 0)
    /// What is known of the drive's cache.
    private var cache: SoundCache { disc.soundCache }
    /// Sectors that are read beyond those that are asked for.
    private var ahead = 0
    /// How often the drive was sent away.
    private var journeys = 0

    /// How often a doubtful sector is read, the first time included.
    private static let mostReads = 8
    /// How often the drive is sent away for the sake of one disc: each time takes a second or two.
    private static let mostJourneys = 400
    /// Sectors that are read before and behind where a drive does not begin where it is told to.
    private static let margin = 4
    /// Sectors of the stretch before, by which the place of one is found.
    private static let overlap = 16
    /// Doubtful sectors that are not farther apart are read by one command.
    private static let nearby = 8

    /// Prepares to read.
    ///
    /// - Parameters:
    ///   - disc: The disc, which owns it.
    ///   - passes: How often all is read: once or twice.
    ///   - isAccurate: Whether the drive has an accurate stream.
    init(_ disc: DriveDisc, passes: Int, isAccurate: Bool) {
        self.disc = disc
        self.passes = passes
        isCareful = disc.options.rereadsDoubtful || passes > 1
        self.isAccurate = isAccurate || !isCareful
    }

    /// Begins to read sectors once more that somebody else has reason to doubt: twice, and again where the two
    /// differ.
    ///
    /// What was doubtful and what was read twice is counted from nothing again: what is not among the latter has no
    /// second witness. Where the drive was sent away too often to be sent away once more, nothing is read.
    ///
    /// - Parameters:
    ///   - sectors: The sectors, beyond which nothing is read ahead.
    ///   - before: What was read of a sector before, which counts as one more read.
    func beginReview(of sectors: RangeSet<Int>, _ before: @escaping (Int) -> [UInt8]?) {
        passes = 2
        suspects = sectors
        self.before = before
        stretch = SoundStretch(start: 0)
        ahead = 0
        (doubtful, twice) = ([], [])
    }

    /// Reads sectors of one track.
    ///
    /// - Parameters:
    ///   - sectors: The sectors.
    ///   - buffer: Of the size of their samples.
    /// - Returns: The subchannel that came with them.
    /// - Throws: `UnreadableSectors` if they can't be read; what else the drive throws.
    func read(_ sectors: Range<Int>, into buffer: inout MutableSpan<UInt8>) throws -> [UInt8] {
        var channels: [UInt8] = []
        var next = sectors.lowerBound
        while next < sectors.upperBound {
            if !stretch.sectors.contains(next) {
                do {
                    try fill(next..<sectors.upperBound)
                } catch let error as UnreadableSectors {
                    // What lies ahead may be damaged, too, and is left to whoever asks for it.
                    ahead = 0
                    throw error
                }
            }
            let part = next..<min(sectors.upperBound, stretch.end)
            let from = (part.lowerBound - stretch.start) * RawSector.size
            Bytes.copy(
                stretch.bytes.span.extracting(from..<from + part.count * RawSector.size),
                to: &buffer,
                at: (part.lowerBound - sectors.lowerBound) * RawSector.size
            )
            let side = stretch.channels.count / stretch.count
            let place = (part.lowerBound - stretch.start) * side
            channels += stretch.channels[place..<place + part.count * side]
            next = part.upperBound
        }
        return channels
    }

    // MARK: Stretches

    /// Reads the next stretch: what is asked for, and what is to be read ahead of it.
    private func fill(_ asked: Range<Int>) throws {
        let last = stretch
        let goesOn = last.end == asked.lowerBound && last.count > 0
        if passes > 1 {
            try disc.soundCache.measure(disc)
            // Who reads backwards, or single sectors, is near damage.
            ahead = goesOn || last.count == 0 ? cache.stretch(of: disc) : 0
        } else if !goesOn || !isCareful {
            ahead = 0
        }
        var rest = disc.storage(at: asked.lowerBound).count
        if let suspects {
            let run = suspects.ranges.first { $0.contains(asked.lowerBound) }
            rest = min(rest, max(asked.count, (run?.upperBound ?? 0) - asked.lowerBound))
        }
        let end = asked.lowerBound + min(rest, max(asked.count, ahead))
        // It is put where the last one ended, if it goes on there.
        var fresh = try readInPlace(asked.lowerBound..<max(asked.upperBound, end), asked, last)
        let isWhole = fresh.end >= end
        let most = passes > 1 ? cache.stretch(of: disc) : SoundCache.sectors
        ahead = isWhole ? min(most, max(2 * ahead, 2 * asked.count)) : 0
        try settle(&fresh, after: goesOn ? last : nil)
        stretch = fresh
    }

    /// Finds what is doubtful in a stretch, and reads it again.
    private func settle(_ fresh: inout SoundStretch, after last: SoundStretch?) throws {
        var second: [SoundStretch] = []
        if passes > 1 {
            if cache.isSentAway, fresh.count >= cache.passingBy {
                disc.soundCache.passBy()
            } else {
                // Without a second witness, what came before is as good.
                if suspects != nil, cache.isSentAway, journeys >= Self.mostJourneys {
                    throw UnreadableSectors(
                        start: fresh.start,
                        count: fresh.count,
                        reason: "the drive was sent away as often as one disc is worth"
                    )
                }
                if try disc.soundCache.defeat(fresh.sectors, of: disc) { journeys += 1 }
            }
            // What comes from the cache is no second witness.
            second = cache.mayKeep ? [] : try readAll(fresh)
        }
        let isTwice = passes > 1 && !cache.mayKeep
        var doubts: [Doubt] = []
        var watched: [Int] = []
        for address in fresh.sectors {
            while let first = second.first, first.end <= address { second.removeFirst() }
            let again = second.first.flatMap { $0.sectors.contains(address) ? $0 : nil }
            let earlier = before(address)
            let differs =
                again.map { !Bytes.areEqual($0.sector(address).span, fresh.sector(address).span) }
                ?? false
                || earlier.map { !Bytes.areEqual($0.span, fresh.sector(address).span) } ?? false
            let isFlagged = !fresh.flags(address).isEmpty || again?.flags(address).isEmpty == false
            if passes > 1, again != nil, !differs, !isFlagged {
                DriveDisc.add(address, to: &twice)
                continue
            }
            guard isFlagged || differs || isTwice else { continue }
            var doubt = Doubt(address, [fresh, again], isWatched: false)
            if let earlier { doubt.votes.add(earlier.span, flags: Span()) }
            doubt.isFounded = isFlagged || differs
            doubts.append(doubt)
            // Some drives give C2 of a sector with the next one, and damage has no borders.
            if isFlagged { watched += [address - 1, address + 1] }
        }
        guard !doubts.isEmpty else { return }
        let known = Set(doubts.map(\.address))
        for address in Set(watched).subtracting(known) {
            if fresh.sectors.contains(address) {
                doubts.append(Doubt(address, [fresh], isWatched: true))
            } else if let last, last.sectors.contains(address) {
                doubts.append(Doubt(address, [last], isWatched: true))
            }
        }
        guard disc.options.rereadsDoubtful, !disc.options.isStopped() else {
            for doubt in doubts where doubt.isFounded {
                DriveDisc.add(doubt.address, to: &doubtful)
            }
            return
        }
        doubts.sort { $0.address < $1.address }
        for doubt in try readAgain(doubts, near: fresh) { conclude(doubt, &fresh) }
    }

    /// Keeps what the reads of a sector say together.
    private func conclude(_ doubt: Doubt, _ fresh: inout SoundStretch) {
        guard let verdict = doubt.votes.verdict(), !doubt.isWatched || doubt.votes.count > 1 else {
            return
        }
        let before =
            fresh.sectors.contains(doubt.address) ? Array(fresh.sector(doubt.address)) : nil
        let isChanged = before != nil && before != verdict.sector
        if doubt.isWatched, !isChanged, verdict.isSure {
            // It was right before, as far as it was given away.
            guard before == nil, doubt.first != verdict.sector else { return }
            noteDoubt(doubt.address)
            return
        }
        if before != nil { fresh.replace(doubt.address, with: verdict.sector) }
        DriveDisc.add(doubt.address, to: &reread)
        if verdict.isSure, before != nil {
            DriveDisc.add(doubt.address, to: &settled)
            DriveDisc.add(doubt.address, to: &twice)
        } else {
            noteDoubt(doubt.address)
        }
    }

    /// Notes that the reads of a sector are not enough, whatever earlier ones seemed to say.
    private func noteDoubt(_ sector: Int) {
        DriveDisc.add(sector, to: &doubtful)
        for kind in [\SoundReader.settled, \SoundReader.twice]
        where self[keyPath: kind].contains(where: { $0.contains(sector) }) {
            let rest = RangeSet(self[keyPath: kind]).subtracting(RangeSet(sector..<sector + 1))
            self[keyPath: kind] = Array(rest.ranges)
        }
    }

    // MARK: Reading again

    /// A sector that may be wrong, and its reads.
    private struct Doubt {
        let address: Int
        /// Whether it is only next to one that is doubtful.
        let isWatched: Bool
        /// Whether C2 or another read speaks against it, and not only that nobody has read it twice.
        var isFounded = false
        let first: [UInt8]
        var votes = SoundVotes()

        init(_ address: Int, _ reads: [SoundStretch?], isWatched: Bool) {
            self.address = address
            self.isWatched = isWatched
            first = reads.first.flatMap { $0.map { Array($0.sector(address)) } } ?? []
            for case let read? in reads { add(read) }
        }

        mutating func add(_ read: SoundStretch) {
            guard read.sectors.contains(address) else { return }
            votes.add(read.sector(address).span, flags: read.flags(address).span)
        }
    }

    /// Reads sectors again until their reads agree, or are enough.
    private func readAgain(_ doubts: [Doubt], near known: SoundStretch) throws -> [Doubt] {
        var done: [Doubt] = []
        var open = doubts
        for _ in 1..<Self.mostReads where !open.isEmpty && journeys < Self.mostJourneys {
            var rest: [Doubt] = []
            var isAway = false
            for run in Self.runs(of: open) {
                guard let first = run.first?.address, let last = run.last?.address,
                    let all = open.first?.address, let end = open.last?.address
                else { continue }
                if !isAway {
                    isAway = try disc.soundCache.defeat(
                        cache.isSentAway ? all..<end + 1 : first..<last + 1,
                        of: disc
                    )
                    if isAway { journeys += 1 }
                }
                guard !cache.mayKeep, !disc.options.isStopped() else {
                    rest += run
                    continue
                }
                let read = try readNear(first..<last + 1, known)
                for var doubt in run {
                    if let read { doubt.add(read) }
                    if doubt.votes.verdict()?.isSure == true {
                        done.append(doubt)
                    } else {
                        rest.append(doubt)
                    }
                }
            }
            open = rest
        }
        return (done + open).sorted { $0.address < $1.address }
    }

    /// Reads all sectors of a stretch that can be read once more.
    private func readAll(_ known: SoundStretch) throws -> [SoundStretch] {
        var parts: [SoundStretch] = []
        var next = known.start
        // What can't be read, or not be put in its place, is left by longer and longer steps.
        var step = 1
        while next < known.end, !disc.options.isStopped() {
            if let part = try readNear(next..<known.end, known) {
                parts.append(part)
                next = part.end
                step = 1
            } else {
                next += step
                step *= 2
            }
        }
        return parts
    }

    /// Doubts that are near each other.
    private static func runs(of doubts: [Doubt]) -> [[Doubt]] {
        var runs: [[Doubt]] = []
        for doubt in doubts {
            if let last = runs.last?.last, doubt.address - last.address <= nearby {
                runs[runs.count - 1].append(doubt)
            } else {
                runs.append([doubt])
            }
        }
        return runs
    }

    /// Reads sectors again, up to one that can't be read; `nil` if that is the first one, or their place
    /// is not known.
    private func readNear(_ sectors: Range<Int>, _ known: SoundStretch) throws -> SoundStretch? {
        do {
            let first = sectors.lowerBound..<sectors.lowerBound + 1
            return try readInPlace(sectors, first, known, needsPlace: true)
        } catch is UnreadableSectors {
            return nil
        }
    }

    // MARK: Places

    /// Reads sectors, and puts them where they belong.
    ///
    /// - Parameters:
    ///   - sectors: The sectors.
    ///   - needed: Those of them, from the first one on, without which there is nothing.
    ///   - known: What is known of sectors around.
    ///   - needsPlace: Whether sectors whose place is not known are of no use.
    /// - Returns: The sectors, perhaps fewer than were asked for.
    /// - Throws: `UnreadableSectors` if those that are needed can't be read.
    private func readInPlace(
        _ sectors: Range<Int>,
        _ needed: Range<Int>,
        _ known: SoundStretch,
        needsPlace: Bool = false
    ) throws -> SoundStretch {
        guard !isAccurate else { return try readRun(sectors, needed.count) }
        let area = disc.soundAreas.first { $0.contains(sectors.lowerBound) } ?? sectors
        let isKnown =
            known.count > 0 && known.end >= sectors.lowerBound && known.start < sectors.upperBound
        let lead = isKnown ? Self.overlap : Self.margin
        let whole =
            max(
                area.lowerBound,
                sectors.lowerBound - lead
            )..<min(
                area.upperBound,
                sectors.upperBound + Self.margin
            )
        // Behind damage nothing tells by how many samples the drive is elsewhere now.
        let gap = max(sectors.lowerBound - known.end, known.start - sectors.upperBound)
        let isTorn = !isKnown && known.count > 0 && gap <= 2 * SoundCache.sectors
        let read: SoundStretch
        do {
            read = try readRun(whole, sectors.lowerBound - whole.lowerBound + needed.count)
        } catch is UnreadableSectors {
            let plain = try readRun(sectors, needed.count)
            if isKnown || isTorn { DriveDisc.add(sectors.lowerBound, to: &doubtful) }
            return plain
        }
        let end = min(sectors.upperBound, read.end)
        var shift = isKnown ? read.shift(from: known) : 0
        // Silence is the same a few samples on.
        if shift == nil, Bytes.areZero(read.bytes.span) { shift = 0 }
        if isTorn, !Bytes.areZero(read.bytes.span) {
            DriveDisc.add(sectors.lowerBound, to: &doubtful)
        }
        if shift == nil {
            guard !needsPlace else {
                throw UnreadableSectors(
                    start: sectors.lowerBound,
                    count: sectors.count,
                    reason: "the drive does not begin where it is told to"
                )
            }
            // What follows may lie some samples elsewhere.
            DriveDisc.add(sectors.lowerBound, to: &doubtful)
        }
        return read.moved(to: sectors.lowerBound..<end, by: shift ?? 0)
    }

    /// Reads sectors as they come, by as many commands as it takes.
    ///
    /// - Parameters:
    ///   - sectors: The sectors.
    ///   - needed: How many of them there must be.
    /// - Returns: The sectors; after the needed ones it may end before one that can't be read.
    /// - Throws: `UnreadableSectors` if one of those that are needed can't be read.
    private func readRun(_ sectors: Range<Int>, _ needed: Int) throws -> SoundStretch {
        let source = disc.source(.audio)
        let size = source.sectorSize
        let layout = disc.soundLayout
        var read = SoundStretch(start: sectors.lowerBound)
        var bytes: [UInt8] = []
        // A command fails as a whole.
        var isReduced = false
        while read.end < sectors.upperBound {
            if read.count >= needed, disc.options.isStopped() { break }
            let most = max(1, min(sectors.upperBound - read.end, source.sectorsPerCommand))
            var count = most
            if isReduced {
                count = 1
            } else if read.count < needed, needed > 1 {
                count = min(most, needed - read.count)
            }
            if bytes.count < count * size { bytes = [UInt8](repeating: 0, count: count * size) }
            do {
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting(0..<count * size)
                try source.readRun(at: read.end, sectors: count, into: &part)
            } catch let error as UnreadableSectors {
                // Those before the bad one may be needed.
                guard count > 1, read.count < needed, needed == 1 else {
                    guard read.count >= needed else { throw error }
                    break
                }
                isReduced = true
                continue
            }
            read.append(bytes.span.extracting(0..<count * size), size: size, layout)
        }
        return read
    }
}

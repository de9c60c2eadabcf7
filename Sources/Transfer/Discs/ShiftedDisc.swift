public import DiscModel
public import LinuxCalls

/// A disc whose audio lies some samples away from where it should.
///
/// Sample p is read as sample p + offset of the disc behind it: so what a drive reads too early comes to
/// its place, and what a drive will write too late is sent so much earlier. Data stay where they are.
/// Samples that are needed from beyond the audio come from ``beyond`` or are zeros.
public final class ShiftedDisc: DiscSource {
    /// Reads a sector beyond the disc's own; `nil` if it can't be had.
    public typealias Beyond = (_ sector: Int) -> [UInt8]?

    /// The kind of disc.
    public var medium: MediumKind { disc.medium }
    /// Its sessions and tracks.
    public var layout: DiscLayout { disc.layout }
    /// Tracks before which a recorder stopped.
    public var linked: Set<Int> { disc.linked }
    /// How many samples later the audio is read.
    public let offset: Int
    /// How many samples that were needed were not to be had so far, and are zeros.
    public private(set) var missingSamples = 0

    private let disc: any DiscSource
    private let beyond: Beyond
    /// Whole sectors, and samples of one, in the offset.
    private let sectors: Int
    private let samples: Int
    /// Sectors from beyond the audio, as they were read, or without bytes.
    private var outside: [Int: [UInt8]] = [:]
    /// The last sector that was read: the next read begins with it.
    private var last: (sector: Int, bytes: [UInt8])?

    private static let samplesPerSector = 588
    private static let sampleSize = RawSector.size / samplesPerSector

    /// Takes a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - offset: How many samples later its audio is read; earlier where negative.
    ///   - beyond: Reads a sector before the first or behind the last one.
    public init(_ disc: any DiscSource, by offset: Int, beyond: @escaping Beyond = { _ in nil }) {
        self.disc = disc
        self.offset = offset
        self.beyond = beyond
        let rest = offset % Self.samplesPerSector
        samples = rest < 0 ? rest + Self.samplesPerSector : rest
        sectors = (offset - samples) / Self.samplesPerSector
    }

    /// The sectors into which the audio of others comes.
    ///
    /// - Parameter sectors: Sectors of the disc behind this one, none of them of data.
    /// - Returns: Sectors of this disc, a run for each.
    public func destinations(of sectors: [Range<Int>]) -> [Range<Int>] {
        sectors.map { range in
            let first = range.lowerBound - self.sectors - (samples > 0 ? 1 : 0)
            return first..<max(first + 1, range.upperBound - self.sectors)
        }
    }

    /// The sectors that hold nothing but audio of others.
    ///
    /// - Parameter sectors: As above.
    /// - Returns: Sectors of this disc, at most a run for each.
    public func wholeDestinations(of sectors: [Range<Int>]) -> [Range<Int>] {
        sectors.compactMap { range in
            let (first, end) = (range.lowerBound - self.sectors, range.upperBound - self.sectors)
            let last = end - (samples > 0 ? 1 : 0)
            return first < last ? first..<last : nil
        }
    }

    /// Where the audio of a sector of the disc behind this one is in this one.
    ///
    /// - Parameter sector: The sector.
    /// - Returns: The sectors of this disc that have it, and from which of their bytes on.
    public func place(of sector: Int) -> (sectors: Range<Int>, byte: Int) {
        guard samples > 0 else { return (sector - sectors..<sector - sectors + 1, 0) }
        return (
            sector - sectors - 1..<sector - sectors + 1,
            (Self.samplesPerSector - samples) * Self.sampleSize
        )
    }

    /// Those of some sectors that hold nothing but data and audio of others which are known well.
    ///
    /// - Parameters:
    ///   - sectors: Sectors of this disc.
    ///   - known: Sectors of the disc behind this one; what lies beyond the audio counts as known.
    /// - Returns: These sectors.
    public func confirmed(_ sectors: Range<Int>, by known: RangeSet<Int>) -> RangeSet<Int> {
        RangeSet(
            sectors.filter { sector in
                !isSound(sector)
                    || sources(of: RangeSet(sector..<sector + 1)).ranges.joined().allSatisfy {
                        known.contains($0) || !isSound($0)
                    }
            }
            .map { $0..<$0 + 1 }
        )
    }

    /// The sectors of the disc behind this one that some of audio need.
    public func sources(of sectors: RangeSet<Int>) -> RangeSet<Int> {
        RangeSet(
            sectors.ranges.map { range in
                let end = range.upperBound + self.sectors + (samples > 0 ? 1 : 0)
                return range.lowerBound + self.sectors..<end
            }
        )
    }

    /// Forgets the sector that was read last: it is to be read once more.
    public func forgetLast() { last = nil }

    /// What the disc keeps of a sector.
    public func storage(at address: Int) -> SectorStorage { disc.storage(at: address) }

    /// Reads sectors: data as the disc does, and audio from where it lies.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        try read(storage(at: address).form, at: address, into: &buffer)
    }

    /// Reads sectors likewise, in a form.
    public func read(
        _ form: SectorForm,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        let storage = storage(at: address)
        guard isSound(storage), form == .raw else {
            return try disc.read(form, at: address, into: &buffer)
        }
        let count = min(storage.count, buffer.count / RawSector.size)
        guard count > 0 else { return 0 }
        var failure: UnreadableSectors?
        var wanted = count
        // A read fails as a whole: with fewer sectors it ends before the one that can't be read.
        while wanted > 0 {
            do {
                _ = try Bytes.withPart(of: &buffer, 0..<wanted * RawSector.size) {
                    part throws(any Error) in
                    try fill(address..<address + wanted, into: &part) {
                        run,
                        target throws(any Error) in
                        var next = run.lowerBound
                        while next < run.upperBound {
                            let done = (next - run.lowerBound) * RawSector.size
                            var rest = target._mutatingExtracting(done..<target.count)
                            next += max(1, try disc.read(.raw, at: next, into: &rest))
                        }
                        return true
                    }
                }
                return wanted
            } catch let error as UnreadableSectors {
                failure = failure ?? error
                wanted /= 2
            }
        }
        throw UnreadableSectors(
            start: address,
            count: 1,
            reason: failure?.reason ?? "the audio that belongs there can't be read"
        )
    }

    /// Reads subchannel as the disc does.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        try disc.readStoredSubchannel(at: address, into: &buffer)
    }

    /// The file in which data stand; nothing of audio.
    public func storedBytes(at address: Int) -> FileRange? {
        isSound(storage(at: address)) ? nil : disc.storedBytes(at: address)
    }

    /// What makes attempts at it.
    public func attempts() -> any DiscAttempts { ShiftedAttempts(self, disc.attempts()) }

    // MARK: Shifting

    private func isSound(_ storage: SectorStorage) -> Bool {
        storage.form == .raw && !storage.mode.isData
    }

    /// Whether a sector is an audio file, so that it is shifted.
    func isSound(_ sector: Int) -> Bool { isSound(disc.storage(at: sector)) }

    /// Fills a buffer with audio.
    ///
    /// - Parameters:
    ///   - wanted: Sectors of audio that are kept alike.
    ///   - buffer: Of just their size.
    ///   - read: Reads sectors of the disc behind this one that are kept alike.
    /// - Returns: Whether all of it could be read, as `read` says.
    /// - Throws: What `read` throws.
    @discardableResult
    func fill(
        _ wanted: Range<Int>,
        into buffer: inout MutableSpan<UInt8>,
        _ read: (Range<Int>, inout MutableSpan<UInt8>) throws -> Bool
    ) throws -> Bool {
        let size = RawSector.size
        let first = wanted.lowerBound + sectors
        let end = wanted.upperBound + sectors + (samples > 0 ? 1 : 0)
        var bytes = [UInt8](repeating: 0, count: (end - first) * size)
        var next = first
        while next < end {
            let place = (next - first) * size
            if let last, last.sector == next {
                bytes.replaceSubrange(place..<place + size, with: last.bytes)
                next += 1
                continue
            }
            let storage = disc.storage(at: next)
            guard isSound(storage) else {
                let sector = outside(next)
                if !sector.isEmpty { bytes.replaceSubrange(place..<place + size, with: sector) }
                next += 1
                continue
            }
            let run = next..<min(end, next + max(1, storage.count))
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(place..<place + run.count * size)
            guard try read(run, &part) else { return false }
            next = run.upperBound
        }
        last = (end - 1, Array(bytes.suffix(size)))
        let skipped = samples * Self.sampleSize
        Bytes.copy(
            bytes.span.extracting(skipped..<skipped + wanted.count * size),
            to: &buffer,
            at: 0
        )
        return true
    }

    /// The first sector that needs one of the disc behind this one.
    func firstDestination(of sector: Int) -> Int { sector - sectors - (samples > 0 ? 1 : 0) }

    /// Asks for all that some tracks need from beyond the audio, as far as that was not asked for yet: of what an
    /// earlier rip has read it is not known how many samples were missing.
    ///
    /// - Parameter tracks: The tracks.
    public func lookBeyond(for tracks: [Track]) {
        for track in tracks where track.mode == .audio {
            let own = track.extent
            let end = own.upperBound + sectors + (samples > 0 ? 1 : 0)
            let needed = own.lowerBound + sectors..<max(own.lowerBound + sectors, end)
            for sector in needed where !own.contains(sector) && !isSound(sector) {
                _ = outside(sector)
            }
        }
    }

    /// A sector from beyond the audio; empty if it can't be had.
    private func outside(_ sector: Int) -> [UInt8] {
        if let known = outside[sector] { return known }
        let isBeyond =
            sector < 0 || sector >= layout.leadOut?.rawValue ?? 0
            || disc.storage(at: sector).form == .absent
        let found = isBeyond ? beyond(sector) : nil
        if found?.count != RawSector.size {
            // Its tail comes into one sector, its head into the one before that.
            if isSound(sector - sectors) { missingSamples += Self.samplesPerSector - samples }
            if isSound(sector - sectors - 1) { missingSamples += samples }
        }
        let bytes = found?.count == RawSector.size ? found ?? [] : []
        outside[sector] = bytes
        return bytes
    }
}

/// Attempts at a disc whose audio is shifted.
private final class ShiftedAttempts: DiscAttempts {
    private let disc: ShiftedDisc
    private let attempts: any DiscAttempts
    /// One more sector is read than is wanted.
    var largestRead: Int { max(1, attempts.largestRead - 1) }
    var problem: String? { attempts.problem }

    init(_ disc: ShiftedDisc, _ attempts: any DiscAttempts) {
        self.disc = disc
        self.attempts = attempts
    }

    func make(
        _ form: SectorForm,
        at sectors: Range<Int>,
        _ effort: Salvage.Effort,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Salvage.Outcome {
        guard form == .raw, disc.isSound(sectors.lowerBound) else {
            return try attempts.make(form, at: sectors, effort, into: &buffer)
        }
        var outcome = Salvage.Outcome.read
        try disc.fill(sectors, into: &buffer) { run, part throws(any Error) in
            outcome = try attempts.make(.raw, at: run, effort, into: &part)
            return outcome == .read
        }
        func moved(_ sector: Int?) -> Int? {
            sector.map {
                min(max(disc.firstDestination(of: $0), sectors.lowerBound), sectors.upperBound - 1)
            }
        }
        switch outcome {
        case .read, .hung: return outcome
        case .failed(let sector): return .failed(at: moved(sector))
        case .refused(let sector): return .refused(at: moved(sector))
        }
    }

    func finish() { attempts.finish() }
}

import DiscModel
import LinuxCalls

/// Sectors of audio that follow each other, as they were read.
struct SoundStretch {
    /// The first sector.
    let start: Int
    /// How many there are.
    private(set) var count = 0
    /// Their samples, 2352 bytes each.
    private(set) var bytes: [UInt8] = []
    /// C2's bits, 294 bytes each; empty as long as C2 has flagged nothing.
    private var flags: [UInt8] = []
    /// Their subchannel, as much of it as was asked for.
    private(set) var channels: [UInt8] = []

    /// The sector behind the last one.
    var end: Int { start + count }
    /// The sectors.
    var sectors: Range<Int> { start..<end }

    /// Begins without a sector.
    init(start: Int) { self.start = start }

    /// Adds the next sectors.
    ///
    /// - Parameters:
    ///   - sectors: What the drive gave of them.
    ///   - size: The bytes of each.
    ///   - layout: Where its parts are.
    mutating func append(_ sectors: Span<UInt8>, size: Int, _ layout: SoundLayout) {
        let more = sectors.count / max(1, size)
        let (first, side) = (bytes.count, channels.count)
        bytes += [UInt8](repeating: 0, count: more * RawSector.size)
        channels += [UInt8](repeating: 0, count: more * layout.channels.count)
        func place(_ sector: Int, _ part: Range<Int>) -> Range<Int> {
            sector * size + part.lowerBound..<sector * size + part.upperBound
        }
        var samples = bytes.mutableSpan
        for i in 0..<more {
            let sector = sectors.extracting(place(i, 0..<RawSector.size))
            Bytes.copy(sector, to: &samples, at: first + i * RawSector.size)
        }
        var kept = channels.mutableSpan
        for i in 0..<more where !layout.channels.isEmpty {
            let codes = sectors.extracting(place(i, layout.channels))
            Bytes.copy(codes, to: &kept, at: side + i * layout.channels.count)
        }
        for i in 0..<more {
            appendFlags(sectors.extracting(place(i, layout.flags)))
            count += 1
        }
    }

    /// Adds what C2 says of the next sector.
    private mutating func appendFlags(_ own: Span<UInt8>) {
        guard !Bytes.areZero(own) || !flags.isEmpty else { return }
        fillFlags()
        flags += SuspectBytes(pointers: own).pointers
    }

    /// Gives those sectors flags that have none yet.
    private mutating func fillFlags() {
        flags += [UInt8](repeating: 0, count: count * SuspectBytes.size - flags.count)
    }

    /// Adds a sector of whose samples nothing is known.
    private mutating func appendUnknown(_ codes: [UInt8]) {
        fillFlags()
        channels += codes
        flags += [UInt8](repeating: 0xFF, count: SuspectBytes.size)
        bytes += [UInt8](repeating: 0, count: RawSector.size)
        count += 1
    }

    /// The samples of a sector of the stretch.
    func sector(_ address: Int) -> ArraySlice<UInt8> {
        let place = (address - start) * RawSector.size
        return bytes[place..<place + RawSector.size]
    }

    /// What C2 flags of a sector of the stretch; empty if that is nothing.
    func flags(_ address: Int) -> ArraySlice<UInt8> {
        guard !flags.isEmpty else { return [] }
        let place = (address - start) * SuspectBytes.size
        let own = flags[place..<place + SuspectBytes.size]
        return own.contains { $0 != 0 } ? own : []
    }

    /// Puts a sector in the place of one of the stretch.
    mutating func replace(_ address: Int, with sector: [UInt8]) {
        let place = (address - start) * RawSector.size
        bytes.replaceSubrange(place..<place + RawSector.size, with: sector)
    }

    // MARK: Places

    /// Samples that have to be the same for two reads to be of one place.
    private static let equalBytes = RawSector.size
    /// By how many bytes a read may be elsewhere than it should.
    static let farthest = 3 * RawSector.size

    /// By how many bytes this stretch lies behind where it should, as another one shows that has some of
    /// its sectors.
    ///
    /// - Returns: `nil` if the two don't tell: what they share is silence, or goes round.
    func shift(from other: SoundStretch) -> Int? {
        let shared = sectors.clamped(to: other.sectors)
        var place = shared.lowerBound * RawSector.size
        var tried = 0
        while place + Self.equalBytes <= shared.upperBound * RawSector.size, tried < 64 {
            if let found = shift(of: other, at: place) { return found }
            place += Self.equalBytes / 2 & ~3
            tried += 1
        }
        return nil
    }

    /// Looks for what another stretch has at a place of the disc, in bytes.
    private func shift(of other: SoundStretch, at place: Int) -> Int? {
        let theirs = place - other.start * RawSector.size
        let own = place - start * RawSector.size
        var found: Int?
        let (bytes, others) = (bytes.span, other.bytes.span)
        for distance in stride(from: -Self.farthest, through: Self.farthest, by: 4) {
            let first = own + distance
            guard first >= 0, first + Self.equalBytes <= bytes.count else { continue }
            var same = 0
            while same < Self.equalBytes, bytes[first + same] == others[theirs + same] {
                same += 1
            }
            guard same == Self.equalBytes else { continue }
            // Twice the same is silence, or a tone that goes round.
            guard found == nil else { return nil }
            found = distance
        }
        return found
    }

    /// Some of the sectors, taken from so many bytes behind where they lie in this stretch.
    func moved(to wanted: Range<Int>, by shift: Int) -> SoundStretch {
        guard shift != 0 || wanted != sectors else { return self }
        var moved = SoundStretch(start: wanted.lowerBound)
        for address in wanted {
            let first = (address - start) * RawSector.size + shift
            guard first >= 0, first + RawSector.size <= bytes.count else {
                moved.appendUnknown(channels(address))
                continue
            }
            var own = SuspectBytes()
            if !flags.isEmpty {
                for place in 0..<RawSector.size
                where flags[(first + place) / 8] & (0x80 >> UInt8((first + place) % 8)) != 0 {
                    own[place] = true
                }
            }
            moved.bytes += bytes[first..<first + RawSector.size]
            moved.appendFlags(own.pointers.span)
            moved.channels += channels(address)
            moved.count += 1
        }
        return moved
    }

    /// The subchannel of a sector, as many bytes for each; zeros of one that is not in the stretch.
    private func channels(_ address: Int) -> [UInt8] {
        let size = count > 0 ? channels.count / count : 0
        guard sectors.contains(address) else { return [UInt8](repeating: 0, count: size) }
        return Array(channels[(address - start) * size..<(address - start + 1) * size])
    }
}

/// Where the parts of a sector of audio are in what a drive gives of it.
struct SoundLayout: Hashable {
    /// C2's flags.
    var flags: Range<Int>
    /// The subchannel.
    var channels: Range<Int>

    /// Lays the parts out behind the samples.
    ///
    /// - Parameters:
    ///   - flags: Bytes of flags.
    ///   - channels: Bytes of subchannel.
    ///   - flagsAreLast: Whether the drive gives the flags behind the subchannel.
    init(flags: Int, channels: Int, flagsAreLast: Bool) {
        let first = RawSector.size
        self.flags =
            flagsAreLast ? first + channels..<first + channels + flags : first..<first + flags
        self.channels =
            flagsAreLast ? first..<first + channels : first + flags..<first + flags + channels
    }
}

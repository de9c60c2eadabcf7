import Testing

/// What a host sends that writes a CD raw: made here from the standards' tables, without the
/// recorder's own code.
struct RawStream {
    /// A track to be told.
    struct Track {
        var number: Int
        var start: Int
        /// The control nibble.
        var control: Int
        /// 0 audio, 1, 2.
        var mode: Int
        var pregap = 0
        /// Where index 2 and those after it begin.
        var indices: [Int] = []
        var isrc: String?
    }

    /// The first sector of the lead-in, by the ATIP of the usual CD-R.
    var leadIn = -11_634
    /// The sector behind the lead-in.
    var first = -150
    var tracks: [Track]
    var leadOut: Int
    var catalog: String?
    /// CD-TEXT, 18 bytes a pack.
    var packs: [UInt8] = []
    /// More entries of the lead-in: control and address, point, time, the point's time.
    var furtherEntries: [[UInt8]] = []
    /// Entries of the lead-in that stand for the usual ones.
    var entries: [[UInt8]]?
    /// Changes a sector's Q before it is sent.
    var spoil: (@Sendable (Int, inout [UInt8]) -> Void)?

    // MARK: Numbers

    static func bcd(_ number: Int) -> UInt8 { UInt8(number / 10 * 16 + number % 10) }

    /// Minutes, seconds and frames in binary-coded decimal; the lead-in's end at 99:59:74.
    static func time(_ lba: Int) -> [UInt8] {
        let frames = (lba + 150 + 450_000) % 450_000
        return [bcd(frames / 4500), bcd(frames / 75 % 60), bcd(frames % 75)]
    }

    /// The remainder of ten bytes and two of zeros by x^16 + x^12 + x^5 + 1, inverted: bit by bit.
    static func withCRC(_ bytes: [UInt8]) -> [UInt8] {
        var bits: [Bool] = []
        for byte in bytes { for bit in 0..<8 { bits.append(byte >> UInt8(7 - bit) & 1 == 1) } }
        bits += Array(repeating: false, count: 16)
        let divisor = [16, 12, 5, 0]
        for place in 0..<bits.count - 16 where bits[place] {
            for power in divisor { bits[place + 16 - power].toggle() }
        }
        let rest: Int = bits.suffix(16).reduce(0) { $0 << 1 | ($1 ? 1 : 0) } ^ 0xFFFF
        return bytes + [UInt8(rest >> 8), UInt8(rest & 0xFF)]
    }

    /// The bits that data are scrambled with, from the recurrence s(n + 15) = s(n) + s(n + 1).
    static let scrambling: [UInt8] = {
        var bits: [Int] = [1] + Array(repeating: 0, count: 14)
        while bits.count < 2340 * 8 { bits.append(bits[bits.count - 15] ^ bits[bits.count - 14]) }
        return (0..<2340).map { byte in
            (0..<8).reduce(UInt8(0)) { $0 | UInt8(bits[byte * 8 + $1]) << UInt8($1) }
        }
    }()

    // MARK: Sectors

    func track(at lba: Int) -> Track? {
        tracks.last { $0.start - $0.pregap <= lba && lba < leadOut }
    }

    /// Bytes that tell their sector.
    static func byte(_ lba: Int, _ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: lba &* 31 &+ place &* 7 &+ place / 256)
    }

    /// The main channel as it is to be read.
    func plain(_ lba: Int) -> [UInt8] {
        guard let track = track(at: lba), lba >= track.start else {
            return Array(repeating: 0, count: 2352)
        }
        var sector = (0..<2352).map { Self.byte(lba, $0) }
        guard track.mode > 0 else { return sector }
        sector.replaceSubrange(0..<12, with: [0] + Array(repeating: 0xFF, count: 10) + [0])
        sector.replaceSubrange(12..<16, with: Self.time(lba) + [UInt8(track.mode)])
        if track.mode == 2 {
            sector.replaceSubrange(16..<24, with: [0, 0, 8, 0, 0, 0, 8, 0])
        }
        return sector
    }

    /// The user data of a sector.
    func user(_ lba: Int) -> [UInt8] {
        let start = track(at: lba)?.mode == 2 ? 24 : 16
        return Array(plain(lba)[start..<start + 2048])
    }

    /// The main channel as it is sent.
    func main(_ lba: Int) -> [UInt8] {
        var sector = plain(lba)
        guard let track = track(at: lba), track.mode > 0, lba >= track.start else { return sector }
        for place in 12..<2352 { sector[place] ^= Self.scrambling[place - 12] }
        return sector
    }

    private var contents: [[UInt8]] {
        if let entries { return entries }
        guard let head = tracks.first, let tail = tracks.last else { return [] }
        func entry(_ control: Int, _ point: UInt8, _ time: [UInt8]) -> [UInt8] {
            [UInt8(control << 4 | 1), point, 0, 0, 0] + time
        }
        var lines = [
            entry(head.control, 0xA0, [Self.bcd(head.number), 0, 0]),
            entry(tail.control, 0xA1, [Self.bcd(tail.number), 0, 0]),
            entry(tail.control, 0xA2, Self.time(leadOut)),
        ]
        lines += tracks.map { entry($0.control, Self.bcd($0.number), Self.time($0.start)) }
        return lines + furtherEntries
    }

    /// The twelve bytes of Q.
    func q(_ lba: Int) -> [UInt8] {
        var bytes: [UInt8]
        if lba < first {
            let lines = contents
            guard !lines.isEmpty else {
                return Self.withCRC([0x41] + Array(repeating: 0, count: 9))
            }
            let line = lines[(lba - leadIn) / 3 % lines.count]
            // Entries of mode 1 have the lead-in's own time.
            let time = line[0] & 0x0F == 1 ? Self.time(lba) : Array(line[2..<5])
            bytes = [line[0], 0, line[1]] + time + [0] + line[5..<8]
        } else if let track = track(at: lba) {
            bytes = position(lba, track)
        } else {
            let control = UInt8((tracks.last?.control ?? 0) << 4 | 1)
            bytes = [control, 0xAA, 1] + Self.time(lba - leadOut - 150) + [0] + Self.time(lba)
        }
        bytes = Self.withCRC(bytes)
        spoil?(lba, &bytes)
        return bytes
    }

    private func position(_ lba: Int, _ track: Track) -> [UInt8] {
        let control = UInt8(track.control << 4)
        if let catalog, lba >= track.start, lba % 100 == 50 {
            let digits = catalog.utf8.map { $0 - 0x30 } + [0]
            let packed = (0..<7).map { digits[$0 * 2] << 4 | digits[$0 * 2 + 1] }
            return [control | 2] + packed + [0, Self.time(lba)[2]]
        }
        if let isrc = track.isrc, lba >= track.start, lba % 100 == 75 {
            let symbols = isrc.utf8.map { UInt64($0 - 0x30) }
            let letters = symbols[..<5].reduce(0) { $0 << 6 | $1 } << 2
            let code = symbols[5...].reduce(letters) { $0 << 4 | $1 } << 4
            let packed = (0..<8).map { UInt8(code >> UInt64(56 - 8 * $0) & 0xFF) }
            return [control | 3] + packed + [Self.time(lba)[2]]
        }
        let index = lba < track.start ? 0 : 1 + track.indices.count { $0 <= lba }
        let distance = index == 0 ? track.start - lba - 1 : lba - track.start
        return [control | 1, Self.bcd(track.number), Self.bcd(index)]
            + Self.time(distance - 150) + [0] + Self.time(lba)
    }

    /// The 96 bytes of subchannel.
    func subchannel(_ lba: Int) -> [UInt8] {
        let q = self.q(lba)
        var bytes = (0..<96).map { q[$0 / 8] >> UInt8(7 - $0 % 8) & 1 == 1 ? UInt8(0x40) : 0 }
        if let track = track(at: lba), lba >= first, lba < track.start {
            for place in bytes.indices { bytes[place] |= 0x80 }
        }
        guard lba < first, !packs.isEmpty else { return bytes }
        for symbol in 0..<96 {
            let pack = ((lba - leadIn) * 4 + symbol / 24) % (packs.count / 18) * 18
            let bit = symbol % 24 * 6
            let word =
                UInt16(packs[pack + bit / 8]) << 8
                | (bit / 8 < 17 ? UInt16(packs[pack + bit / 8 + 1]) : 0)
            bytes[symbol] |= UInt8(truncatingIfNeeded: word >> UInt16(10 - bit % 8)) & 0x3F
        }
        return bytes
    }

    /// Sectors as a block type has them.
    func sectors(_ range: Range<Int>, blockType: Int) -> [UInt8] {
        range.flatMap { lba -> [UInt8] in
            guard blockType == 1 else { return main(lba) + subchannel(lba) }
            let isPause = subchannel(lba)[0] & 0x80 != 0
            // The drive makes the CRC.
            return main(lba) + q(lba)[..<10] + [0, 0, 0, 0, 0, isPause ? 0x80 : 0]
        }
    }

    /// Writes all of it, as far as a sector.
    func write(to host: Host, blockType: Int, end: Int? = nil) throws {
        let end = end ?? leadOut + 20
        for start in stride(from: leadIn, to: end, by: 25) {
            let part = start..<min(start + 25, end)
            try host.tell(
                Host.write10(start, part.count),
                sectors(part, blockType: blockType)
            )
        }
    }
}

import Transfer

/// Reads the few sectors that tell what is on a disc, each of them once.
///
/// A damaged disc costs seconds for every sector that it can't deliver, so what was read is kept,
/// what failed isn't tried again, and after ``patience`` failures nothing more is read.
final class ContentProbe {
    /// Bytes in a sector of every source that this target reads.
    static let sectorSize = 2048
    /// Failed reads after which the disc is left alone.
    static let patience = 8
    /// The largest piece that is read at once: what every drive and USB bridge delivers.
    static let longestRead = 32

    /// The number of sectors, where the source knows it.
    let sectorCount: Int?
    /// The sectors that were asked for one by one and not delivered, in the order of asking.
    private(set) var unreadable: [Int] = []
    /// Whether something was left unread because of too many failures.
    private(set) var isAbandoned = false

    private let source: any SectorSource
    private var sectors: [Int: [UInt8]] = [:]
    /// Sectors that the disc has none of its own at, as between its tracks.
    private var absent: Set<Int> = []
    private var failures = 0
    private var end = Int.max

    /// Prepares to read a source of 2048-byte sectors.
    init(_ source: any SectorSource) throws {
        guard source.sectorSize == Self.sectorSize else {
            throw UnsuitableSectorSize(sectorSize: source.sectorSize)
        }
        self.source = source
        sectorCount = source.sectorCount
        if let sectorCount { end = max(0, sectorCount) }
    }

    /// Whether a sector lies before the end, as far as that is known.
    func holds(_ number: Int) -> Bool {
        number >= 0 && number < end
    }

    /// The 2048 bytes of a sector; `nil` if there is no such sector or it can't be read.
    func sector(_ number: Int) throws -> [UInt8]? {
        guard holds(number) else { return nil }
        if let known = sectors[number] { return known }
        guard !unreadable.contains(number), !absent.contains(number) else { return nil }
        if try !read(number, count: 1) { unreadable.append(number) }
        return sectors[number]
    }

    /// Reads neighbouring sectors in one go, so that asking for each of them costs nothing more.
    ///
    /// Where the piece can't be read as a whole, its sectors are left to be tried one by one.
    func prepare(_ start: Int, count: Int) throws {
        guard start >= 0, start < end else { return }
        let wanted = min(count, Self.longestRead, end - start)
        guard let first = (start..<start + wanted).first(where: { sectors[$0] == nil }) else {
            return
        }
        _ = try read(first, count: start + wanted - first)
    }

    /// Bytes from anywhere; nil unless all of them are there and can be read.
    func bytes(at offset: UInt64, count: Int) throws -> [UInt8]? {
        let size = UInt64(Self.sectorSize)
        guard count > 0, offset < UInt64(Int.max) - UInt64(count) else { return nil }
        let first = Int(offset / size)
        let last = Int((offset + UInt64(count) - 1) / size)
        guard last < end else { return nil }
        var next = first
        while next <= last {
            if next < last { try prepare(next, count: last - next + 1) }
            guard try sector(next) != nil else { return nil }
            next += 1
        }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for number in first...last {
            guard let sector = sectors[number] else { return nil }
            let skipped = number == first ? Int(offset % size) : 0
            result += sector[skipped..<min(sector.count, skipped + count - result.count)]
        }
        return result.count == count ? result : nil
    }

    /// The first sectors as far as they were read, with zeros for those among them that were not;
    /// reads nothing.
    func held(_ count: Int) -> [UInt8] {
        let last = sectors.keys.filter { $0 >= 0 && $0 < count }.max() ?? -1
        var bytes: [UInt8] = []
        bytes.reserveCapacity((last + 1) * Self.sectorSize)
        for number in 0..<last + 1 {
            bytes += sectors[number] ?? [UInt8](repeating: 0, count: Self.sectorSize)
        }
        return bytes
    }

    /// Whether the source delivered something, its end, or that it has nothing there; false for a
    /// failure.
    private func read(_ start: Int, count: Int) throws -> Bool {
        guard failures < Self.patience else {
            isAbandoned = true
            return true
        }
        var buffer = [UInt8](repeating: 0, count: count * Self.sectorSize)
        let delivered: Int
        do {
            var span = buffer.mutableSpan
            delivered = min(try source.read(at: start, into: &span), count)
        } catch let error as UnreadableSectors where error.isAbsence {
            absent.insert(start)
            return true
        } catch is UnreadableSectors {
            failures += 1
            return false
        }
        guard delivered > 0 else {
            end = min(end, start)
            return true
        }
        for index in 0..<delivered {
            let offset = index * Self.sectorSize
            sectors[start + index] = Array(buffer[offset..<offset + Self.sectorSize])
        }
        return true
    }
}

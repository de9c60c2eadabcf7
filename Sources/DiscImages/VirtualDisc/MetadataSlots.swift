import FoundationEssentials
import LibCodecs
import LinuxCalls
import SystemPackage

/// The two places where a virtual disc's file keeps its metadata.
///
/// A new state goes to the place that holds the older one, so that a process that is killed in the
/// middle of a write leaves the other place whole. The newer whole one counts.
struct MetadataSlots {
    /// Where the places lie, and how long each may be: the longest record, that of 99 tracks with
    /// CD-TEXT or of 153 sessions, takes less than a fifth.
    static let offsets = [0x80000, 0x100000]
    static let size = 0x80000

    /// Marks a place that was ever written; behind it stand the sequence number (8 bytes), the
    /// payload's length (4) and the CRC-32 of both and of the payload (4), little-endian.
    static let mark = Array("SPDLSLOT".utf8)
    private static let headerSize = 24

    private let file: File
    private var sequence: UInt64
    private var current: Int

    /// A new disc's places, which hold nothing yet.
    init(new file: File) {
        self.file = file
        sequence = 0
        current = 1
    }

    /// Finds the newest whole record.
    ///
    /// - Returns: `nil` if neither place holds one.
    static func read(_ file: File) throws(SystemError) -> (MetadataSlots, DiscRecord)? {
        var newest: (MetadataSlots, DiscRecord)?
        for slot in offsets.indices {
            guard let (sequence, payload) = try payload(in: slot, of: file),
                let record = try? JSONDecoder().decode(DiscRecord.self, from: Data(payload))
            else { continue }
            if let found = newest, found.0.sequence >= sequence { continue }
            var slots = MetadataSlots(new: file)
            slots.sequence = sequence
            slots.current = slot
            newest = (slots, record)
        }
        return newest
    }

    /// Puts a record into the place with the older one.
    mutating func write(_ record: DiscRecord) throws(SystemError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let payload = try? encoder.encode(record),
            payload.count <= Self.size - Self.headerSize
        else { throw SystemError(errno: 27, call: "encode", path: file.path.string) }
        let next = 1 - current
        var bytes = Self.mark
        let number = sequence &+ 1
        let length = UInt32(payload.count)
        for i in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * i))) }
        for i in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * i))) }
        var sum = RunningCRC32()
        sum.update(bytes.span.extracting(Self.mark.count..<bytes.count))
        sum.update(payload.span)
        for i in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: sum.value >> (8 * i))) }
        bytes.append(contentsOf: payload)
        try file.write(bytes.span, at: Self.offsets[next])
        sequence = number
        current = next
    }

    private static func payload(in slot: Int, of file: File) throws(SystemError)
        -> (UInt64, [UInt8])?
    {
        var header = [UInt8](repeating: 0, count: headerSize)
        var span = header.mutableSpan
        guard try file.read(at: offsets[slot], into: &span) == headerSize,
            header.starts(with: mark)
        else { return nil }
        func number(_ range: Range<Int>) -> UInt64 {
            range.reversed().reduce(0) { $0 << 8 | UInt64(header[$1]) }
        }
        let length = Int(number(16..<20))
        guard length <= size - headerSize else { return nil }
        var payload = [UInt8](repeating: 0, count: length)
        var payloadSpan = payload.mutableSpan
        guard try file.read(at: offsets[slot] + headerSize, into: &payloadSpan) == length else {
            return nil
        }
        var sum = RunningCRC32()
        sum.update(header.span.extracting(mark.count..<20))
        sum.update(payload.span)
        guard UInt64(sum.value) == number(20..<24) else { return nil }
        return (number(8..<16), payload)
    }
}

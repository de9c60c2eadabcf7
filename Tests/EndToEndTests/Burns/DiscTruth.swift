import Foundation

/// What the file of a virtual disc holds, read without Spindle's own reader: the newer of two records in
/// JSON, and the user data of each sector at its place in the file.
struct DiscTruth: Equatable {
    struct Record: Codable, Equatable {
        struct Format: Codable, Equatable {
            var type: Int
            var sectors: Int
            var isGrowing: Bool
        }

        struct Session: Codable, Equatable {
            var number: Int
            var leadOut: Int?
            var tracks: [Track]
        }

        struct Track: Codable, Equatable {
            var number: Int
            var start: Int
            var written: Int
            var isClosed: Bool
            var isDamaged: Bool
            var isPacket: Bool
        }

        var medium: String
        var capacity: Int
        var isFinalized: Bool
        var format: Format?
        var sessions: [Session]
    }

    /// Sectors from the disc's beginning that are looked at.
    static let sectors = 36_000
    private static let piece = 1000
    /// Where the file has the user data of sector 0, and where it has the two records.
    private static let (origin, places) = (0x20_0000 + 512 * 2048, [0x8_0000, 0x10_0000])

    var record: Record
    /// The user data of the first sectors, without the zeros at their end.
    var bytes: Data

    /// Reads a disc's file.
    ///
    /// - Throws: ``NoRecord`` if neither record is whole.
    init(_ path: String) throws {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var newest: (UInt64, Record)?
        for place in Self.places {
            try file.seek(toOffset: UInt64(place))
            guard let header = try file.read(upToCount: 24), header.count == 24,
                header.prefix(8) == Data("SPDLSLOT".utf8)
            else { continue }
            func number(_ range: Range<Int>) -> UInt64 {
                range.reversed().reduce(0) { $0 << 8 | UInt64(header[header.startIndex + $1]) }
            }
            guard let text = try file.read(upToCount: Int(number(16..<20))),
                let record = try? JSONDecoder().decode(Record.self, from: text)
            else { continue }
            if newest.map({ $0.0 < number(8..<16) }) ?? true { newest = (number(8..<16), record) }
        }
        guard let newest else { throw NoRecord() }
        record = newest.1
        // Read in pieces, for most of a disc is a hole in its file.
        var found = Data()
        for piece in 0..<(Self.sectors / Self.piece) {
            try file.seek(toOffset: UInt64(Self.origin + piece * Self.piece * 2048))
            let there = try file.read(upToCount: Self.piece * 2048)?.droppingZeros ?? Data()
            guard !there.isEmpty else { continue }
            found += Data(count: piece * Self.piece * 2048 - found.count)
            found += there
        }
        bytes = found
    }

    struct NoRecord: Error {}

    var isOverwritable: Bool {
        ["dvd+rw", "dvd-ram", "bd-re"].contains(record.medium)
            || record.medium == "dvd-rw" && record.format != nil
    }

    var isErasable: Bool { ["cd-rw", "dvd-rw"].contains(record.medium) }

    /// The state that a drive has to tell, by what is recorded.
    var state: String {
        if isOverwritable { return bytes.isEmpty ? "blank" : "complete" }
        let tracks = record.sessions.flatMap(\.tracks)
        let isCD = record.medium.hasPrefix("cd")
        if tracks.contains(where: { !$0.isClosed && ($0.isDamaged || isCD && !$0.isPacket) }) {
            return "damaged"
        }
        if record.isFinalized { return "complete" }
        return record.sessions.isEmpty ? "blank" : "appendable"
    }

    /// Whether a drive may call the disc so.
    ///
    /// A CD whose track is open can still be closed by the drive that began it, and by no other; and what
    /// can't be read on a rewritable disc counts as data.
    func isCalled(_ state: String) -> Bool {
        state == self.state
            || self.state == "damaged" && state == "appendable" && record.medium.hasPrefix("cd")
            || isOverwritable && state == "complete"
    }

    /// Whether a session was begun and not closed.
    var hasOpenSession: Bool { record.sessions.contains { $0.leadOut == nil } }

    /// The user data of some sectors.
    func data(_ start: Int, _ count: Int) -> Data {
        let there = bytes.dropFirst(start * 2048).prefix(count * 2048)
        return Data(there) + Data(count: count * 2048 - there.count)
    }

    /// Whether an image lies at a sector, and belongs to what is recorded.
    func holds(_ image: Data, at start: Int) -> Bool {
        let count = (image.count + 2047) / 2048
        guard data(start, count).prefix(image.count) == image else { return false }
        return isOverwritable
            || record.sessions.flatMap(\.tracks).contains {
                $0.start <= start && $0.start + $0.written >= start + count
            }
    }
}

extension Data {
    /// Without the zeros at the end, to whole sectors.
    fileprivate var droppingZeros: Data {
        var end = count / 2048
        while end > 0,
            self[(startIndex + (end - 1) * 2048)..<(startIndex + end * 2048)] == Self.zeros
        {
            end -= 1
        }
        return prefix(end * 2048)
    }

    private static let zeros = Data(count: 2048)
}

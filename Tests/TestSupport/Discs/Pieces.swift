import DiscImages
import DiscModel
package import Testing
package import Transfer

/// What can be read of a sector.
package enum Reading: String, CaseIterable {
    case raw, user, subchannel

    package var size: Int {
        switch self {
        case .raw: 2352
        case .user: 2048
        case .subchannel: 96
        }
    }

    /// How many sectors at once; all lengths are gone through with raw sectors, which the rest is made of.
    package var pieces: [Int] { self == .raw ? [2, 7, 31, 1000] : [7, 1000] }

    /// Reads some sectors; nothing where the first can't be read.
    package func read(_ disc: any DiscSource, at address: Int, count: Int) throws -> [[UInt8]]? {
        var bytes = [UInt8](repeating: 0xAA, count: count * size)
        let got: Int
        do {
            var span = bytes.mutableSpan
            switch self {
            case .raw: got = try disc.readRaw(at: address, into: &span)
            case .user: got = try disc.readUserData(at: address, into: &span)
            case .subchannel: got = try disc.readSubchannel(at: address, into: &span)
            }
        } catch is UnreadableSectors {
            return nil
        }
        #expect(bytes[(got * size)...].allSatisfy { $0 == 0xAA }, "more than \(got) was touched")
        return (0..<got).map { Array(bytes[($0 * size)..<(($0 + 1) * size)]) }
    }
}

/// Reads sectors one by one, and then so many at once, and expects the same: a reader must not count
/// past where what it keeps changes.
///
/// - Parameters:
///   - disc: The disc.
///   - reading: What is read of each sector.
///   - location: Where the test is that asks.
/// - Returns: The sectors, as they are read one by one; nothing of those that can't be read.
/// - Throws: What the disc throws.
package func expectSameInPieces(
    _ disc: any DiscSource,
    _ reading: Reading,
    at location: SourceLocation = #_sourceLocation
) throws -> [Int: [UInt8]] {
    // So many before and behind each track are read, too.
    let sectors = 3
    var single: [Int: [UInt8]] = [:]
    for track in disc.layout.tracks where reading != .user || track.mode.isData {
        // Of a long pause, its end.
        let begin = max(track.extent.lowerBound, track.start.rawValue - 40) - sectors
        let range = begin..<(track.extent.upperBound + sectors)
        for address in range {
            let read = try reading.read(disc, at: address, count: 1)
            if let read {
                #expect(read.count == 1, "\(address)", sourceLocation: location)
                single[address] = read.first
            } else {
                single[address] = nil
            }
            let (one, next) = (disc.storage(at: address), disc.storage(at: address + 1))
            guard one.count > 1 else { continue }
            #expect(
                next.mode == one.mode && next.form == one.form && next.subchannel == one.subchannel,
                "\(address + 1) is not kept as \(address) is",
                sourceLocation: location
            )
            #expect(next.count == one.count - 1, "\(address)", sourceLocation: location)
        }
        for piece in reading.pieces {
            var address = range.lowerBound
            while address < range.upperBound {
                let count = min(piece, range.upperBound - address)
                guard let read = try reading.read(disc, at: address, count: count) else {
                    #expect(single[address] == nil, "\(address)", sourceLocation: location)
                    address += 1
                    continue
                }
                try #require(!read.isEmpty, "\(address)", sourceLocation: location)
                for (i, sector) in read.enumerated() where sector != single[address + i] {
                    Issue.record(
                        "\(reading), \(address + i), the \(i + 1)th of \(piece) at once",
                        sourceLocation: location
                    )
                }
                address += read.count
            }
        }
    }
    return single
}

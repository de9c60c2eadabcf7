import DiscModel
import LinuxCalls
import Transfer

/// By how many samples the audio of one disc lies later than that of another, which is the same but for that.
///
/// Drives begin to read some samples off, and to write. So a sector in the middle of some tracks is looked for in
/// the other disc around its place.
enum AudioShift {
    /// Sectors to each side in which it is looked for.
    private static let reach = 10
    /// Tracks that have to agree, if there are as many.
    private static let enough = 3
    static let sampleSize = 4

    /// Looks for the shift.
    ///
    /// - Parameters:
    ///   - a: A disc.
    ///   - b: Another.
    /// - Returns: By how many samples later the audio lies in the second one; 0 if it does not, or that can't be told.
    /// - Throws: What the discs throw besides `UnreadableSectors`.
    static func find(_ a: any DiscSource, _ b: any DiscSource) throws -> Int {
        var shifts: [Int] = []
        for track in a.layout.tracks where track.mode == .audio && shifts.count < enough {
            guard
                b.layout.tracks.contains(where: {
                    $0.number == track.number && $0.mode == .audio && $0.start == track.start
                }),
                track.length > 2 * reach + 2
            else { continue }
            let middle = track.start.rawValue + track.length / 2
            if let shift = try shift(at: middle, a, b) { shifts.append(shift) }
        }
        guard let first = shifts.first, shifts.allSatisfy({ $0 == first }) else { return 0 }
        return first
    }

    /// The shift of one sector; `nil` if it is silence or a tone that goes round, or is nowhere near.
    private static func shift(at sector: Int, _ a: any DiscSource, _ b: any DiscSource) throws
        -> Int?
    {
        guard let own = try read(sector..<sector + 1, of: a), isTelling(own) else { return nil }
        if try read(sector..<sector + 1, of: b) == own { return 0 }
        let around = try read(sector - reach..<sector + reach + 1, of: b)
        guard let around else { return nil }
        var found: Int?
        for place in stride(from: 0, through: around.count - own.count, by: sampleSize) {
            guard around[place] == own[0], around[place + 1] == own[1],
                around[place..<place + own.count].elementsEqual(own)
            else { continue }
            guard found == nil else { return nil }
            found = (place - reach * RawSector.size) / sampleSize
        }
        return found
    }

    private static func isTelling(_ bytes: [UInt8]) -> Bool {
        let first = bytes.prefix(sampleSize)
        return stride(from: 0, to: bytes.count, by: sampleSize).contains {
            bytes[$0..<$0 + sampleSize] != first
        }
    }

    /// Sectors of audio; `nil` if they can't be read.
    private static func read(_ sectors: Range<Int>, of disc: any DiscSource) throws -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: sectors.count * RawSector.size)
        var next = sectors.lowerBound
        do {
            while next < sectors.upperBound {
                let done = (next - sectors.lowerBound) * RawSector.size
                var span = bytes.mutableSpan
                var rest = span._mutatingExtracting(done..<sectors.count * RawSector.size)
                let count = try disc.read(.raw, at: next, into: &rest)
                guard count > 0 else { return nil }
                next += count
            }
            return bytes
        } catch is UnreadableSectors {
            return nil
        }
    }
}

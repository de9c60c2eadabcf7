import DiscModel
import LinuxCalls
import Transfer

/// Whether images and discs hold the same, as far as some sectors that both have tell.
struct SameDisc {
    /// What the comparison has shown.
    enum Verdict: Equatable {
        case same
        /// All that was compared is zeros on both sides, which tells little.
        case zeros
        case different(sector: Int)
        /// There was nothing to compare.
        case unknown
    }

    /// Places of a disc that are compared, and how many are tried for them.
    private static let places = 16
    private static let tries = 48
    /// Sectors at a place.
    private static let sectors = 16

    /// Reads sectors into a buffer; false if it can't.
    typealias Reader = (Range<Int>, inout MutableSpan<UInt8>) throws -> Bool

    /// Compares sectors that were read with what somebody else has of them.
    ///
    /// User data are the same, whoever reads them. Whole sectors with errors, and samples, need not be, so
    /// most of the places with each of these decide.
    ///
    /// - Parameters:
    ///   - areas: The sectors that may be compared, in rising order, each with all of its sectors of one kind.
    ///   - kind: How much there is of a sector, and whether that is sound.
    ///   - kept: Reads what was read.
    ///   - other: Reads the same sectors elsewhere.
    ///   - evidence: Takes the sectors that are the same.
    /// - Returns: What they tell; for zeros' sake more places are looked at.
    /// - Throws: What reading either throws.
    static func compare(
        _ areas: [Range<Int>],
        kind: (Int) -> (form: SectorForm, isSound: Bool),
        _ kept: Reader,
        with other: Reader,
        _ evidence: inout SalvageEvidence
    ) throws -> Verdict {
        var compared = 0
        var areZerosSame = false
        var same = [false: 0, true: 0]
        var different: [Bool: [Int]] = [:]
        for place in places(in: areas) where compared < places {
            let (form, isSound) = kind(place.lowerBound)
            switch try compare(at: place, form, kept, with: other) {
            case .same:
                compared += 1
                same[isSound, default: 0] += 1
                evidence.noteTwice(place)
            case .zeros:
                areZerosSame = true
                evidence.noteTwice(place)
            case .different(let sector):
                guard form != .user else { return .different(sector: sector) }
                different[isSound, default: []].append(sector)
            case .unknown: break
            }
        }
        for (isSound, sectors) in different where sectors.count >= same[isSound] ?? 0 {
            return .different(sector: sectors[0])
        }
        return compared > 0 ? .same : areZerosSame ? .zeros : .unknown
    }

    /// Compares the sectors at one place.
    static func compare(
        at place: Range<Int>,
        _ form: SectorForm,
        _ kept: Reader,
        with other: Reader
    ) throws -> Verdict {
        var bytes = [UInt8](repeating: 0, count: place.count * form.size)
        var now = bytes
        var span = bytes.mutableSpan
        guard try kept(place, &span) else { return .unknown }
        var room = now.mutableSpan
        guard try other(place, &room) else { return .unknown }
        guard bytes == now else {
            let first = zip(bytes, now).enumerated().first { $0.element.0 != $0.element.1 }
            return .different(sector: place.lowerBound + (first?.offset ?? 0) / form.size)
        }
        return Bytes.areZero(bytes.span) ? .zeros : .same
    }

    /// Places that lie evenly in areas, the descriptors of file systems first.
    static func places(in areas: [Range<Int>]) -> [Range<Int>] {
        let total = areas.reduce(0) { $0 + $1.count }
        guard total > 0 else { return [] }
        var found: [Range<Int>] = []
        if let first = areas.first(where: { $0.contains(descriptor) }) {
            found.append(descriptor..<min(descriptor + sectors, first.upperBound))
        }
        // In an order in which each part of them lies evenly.
        for number in 0..<tries {
            let wanted = total * (number * 29 % tries) / tries
            var before = 0
            guard
                let area = areas.first(where: { area in
                    defer { before += area.count }
                    return wanted < before + area.count
                })
            else { continue }
            let start = area.upperBound - (before - wanted)
            found.append(start..<min(start + sectors, area.upperBound))
        }
        return found
    }

    /// The sector of the first descriptor of ISO 9660 (ECMA-119 §6.2.1) and of UDF.
    private static let descriptor = 16
}

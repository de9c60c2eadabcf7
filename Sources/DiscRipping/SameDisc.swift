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
        /// A sector is not the same. That is certain of data that both give right.
        case different(sector: Int, isCertain: Bool)
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
    /// User data are the same, whoever reads them, and so are whole sectors whose EDC is right. Those with errors,
    /// and samples, need not be, so most of the places with each of these decide.
    ///
    /// - Parameters:
    ///   - areas: The sectors that may be compared, in rising order, each with all of its sectors of one kind.
    ///   - kind: How much there is of a sector, and the mode of its track.
    ///   - kept: Reads what was read.
    ///   - other: Reads the same sectors elsewhere.
    ///   - evidence: Takes the sectors that are the same.
    /// - Returns: What they tell; for zeros' sake more places are looked at.
    /// - Throws: What reading either throws.
    static func compare(
        _ areas: [Range<Int>],
        kind: (Int) -> (form: SectorForm, mode: TrackMode),
        _ kept: Reader,
        with other: Reader,
        _ evidence: inout SalvageEvidence
    ) throws -> Verdict {
        var compared = 0
        var areZerosSame = false
        var same = [false: 0, true: 0]
        var different: [Bool: [Int]] = [:]
        for place in places(in: areas) where compared < places {
            let (form, mode) = kind(place.lowerBound)
            let isSound = !mode.isData
            switch try compare(at: place, form, mode, kept, with: other) {
            case .same:
                compared += 1
                same[isSound, default: 0] += 1
                evidence.noteTwice(place)
            case .zeros:
                areZerosSame = true
                evidence.noteTwice(place)
            case .different(let sector, let isCertain):
                guard !isCertain else { return .different(sector: sector, isCertain: true) }
                different[isSound, default: []].append(sector)
            case .unknown: break
            }
        }
        for (isSound, sectors) in different where sectors.count >= same[isSound] ?? 0 {
            return .different(sector: sectors[0], isCertain: false)
        }
        return compared > 0 ? .same : areZerosSame ? .zeros : .unknown
    }

    /// Compares the sectors at one place.
    static func compare(
        at place: Range<Int>,
        _ form: SectorForm,
        _ mode: TrackMode,
        _ kept: Reader,
        with other: Reader
    ) throws -> Verdict {
        var bytes = [UInt8](repeating: 0, count: place.count * form.size)
        var now = bytes
        var span = bytes.mutableSpan
        guard try kept(place, &span) else { return .unknown }
        var room = now.mutableSpan
        guard try other(place, &room) else { return .unknown }
        var first: Int?
        for (index, sector) in place.enumerated() {
            let range = index * form.size..<(index + 1) * form.size
            let (one, another) = (bytes.span.extracting(range), now.span.extracting(range))
            guard !Bytes.areEqual(one, another) else { continue }
            first = first ?? sector
            let isProven =
                form == .raw && mode.isData
                && SectorCondition.isProven(one, in: mode, at: LBA(sector))
                && SectorCondition.isProven(another, in: mode, at: LBA(sector))
            if isProven || form == .user { return .different(sector: sector, isCertain: true) }
        }
        if let first { return .different(sector: first, isCertain: false) }
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

import DiscDrives
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

    /// Compares sectors that were read with what somebody else has of them.
    ///
    /// - Parameters:
    ///   - areas: The sectors that may be compared, in rising order.
    ///   - image: Where they are.
    ///   - other: Reads the same sectors elsewhere into a buffer; false if it can't.
    ///   - evidence: Takes the sectors that are the same.
    /// - Returns: What they tell; for zeros' sake more places are looked at.
    /// - Throws: What reading either throws.
    static func compare(
        _ areas: [Range<Int>],
        of image: File,
        with other: (Range<Int>, inout MutableSpan<UInt8>) throws -> Bool,
        _ evidence: inout SalvageEvidence
    ) throws -> Verdict {
        var compared = 0
        var areZerosSame = false
        for place in places(in: areas) where compared < places {
            switch try compare(at: place, of: image, with: other) {
            case .same:
                compared += 1
                evidence.noteTwice(place)
            case .zeros:
                areZerosSame = true
                evidence.noteTwice(place)
            case .different(let sector): return .different(sector: sector)
            case .unknown: break
            }
        }
        return compared > 0 ? .same : areZerosSame ? .zeros : .unknown
    }

    /// Compares the sectors at one place.
    private static func compare(
        at place: Range<Int>,
        of image: File,
        with other: (Range<Int>, inout MutableSpan<UInt8>) throws -> Bool
    ) throws -> Verdict {
        let size = place.count * RipOptions.bytesPerSector
        var kept = [UInt8](repeating: 0, count: size)
        var now = kept
        var span = kept.mutableSpan
        guard try image.read(at: place.lowerBound * RipOptions.bytesPerSector, into: &span) == size
        else { return .unknown }
        var room = now.mutableSpan
        guard try other(place, &room) else { return .unknown }
        guard kept == now else {
            let bytes = zip(kept, now).enumerated().first { $0.element.0 != $0.element.1 }
            let sector = (bytes?.offset ?? 0) / RipOptions.bytesPerSector
            return .different(sector: place.lowerBound + sector)
        }
        return Bytes.areZero(kept.span) ? .zeros : .same
    }

    /// Compares sectors that were read with those of another image.
    static func compare(
        _ areas: [Range<Int>],
        of image: File,
        with other: File,
        _ evidence: inout SalvageEvidence
    ) throws -> Verdict {
        try compare(
            areas,
            of: image,
            with: { sectors, buffer in
                let size = sectors.count * RipOptions.bytesPerSector
                let offset = sectors.lowerBound * RipOptions.bytesPerSector
                return try other.read(at: offset, into: &buffer) == size
            },
            &evidence
        )
    }

    /// Compares sectors that were read with those of the disc in a drive.
    static func compare(
        _ areas: [Range<Int>],
        of image: File,
        with source: DriveSource,
        _ evidence: inout SalvageEvidence
    ) throws -> Verdict {
        try compare(areas, of: image, with: { try read(source, $0, &$1) }, &evidence)
    }

    /// Compares sectors at one place with those of the disc in a drive.
    static func compare(at place: Range<Int>, of image: File, with source: DriveSource) throws
        -> Verdict
    {
        try compare(at: place, of: image) { try read(source, $0, &$1) }
    }

    private static func read(
        _ source: DriveSource,
        _ sectors: Range<Int>,
        _ buffer: inout MutableSpan<UInt8>
    ) throws -> Bool {
        do {
            try source.readRun(at: sectors.lowerBound, sectors: sectors.count, into: &buffer)
            return true
        } catch is UnreadableSectors {
            return false
        }
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

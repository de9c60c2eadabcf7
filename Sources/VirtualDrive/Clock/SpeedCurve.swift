package import DiscModel

/// How a speed changes along a disc.
package struct SpeedCurve: Sendable {
    /// What stays the same.
    package enum Kind: Sendable {
        /// The speed: constant linear velocity.
        case constantLinear
        /// The turns a minute: constant angular velocity, fastest at the edge.
        case constantAngular
        /// The speed in each of a few zones.
        case zoned
    }

    package var kind: Kind
    /// The fastest speed, in bytes a second as drives count them.
    package var fastest: Double

    /// From which share of a layer on which share of the fastest speed holds, where it is zoned.
    private static let zones: [(from: Double, share: Double)] = [
        (0, 0.5), (0.15, 0.67), (0.4, 0.83), (0.7, 1),
    ]

    /// The fastest speeds, as multiples of 1×, up to which drives write at a constant speed, and up
    /// to which in zones; beyond, the turns are constant.
    private static let writingLimits: [MediumFacts.Family: (linear: Double, zoned: Double)] = [
        .cd: (16, 16), .dvd: (6, 8), .bd: (6, 8),
    ]
    /// The fastest speed up to which drives read at a constant speed.
    private static let readingLimits: [MediumFacts.Family: Double] = [.cd: 8, .dvd: 2, .bd: 2]

    /// The curve of a drive that reads no faster than a speed in kB/s.
    package static func reading(_ speed: Int, _ family: MediumFacts.Family) -> SpeedCurve {
        let fastest = Double(max(1, speed)) * 1000
        let times = fastest / DiscGeometry.of(family).singleSpeed
        let limit = readingLimits[family] ?? 0
        return SpeedCurve(
            kind: times <= limit * 1.01 ? .constantLinear : .constantAngular,
            fastest: fastest
        )
    }

    /// The curve of a drive that writes no faster than a speed in kB/s.
    package static func writing(_ speed: Int, _ family: MediumFacts.Family) -> SpeedCurve {
        let fastest = Double(max(1, speed)) * 1000
        let times = fastest / DiscGeometry.of(family).singleSpeed
        let limits = writingLimits[family] ?? (0, 0)
        let kind: Kind =
            times <= limits.linear * 1.01
            ? .constantLinear : times <= limits.zoned * 1.01 ? .zoned : .constantAngular
        return SpeedCurve(kind: kind, fastest: fastest)
    }

    /// The speed at a sector in bytes a second.
    package func speed(at lba: Int, _ geometry: DiscGeometry) -> Double {
        switch kind {
        case .constantLinear: return fastest
        case .constantAngular: return fastest * geometry.radius(lba) / geometry.outer
        case .zoned:
            let share =
                Double(max(0, lba % geometry.sectorsPerLayer))
                / Double(geometry.sectorsPerLayer)
            return fastest * (Self.zones.last { $0.from <= share }?.share ?? 1)
        }
    }

    /// How long sectors take, in seconds.
    package func seconds(_ sectors: Range<Int>, _ geometry: DiscGeometry) -> Double {
        // In steps over which the speed hardly changes.
        let step = max(1, geometry.sectorsPerLayer / 500)
        var total = 0.0
        var lba = sectors.lowerBound
        while lba < sectors.upperBound {
            let end = min(sectors.upperBound, lba + step)
            let bytes = Double(end - lba) * geometry.bytesPerSector
            total += bytes / speed(at: (lba + end) / 2, geometry)
            lba = end
        }
        return total
    }
}

package import DiscModel

/// Where the sectors of a kind of disc lie: how far from its middle, and on which layer.
package struct DiscGeometry: Sendable {
    /// The radius of the first and the last recorded turn in millimetres.
    package var inner: Double
    package var outer: Double
    /// The sectors of a full layer.
    package var sectorsPerLayer: Int
    /// Bytes of a sector as drives count speeds: raw ones on CD.
    package var bytesPerSector: Double
    /// Metres of track a second at 1×.
    package var singleVelocity: Double
    /// Bytes a second at 1×, as drives count them.
    package var singleSpeed: Double
    /// Sectors from the lead-in's first to LBA 0.
    package var leadIn: Int
    /// Sectors of a lead-out.
    package var leadOut: Int

    /// Where the recorded area begins and ends: ECMA-130 §9, ECMA-267 §10.6, ECMA TR-112 §5; the
    /// lead-in of CD-R as the ATIP of recorded discs gives it (97:26:66), its lead-out of 90 s.
    package static func of(_ family: MediumFacts.Family) -> DiscGeometry {
        switch family {
        case .cd:
            DiscGeometry(
                inner: 25,
                outer: 58,
                sectorsPerLayer: 359_849,
                bytesPerSector: 2352,
                singleVelocity: 1.3,
                singleSpeed: 176_400,
                leadIn: 11_684,
                leadOut: 6_750
            )
        case .dvd:
            DiscGeometry(
                inner: 24,
                outer: 58,
                sectorsPerLayer: 2_298_496,
                bytesPerSector: 2048,
                singleVelocity: 3.49,
                singleSpeed: 1_385_000,
                leadIn: 12_288,
                leadOut: 12_288
            )
        case .bd:
            DiscGeometry(
                inner: 24,
                outer: 58,
                sectorsPerLayer: 12_219_392,
                bytesPerSector: 2048,
                singleVelocity: 4.92,
                singleSpeed: 4_495_625,
                leadIn: 12_288,
                leadOut: 12_288
            )
        }
    }

    /// The layer that a sector lies on, from 0.
    package func layer(_ lba: Int) -> Int {
        lba >= sectorsPerLayer ? 1 : 0
    }

    /// How far from the middle a sector lies, in millimetres; a second layer runs inwards.
    ///
    /// Each turn of the spiral takes the same width, so that the sectors up to a radius are as its
    /// square.
    package func radius(_ lba: Int) -> Double {
        let place = layer(lba) == 0 ? lba : 2 * sectorsPerLayer - lba
        let share = min(1, max(0, Double(place) / Double(sectorsPerLayer)))
        return (inner * inner + share * (outer * outer - inner * inner)).squareRoot()
    }
}

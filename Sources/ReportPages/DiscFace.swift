public import DiscModel

/// Where sectors lie on a disc, as far as its kind tells: the spiral begins inside, and each sector is as
/// long as any other.
///
/// Radii and pitches are those of ECMA-130 (CD), ECMA-267 (DVD) and the BD format's white paper. The angle of
/// a sector follows from them only roughly, since real discs differ in pitch; what lies side by side on
/// neighbouring turns is therefore near, not exact.
public struct DiscFace: Sendable {
    /// A place on the disc: its radius in millimetres, and the whole turns of the spiral up to it.
    public struct Place: Sendable {
        /// Millimetres from the centre, as it is shown.
        public var radius: Double
        /// Turns from the beginning of the spiral on.
        public var turns: Double
    }

    /// The radius at which the spiral begins.
    public let innerRadius: Double
    /// The radius at which a full layer ends.
    public let outerRadius = 58.0
    /// Whether a small recorded area is spread over the whole disc, to be seen at all.
    public let isSpread: Bool
    private let pitch: Double
    private let sectorsPerLayer: Int
    private let sectors: Int

    /// Creates the face of a disc.
    ///
    /// - Parameters:
    ///   - medium: Its kind.
    ///   - sectors: The sectors that are shown, from 0 on.
    public init(_ medium: MediumKind, sectors: Int) {
        self.sectors = max(1, sectors)
        let whole: Int
        switch medium.facts.family {
        case .cd: (innerRadius, pitch, whole) = (25, 1.6e-3, 359_850)
        case .dvd: (innerRadius, pitch, whole) = (24, 0.74e-3, 2_298_496)
        case .bd: (innerRadius, pitch, whole) = (24, 0.32e-3, 12_219_392)
        }
        // Two layers of a disc are as long as each other, and the second runs back from outside.
        let isDouble = medium.facts.family != .cd && self.sectors > whole
        sectorsPerLayer = isDouble ? (self.sectors + 1) / 2 : max(whole, self.sectors)
        isSpread = self.sectors < sectorsPerLayer / 2
    }

    /// Where a sector lies.
    public func place(of sector: Int) -> Place {
        let isBack = sector >= sectorsPerLayer
        let along = isBack ? max(0, 2 * sectorsPerLayer - sector) : max(0, sector)
        let real = radius(at: min(1, Double(along) / Double(sectorsPerLayer)))
        let shown = isSpread ? radius(at: min(1, Double(along) / Double(sectors))) : real
        return Place(radius: shown, turns: (real - innerRadius) / pitch)
    }

    /// The radius up to which a share of the area between the first turn and the edge lies.
    private func radius(at share: Double) -> Double {
        let (inner, outer) = (innerRadius * innerRadius, outerRadius * outerRadius)
        return (inner + share * (outer - inner)).squareRoot()
    }

    /// A circle of SVG that shows a run of sectors: whole where it takes a turn or more, else a part that is
    /// large enough to be seen.
    ///
    /// - Parameters:
    ///   - run: The sectors.
    ///   - scale: Pixels in a millimetre; the centre is at 0, 0.
    /// - Returns: The circle's attributes.
    func arc(of run: Range<Int>, scale: Double) -> String {
        let (start, end) = (place(of: run.lowerBound), place(of: run.upperBound))
        let width = max(Self.leastWidth, abs(end.radius - start.radius) * scale)
        let radius = (start.radius + end.radius) / 2 * scale
        let circle = "r=\"\(Self.number(radius))\" stroke-width=\"\(Self.number(width))\""
        let turns = abs(end.turns - start.turns)
        guard turns < 1 else { return circle }
        let first = min(start.turns, end.turns)
        let angle = (first - first.rounded(.down)) * 360
        let length = max(turns * 360, Self.leastWidth / max(1, radius) * 57.3)
        return circle
            + " pathLength=\"360\" stroke-dasharray=\"\(Self.number(length)) 360\" transform=\"rotate(\(Self.number(angle)))\""
    }

    private static let leastWidth = 1.6

    /// A number with two places, without a locale.
    static func number(_ value: Double) -> String {
        let scaled = (value * 100).rounded()
        guard scaled.isFinite, abs(scaled) < 1e15 else { return "0" }
        let whole = Int(scaled)
        let (high, low) = (abs(whole) / 100, abs(whole) % 100)
        let sign = whole < 0 ? "-" : ""
        return low == 0 ? "\(sign)\(high)" : "\(sign)\(high).\(low < 10 ? "0" : "")\(low)"
    }
}

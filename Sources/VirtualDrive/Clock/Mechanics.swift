package import DiscModel

/// How quick a drive's mechanism is: what its commands cost, in seconds.
package struct Mechanics: Hashable, Sendable {
    /// From standstill to the first data.
    package var spinUp = 2.5
    /// To come to rest after a seek, however short.
    package var settling = 0.010
    /// A seek over the whole disc.
    package var fullStroke = 0.12
    /// The turns that a seek waits for its sector.
    package var turns = 1.5
    /// To change the layer.
    package var layerJump = 0.2
    /// A retry of a sector that can't be read.
    package var retry = 0.3
    /// To say again that a sector can't be read.
    package var remembered = 0.03
    /// The tray's way in, and to know the disc.
    package var load = 8.0
    /// The power calibration.
    package var calibration: [MediumFacts.Family: Double] = [.cd: 7, .dvd: 9.5, .bd: 12]
    /// What a session's end takes besides its lead-in and lead-out.
    package var closing = 10.0
    /// The bus, in bytes a second.
    package var bus = 15_400_000.0
    /// What a command costs that does not touch the disc.
    package var command = 0.0005

    /// A drive for desktops, as recorded of several.
    package static let desktop = Mechanics()
    /// A slim drive: up to ten seconds before it reads steadily.
    package static let slim = Mechanics(spinUp: 6, settling: 0.012, fullStroke: 0.15)

    /// How long a seek takes.
    ///
    /// - Parameters:
    ///   - from: The sector that the head is at.
    ///   - target: The sector that it goes to.
    ///   - speed: The speed there in bytes a second.
    ///   - geometry: The disc.
    /// - Returns: Seconds.
    package func seek(from: Int, to target: Int, speed: Double, _ geometry: DiscGeometry) -> Double
    {
        guard from != target else { return 0 }
        let radius = geometry.radius(target)
        let way = abs(radius - geometry.radius(from)) / (geometry.outer - geometry.inner)
        let velocity = geometry.singleVelocity * speed / geometry.singleSpeed
        let turn = 2 * Double.pi * radius / 1000 / max(0.01, velocity)
        let jump = geometry.layer(from) == geometry.layer(target) ? 0 : layerJump
        return settling + fullStroke * way.squareRoot() + turns * turn + jump
    }

    /// How long a drive tries to read a sector before it gives up.
    ///
    /// - Parameter retries: The read retry count of mode page 01h.
    /// - Returns: Seconds.
    package func failure(retries: Int) -> Double {
        retry * Double(max(1, retries))
    }

    /// How long the lead-in takes.
    package func leadIn(_ curve: SpeedCurve, _ geometry: DiscGeometry) -> Double {
        curve.seconds(-geometry.leadIn..<0, geometry)
    }

    /// How long a session's end takes at a sector, with its lead-in where that is yet to be written
    /// as it is after track at once.
    package func close(
        at lba: Int,
        _ curve: SpeedCurve,
        _ geometry: DiscGeometry,
        withLeadIn: Bool
    ) -> Double {
        closing + curve.seconds(lba..<lba + geometry.leadOut, geometry)
            + (withLeadIn ? leadIn(curve, geometry) : 0)
    }

    /// How long a whole disc takes to be blanked or formatted by being written over.
    package func wipe(_ sectors: Int, _ curve: SpeedCurve, _ geometry: DiscGeometry) -> Double {
        closing + leadIn(curve, geometry) + curve.seconds(0..<sectors, geometry)
    }

    /// How long a disc takes to be blanked quickly: its lead-in and its management areas.
    package func wipeQuickly(_ curve: SpeedCurve, _ geometry: DiscGeometry) -> Double {
        closing + leadIn(curve, geometry)
    }
}

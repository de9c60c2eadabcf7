import DiscModel
import MMC
package import Reports

extension Drive {
    /// No CD-R or CD-RW has a lead-in that begins earlier, by the minute (Orange Book).
    private static let earliestLeadIn = 90

    /// Asks whether a CD is a pressed one, which has no run-out.
    ///
    /// That is by the word of a drive that tells recordable ones apart. Some writers call a CD-R a CD-ROM, too, and still give its ATIP, which no pressed CD has.
    ///
    /// - Parameter report: What the drive says of the disc.
    /// - Returns: Whether it is.
    /// - Throws: ``Reports/Failure`` if the drive can't be reached.
    package func isPressed(_ report: DiscReport) throws(Failure) -> Bool {
        guard report.isCalledPressedCD else { return false }
        guard let atip = try ask(.readATIP, ATIP.init(parsing:)) else { return true }
        return atip.leadIn.minute < Self.earliestLeadIn
    }
}

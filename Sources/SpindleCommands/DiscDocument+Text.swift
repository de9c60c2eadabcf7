import SpindleKit
import TerminalProgress

extension DiscDocument {
    /// The document for a person.
    var text: String {
        var lines: [String] = []
        if let drive {
            lines.append(
                "drive     \(drive.path)  \(drive.vendor) \(drive.product) \(drive.revision)"
            )
        } else {
            lines.append("file      \(path)")
        }
        lines.append(
            "disc      " + (medium?.displayName ?? (state == .none ? "none" : "of an unknown kind"))
                + (state == .none ? "" : ", \(state.rawValue)")
        )
        if let problem { lines.append("problem   \(problem)") }
        if let sectors { lines.append("size      \(size(sectors))") }
        if let writableSectors, writableSectors > 0 {
            lines.append("writable  \(size(writableSectors))")
        }
        if !writeSpeeds.isEmpty, let medium {
            let single = Double(DriveSpeed.times(1).kilobytesPerSecond(on: medium))
            let speeds = writeSpeeds.map { Quantity.times(Double($0) / single) }
            lines.append("speeds    \(speeds.joined(separator: ", "))")
        }
        for session in sessions {
            for track in session.tracks {
                lines.append(
                    "track \(track.number)   session \(session.number), \(track.content.rawValue), from \(track.start), \(size(track.sectors))"
                )
            }
        }
        for claim in content?.claims ?? [] {
            let name = claim.name.map { " “\($0)”" } ?? ""
            let version = claim.version.map { " \($0)" } ?? ""
            let end = claim.endSector.map { ", ends at sector \($0)" } ?? ""
            lines.append("holds     \(claim.kind.displayName)\(version)\(name)\(end)")
        }
        if let content, !content.bootEntries.isEmpty {
            let platforms = Set(content.bootEntries.map(\.platform.rawValue)).sorted()
            lines.append("boots     \(platforms.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }

    private func size(_ sectors: Int) -> String {
        "\(sectors) sectors, \(Quantity.bytes(sectors * 2048))"
    }
}

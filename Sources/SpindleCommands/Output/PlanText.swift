import SpindleJobs
import TerminalProgress

/// A plan in words, before the laser.
enum PlanText {
    static func lines(_ plan: JobPlan) -> [String] {
        var lines = [headline(plan)]
        if let from = plan.sourceFormat, let to = plan.targetFormat {
            lines.append("  format    \(formatName(from)) → \(formatName(to))")
        }
        if let medium = plan.medium.flatMap(MediumKind.init) {
            let drive = plan.drive.map { " in \($0)" } ?? ""
            lines.append("  disc      \(medium.displayName)\(drive)")
        }
        if let bytes = plan.bytes {
            var size = "  size      \(Quantity.bytes(bytes))"
            if let sectors = plan.sectors { size += ", \(sectors) sectors" }
            if let padding = plan.paddingSectors, padding > 0, plan.verb == "burn" {
                size += " with \(padding) of padding"
            }
            if let capacity = plan.capacitySectors { size += ", of \(capacity) that fit" }
            lines.append(size)
        }
        lines += (plan.identifiers?.phrases ?? []).map { "  id        \($0)" }
        if let tracks = plan.tracks { lines.append("  tracks    \(summary(tracks))") }
        if let place = place(plan) { lines.append("  place     \(place)") }
        if let mode = plan.writeMode {
            let modes = Set((plan.tracks ?? []).map(\.writeMode)).union([mode]).sorted()
            let name = modes.map { modeNames[$0] ?? $0 }.joined(separator: ", then ")
            let reason = plan.writeModeReason.map { ": \($0)" } ?? ""
            lines.append("  mode      \(name)\(reason)")
        }
        if let speed = plan.speed { lines.append("  speed     \(speed) kB/s") }
        if plan.simulate == true, plan.medium != nil {
            lines.append("  laser     stays low: this is a rehearsal")
        }
        if let manages = plan.defectManagement {
            lines.append(
                "  defects   \(manages ? "bad blocks are replaced" : "bad blocks are not replaced, and writing is faster")"
            )
        }
        if let preparation = plan.preparation {
            let words = preparation.split(separator: "-")
            let kind = words.count > 1 ? " (\(words[1]))" : ""
            lines.append("  prepare   \(words[0]) the disc first\(kind)")
        }
        for claim in plan.sizes ?? [] {
            let sign = claim.decides ? "*" : " "
            lines.append("  size \(sign)    \(claim.sectors) sectors by \(claim.source)")
        }
        for (index, file) in (plan.files ?? []).prefix(12).enumerated()
        where (plan.files ?? []).count > 1 {
            lines.append("  \(index == 0 ? "files" : "     ")     \(file)")
        }
        if let more = plan.files.map({ $0.count - 12 }), more > 0 {
            lines.append("            and \(more) more")
        }
        for (index, loss) in (plan.losses ?? []).enumerated() {
            lines.append("  \(index == 0 ? "lost" : "    ")      \(loss.text)")
        }
        if let verify = plan.verify, plan.targetFormat != nil {
            if verify { lines.append("  after     opened again and compared") }
        } else if let verify = plan.verify, plan.simulate != true {
            let elsewhere = plan.verifyDrive.map { ", in \($0) in the end" } ?? ""
            lines.append(
                "  after     \(verify || plan.verifyDrive != nil ? "read back and compared\(elsewhere)" : "not read back")"
            )
        }
        lines += SoundPlanText.lines(plan.sounds ?? []).map { "  audio     \($0)" }
        return lines + plan.notes.map { "  note      \($0)" }
    }

    private static func formatName(_ name: String) -> String {
        ImageFormat.named(name)?.displayName ?? name
    }

    private static func summary(_ tracks: [JobPlan.PlannedTrack]) -> String {
        let sound = tracks.count { $0.mode == "audio" }
        let sessions = Set(tracks.map(\.session)).count
        let kinds = [(sound, "of audio"), (tracks.count - sound, "of data")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return kinds.joined(separator: ", ") + (sessions > 1 ? ", in \(sessions) sessions" : "")
    }

    private static func headline(_ plan: JobPlan) -> String {
        switch plan.verb {
        case "burn": "Burning \(plan.source) in \(plan.target)"
        case "copy" where plan.target.hasPrefix("/dev"): "Burning the copy in \(plan.target)"
        case "copy": "Copying the disc in \(plan.source)"
        case "rip": "Ripping the disc in \(plan.source) to \(plan.target)"
        case "blank": "Blanking the disc in \(plan.target)"
        case "create": "Making \(plan.target) from \(plan.source)"
        case "format": "Formatting the disc in \(plan.target)"
        case "close": "Closing the disc in \(plan.target)"
        case "convert": "Converting \(plan.source) to \(plan.target)"
        case "split": "Splitting \(plan.source) into \(plan.target)"
        case "join": "Joining \(plan.source) into \(plan.target)"
        case "mount": "Mounting \(plan.source) on \(plan.target)"
        case "verify": "Comparing \(plan.source) with \(plan.target)"
        case "extract": "Extracting files from \(plan.source) to \(plan.target)"
        case "overlay-commit": "Writing \(plan.target) from \(plan.source) and its changes"
        case "add", "remove", "move", "edit":
            "Changing \(plan.source)" + (plan.source == plan.target ? "" : " into \(plan.target)")
        default: "\(plan.verb): \(plan.source) → \(plan.target)"
        }
    }

    private static let modeNames = [
        "sao": "session at once", "tao": "track at once", "dao": "in one go",
        "incremental": "sequential", "overwrite": "overwriting",
    ]

    /// Where on the disc it goes, if that is not its beginning, and whether the disc stays open.
    private static func place(_ plan: JobPlan) -> String? {
        var parts: [String] = []
        if let session = plan.session, session > 1 { parts.append("session \(session)") }
        if let start = plan.start { parts.append("from sector \(start) on") }
        if let resumed = plan.resumedSectors {
            parts.append("gone on with at sector \((plan.start ?? 0) + resumed)")
        }
        if plan.keepsOpen == true { parts.append("the disc stays open") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

import DiscModel
package import Reports

extension DiscReport {
    /// Whether something is on the disc, and the drive lists no track: its table of contents can't be read.
    package var lacksTracks: Bool {
        ![.none, .blank].contains(state) && !isOverwritable
            && !layout.tracks.contains { $0.length > 0 }
    }

    /// Why nothing can be done with the tracks of a disc; `nil` if the drive lists some.
    ///
    /// - Parameters:
    ///   - drive: The drive's node.
    ///   - meaning: What it means for the job: one sentence.
    /// - Returns: The failure.
    package func trackless(in drive: String, meaning: String) -> Failure? {
        guard lacksTracks else { return nil }
        return Failure(
            .unsuitable,
            "The drive \(drive) lists no track on the disc.",
            meaning: """
                Its table of contents may be damaged, or nothing is recorded on it. \(meaning)
                """,
            advice: """
                Clean the disc, or try another drive; “spindle rip disc.iso” finds data also without a list, if the \
                drive knows the disc's size.
                """
        )
    }

    /// Why the tracks of a disc can't be read; `nil` if nothing is known against it.
    ///
    /// - Parameters:
    ///   - drive: The drive's node.
    ///   - meaning: What it means for the job: one sentence.
    ///   - wanted: What a disc should hold: “files”.
    /// - Returns: The failure.
    package func unreadable(in drive: String, meaning: String, wanted: String) -> Failure? {
        if let failure = unusable(
            in: drive,
            meaning: meaning,
            advice: "Clean the disc, or try another drive."
        ) {
            return failure
        }
        if state == .none || state == .blank {
            return Failure(
                .unsuitable,
                state == .none ? .noDisc : .blankDisc,
                state == .none ? "There is no disc in \(drive)." : "The disc in \(drive) is blank.",
                meaning: meaning,
                advice: "Put in a disc with \(wanted)."
            )
        }
        return trackless(in: drive, meaning: meaning)
    }
}

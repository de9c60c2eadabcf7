import DiscDrives
import DiscModel
import MMC
import Reports

extension DiscReport {
    /// The kind of disc, if the drive writes any and knows this one.
    ///
    /// - Parameters:
    ///   - drive: The drive's node, for the messages.
    ///   - wanted: What is to be put in where no disc is.
    ///   - meaning: What it means for the disc that nothing can be done.
    /// - Returns: The kind.
    /// - Throws: ``Reports/Failure``: why nothing can be done.
    func knownMedium(in drive: String, wanted: String, meaning: String) throws(Failure)
        -> MediumKind
    {
        let (what, advice): (String, String)
        if isOfReader {
            what = "The drive \(drive) only reads discs."
            advice =
                "Use a drive that writes them: “spindle drives” lists what each drive writes."
        } else if state == .none {
            what =
                isTrayOpen
                ? "The tray of the drive \(drive) is open." : "The drive \(drive) finds no disc."
            advice = "Put in \(wanted), close the tray, and try again."
        } else if let medium, problem == nil {
            return medium
        } else {
            what = "The drive \(drive) can't use the disc: \(profile.description)."
            advice =
                "The disc may be good: try it in another drive, or use a kind that this drive writes\(kinds)."
            if let failure = unusable(in: drive, meaning: meaning, advice: advice) { throw failure }
        }
        throw Failure(.unsuitable, what, meaning: meaning, advice: advice)
    }

    /// What the drive writes, in brackets.
    var kinds: String {
        let names = writableMedia.map(\.facts.displayName)
        return names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    }
}

package import DiscDrives
import DiscMounting
package import Reports
package import SystemPackage

extension Drive {
    /// Has the disc in a drive taken away from where it is mounted, if a person agrees, and makes sure that
    /// no other program has claimed the drive.
    ///
    /// - Parameters:
    ///   - node: The drive's device node.
    ///   - isNeeded: Of a disc that is mounted, whether anything is to be done to it; throws if that can't be
    ///     done, and then it stays mounted as well.
    ///   - confirm: Asked whether it may be.
    ///   - tell: Told that it was.
    /// - Throws: ``Reports/Failure`` that names who holds the disc or the drive.
    package static func free(
        _ node: FilePath,
        ifNeeded isNeeded: () throws(Failure) -> Bool,
        _ confirm: (BurnQuestion) throws(Failure) -> Bool,
        _ tell: (JobEvent) -> Void
    ) throws(Failure) {
        var isChecked = false
        let mounts = MountedDisc.all(of: node)
        let holders = mounts.isEmpty ? [] : DriveHolder.all(of: node).map(\.process)
        for disc in mounts.reversed() {
            // A process that has not got the drive open serves another drive, which had the same node.
            if let process = disc.process, !holders.contains(process) { continue }
            if !isChecked {
                guard try isNeeded() else { return }
                isChecked = true
            }
            let question = BurnQuestion.unmounting(disc, from: node)
            guard try confirm(question) else { throw question.refusal }
            do throws(Failure) {
                try disc.unmount(force: false)
            } catch {
                throw Failure(
                    .unsuitable,
                    error.reason,
                    error.what,
                    meaning: "It is still mounted, and the disc was not touched.",
                    advice: "End what uses it, and try again."
                )
            }
            tell(.message(JobMessage(.note, "The disc was unmounted from \(disc.directory).")))
        }
        try checkAvailable(node, writable: true)
    }
}

extension BurnQuestion {
    /// A disc that is to be changed is mounted.
    fileprivate static func unmounting(_ disc: MountedDisc, from node: FilePath) -> BurnQuestion {
        let users = disc.users.map { ", in use by \($0)" } ?? ""
        return BurnQuestion(
            fact: "The disc in \(node) is mounted on \(disc.directory)\(users)",
            question: "Unmount it?",
            consequence: "",
            advice: "Unmount it (\(disc.command)), or agree with --yes.",
            meaning: "The disc was not touched.",
            reason: .mounted
        )
    }
}

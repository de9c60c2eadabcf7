public import DiscMounting
import LinuxCalls
public import Reports

/// Takes an overlay away, with the changes that it holds.
public struct OverlayDiscardJob {
    private let folder: OverlayFolder

    /// Prepares a job.
    public init(_ folder: OverlayFolder) { self.folder = folder }

    /// Takes it away; a mount that shows it is taken away before.
    ///
    /// - Parameter confirm: Asked whether the changes may be lost.
    /// - Returns: How it went.
    /// - Throws: ``Reports/Failure`` if nobody agrees, programs use the mount, or it can't be taken away.
    public func run(confirm: (String) throws(Failure) -> Bool) throws(Failure) -> JobResult {
        guard try confirm("The changes in \(folder.path) will be lost. Go on?") else {
            throw Failure(
                .unsuitable,
                .consent,
                "The changes in \(folder.path) would be lost.",
                meaning: "Nothing was changed.",
                advice: "Say --yes if they may be lost; “spindle overlay diff” shows them."
            )
        }
        var result = JobResult(.done, verb: "overlay-discard")
        let mount = folder.mount()
        if let mount {
            try mount.unmount(force: false)
            result.sentences = ["\(mount.path) is no longer mounted on \(mount.directory)."]
        }
        do throws(Failure) {
            try folder.discard()
        } catch {
            guard let mount else { throw error }
            throw error.after(unmounting: mount, of: folder)
        }
        result.sentences.append("The changes in \(folder.path) are gone; the disc is as it was.")
        return result
    }
}

import LibFUSE
import LinuxCalls
public import Reports
import SystemPackage

/// What an overlay holds at a moment, read without claiming it.
public struct OverlayContents: Sendable {
    let tree: OverlayTree
    let paths: OverlayPaths
    let folder: OverlayFolder
    /// What it changes.
    public let difference: OverlayDifference
    /// What was lost of it without being damage: a sentence each.
    public let notes: [String]

    /// Reads an overlay.
    ///
    /// A process that serves the disc may go on changing it: what is read is how it was at a moment.
    ///
    /// - Parameters:
    ///   - folder: The overlay.
    ///   - base: The files of the disc that it belongs to.
    /// - Throws: ``Reports/Failure`` if it can't be read or is damaged.
    public init(_ folder: OverlayFolder, of base: MountTree) throws(Failure) {
        var tree = OverlayTree(base)
        let paths = OverlayPaths(base)
        let isTorn: Bool
        do {
            let journal = try File(
                folder.journal,
                .read,
                nonBlocking: true,
                followsLinks: false
            )
            isTorn = try OverlayJournal.replay(journal, into: &tree, paths).isTorn
        } catch {
            throw folder.damage("\(error)")
        }
        notes = isTorn ? [OverlayJournal.tear] : []
        self.folder = folder
        self.tree = tree
        self.paths = paths
        difference = OverlayDifference(tree, paths)
    }

    /// The bytes of a file that is new or was written to; `nil` of others, and if they can't be told.
    public func size(_ addition: OverlayDifference.Addition) -> Int? {
        guard addition.kind == .file, let node = tree.node(addition.inode) else { return nil }
        return try? folder.attributes(of: node).size
    }
}

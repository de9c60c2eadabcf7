import DiscFiles
import LinuxCalls
import SystemPackage

/// The directory that files go into, and those in it.
///
/// Each directory is reached from the one above it by its name, and no link is followed: whatever names
/// and links a disc has, nothing is made outside.
final class ExtractionTarget {
    /// Directories that are held open.
    private static let mostOpen = 128

    private let root: Directory
    private var open: [ExactName: Directory] = [:]
    /// The paths that were made in this run, which tells what was there before from what the disc has
    /// twice.
    private var made: Set<ExactName> = []

    /// Opens the directory, and makes it if it is not there.
    init(_ path: FilePath) throws(SystemError) {
        do throws(SystemError) {
            try FileSystem.makeDirectory(path)
        } catch  where error.isFileExists {}
        root = try Directory(path)
    }

    /// Makes a directory, or takes the one that is there.
    func makeDirectory(_ path: String) throws(SystemError) -> (Directory, isNew: Bool) {
        let (parent, name) = Self.split(path)
        let (directory, isNew) = try self.parent(parent).makeDirectory(name)
        keep(directory, as: path)
        if isNew { made.insert(ExactName(path)) }
        return (directory, isNew)
    }

    /// The directory that a path lies in, and its name there.
    func place(of path: String) throws(SystemError) -> (directory: Directory, name: String) {
        let (parent, name) = Self.split(path)
        return (try self.parent(parent), name)
    }

    /// A directory that is there.
    func directory(_ path: String) throws(SystemError) -> Directory { try parent(path) }

    /// Takes note of a file that was made.
    func note(_ path: String) { made.insert(ExactName(path)) }

    /// Whether this run has made what has a name.
    func hasMade(_ path: String) -> Bool { made.contains(ExactName(path)) }

    private func parent(_ path: String) throws(SystemError) -> Directory {
        if path.isEmpty { return root }
        if let known = open[ExactName(path)] { return known }
        let (parent, name) = Self.split(path)
        let (directory, isNew) = try self.parent(parent).makeDirectory(name)
        if isNew { made.insert(ExactName(path)) }
        keep(directory, as: path)
        return directory
    }

    private func keep(_ directory: Directory, as path: String) {
        if open.count >= Self.mostOpen { open.removeAll(keepingCapacity: true) }
        open[ExactName(path)] = directory
    }

    private static func split(_ path: String) -> (parent: String, name: String) {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return ("", path) }
        return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
    }
}

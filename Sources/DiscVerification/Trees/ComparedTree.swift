package import DiscFiles
import LinuxCalls
package import SystemPackage
package import Transfer

/// A tree of files that can be compared with another one: that of a disc, or a directory's.
package protocol ComparedTree: AnyObject {
    /// What sentences call it.
    var name: String { get }

    /// Whether it is on a disc or in an image.
    var isDisc: Bool { get }

    /// Whether two spellings of the same letters, such as “é” as one character or as two, are one name, as
    /// on HFS Plus, which splits them.
    var ignoresComposition: Bool { get }

    /// Goes through the tree, each directory before what is in it; the root is not visited.
    ///
    /// - Parameter take: Is given each entry; it returns `false` to end the walk.
    /// - Returns: What it has not given.
    /// - Throws: What the tree throws if it can't be read on.
    func walk(_ take: (ComparedEntry) -> Bool) throws -> ComparedTreeGaps

    /// Opens a file's bytes.
    ///
    /// - Parameter entry: A file that the walk gave.
    /// - Returns: Its bytes.
    /// - Throws: The system's error, or what the disc throws.
    func open(_ entry: ComparedEntry) throws -> any FileBytes
}

/// What can't be read of a tree.
package struct ComparedTreeGaps {
    /// What is broken or can't be read: a sentence each, the first few hundred of them.
    package var problems: [String] = []
    /// Whether there may be more in the tree than was given for that.
    package var isIncomplete = false
    /// The directories that may have more in them, and what can't be read itself: paths, the root's empty.
    package var paths: Set<String> = []
}

/// A file, a directory or something else in a tree that is compared.
package struct ComparedEntry: Sendable {
    /// Where its bytes are.
    enum Place: Sendable {
        case disc(FileEntry)
        case file(FileDetails)
    }

    /// The names from the root on, with slashes between them and none at either end.
    package var path: String
    /// What it is.
    package var kind: FileKind
    /// The bytes of a file; of anything else 0.
    package var size: Int
    /// Where a link leads.
    package var target: String?
    /// The numbers of a device.
    package var device: [UInt32]?
    /// The lowest twelve bits of its mode; `nil` if the tree keeps none.
    package var permissions: UInt32?
    /// The numbers of its owner and its group; `nil` if the tree keeps none.
    package var owner: [UInt32]?
    /// Extended attributes and access control lists, by name; `nil` if it has none, or they are not known.
    package var attributes: [FileAttribute]?
    /// Whether it has named streams or a resource fork, which are not compared.
    package var hasStreams = false
    /// When it was modified, in seconds since 1970; `nil` if the tree doesn't say, or not in which zone.
    package var modified: Int?
    let place: Place
    /// Where it lies on the system, if it does.
    let file: FilePath?
}

/// The tree of a disc.
package final class ComparedDiscTree: ComparedTree {
    package let name: String
    package var isDisc: Bool { true }
    package var ignoresComposition: Bool { tree.kind == .hfs }

    private let tree: any FileTree
    private let source: any SectorSource

    /// Takes a tree.
    ///
    /// - Parameters:
    ///   - tree: The tree.
    ///   - source: The disc, to read the bytes of files from.
    ///   - name: What sentences call it.
    package init(_ tree: any FileTree, _ source: any SectorSource, named name: String) {
        self.tree = tree
        self.source = source
        self.name = name
    }

    package func walk(_ take: (ComparedEntry) -> Bool) throws -> ComparedTreeGaps {
        var walk = FileWalk(tree)
        while let visit = try walk.next() {
            let entry = visit.entry
            let isDevice = entry.kind == .blockDevice || entry.kind == .characterDevice
            let compared = ComparedEntry(
                path: visit.path,
                kind: entry.kind,
                size: entry.size,
                target: entry.target,
                device: isDevice ? entry.device.map { [$0.major, $0.minor] } : nil,
                permissions: entry.mode.map { $0 & 0o7777 },
                owner: entry.userID.flatMap { user in entry.groupID.map { [user, $0] } },
                attributes: entry.attributes.isEmpty
                    ? nil : entry.attributes.sorted { $0.name < $1.name },
                hasStreams: !entry.streams.isEmpty || entry.resourceForkSize ?? 0 > 0,
                modified: entry.modified.flatMap { $0.minutesEast == nil ? nil : $0.seconds },
                place: .disc(entry),
                file: nil
            )
            guard take(compared) else { break }
        }
        var problems = walk.problems.map(\.description)
        if walk.furtherProblems > 0 {
            problems.append("There are \(walk.furtherProblems) more problems in the tree.")
        }
        return ComparedTreeGaps(
            problems: problems,
            isIncomplete: walk.losses.contains(.entries) || walk.losses.contains(.contents),
            paths: walk.incompletePaths
        )
    }

    package func open(_ entry: ComparedEntry) throws -> any FileBytes {
        guard case .disc(let found) = entry.place else { throw ForeignEntry() }
        try found.checkIsWhole()
        return try found.open(source)
    }
}

/// What is in a directory of the system; links in it are not followed.
package final class ComparedDirectory: ComparedTree {
    /// Problems that are kept.
    private static let mostProblems = 200

    package var name: String { path.string }
    package var isDisc: Bool { false }
    package var ignoresComposition: Bool { false }

    private let path: FilePath

    /// Takes a directory.
    package init(_ path: FilePath) { self.path = path }

    package func walk(_ take: (ComparedEntry) -> Bool) throws -> ComparedTreeGaps {
        var gaps = ComparedTreeGaps()
        var further = 0
        func note(_ place: FilePath, _ text: String, _ error: SystemError) {
            gaps.isIncomplete = true
            gaps.paths.insert(text)
            if gaps.problems.count < Self.mostProblems {
                gaps.problems.append("\(place) can't be read: \(error.reason).")
            } else {
                further += 1
            }
        }
        var waiting: [(path: FilePath, text: String)] = [(path, "")]
        while let directory = waiting.popLast() {
            let names: [[UInt8]]
            do throws(SystemError) {
                names = try FileSystem.nameBytes(in: directory.path)
            } catch {
                // Without the directory itself there is nothing to compare.
                if directory.text.isEmpty { throw error }
                note(directory.path, String(directory.text.dropLast()), error)
                continue
            }
            for name in names {
                let place = directory.path.appending(FilePath(bytes: name).components)
                let text = directory.text + FileName.decoded(name)
                do throws(SystemError) {
                    let details = try FileDetails(place, followsLinks: false)
                    guard take(try entry(text, place, details)) else { return gaps }
                    if details.kind == .directory { waiting.append((place, text + "/")) }
                } catch {
                    note(place, text, error)
                }
            }
        }
        if further > 0 { gaps.problems.append("\(further) more can't be read.") }
        return gaps
    }

    private func entry(
        _ text: String,
        _ place: FilePath,
        _ details: FileDetails
    ) throws(SystemError) -> ComparedEntry {
        let isDevice = details.kind == .blockDevice || details.kind == .characterDevice
        let numbers = DeviceNode.numbers(of: details.device)
        let target =
            details.kind == .link
            ? FileName.decoded(try FileSystem.linkTargetBytes(place)) : nil
        return ComparedEntry(
            path: text,
            kind: Self.kind(details.kind),
            size: details.kind == .file ? details.size : 0,
            target: target,
            device: isDevice ? [numbers.major, numbers.minor] : nil,
            permissions: details.permissions,
            owner: [details.userID, details.groupID],
            modified: details.modified.seconds,
            place: .file(details),
            file: place
        )
    }

    private static func kind(_ kind: FileDetails.Kind) -> FileKind {
        switch kind {
        case .file: .file
        case .directory: .directory
        case .link: .symlink
        case .blockDevice: .blockDevice
        case .characterDevice: .characterDevice
        case .fifo: .fifo
        case .socket: .socket
        }
    }

    package func open(_ entry: ComparedEntry) throws -> any FileBytes {
        guard let path = entry.file, case .file(let details) = entry.place else {
            throw ForeignEntry()
        }
        let file = try File(path, .read, nonBlocking: true, followsLinks: false)
        guard try FileDetails(file).hasSameContent(as: details) else { throw ChangedFile() }
        return Bytes(file, details.size)
    }

    /// The bytes of an open file.
    private final class Bytes: FileBytes {
        let count: Int
        private let file: File

        init(_ file: File, _ count: Int) {
            self.file = file
            self.count = count
        }

        func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws -> Int {
            let read = try file.read(at: offset, into: &target, limit: count - offset)
            // It has been cut since it was opened.
            guard read > 0 || offset >= count else { throw ChangedFile() }
            return read
        }
    }
}

/// A file was changed between the walk and its reading.
struct ChangedFile: Error, CustomStringConvertible {
    let description = "it was changed meanwhile"
}

/// An entry was given to a tree that it is not of.
struct ForeignEntry: Error, CustomStringConvertible {
    let description = "it is of another tree"
}

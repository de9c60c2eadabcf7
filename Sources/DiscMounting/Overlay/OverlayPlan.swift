import LibFUSE
import LinuxCalls
public import Reports
public import SystemPackage

/// The steps that make of a disc's files what an overlay has made of them.
///
/// What went is moved away or removed first, the deepest paths before those above them, so that each is still
/// where it was on the disc. Then directories are made and what was moved is put where it belongs, from the
/// top down; then all new and changed files come at once, and last the attributes of what was there before.
///
/// Files for it are gathered in a folder beside the overlay's own: links to the overlay's files, and empty
/// files that have the attributes that files of the disc are to get.
public struct OverlayPlan {
    /// A step; paths on the disc are as `spindle list` writes them.
    public enum Step: Hashable, Sendable {
        /// Something goes, with all that is in it.
        case remove(String)
        /// Something gets another path.
        case move(String, to: String)
        /// What is in a folder comes into a directory, whose directories stay as they are.
        case add(FilePath, into: String)
        /// Something gets the permissions, the owner and the times of a file.
        case describe(String, like: FilePath)
    }

    /// The files of the disc that are put on it again without the extended attributes and access control
    /// lists that they have there.
    public var filesThatLose: Int {
        renewed.count { tree.base.node($0)?.hasExtended == true }
    }

    /// The steps in their order.
    public private(set) var steps: [Step] = []

    private let contents: OverlayContents
    private let names: OverlayNames
    private let base: BaseFiles
    private let folder: FilePath
    private var models = 0
    /// Files that are put on the disc again under all their names.
    private var renewed: Set<UInt64> = []
    /// Files and directories that are gathered with their attributes.
    private var complete: Set<UInt64> = []
    /// The names of renewed files on the disc, those that they have still.
    private var kept: [UInt64: [OverlayPlace]] = [:]
    /// What gets another path, and the one that it has on the disc.
    private var moves: [(from: OverlayPlace, to: OverlayPlace, inode: UInt64)] = []

    /// Plans the steps, and gathers the files for them.
    ///
    /// - Parameters:
    ///   - contents: The overlay.
    ///   - disc: Where the bytes of the disc's files come from.
    ///   - folder: An empty folder on the overlay's file system.
    /// - Throws: ``Reports/Failure`` if a change can't be made on a disc, or a file can't be gathered.
    public init(_ contents: OverlayContents, _ disc: MountedContents, in folder: FilePath)
        throws(Failure)
    {
        self.contents = contents
        self.folder = folder
        names = OverlayNames(contents.tree, contents.paths)
        base = BaseFiles(contents.tree.base, disc)
        do {
            try findRenewed()
            try clear()
            try build()
            try gather()
            try describe()
        } catch let failure as Failure {
            throw failure
        } catch let error as SystemError {
            throw Failure(
                .trouble,
                error.isNoSpace ? .noSpace : .outputError,
                "The changes can't be gathered in \(folder): \(error)",
                meaning: "Nothing was written.",
                advice: error.isNoSpace ? "Make room, and try again." : "Fix that, and try again."
            )
        } catch {
            throw contents.folder.damage("\(error)")
        }
    }

    private var tree: OverlayTree { contents.tree }

    /// A path as `spindle list` writes it: a name that is not UTF-8 is read as Latin-1.
    private static func text(_ path: OverlayPath) -> String {
        path.names.map { name in
            String(validating: name, as: UTF8.self)
                ?? String(decoding: name.map(UInt16.init), as: UTF16.self)
        }.joined(separator: "/")
    }

    private static func isText(_ name: [UInt8]) -> Bool {
        String(validating: name, as: UTF8.self) != nil
    }

    // MARK: What is done how

    /// Finds the files that were written to, have got further names, or have names that can't be given to
    /// what is on a disc already.
    private mutating func findRenewed() throws(Failure) {
        var gone = names.gone
        for (inode, node) in tree.nodes where node.isNamed && tree.serial(of: inode) == nil {
            if case .stored = node.content { renewed.insert(inode) }
        }
        for (place, inode) in names.came where tree.serial(of: inode) == nil {
            guard !renewed.contains(inode) else { continue }
            let isDirectory = tree.node(inode)?.isDirectory == true
            guard isDirectory || Self.isText(place.name), var left = gone[inode], !left.isEmpty
            else {
                renewed.insert(inode)
                continue
            }
            guard Self.isText(place.name) else {
                throw Failure(
                    .source,
                    .loss,
                    "The directory “\(names.basePath(left[0]).shown)” was given the name “\(names.path(place).shown)”, which is not UTF-8.",
                    meaning: "Nothing was written.",
                    advice: "Give it another name, and try again."
                )
            }
            moves.append((left.removeFirst(), place, inode))
            gone[inode] = left
        }
        moves.removeAll { renewed.contains($0.inode) }
        guard !renewed.isEmpty else { return }
        for (index, node) in tree.base.nodes.enumerated() {
            guard case .directory(let range, _) = node.content else { continue }
            for entry in tree.base.entries[range] {
                let inode = UInt64(entry.node) + 1
                guard renewed.contains(inode) else { continue }
                let place = OverlayPlace(
                    directory: UInt64(index) + 1,
                    name: Array(tree.base.text[entry.name])
                )
                if tree.inode(at: place) == inode { kept[inode, default: []].append(place) }
            }
        }
    }

    /// Whether a directory of the disc is where it was.
    private func isInPlace(_ directory: UInt64) -> Bool {
        tree.node(directory)?.isNamed == true
            && names.path(of: directory).names == contents.paths.way(to: directory).map(\.name)
    }

    private func isDirect(_ move: (from: OverlayPlace, to: OverlayPlace, inode: UInt64)) -> Bool {
        tree.serial(of: move.to.directory) == nil && isInPlace(move.from.directory)
            && isInPlace(move.to.directory)
            && tree.base.inode(
                named: move.to.name.span,
                in: move.to.directory
            ) == nil
    }

    // MARK: Steps

    private static func aside(_ number: Int) -> String { ".spindle-\(number)" }

    /// Takes away what went, and what will come elsewhere.
    private mutating func clear() throws {
        var leaving: [(path: OverlayPath, step: Step)] = []
        var moved: [OverlayPlace: Int] = [:]
        for (index, move) in moves.enumerated() {
            moved[move.from] = index
            guard !isDirect(move) else { continue }
            let path = names.basePath(move.from)
            leaving.append((path, .move(Self.text(path), to: Self.aside(index))))
        }
        for (_, places) in names.gone {
            for place in places where moved[place] == nil {
                // What is in a directory goes with it.
                guard tree.node(place.directory)?.isNamed == true else { continue }
                let path = names.basePath(place)
                leaving.append((path, .remove(Self.text(path))))
            }
        }
        for (_, places) in kept {
            for place in places {
                let path = names.basePath(place)
                leaving.append((path, .remove(Self.text(path))))
            }
        }
        leaving.sort { a, b in
            a.path.names.count != b.path.names.count
                ? a.path.names.count > b.path.names.count : a.path < b.path
        }
        steps += leaving.map(\.step)
    }

    /// Makes directories, and puts what was moved where it belongs.
    private mutating func build() throws {
        var coming: [(path: OverlayPath, step: Step)] = []
        for (index, move) in moves.enumerated() {
            let path = names.path(move.to)
            let from = isDirect(move) ? Self.text(names.basePath(move.from)) : Self.aside(index)
            coming.append((path, .move(from, to: Self.text(path))))
        }
        for (place, inode) in names.came
        where tree.serial(of: inode) != nil && tree.node(inode)?.isDirectory == true {
            let path = names.path(place)
            // A directory outside can have any bytes for a name, and all attributes.
            let parent = try makeModelFolder()
            let made = parent.appending(bytes: place.name)
            try FileSystem.makeDirectory(made)
            try describe(File(made, .read), inode)
            let above = OverlayPath(names: path.names.dropLast())
            coming.append((path, .add(parent, into: "/" + Self.text(above))))
        }
        coming.sort { a, b in
            a.path.names.count != b.path.names.count
                ? a.path.names.count < b.path.names.count : a.path < b.path
        }
        steps += coming.map(\.step)
    }

    /// The new and the renewed files, and the names that they have now.
    private var arriving: [(inode: UInt64, places: [OverlayPlace])] {
        var found: [UInt64: [OverlayPlace]] = kept
        for (place, inode) in names.came where tree.node(inode)?.isDirectory == false {
            guard tree.serial(of: inode) != nil || renewed.contains(inode) else { continue }
            found[inode, default: []].append(place)
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Puts the new and the changed files into a folder, as they lie on the disc.
    private mutating func gather() throws {
        let root = folder.appending("files")
        try FileSystem.makeDirectory(root)
        var isEmpty = true
        var made: Set<FilePath> = [root]
        for (inode, places) in arriving {
            var first: FilePath?
            for place in places {
                var path = root
                for name in names.path(of: place.directory).names {
                    path = path.appending(bytes: name)
                    if made.insert(path).inserted { try FileSystem.makeDirectory(path) }
                }
                path = path.appending(bytes: place.name)
                if let first {
                    try FileSystem.addName(path, to: first)
                } else {
                    try gather(inode, as: path)
                }
                first = first ?? path
                isEmpty = false
            }
        }
        if !isEmpty { steps.append(.add(root, into: "/")) }
    }

    private mutating func gather(_ inode: UInt64, as path: FilePath) throws {
        guard let node = tree.node(inode) else { return }
        if case .stored(let serial) = node.content {
            try FileSystem.addName(path, to: contents.folder.file(serial))
            try describe(File(path, .read, followsLinks: false), inode)
        } else if let target = tree.linkTarget(of: inode) {
            try FileSystem.makeLink(path, to: target)
        } else if node.isFile, let source = base.tree.node(inode) {
            let file = try File(path, .createNew)
            try base.copy(source, count: .max, to: file)
            try describe(file, inode)
        } else {
            throw Failure(
                .source,
                .loss,
                "The device “\(names.path(of: inode).shown)” can't get further names.",
                meaning: "Nothing was written.",
                advice: "Remove those, and try again."
            )
        }
    }

    /// Gives a file that is gathered the attributes that it will have, if this user can do that and the
    /// overlay can still use it.
    private mutating func describe(_ file: File, _ inode: UInt64) throws {
        guard let node = tree.node(inode) else { return }
        let attributes = try contents.folder.attributes(of: node)
        let canUse = node.isDirectory ? 0o700 : 0o600 as UInt32
        guard User.number == 0 || attributes.mode & canUse == canUse else { return }
        if User.number == 0 { try file.setOwner(attributes.owner, group: attributes.group) }
        try file.setMode(attributes.mode)
        // Those of a file of the overlay are right already, and somebody may be writing to it.
        if node.isDirectory || node.content == .base {
            let (accessed, modified) = (attributes.accessed.time, attributes.modified.time)
            try file.setTimes(accessed: accessed, modified: modified)
        }
        complete.insert(inode)
    }

    /// Gives attributes to what is new and could not be gathered with them, and to what has got others.
    private mutating func describe() throws {
        var described: [(path: OverlayPath, inode: UInt64)] = []
        for (inode, places) in arriving where !complete.contains(inode) {
            described += places.map { (names.path($0), inode) }
        }
        for (inode, node) in tree.nodes where node.isNamed && !complete.contains(inode) {
            if node.isDirectory {
                let before = tree.serial(of: inode) == nil ? tree.base.node(inode) : nil
                guard
                    before?.attributes.modified != node.attributes.modified || before == nil
                        || !node.changed.isEmpty
                else { continue }
                described.append((names.path(of: inode), inode))
            } else if tree.serial(of: inode) == nil, !renewed.contains(inode),
                !node.changed.isEmpty
            {
                described += allPlaces(of: inode).map { (names.path($0), inode) }
            }
        }
        described.sort { $0.path < $1.path }
        var models: [UInt64: FilePath] = [:]
        for (path, inode) in described {
            guard let node = tree.node(inode) else { continue }
            let model = try models[inode] ?? makeModel(node)
            models[inode] = model
            steps.append(.describe(Self.text(path), like: model))
        }
    }

    /// All names of a file of the disc, as they are now.
    private func allPlaces(of inode: UInt64) -> [OverlayPlace] {
        var places: [OverlayPlace] = names.came.filter { $0.inode == inode }.map(\.place)
        for (index, node) in tree.base.nodes.enumerated() {
            guard case .directory(let range, _) = node.content else { continue }
            for entry in tree.base.entries[range] where UInt64(entry.node) + 1 == inode {
                let place = OverlayPlace(
                    directory: UInt64(index) + 1,
                    name: Array(tree.base.text[entry.name])
                )
                if tree.inode(at: place) == inode { places.append(place) }
            }
        }
        return places
    }

    private mutating func makeModelFolder() throws -> FilePath {
        models += 1
        let path = folder.appending("folder-\(models)")
        try FileSystem.makeDirectory(path)
        return path
    }

    /// Makes an empty file with the attributes of a file.
    private mutating func makeModel(_ node: OverlayNode) throws -> FilePath {
        models += 1
        let path = folder.appending("model-\(models)")
        let file = try File(path, .createNew)
        let attributes = try contents.folder.attributes(of: node)
        // Only root can give files to others; what others mount belongs to them anyway.
        if User.number == 0 { try file.setOwner(attributes.owner, group: attributes.group) }
        try file.setMode(attributes.mode)
        try file.setTimes(accessed: attributes.accessed.time, modified: attributes.modified.time)
        return path
    }
}

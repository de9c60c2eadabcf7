import LibFUSE
import LinuxCalls

/// The files of a disc with the changes of an overlay: what the kernel is told of names and attributes.
///
/// Files of the disc keep their numbers, and new ones are numbered behind them. Only what was touched is
/// kept here; all else is looked up on the disc.
struct OverlayTree: Sendable {
    /// The longest name in bytes, as file systems have it (`NAME_MAX`).
    static let longestName = 255

    /// The files of the disc.
    let base: MountTree
    /// The files that were touched, by their numbers.
    private(set) var nodes: [UInt64: OverlayNode] = [:]
    /// The directories whose entries were touched.
    private(set) var directories: [UInt64: OverlayDirectory] = [:]
    /// The highest number of a file of the overlay.
    private(set) var lastSerial = 0

    /// Begins with the disc as it is.
    init(_ base: MountTree) { self.base = base }

    // MARK: Looking

    /// The number of the files.
    var count: Int { base.count + nodes.keys.count { $0 > UInt64(base.count) } }

    /// The number that the kernel knows a new file by.
    func inode(ofSerial serial: Int) -> UInt64 { UInt64(base.count) + UInt64(serial) }

    /// The number of a new file among the overlay's files; `nil` if it is a file of the disc.
    func serial(of inode: UInt64) -> Int? {
        inode > UInt64(base.count) ? Int(inode - UInt64(base.count)) : nil
    }

    /// A file; `nil` if there is none with the number.
    func node(_ inode: UInt64) -> OverlayNode? {
        if let known = nodes[inode] { return known }
        return base.node(inode).map { OverlayNode(attributes: $0.attributes, content: .base) }
    }

    /// The number of the file with a name; `nil` if there is none.
    func inode(at place: OverlayPlace) -> UInt64? {
        inode(named: place.name.span, in: place.directory)
    }

    /// The number of the file with a name in a directory; `nil` if there is none.
    func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64? {
        guard let known = directories[directory] else {
            return base.inode(named: name, in: directory)
        }
        return known.inode(named: name.indices.map { name[$0] })
    }

    /// Where a symlink leads; `nil` if the file is none.
    func linkTarget(of inode: UInt64) -> [UInt8]? {
        if case .link(let target) = nodes[inode]?.content { return target }
        return base.linkTarget(of: inode)
    }

    /// The directory above a directory; `nil` if the file is none.
    func parent(of directory: UInt64) -> UInt64? {
        directories[directory]?.parent ?? base.parent(of: directory)
    }

    /// Tells the entries of a directory behind a place.
    func list(
        _ directory: UInt64,
        after place: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64, _ place: Int) -> Bool
    ) {
        if let known = directories[directory] {
            known.list(after: place, take)
        } else {
            base.list(directory, after: place, take)
        }
    }

    /// The entries of a directory.
    func entries(of directory: UInt64) -> [(name: [UInt8], inode: UInt64)] {
        if let known = directories[directory] { return known.all }
        var entries: [(name: [UInt8], inode: UInt64)] = []
        base.list(directory, after: 0) { name, inode, _ in
            entries.append((name.indices.map { name[$0] }, inode))
            return true
        }
        return entries
    }

    /// The files of the overlay's folder that are needed, by their numbers, and the files that need them.
    var storedFiles: [Int: UInt64] {
        var found: [Int: UInt64] = [:]
        for (inode, node) in nodes where node.isNamed {
            if case .stored(let serial) = node.content { found[serial] = inode }
        }
        return found
    }

    private func isEmpty(_ directory: UInt64) -> Bool {
        var isEmpty = true
        list(directory, after: 0) { _, _, _ in
            isEmpty = false
            return false
        }
        return isEmpty
    }

    /// Whether a directory is another one, or lies in it.
    private func lies(_ directory: UInt64, in other: UInt64) -> Bool {
        var place = directory
        while place != other {
            guard let above = parent(of: place), above != place else { return false }
            place = above
        }
        return true
    }

    // MARK: Checking

    /// Looks whether a change can be made.
    ///
    /// - Throws: The error that a program gets that asks for it.
    func check(_ change: OverlayChange) throws(SystemError) {
        switch change {
        case .make(let serial, _, let place):
            guard serial > 0, serial < 1 << 60, nodes[inode(ofSerial: serial)] == nil else {
                throw .invalid("mknod")
            }
            try checkFree(place)
        case .link(let inode, let place):
            guard let node = node(inode), node.isNamed else { throw .noSuchFile("link") }
            guard !node.isDirectory else { throw .notPermitted("link") }
            try checkFree(place)
        case .remove(let place):
            try checkRemovable(try present(place))
        case .move(let place, let target):
            let moved = try present(place)
            try checkName(target)
            if let replaced = inode(at: target), replaced != moved {
                guard let old = node(replaced), let new = node(moved) else {
                    throw .noSuchFile("rename")
                }
                guard old.isDirectory == new.isDirectory else {
                    throw old.isDirectory ? .isADirectory("rename") : .notADirectory("rename")
                }
                try checkRemovable(replaced)
            }
            guard !lies(target.directory, in: moved) else { throw .invalid("rename") }
        case .exchange(let one, let other):
            let (first, second) = (try present(one), try present(other))
            guard !lies(other.directory, in: first), !lies(one.directory, in: second) else {
                throw .invalid("rename")
            }
        case .set(let inode, _), .restore(let inode, _, _):
            guard node(inode)?.isNamed == true else { throw .noSuchFile("setattr") }
        case .store(let inode, let serial):
            guard let node = node(inode), node.isFile, node.isNamed else {
                throw .noSuchFile("write")
            }
            guard serial > 0, serial < 1 << 60, node.content == .base else {
                throw .invalid("write")
            }
        }
    }

    /// Looks whether a name can be given in a directory.
    private func checkName(_ place: OverlayPlace) throws(SystemError) {
        guard let directory = node(place.directory), directory.isNamed else {
            throw .noSuchFile("open")
        }
        guard directory.isDirectory else { throw .notADirectory("open") }
        guard place.name.count <= Self.longestName else { throw .nameTooLong("open") }
        let isName =
            !place.name.isEmpty && place.name != [0x2E] && place.name != [0x2E, 0x2E]
            && !place.name.contains { $0 == 0 || $0 == 0x2F }
        guard isName else { throw .invalid("open") }
    }

    private func checkFree(_ place: OverlayPlace) throws(SystemError) {
        try checkName(place)
        guard inode(at: place) == nil else {
            throw .exists(String(decoding: place.name, as: UTF8.self))
        }
    }

    private func checkRemovable(_ inode: UInt64) throws(SystemError) {
        guard let node = node(inode) else { throw .noSuchFile("unlink") }
        guard !node.isDirectory || isEmpty(inode) else { throw .notEmpty("rmdir") }
    }

    private func present(_ place: OverlayPlace) throws(SystemError) -> UInt64 {
        guard let inode = inode(at: place) else { throw .noSuchFile("open") }
        return inode
    }

    // MARK: Changing

    /// Makes a change that was checked.
    ///
    /// - Parameters:
    ///   - change: The change.
    ///   - time: When it was made.
    /// - Returns: The file that has lost a name, if one has.
    @discardableResult
    mutating func apply(_ change: OverlayChange, at time: LibFUSE.FileAttributes.Moment)
        -> UInt64?
    {
        switch change {
        case .make(let serial, let file, let place):
            make(serial, file, at: place, time)
        case .link(let inode, let place):
            touch(inode) {
                $0.attributes.links += 1
                $0.attributes.changed = time
            }
            enter(inode, at: place, time)
        case .remove(let place):
            guard let inode = inode(at: place) else { return nil }
            leave(place, time)
            unlink(inode, time)
            return inode
        case .move(let place, let target):
            guard let inode = inode(at: place) else { return nil }
            let replaced = self.inode(at: target)
            // Two names of one file stay as they are (rename(2)).
            guard replaced != inode else { return nil }
            if let replaced {
                leave(target, time)
                unlink(replaced, time)
            }
            leave(place, time)
            enter(inode, at: target, time)
            touch(inode) { $0.attributes.changed = time }
            return replaced
        case .exchange(let one, let other):
            guard let first = inode(at: one), let second = inode(at: other), first != second else {
                return nil
            }
            leave(one, time)
            leave(other, time)
            enter(first, at: other, time)
            enter(second, at: one, time)
            for inode in [first, second] { touch(inode) { $0.attributes.changed = time } }
        case .set(let inode, let attributes):
            touch(inode) { node in
                node.changed.merge(attributes)
                node.set(attributes, time)
            }
        case .restore(let inode, let attributes, let changed):
            touch(inode) { node in
                node.changed = changed
                node.set(attributes, time)
            }
        case .store(let inode, let serial):
            lastSerial = max(lastSerial, serial)
            touch(inode) {
                $0.content = .stored(serial)
                $0.attributes.changed = time
            }
        }
        return nil
    }

    private mutating func make(
        _ serial: Int,
        _ file: OverlayNewFile,
        at place: OverlayPlace,
        _ time: LibFUSE.FileAttributes.Moment
    ) {
        let inode = inode(ofSerial: serial)
        lastSerial = max(lastSerial, serial)
        var attributes = LibFUSE.FileAttributes(inode: inode, mode: file.mode)
        attributes.owner = file.owner
        attributes.group = file.group
        attributes.modified = time
        attributes.accessed = time
        attributes.changed = time
        let content: OverlayNode.Content
        switch file.kind {
        case .file: content = .stored(serial)
        case .directory:
            content = .directory
            attributes.links = 2
            directories[inode] = OverlayDirectory(parent: place.directory)
        case .link(let target):
            content = .link(target)
            attributes.size = target.count
        }
        nodes[inode] = OverlayNode(attributes: attributes, content: content)
        enter(inode, at: place, time)
    }

    /// Drops a file that has no name any more, and that the kernel has forgotten.
    mutating func drop(_ inode: UInt64) {
        guard serial(of: inode) != nil, nodes[inode]?.isNamed == false else { return }
        nodes[inode] = nil
        directories[inode] = nil
    }

    /// Has the bytes of a file without a name in the overlay's folder from now on.
    mutating func storeNameless(_ inode: UInt64, serial: Int) {
        touch(inode) { $0.content = .stored(serial) }
    }

    private mutating func touch(_ inode: UInt64, _ body: (inout OverlayNode) -> Void) {
        guard var known = node(inode) else { return }
        body(&known)
        nodes[inode] = known
    }

    /// Copies the entries of a directory of the disc, before they are changed.
    private mutating func open(_ directory: UInt64) {
        guard directories[directory] == nil else { return }
        var copy = OverlayDirectory(parent: base.parent(of: directory) ?? 1)
        for (name, inode) in entries(of: directory) { copy.set(name, inode) }
        directories[directory] = copy
    }

    private mutating func enter(
        _ inode: UInt64,
        at place: OverlayPlace,
        _ time: LibFUSE.FileAttributes.Moment
    ) {
        open(place.directory)
        directories[place.directory]?.set(place.name, inode)
        let isDirectory = node(inode)?.isDirectory == true
        touch(place.directory) {
            $0.attributes.modified = time
            $0.attributes.changed = time
            if isDirectory { $0.attributes.links += 1 }
        }
        if isDirectory {
            open(inode)
            directories[inode]?.parent = place.directory
        }
    }

    /// Takes a name away, whose file stays.
    private mutating func leave(_ place: OverlayPlace, _ time: LibFUSE.FileAttributes.Moment) {
        let isDirectory = inode(at: place).flatMap { node($0) }?.isDirectory == true
        open(place.directory)
        directories[place.directory]?.remove(place.name)
        touch(place.directory) {
            $0.attributes.modified = time
            $0.attributes.changed = time
            if isDirectory, $0.attributes.links > 2 { $0.attributes.links -= 1 }
        }
    }

    private mutating func unlink(_ inode: UInt64, _ time: LibFUSE.FileAttributes.Moment) {
        touch(inode) {
            $0.attributes.links = $0.isDirectory ? 0 : max(1, $0.attributes.links) - 1
            $0.attributes.changed = time
        }
    }
}

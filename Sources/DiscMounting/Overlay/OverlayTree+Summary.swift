import LibFUSE

extension OverlayTree {
    /// The changes that make this tree of the disc's files, in place of all those that led to it.
    ///
    /// What has got other places is put aside first: so it is in nobody's way, whatever takes the place of what.
    /// Then what went is removed from the bottom up, what is new is made from the top down, and what was put
    /// aside gets its places. Attributes come last, for all that was done before has changed times.
    ///
    /// - Parameters:
    ///   - paths: Finds the files of the disc.
    ///   - serial: A number that no file of the overlay has: that of the directory for what is put aside.
    /// - Returns: The lines of a journal.
    func summary(_ paths: OverlayPaths, aside serial: Int) -> [OverlayLine] {
        let names = OverlayNames(self, paths)
        var changes: [OverlayChange] = []
        var gone = names.gone
        var aside: [(spot: OverlayPlace, place: OverlayPlace)] = []
        for (place, inode) in names.came where self.serial(of: inode) == nil {
            let name = Array(String(aside.count).utf8)
            let spot = OverlayPlace(directory: self.inode(ofSerial: serial), name: name)
            if node(inode)?.isDirectory == true, let old = gone[inode]?.popLast() {
                changes.append(.move(old, to: spot))
            } else {
                changes.append(.link(inode, at: spot))
            }
            aside.append((spot, place))
        }
        changes += gone.values.joined()
            .map { (place: $0, depth: paths.way(to: $0.directory).count) }
            .sorted { $0.depth > $1.depth }
            .map { .remove($0.place) }
        let new = names.came.filter { self.serial(of: $0.inode) != nil }
            .map { (entry: $0, depth: names.path(of: $0.place.directory).names.count) }
            .sorted { $0.depth < $1.depth }
        var made: Set<UInt64> = []
        for (place, inode) in new.map(\.entry) {
            guard let serial = self.serial(of: inode), let node = nodes[inode] else { continue }
            changes.append(
                made.insert(inode).inserted
                    ? .make(serial: serial, OverlayNewFile(node), at: place)
                    : .link(inode, at: place)
            )
        }
        changes += aside.map { .move($0.spot, to: $0.place) }
        if !aside.isEmpty {
            let folder = OverlayNewFile(kind: .directory, permissions: 0o700, owner: 0, group: 0)
            let place = OverlayPlace(directory: 1, name: freeName)
            changes.insert(.make(serial: serial, folder, at: place), at: 0)
            changes.append(.remove(place))
        }
        let known = nodes.filter(\.value.isNamed).sorted { $0.key < $1.key }
        for (inode, node) in known where self.serial(of: inode) == nil {
            if case .stored(let serial) = node.content {
                changes.append(.store(inode, serial: serial))
            }
        }
        var lines = changes.map { OverlayLine(.change($0), LibFUSE.FileAttributes.Moment()) }
        let root = nodes[1] == nil ? node(1).map { [(key: 1 as UInt64, value: $0)] } ?? [] : []
        for (inode, node) in root + known {
            let all = OverlayAttributes(all: node.attributes)
            lines.append(
                OverlayLine(
                    .change(.restore(inode, all, changed: node.changed)),
                    node.attributes.changed
                )
            )
        }
        return lines
    }

    /// A name that neither the disc's root directory has nor this one's.
    private var freeName: [UInt8] {
        var number = 0
        while true {
            let name = Array(".aside-\(number)".utf8)
            let place = OverlayPlace(directory: 1, name: name)
            if inode(at: place) == nil, base.inode(named: name.span, in: 1) == nil { return name }
            number += 1
        }
    }

    /// Whether another tree of the same disc has the same files with the same attributes.
    ///
    /// How many names a directory has is left out: discs don't all count them in the same way.
    func isSame(as other: OverlayTree) -> Bool {
        for inode in Set(nodes.keys).union(other.nodes.keys) {
            let (one, two) = (node(inode), other.node(inode))
            guard one?.isNamed ?? false || two?.isNamed ?? false else { continue }
            guard let one, let two, one.isSame(as: two) else { return false }
        }
        for inode in Set(directories.keys).union(other.directories.keys)
        where node(inode)?.isNamed ?? false {
            let pairs = [self, other].map { tree in
                Dictionary(tree.entries(of: inode)) { first, _ in first }
            }
            guard pairs[0] == pairs[1], parent(of: inode) == other.parent(of: inode) else {
                return false
            }
        }
        return storedFiles == other.storedFiles
    }
}

extension OverlayNewFile {
    /// What a new file is now.
    fileprivate init(_ node: OverlayNode) {
        let kind: Kind =
            switch node.content {
            case .link(let target): .link(target: target)
            case .directory: .directory
            case .base, .stored: .file
            }
        self.init(
            kind: kind,
            permissions: node.attributes.mode & 0o7777,
            owner: node.attributes.owner,
            group: node.attributes.group
        )
    }
}

extension OverlayAttributes {
    /// All attributes that can be set, as a file has them.
    fileprivate init(all attributes: LibFUSE.FileAttributes) {
        permissions = attributes.mode & 0o7777
        (owner, group) = (attributes.owner, attributes.group)
        (accessed, modified) = (attributes.accessed, attributes.modified)
    }
}

extension OverlayNode {
    fileprivate func isSame(as other: OverlayNode) -> Bool {
        let (mine, theirs) = (attributes, other.attributes)
        return content == other.content && changed == other.changed && mine.mode == theirs.mode
            && mine.owner == theirs.owner && mine.group == theirs.group
            && mine.size == theirs.size && mine.accessed == theirs.accessed
            && mine.modified == theirs.modified && mine.changed == theirs.changed
            && (isDirectory || mine.links == theirs.links)
    }
}

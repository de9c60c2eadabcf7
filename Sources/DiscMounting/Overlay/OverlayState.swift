import LibFUSE
import LinuxCalls

/// What an overlay's server keeps behind its lock.
struct OverlayState: Sendable {
    /// Files of the folder that are kept open.
    private static let mostOpen = 64

    /// The files.
    private(set) var tree: OverlayTree
    /// The changes.
    private(set) var journal: OverlayJournal
    /// Files of the disc that are being copied.
    var copying: Set<UInt64> = []
    /// The number that the overlay's next file gets.
    var nextSerial: Int
    /// How often the kernel was told each number that it knows.
    private var known: [UInt64: UInt64] = [:]
    /// Files of the folder that are not needed any more, and where the journal ended when they became so.
    private var unneeded: [(serial: Int, end: Int)] = []
    /// Whether somebody is about to take them away.
    private var isClearing = false
    /// Files of the folder that are open, by their numbers; the one that was used last is the last.
    private var open: [(serial: Int, file: File)] = []

    private let folder: OverlayFolder

    init(_ tree: OverlayTree, _ journal: OverlayJournal, _ folder: OverlayFolder) {
        self.folder = folder
        self.tree = tree
        self.journal = journal
        nextSerial = tree.lastSerial + 1
    }

    /// Notes that the kernel knows a file.
    mutating func remember(_ inode: UInt64) { known[inode, default: 0] += 1 }

    /// Notes that the kernel forgets a file, which goes if it has no name any more.
    mutating func forget(_ inode: UInt64, count: UInt64) {
        let times = known[inode] ?? 0
        known[inode] = times > count ? times - count : nil
        release(inode)
    }

    /// Writes a change to the journal and makes it.
    mutating func make(
        _ change: OverlayChange,
        _ paths: OverlayPaths,
        keepsReserve: Bool = false
    ) throws(SystemError) {
        try tree.check(change)
        let time = LibFUSE.FileAttributes.Moment.now
        let line = OverlayLine(.change(change), time)
        try journal.append(line.bytes(paths), keepsReserve: keepsReserve)
        tree.apply(change, at: time)
        if journal.isLong { _ = shortenJournal(paths) }
    }

    /// Has a journal that says the same in fewer lines take the place of the present one.
    ///
    /// - Parameters:
    ///   - paths: Finds the files of the tree.
    ///   - least: How much shorter it has to be.
    /// - Returns: Whether there is one.
    mutating func shortenJournal(_ paths: OverlayPaths, toPart least: Int = 2) -> Bool {
        let spare = nextSerial
        guard journal.shorten(tree, paths, in: folder, aside: spare, toPart: least) else {
            return false
        }
        nextSerial += 1
        // Once it has its name on the storage, nothing names them any more.
        unneeded = unneeded.map { ($0.serial, 0) }
        return true
    }

    /// Changes a file; of one without a name the journal knows nothing.
    mutating func make(
        _ change: OverlayChange,
        of node: OverlayNode,
        _ paths: OverlayPaths
    ) throws(SystemError) {
        if node.isNamed {
            try make(change, paths, keepsReserve: false)
        } else {
            tree.apply(change, at: .now)
        }
    }

    /// Has the bytes of a file of the disc in the folder from now on.
    mutating func store(_ inode: UInt64, _ serial: Int, _ paths: OverlayPaths)
        throws(SystemError)
    {
        guard let node = tree.node(inode) else { throw .noSuchFile("write") }
        if node.isNamed {
            try make(.store(inode, serial: serial), paths, keepsReserve: true)
        } else {
            tree.storeNameless(inode, serial: serial)
        }
    }

    /// A file of the folder, opened or taken from those that are open.
    mutating func file(_ serial: Int, in folder: OverlayFolder) throws(SystemError)
        -> File
    {
        if let index = open.firstIndex(where: { $0.serial == serial }) {
            let known = open.remove(at: index)
            open.append(known)
            return known.file
        }
        let file = try File(folder.file(serial), .update, followsLinks: false)
        if open.count >= Self.mostOpen { open.removeFirst() }
        open.append((serial, file))
        return file
    }

    /// Lets a file go that has no name, and that the kernel has forgotten.
    ///
    /// Its bytes stay until the journal is on the storage: what is there names them.
    mutating func release(_ inode: UInt64) {
        guard known[inode] == nil, let node = tree.node(inode), !node.isNamed else { return }
        if case .stored(let serial) = node.content {
            open.removeAll { $0.serial == serial }
            unneeded.append((serial, journal.end))
        }
        tree.drop(inode)
    }

    /// Whether there are files of the folder that are not needed any more.
    var hasUnneeded: Bool { !unneeded.isEmpty }

    /// Whether files are to be taken away, and nobody else is about to do so.
    mutating func beginClearing() -> Bool {
        guard hasUnneeded, !isClearing else { return false }
        isClearing = true
        return true
    }

    /// Notes that nobody is about to take files away.
    mutating func endClearing() { isClearing = false }

    /// Sees to it that the journal is found after a failure of power.
    mutating func synchronizeJournalName() throws(SystemError) {
        try journal.synchronizeName(in: folder)
    }

    /// Notes that a journal is on the storage up to a place; another one may have taken its place meanwhile.
    ///
    /// - Returns: The files of the folder that can go.
    mutating func noteSynced(_ file: File, to place: Int, _ paths: OverlayPaths) -> [Int] {
        let place = file === journal.file ? place : 0
        journal.noteSynced(to: place, paths)
        let free = unneeded.filter { $0.end <= place }.map(\.serial)
        unneeded.removeAll { $0.end <= place }
        return free
    }

    /// The times of a file that were set since it was looked at; `nil` for those that were not.
    func times(of inode: UInt64, setSince node: OverlayNode) -> (
        accessed: FileDetails.Time?, modified: FileDetails.Time?
    ) {
        guard let now = tree.node(inode)?.attributes else { return (nil, nil) }
        let old = node.attributes
        return (
            now.accessed == old.accessed ? nil : now.accessed.time,
            now.modified == old.modified ? nil : now.modified.time
        )
    }
}

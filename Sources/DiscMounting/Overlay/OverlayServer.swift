public import LibFUSE
public import LinuxCalls
public import Reports

/// Serves the files of a disc to the kernel, and takes changes into an overlay's folder.
///
/// A change is in the journal before it is made, and bytes go into files of the folder before the program that
/// wrote them goes on: the kernel keeps nothing back. So a process that is killed loses nothing, and what was
/// synced outlives the power, too.
public final class OverlayServer: WritableFileServer {
    private let base: BaseFiles
    private let folder: OverlayFolder
    private let paths: OverlayPaths
    private let state: Monitor<OverlayState>
    /// The thread that takes files away soon, or did so last.
    private let clearing = Monitor<Thread?>(nil)
    /// What was lost of the overlay without being damage: a sentence each.
    public let notes: [String]

    /// Claims an overlay, and serves a disc with it.
    ///
    /// - Parameters:
    ///   - tree: The files of the disc.
    ///   - contents: Where their bytes come from.
    ///   - folder: The overlay; begun if it is not there.
    ///   - record: What the overlay belongs to.
    /// - Throws: ``Reports/Failure`` if another process uses it, it belongs to something else, or it is
    ///   damaged.
    public init(
        _ tree: MountTree,
        _ contents: MountedContents,
        _ folder: OverlayFolder,
        for record: OverlayRecord
    ) throws(Failure) {
        base = BaseFiles(tree, contents)
        self.folder = folder
        let journal = try folder.claim(for: record)
        let paths = OverlayPaths(tree)
        self.paths = paths
        var changed = OverlayTree(tree)
        do {
            let opened = try OverlayJournal(journal, &changed, paths)
            var notes = opened.isTorn ? [OverlayJournal.tear] : []
            notes += try Self.tidy(folder, changed, paths)
            self.notes = notes
            var state = OverlayState(changed, opened, folder)
            if opened.isLong { _ = state.shortenJournal(paths) }
            self.state = Monitor(state)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw folder.damage("\(error)")
        }
    }

    /// Takes away the folder's files that no file of the tree needs any more, or not yet.
    ///
    /// - Returns: What was lost: a sentence each.
    private static func tidy(_ folder: OverlayFolder, _ tree: OverlayTree, _ paths: OverlayPaths)
        throws -> [String]
    {
        var missing = tree.storedFiles
        for serial in try folder.storedFiles() where missing.removeValue(forKey: serial) == nil {
            try FileSystem.remove(folder.file(serial))
        }
        for (serial, inode) in missing {
            // A new file that was never synced may have lost its bytes with the power; those of the disc
            // were synced before the journal named them.
            guard tree.serial(of: inode) == serial else {
                throw folder.damage("\(folder.file(serial)) is missing")
            }
            _ = try File(folder.file(serial), .createNew)
        }
        guard !missing.isEmpty else { return [] }
        let names = OverlayNames(tree, paths)
        let lost = missing.values.map { names.path(of: $0) }.sorted()
        let more = lost.count > 8 ? " and \(lost.count - 8) more" : ""
        let files = lost.prefix(8).map { "“\($0.shown)”" }.joined(separator: ", ") + more
        return [
            "The bytes of new files that were never synced are lost; they are empty now: \(files)."
        ]
    }

    /// Whether anything was changed since the overlay was begun.
    public var isChanged: Bool { state.read { $0.journal.count > 0 } }

    /// Has a journal that says the same at once take the place of the present one, however long they are.
    ///
    /// - Returns: Whether that was done.
    package func shortenJournal() -> Bool {
        state.update { $0.shortenJournal(paths, toPart: 0) }
    }

    // MARK: Reading

    /// A second: what a program writes changes what the kernel was told.
    public var patience: Double { 1 }

    /// What `stat` tells of a file.
    public func attributes(of inode: UInt64) -> LibFUSE.FileAttributes? {
        guard let node = state.read({ $0.tree.node(inode) }) else { return nil }
        return try? folder.attributes(of: node)
    }

    /// The number of the file with a name in a directory.
    public func inode(named name: Span<UInt8>, in directory: UInt64) -> UInt64? {
        state.read { $0.tree.inode(named: name, in: directory) }
    }

    /// Where a symlink leads.
    public func linkTarget(of inode: UInt64) -> [UInt8]? {
        state.read { $0.tree.linkTarget(of: inode) }
    }

    /// The directory above a directory.
    public func parent(of directory: UInt64) -> UInt64? {
        state.read { $0.tree.parent(of: directory) }
    }

    /// Tells the entries of a directory.
    public func list(
        _ directory: UInt64,
        after place: Int,
        _ take: (_ name: Span<UInt8>, _ inode: UInt64, _ place: Int) -> Bool
    ) {
        // What takes them asks for their attributes, and so for the lock: it gets a copy.
        if let known = state.read({ $0.tree.directories[directory] }) {
            known.list(after: place, take)
        } else {
            base.tree.list(directory, after: place, take)
        }
    }

    /// How large the disc's data are and how much room the overlay has, and how many files there are.
    public var statistics: FileSystemStatistics {
        let free = (try? FileSystem.freeSpace(at: folder.path)) ?? 0
        let (bytes, overflow) = base.byteCount.addingReportingOverflow(free)
        return FileSystemStatistics(
            bytes: overflow ? .max : bytes,
            freeBytes: free,
            files: state.read { $0.tree.count }
        )
    }

    /// Reads bytes: straight from the file that has them if they lie there together, as they are.
    public func read(_ request: ReadRequest, at offset: Int, count: Int, of inode: UInt64) {
        do throws(SystemError) {
            let stored = try state.update { state throws(SystemError) -> File? in
                guard let node = state.tree.node(inode) else { throw .noSuchFile("read") }
                guard case .stored(let serial) = node.content else { return nil }
                return try state.file(serial, in: folder)
            }
            if let stored {
                let size = try stored.status().size
                let wanted = offset >= 0 && offset < size ? min(count, size - offset) : 0
                if wanted == 0 { return request.answer([UInt8]().span) }
                return request.answer(stored, at: offset, count: wanted)
            }
            guard let node = base.tree.node(inode) else { throw .noSuchFile("read") }
            base.answer(request, at: offset, count: count, of: node)
        } catch {
            request.fail(error)
        }
    }

    // MARK: What the kernel knows

    /// Notes that the kernel knows a file.
    public func remember(_ inode: UInt64) {
        state.update { $0.remember(inode) }
    }

    /// Notes that the kernel forgets a file, which goes if it has no name any more.
    public func forget(_ inode: UInt64, count: UInt64) {
        state.update { $0.forget(inode, count: count) }
        clearSoon()
    }

    // MARK: Names

    /// Makes a file, a directory or a symlink.
    public func make(
        _ file: NewFile,
        named name: [UInt8],
        in directory: UInt64,
        by user: (owner: UInt32, group: UInt32)
    ) throws(SystemError) -> UInt64 {
        try makingRoom { () throws(SystemError) -> UInt64 in
            try makeNew(file, named: name, in: directory, by: user)
        }
    }

    private func makeNew(
        _ file: NewFile,
        named name: [UInt8],
        in directory: UInt64,
        by user: (owner: UInt32, group: UInt32)
    ) throws(SystemError) -> UInt64 {
        try state.update { state throws(SystemError) in
            guard let parent = state.tree.node(directory) else { throw .noSuchFile("open") }
            // What is made in a directory with the set-group-ID bit has its group (inode(7)).
            let inherits = parent.attributes.mode & 0o2000 != 0
            var new = OverlayNewFile(
                kind: .file,
                permissions: 0o777,
                owner: user.owner,
                group: inherits ? parent.attributes.group : user.group
            )
            switch file {
            case .file(let permissions): new.permissions = permissions
            case .directory(let permissions):
                new.kind = .directory
                new.permissions = permissions | (inherits ? 0o2000 : 0)
            case .link(let target):
                guard !target.isEmpty else { throw .noSuchFile("symlink") }
                new.kind = .link(target: target)
            }
            let serial = state.nextSerial
            let place = OverlayPlace(directory: directory, name: name)
            let change = OverlayChange.make(serial: serial, new, at: place)
            try state.tree.check(change)
            state.nextSerial += 1
            guard case .file = file else {
                try state.make(change, paths, keepsReserve: true)
                return state.tree.inode(ofSerial: serial)
            }
            let path = folder.file(serial)
            _ = try File(path, .createNew)
            do throws(SystemError) {
                try state.make(change, paths, keepsReserve: true)
            } catch {
                try? FileSystem.remove(path)
                throw error
            }
            return state.tree.inode(ofSerial: serial)
        }
    }

    /// Gives a file a further name.
    public func link(_ inode: UInt64, named name: [UInt8], in directory: UInt64)
        throws(SystemError)
    {
        let place = OverlayPlace(directory: directory, name: name)
        try state.update { state throws(SystemError) in
            try state.make(.link(inode, at: place), paths, keepsReserve: true)
        }
    }

    /// Takes a name away.
    public func remove(_ name: [UInt8], from directory: UInt64, isDirectory: Bool)
        throws(SystemError)
    {
        let place = OverlayPlace(directory: directory, name: name)
        try state.update { state throws(SystemError) in
            guard let inode = state.tree.inode(at: place), let node = state.tree.node(inode) else {
                throw .noSuchFile("unlink")
            }
            guard node.isDirectory == isDirectory else {
                throw isDirectory ? .notADirectory("rmdir") : .isADirectory("unlink")
            }
            try state.make(.remove(place), paths)
            state.release(inode)
        }
        clearSoon()
    }

    /// Gives a file or a directory another name.
    public func move(
        _ name: [UInt8],
        from directory: UInt64,
        to newName: [UInt8],
        in newDirectory: UInt64,
        _ manner: MoveManner
    ) throws(SystemError) {
        let place = OverlayPlace(directory: directory, name: name)
        let target = OverlayPlace(directory: newDirectory, name: newName)
        try state.update { state throws(SystemError) in
            let replaced = state.tree.inode(at: target)
            switch manner {
            case .exchange: try state.make(.exchange(place, target), paths)
            case .keep where replaced != nil: throw .exists("rename")
            case .keep, .replace:
                try state.make(.move(place, to: target), paths)
                if let replaced { state.release(replaced) }
            }
        }
        clearSoon()
    }

    // MARK: Attributes and bytes

    /// Changes what `stat` tells of a file.
    public func change(_ change: AttributeChange, of inode: UInt64) throws(SystemError) {
        if let size = change.size { try setSize(size, of: inode) }
        var wanted = OverlayAttributes()
        wanted.permissions = change.permissions
        wanted.owner = change.owner
        wanted.group = change.group
        wanted.accessed = change.accessed
        wanted.modified = change.modified
        guard !wanted.isEmpty else { return }
        try state.update { state throws(SystemError) in
            guard let node = state.tree.node(inode) else { throw .noSuchFile("setattr") }
            if case .stored(let serial) = node.content {
                // The times of stored files are those of the folder's files.
                if wanted.accessed != nil || wanted.modified != nil {
                    let file = try state.file(serial, in: folder)
                    try file.setTimes(
                        accessed: wanted.accessed.map { $0.time },
                        modified: wanted.modified.map { $0.time }
                    )
                }
                wanted.accessed = nil
                wanted.modified = nil
                guard !wanted.isEmpty else { return }
            }
            try state.make(.set(inode, wanted), of: node, paths)
        }
    }

    private func setSize(_ size: Int, of inode: UInt64) throws(SystemError) {
        guard size >= 0 else { throw .invalid("truncate") }
        _ = try makingRoom { () throws(SystemError) -> File in
            try writable(inode, keeping: size) { file throws(SystemError) in
                try file.setSize(size)
                // The system sets the time only if the size changes.
                try file.setTimes(accessed: nil, modified: .now)
            }
        }
    }

    /// Writes bytes of a file.
    public func write(_ bytes: Span<UInt8>, at offset: Int, to inode: UInt64) throws(SystemError)
        -> Int
    {
        guard offset >= 0 else { throw .invalid("write") }
        // A span can't be lent to what may be done twice.
        let file = try makingRoom { () throws(SystemError) -> File in
            try writable(inode, keeping: .max) { _ in }
        }
        do throws(SystemError) {
            return try file.writeSome(bytes, at: offset)
        } catch {
            try makeRoom(after: error)
            return try file.writeSome(bytes, at: offset)
        }
    }

    /// Waits until a file or a directory, as it is now, is on the storage.
    public func synchronize(_ inode: UInt64) throws(SystemError) {
        let stored = try state.update { state throws(SystemError) -> File? in
            guard case .stored(let serial) = state.tree.node(inode)?.content else { return nil }
            return try state.file(serial, in: folder)
        }
        if let stored { try stored.synchronizeWithTimes() }
        try settle()
    }

    /// Waits until the overlay is on the storage, but for bytes of files; to be called when nobody changes it
    /// any more.
    public func finish() {
        clearing.update { thread in
            defer { thread = nil }
            return thread
        }?.join()
        try? settle()
    }

    /// Waits until the journal is on the storage, and takes files away that it does not name any more.
    private func settle() throws(SystemError) {
        let (journal, end) = state.read { ($0.journal.file, $0.journal.end) }
        // What the journal names must be there first.
        try Directory(folder.files).synchronize()
        try journal.synchronize()
        try state.update { state throws(SystemError) in try state.synchronizeJournalName() }
        for serial in state.update({ $0.noteSynced(journal, to: end, paths) }) {
            try? FileSystem.remove(folder.file(serial))
        }
    }

    /// Takes files away that are not needed any more, many at once: soon, and on another thread.
    private func clearSoon() {
        guard state.update({ $0.beginClearing() }) else { return }
        do throws(SystemError) {
            let thread = try Thread(name: "clearing") { [weak self] in
                Clock.sleep(seconds: 0.1)
                self?.clear()
            }
            clearing.update { $0 = thread }
        } catch {
            clear()
        }
    }

    private func clear() {
        state.update { $0.endClearing() }
        try? settle()
    }

    /// Does something, and once more if there was no room for it and some could be made.
    private func makingRoom<Result>(_ body: () throws(SystemError) -> Result) throws(SystemError)
        -> Result
    {
        do throws(SystemError) {
            return try body()
        } catch {
            try makeRoom(after: error)
            return try body()
        }
    }

    private func makeRoom(after error: SystemError) throws(SystemError) {
        guard error.isNoSpace, state.read({ $0.hasUnneeded }) else { throw error }
        try settle()
    }

    /// The file of the folder that has a file's bytes; those of a file of the disc are copied before.
    ///
    /// - Parameters:
    ///   - inode: The file.
    ///   - count: How many of its first bytes are needed.
    ///   - body: Is given the file, before anybody else sees a copy.
    /// - Returns: The file.
    /// - Throws: The error for the program; then the file is as it was.
    private func writable(
        _ inode: UInt64,
        keeping count: Int,
        _ body: (File) throws(SystemError) -> Void
    ) throws(SystemError) -> File {
        let claim = state.wait { state -> Result<(serial: Int, node: OverlayNode), SystemError>? in
            guard !state.copying.contains(inode) else { return nil }
            guard let node = state.tree.node(inode) else { return .failure(.noSuchFile("write")) }
            guard node.isFile else {
                return .failure(node.isDirectory ? .isADirectory("write") : .invalid("write"))
            }
            if case .stored(let serial) = node.content { return .success((serial, node)) }
            state.copying.insert(inode)
            defer { state.nextSerial += 1 }
            return .success((state.nextSerial, node))
        }
        let (serial, node) = try claim.get()
        guard node.content == .base, let source = base.tree.node(inode) else {
            let file = try state.update { state throws(SystemError) in
                try state.file(serial, in: folder)
            }
            try body(file)
            return file
        }
        defer { state.update { _ = $0.copying.remove(inode) } }
        let path = folder.file(serial)
        let file = try File(path, .createNew)
        do throws(SystemError) {
            try base.copy(source, count: count, to: file)
            try file.setTimes(
                accessed: node.attributes.accessed.time,
                modified: node.attributes.modified.time
            )
            try body(file)
            // The journal must not name what the power may take away: the disc has it.
            try file.synchronizeWithTimes()
            try Directory(folder.files).synchronize()
            try state.update { state throws(SystemError) in
                // Times that were set meanwhile are those of the tree's file, and not of the copy.
                let times = state.times(of: inode, setSince: node)
                if times.accessed != nil || times.modified != nil {
                    try file.setTimes(accessed: times.accessed, modified: times.modified)
                }
                try state.store(inode, serial, paths)
            }
        } catch {
            try? FileSystem.remove(path)
            throw error
        }
        return file
    }
}

extension OverlayFolder {
    /// What `stat` tells of a file: of a stored one its size and its times are those of the folder's file.
    func attributes(of node: OverlayNode) throws(SystemError) -> LibFUSE.FileAttributes {
        guard case .stored(let serial) = node.content else { return node.attributes }
        let details = try FileDetails(file(serial), followsLinks: false)
        var attributes = node.attributes
        attributes.size = details.size
        attributes.allocatedSize = FileSystem.allocatedSize(file(serial))
        attributes.modified = LibFUSE.FileAttributes.Moment(details.modified)
        attributes.accessed = LibFUSE.FileAttributes.Moment(details.accessed)
        attributes.changed = max(attributes.changed, LibFUSE.FileAttributes.Moment(details.changed))
        return attributes
    }
}

internal import CLinux
import Glibc
public import SystemPackage

/// Files on their way to their names, which they get together once all of them are complete; until
/// then their names end in “.part”.
///
/// All that is written for a user to keep goes this way: images, maps, reports and traces. So nothing
/// incomplete ever has a name that was asked for, however the process ends. The files are open, and
/// claimed by this process, for as long as this object lives, whatever the caller does with them.
///
/// No link is followed. A file under a name that was asked for is replaced only if that was asked for,
/// and is what it was until all new ones are on the storage. A “.part” that another process is
/// writing is left alone. So is one that nobody writes any more, unless it is marked as worthless, as
/// those of conversions are, or may be replaced.
public final class UnfinishedFiles {
    /// A file that was made.
    private struct Made {
        let path: FilePath
        let file: File
        let identity: FileIdentity
        let replaces: Bool
    }

    /// How a file got its name.
    private enum Step {
        /// The name was free.
        case named(Made)
        /// The old file has the other's name ending in “.part”.
        case exchanged(Made)
        /// The old file has a third name.
        case setAside(Made, FilePath)
        /// The old file is gone, on a file system that knows no other way.
        case replaced
    }

    private enum State {
        case planned, begun, complete, over
    }

    /// The names that the files get.
    public private(set) var paths: [FilePath]
    private let replaces: Bool
    private let survives: Bool
    private var made: [Made] = []
    private var outdated: [FilePath] = []
    private var state = State.planned

    /// Plans files.
    ///
    /// - Parameters:
    ///   - paths: Their names.
    ///   - replaces: Whether files that have these names may be replaced.
    ///   - survives: Whether what was written is worth keeping under the name ending in “.part” if it
    ///     is never completed, as what was read of a failing disc is.
    ///   - adopts: Whether files that an earlier process left are taken as they are, by ``adopt()``.
    /// - Throws: `SystemError` if a name, or the one ending in “.part”, is taken by a file that may not
    ///   be replaced, or by something that is no file.
    public init(
        _ paths: [FilePath],
        replaces: Bool,
        survives: Bool = false,
        adopts: Bool = false
    ) throws(SystemError) {
        self.paths = paths
        self.replaces = replaces
        self.survives = survives
        for path in paths where !adopts { try check(path, replaces) }
    }

    /// Writes a whole file.
    ///
    /// - Parameters:
    ///   - bytes: Its content.
    ///   - path: Its name.
    ///   - replaces: Whether a file that has this name may be replaced.
    /// - Returns: Which file it is.
    /// - Throws: `SystemError`; then the name leads to what it led to before.
    @discardableResult
    public static func write(_ bytes: [UInt8], to path: FilePath, replaces: Bool)
        throws(SystemError) -> FileIdentity
    {
        let files = try UnfinishedFiles([path], replaces: replaces)
        let file = try files.begin()[0]
        try file.write(bytes.span, at: 0)
        let identity = try file.identity()
        try files.finish()
        return identity
    }

    /// The name that a file has until it is complete.
    public static func unfinished(_ path: FilePath) -> FilePath { path.adding(".part") }

    /// The name that a file gets once it is complete; `nil` if it has no unfinished one.
    public static func target(of unfinished: FilePath) -> FilePath? {
        unfinished.removing(".part")
    }

    /// The file beside an image that says which of its sectors were read.
    public static func map(of path: FilePath) -> FilePath { path.adding(".map") }

    /// Whether an interrupted rip left its image, with the map of it, or is still writing it.
    public static func isRipped(_ path: FilePath) -> Bool {
        FileSystem.entry(unfinished(path)) != nil && FileSystem.entry(map(of: path)) != nil
    }

    /// Whether a file is claimed, as a virtual disc is by the drive that holds it.
    public static func isClaimed(_ path: FilePath) -> Bool {
        guard FileSystem.entry(path)?.kind == .regular,
            let file = try? File(path, .read, nonBlocking: true, followsLinks: false)
        else { return false }
        return (try? file.tryLock()) == false
    }

    /// Refuses a name that the file can't get, or can't have on its way.
    private func check(_ path: FilePath, _ replaces: Bool) throws(SystemError) {
        try Self.check(path, replaces)
        _ = try leftover(Self.unfinished(path), of: path, replaces)
    }

    private static func check(_ path: FilePath, _ replaces: Bool) throws(SystemError) {
        guard let entry = FileSystem.entry(path) else { return }
        guard replaces else { throw SystemError(errno: EEXIST, call: "open", path: path.string) }
        switch entry.kind {
        case .regular, nil: break
        case .directory: throw SystemError(errno: EISDIR, call: "open", path: path.string)
        default: throw SystemError(errno: EEXIST, call: "open", path: path.string)
        }
        if isClaimed(path) { throw SystemError(errno: EBUSY, call: "flock", path: path.string) }
    }

    // MARK: Writing

    /// Makes the files, empty.
    ///
    /// - Returns: They are open for reading and writing.
    /// - Throws: `SystemError` if one can't be made or another process is writing it; then
    ///   ``abandon()`` takes away those that were made.
    public func begin() throws(SystemError) -> [File] {
        state = .begun
        for path in paths { made.append(try make(path, replaces)) }
        return files
    }

    /// The file that is to have a name, while it doesn't; `nil` if there is none.
    public func file(for path: FilePath) -> File? {
        made.first { $0.path.lexicallyNormalized() == path.lexicallyNormalized() }?.file
    }

    /// The files that were made.
    public var files: [File] { made.map(\.file) }

    /// Takes files that an earlier process left under the names ending in “.part”, as they are; one that
    /// has its name already has the other one again then.
    ///
    /// - Returns: They are open for reading and writing.
    /// - Throws: `SystemError` if one is not there, is no file, or another process is writing it.
    public func adopt() throws(SystemError) -> [File] {
        for path in paths {
            let part = Self.unfinished(path)
            // While something is added, nothing has the name of something finished.
            if FileSystem.entry(part) == nil { try Self.unfinish(path) }
            let file = try File(part, .update, nonBlocking: true, followsLinks: false)
            guard try file.status().kind == .regular else {
                throw SystemError(errno: EEXIST, call: "open", path: part.string)
            }
            guard try Self.claim(file) else {
                throw SystemError(errno: EBUSY, call: "flock", path: part.string)
            }
            let identity = try file.identity()
            guard FileSystem.entry(part)?.identity == identity else {
                throw SystemError(errno: ENOENT, call: "open", path: part.string)
            }
            made.append(
                Made(path: path, file: file, identity: identity, replaces: replaces)
            )
        }
        state = .begun
        return files
    }

    /// Takes a finished file's name away, so that it can be gone on with: it has the one that ends in
    /// “.part” then.
    ///
    /// - Throws: `SystemError` if it is no file, another process has claimed it, or there is a file of the
    ///   other name.
    private static func unfinish(_ path: FilePath) throws(SystemError) {
        try check(path, true)
        try FileSystem.renameNew(path, to: unfinished(path))
        try synchronize(FileSystem.directory(of: path))
    }

    /// Makes another file, which gets its name together with the others.
    ///
    /// - Parameters:
    ///   - path: Its name.
    ///   - replaces: Whether a file that has this name may be replaced; as for the others if `nil`.
    /// - Returns: It is open for reading and writing.
    /// - Throws: `SystemError` as from ``init(_:replaces:survives:adopts:)`` and ``begin()``.
    public func add(_ path: FilePath, replaces: Bool? = nil) throws(SystemError) -> File {
        let replaces = replaces ?? self.replaces
        try check(path, replaces)
        state = .begun
        let new = try make(path, replaces)
        paths.append(path)
        made.append(new)
        return new.file
    }

    /// Names a file that says something of the one that is replaced: it is taken away once the new
    /// ones have their names.
    public func retire(_ path: FilePath) { outdated.append(path) }

    private func make(_ path: FilePath, _ replaces: Bool) throws(SystemError) -> Made {
        let part = Self.unfinished(path)
        // What is in the way may come and go a few times; who keeps putting it there is writing it.
        for _ in 0..<8 {
            do throws(SystemError) {
                let file = try File(part, .createNew)
                if !survives { file.markUnfinished(true) }
                guard try Self.claim(file) else { continue }
                let identity = try file.identity()
                guard FileSystem.entry(part)?.identity == identity else { continue }
                let new = Made(
                    path: path,
                    file: file,
                    identity: identity,
                    replaces: replaces
                )
                if replaces { Self.keepPermissions(of: path, in: file) }
                return new
            } catch  where error.isFileExists {
                try clear(part, of: path, replaces)
            }
        }
        throw SystemError(errno: EBUSY, call: "open", path: part.string)
    }

    /// Claims a new file, which another process may have taken for one that somebody left.
    private static func claim(_ file: File) throws(SystemError) -> Bool {
        for _ in 0..<5 {
            if try file.tryLock() { return true }
            Clock.sleep(seconds: 0.01)
        }
        return false
    }

    /// Takes away what an earlier process left.
    ///
    /// - Throws: As from ``leftover(_:of:_:)``.
    private func clear(_ part: FilePath, of path: FilePath, _ replaces: Bool)
        throws(SystemError)
    {
        guard let left = try leftover(part, of: path, replaces) else { return }
        if FileSystem.entry(part)?.identity == left.identity { try FileSystem.remove(part) }
        withExtendedLifetime(left.file) {}
    }

    /// What an earlier process left, if it is worthless or may be replaced.
    ///
    /// - Returns: Which file it is, and the file itself, claimed; `nil` if there is none, or it has got
    ///   its name meanwhile.
    /// - Throws: `SystemError` if it may not be taken away, or another process is writing it.
    private func leftover(_ part: FilePath, of path: FilePath, _ replaces: Bool)
        throws(SystemError)
        -> (identity: FileIdentity, file: File?)?
    {
        guard let entry = FileSystem.entry(part) else { return nil }
        let taken = SystemError(errno: EEXIST, call: "open", path: part.string)
        var isWorthless = false
        var old: File?
        switch entry.kind {
        case .regular:
            old = try? File(part, .read, nonBlocking: true, followsLinks: false)
            if let old {
                guard try old.tryLock() else {
                    throw SystemError(errno: EBUSY, call: "flock", path: part.string)
                }
                // It may have got its name meanwhile.
                guard try old.identity() == entry.identity else { return nil }
                isWorthless = old.isMarkedUnfinished
            }
        case nil: break
        default: throw taken
        }
        // What was read of a disc may not be had again.
        let isRipped = !survives && FileSystem.entry(Self.map(of: path)) != nil
        guard isWorthless || replaces && !isRipped else { throw taken }
        return (entry.identity, old)
    }

    /// Gives a file the permissions of the one that it is to replace.
    private static func keepPermissions(of path: FilePath, in file: File) {
        guard let old = FileSystem.entry(path), old.kind == .regular else { return }
        // A file system without permissions refuses that, and has none to keep.
        try? file.setPermissions(old.permissions)
    }

    /// Waits until all that was written is on the storage; the files have no names yet.
    ///
    /// - Throws: `SystemError` if a write failed that seemed to have been done.
    public func complete() throws(SystemError) {
        guard state == .begun else { return }
        for new in made {
            new.file.markUnfinished(false)
            try new.file.synchronize()
        }
        state = .complete
    }

    // MARK: Naming

    /// Gives the files their names, which they keep then: all of them or none.
    ///
    /// - Throws: `SystemError` if one can't be completed or can't get its name. Then every name leads
    ///   to what it led to before, and ``abandon()`` takes the new files away.
    public func finish() throws(SystemError) {
        try complete()
        guard state == .complete else { return }
        // The old files stay claimed, so that no drive takes one while it is replaced.
        var claimed: [File] = []
        var steps: [Step] = []
        do throws(SystemError) {
            for new in made { steps.append(try name(new, &claimed)) }
            try synchronizeDirectories()
        } catch {
            for step in steps.reversed() { Self.undo(step) }
            try? synchronizeDirectories()
            throw error
        }
        state = .over
        for step in steps {
            switch step {
            case .exchanged(let new): try? FileSystem.remove(Self.unfinished(new.path))
            case .setAside(_, let aside): try? FileSystem.remove(aside)
            case .named, .replaced: break
            }
        }
        for path in outdated where [.regular, nil].contains(FileSystem.entry(path)?.kind) {
            try? FileSystem.remove(path)
        }
        try? synchronizeDirectories()
        withExtendedLifetime(claimed) {}
        made.removeAll()
    }

    /// Waits until the names in a directory are on the storage.
    private static func synchronize(_ directory: FilePath) throws(SystemError) {
        // A directory that may be written to need not be one that may be read.
        guard let directory = try? Directory(directory) else { return }
        try directory.synchronize()
    }

    private func synchronizeDirectories() throws(SystemError) {
        for directory in Set(paths.map(FileSystem.directory(of:))) {
            try Self.synchronize(directory)
        }
    }

    private func name(_ new: Made, _ claimed: inout [File]) throws(SystemError) -> Step {
        let (part, path) = (Self.unfinished(new.path), new.path)
        guard FileSystem.entry(part)?.identity == new.identity else {
            // Somebody took it away, or put something else in its place.
            throw SystemError(errno: ENOENT, call: "rename", path: part.string)
        }
        do throws(SystemError) {
            try FileSystem.renameNew(part, to: path)
            return .named(new)
        } catch  where error.isFileExists && new.replaces {}
        try Self.check(path, true)
        if let old = try? File(path, .read, nonBlocking: true, followsLinks: false) {
            guard try old.tryLock() else {
                throw SystemError(errno: EBUSY, call: "flock", path: path.string)
            }
            claimed.append(old)
        }
        Self.keepPermissions(of: path, in: new.file)
        if try FileSystem.exchange(part, path) { return .exchanged(new) }
        if made.count == 1 {
            try FileSystem.rename(part, to: path)
            return .replaced
        }
        let aside = path.adding(".old.part")
        try FileSystem.renameNew(path, to: aside)
        do throws(SystemError) {
            try FileSystem.renameNew(part, to: path)
        } catch {
            try? FileSystem.renameNew(aside, to: path)
            throw error
        }
        return .setAside(new, aside)
    }

    private static func undo(_ step: Step) {
        switch step {
        case .named(let new):
            try? FileSystem.renameNew(new.path, to: unfinished(new.path))
        case .exchanged(let new):
            _ = try? FileSystem.exchange(new.path, unfinished(new.path))
        case .setAside(let new, let aside):
            try? FileSystem.renameNew(new.path, to: unfinished(new.path))
            try? FileSystem.renameNew(aside, to: new.path)
        case .replaced: break
        }
    }

    // MARK: Giving up

    /// Takes the files away, unless they have got their names.
    public func abandon() {
        guard state != .over else { return }
        state = .over
        for new in made {
            let part = Self.unfinished(new.path)
            if FileSystem.entry(part)?.identity == new.identity { try? FileSystem.remove(part) }
        }
        made.removeAll()
    }

    /// Leaves the files under the names that end in “.part”, for somebody to go on with.
    ///
    /// - Throws: `SystemError` if a write failed that seemed to have been done.
    public func keep() throws(SystemError) {
        guard state != .over else { return }
        defer {
            state = .over
            made.removeAll()
        }
        try complete()
    }

    deinit {
        if !survives { abandon() }
    }
}

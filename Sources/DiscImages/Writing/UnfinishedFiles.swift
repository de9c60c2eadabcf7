public import LinuxCalls
public import SystemPackage

/// Files that get their names when all of them are written; until then these end in “.part”.
///
/// So nothing half-written ever has a name that was asked for, however the process ends. What an
/// interrupted process left behind is replaced; what one that still runs is writing is not.
public final class UnfinishedFiles {
    private enum State {
        case planned, begun, over
    }

    /// The names that the files get.
    public let paths: [FilePath]
    /// How many were made, or begun to be.
    private var made = 0
    /// How many have got their names.
    private var finished = 0
    private var state = State.planned

    /// Plans files.
    ///
    /// - Parameters:
    ///   - paths: Their names.
    ///   - replaces: Whether files that have these names may be replaced.
    /// - Throws: `SystemError` where they may not, and one is there.
    public init(_ paths: [FilePath], replaces: Bool) throws(SystemError) {
        self.paths = paths
        guard !replaces else { return }
        for path in paths where FileSystem.exists(path) {
            // 17 is EEXIST.
            throw SystemError(errno: 17, call: "open", path: path.string)
        }
    }

    /// The name that a file has until it is whole.
    private static func unfinished(_ path: FilePath) -> FilePath { FilePath("\(path).part") }

    /// Makes the files.
    ///
    /// - Parameter make: Makes a file that is not there yet, and claims it for this process.
    /// - Returns: What it made.
    /// - Throws: What it throws, and `SystemError` where another process is writing the same; then
    ///   ``abandon()`` takes away those that were made.
    public func begin<Made>(_ make: (FilePath) throws -> Made) throws -> [Made] {
        var files: [Made] = []
        for path in paths {
            try Self.clear(Self.unfinished(path))
            made += 1
            state = .begun
            files.append(try make(Self.unfinished(path)))
        }
        return files
    }

    /// Makes the files, empty.
    ///
    /// - Returns: They are open for reading and writing.
    /// - Throws: `SystemError` where one can't be made.
    public func begin() throws -> [File] {
        try begin { path in
            let file = try File(path, .createNew)
            _ = try file.tryLock()
            return file
        }
    }

    /// Takes away what an interrupted process left.
    private static func clear(_ path: FilePath) throws(SystemError) {
        guard FileSystem.exists(path) || FileSystem.linkTarget(path) != nil else { return }
        if let file = try? File(path, .read, nonBlocking: true), try !file.tryLock() {
            // 16 is EBUSY.
            throw SystemError(errno: 16, call: "flock", path: path.string)
        }
        try FileSystem.remove(path)
    }

    /// Gives the files their names, which they keep then.
    ///
    /// - Throws: `SystemError` where one can't get its name; then ``abandon()`` takes away all of them.
    public func finish() throws(SystemError) {
        for path in paths {
            try FileSystem.rename(Self.unfinished(path), to: path)
            finished += 1
        }
        state = .over
    }

    /// Takes the files away, unless they have all got their names.
    public func abandon() {
        guard state == .begun else { return }
        state = .over
        for path in paths.prefix(finished) { try? FileSystem.remove(path) }
        for path in paths.prefix(made).dropFirst(finished) {
            try? FileSystem.remove(Self.unfinished(path))
        }
    }

    deinit {
        abandon()
    }
}

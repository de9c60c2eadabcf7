import LinuxCalls
import Reports
import SystemPackage

/// The directory in which a process keeps the sockets of its drives.
///
/// A process that is killed leaves its directory behind, and the next one that makes a directory
/// there removes it. Whether its owner lives is told by a lock, which ends with the owner, and not
/// by the owner's number, which another process may have by then.
final class DriveDirectory {
    private static let prefix = "spindle-"
    /// The file that the owner holds locked.
    private static let ownerName = "owner"

    /// Where it is.
    let path: FilePath
    private let owner: File

    /// Makes a directory that only this user may enter.
    init(in parent: FilePath) throws(SystemError) {
        Self.removeAbandoned(in: parent)
        path = try FileSystem.makeTemporaryDirectory(in: parent, prefix: Self.prefix)
        do throws(SystemError) {
            // The name appears when the lock is held: who finds it unlocked may take it for
            // abandoned.
            let unnamed = path.appending("\(Self.ownerName).new")
            owner = try File(unnamed, .createNew)
            guard try owner.tryLock() else {
                throw SystemError(
                    errno: Errno.resourceBusy.rawValue,
                    call: "flock",
                    path: path.string
                )
            }
            let number = Array("\(Processes.ownNumber)\n".utf8)
            try owner.write(number.span, at: 0)
            try FileSystem.rename(unnamed, to: path.appending(Self.ownerName))
        } catch {
            Self.remove(path)
            throw error
        }
    }

    /// The longest path that a socket can have (unix(7)).
    private static let longestSocketPath = 107

    /// Where such directories may be, the best place first.
    ///
    /// What is left of another user's session, such as `XDG_RUNTIME_DIR` after su, may be no place for this one; a
    /// relative path counts for nothing there (XDG Base Directory Specification), for children have other directories.
    private static var parents: [FilePath] {
        // With a hundred drives a name is as long as the clock's.
        let longest = longestSocketPath - "/\(prefix)XXXXXX/clock".utf8.count
        return ["XDG_RUNTIME_DIR", "TMPDIR"].compactMap { Environment.value($0) }
            .map { FilePath(text: $0) }.filter { $0.isAbsolute && $0.length <= longest }
            + ["/tmp", "/var/tmp"]
    }

    /// Makes a directory where this user's processes keep such things.
    ///
    /// - Throws: ``Reports/Failure`` if none of the places takes one.
    static func make() throws(Failure) -> DriveDirectory {
        var problems: [String] = []
        for parent in parents {
            do throws(SystemError) {
                return try DriveDirectory(in: parent)
            } catch {
                problems.append("\(error)")
            }
        }
        throw Failure(
            .trouble,
            "No place for the drive's socket: \(problems.joined(separator: "; ")).",
            meaning: "",
            advice: "Name a directory with a short path that you may write to in TMPDIR."
        )
    }

    /// Where the socket of a drive goes.
    func socket(_ index: Int) -> FilePath {
        path.appending("sr\(index)")
    }

    /// Where the clock that the run's programs share goes.
    var clock: FilePath { path.appending("clock") }

    /// Removes the directory with what is in it.
    func remove() {
        Self.remove(path)
    }

    /// Removes directories whose owners have ended without doing it.
    private static func removeAbandoned(in parent: FilePath) {
        for name in (try? FileSystem.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
            let path = parent.appending(name)
            guard FileSystem.isOwnDirectory(path),
                let owner = try? File(path.appending(ownerName), .update),
                (try? owner.tryLock()) == true
            else { continue }
            remove(path)
        }
    }

    /// Removes a directory with the files in it, the owner's last.
    private static func remove(_ path: FilePath) {
        let names = (try? FileSystem.names(in: path)) ?? []
        for name in names where name != ownerName { try? FileSystem.remove(path.appending(name)) }
        try? FileSystem.remove(path.appending(ownerName))
        try? FileSystem.removeDirectory(path)
    }
}

import LibFUSE
import LinuxCalls
public import Reports
public import SystemPackage

/// A disc that is mounted by this program.
public struct MountedDisc: Hashable, Sendable, Codable {
    /// Whether its files can be had.
    public enum State: String, Hashable, Sendable, Codable {
        /// They can.
        case mounted
        /// The process that served them has ended.
        case stale
        /// The process that serves them does not answer.
        case silent
    }

    /// What is mounted: the path of the image, or the drive, as `PathText`.
    public var path: String
    /// The directory that it is mounted on, as `PathText`.
    public var directory: String
    /// The number of the user who mounted it.
    public var userID: Int?
    /// The process that serves it; `nil` if this user may not see it, or it has ended.
    public var process: Int?
    /// Whether its files can be had.
    public var state: State
    /// The folder of the overlay that takes the changes; `nil` if it can only be read, or this user can't tell.
    public var overlay: String?
    /// Whether another program mounted it.
    var isForeign = false

    enum CodingKeys: String, CodingKey {
        case path, directory, process, state, overlay
        case userID = "userId"
    }

    /// The discs that are mounted, in the order in which they were.
    public static func all() -> [MountedDisc] {
        let mounts = Mounts.all().filter { $0.type == MountOptions.type }
        guard !mounts.isEmpty else { return [] }
        let servers = servers()
        return mounts.map { mount in
            let state: State =
                switch Mounts.ask(mount.directory) {
                case .present: .mounted
                case .silence: .silent
                case .failed(let error): error.isNotConnected ? .stale : .mounted
                }
            let user = mount.options.first { $0.hasPrefix("user_id=") }.flatMap {
                Int($0.dropFirst("user_id=".count))
            }
            return MountedDisc(
                path: mount.source,
                directory: mount.directory.text,
                userID: user,
                process: state == .stale ? nil : servers[mount.directory],
                state: state,
                overlay: mount.options.contains("ro")
                    ? nil : (try? OverlayFolder.shown(on: mount.directory))?.path.text
            )
        }
    }

    /// The mounts of the disc in a drive, whoever made them, in the order in which they were made.
    public static func all(of node: FilePath) -> [MountedDisc] {
        let mounts = Mounts.all(of: node)
        guard !mounts.isEmpty else { return [] }
        let own = all()
        return mounts.map { mount in
            own.last { $0.directory == mount.directory.text }
                ?? MountedDisc(
                    path: mount.source,
                    directory: mount.directory.text,
                    state: .mounted,
                    isForeign: true
                )
        }
    }

    /// Who uses it, as a sentence's end: “bash (process 12)”; `nil` if nobody is known to.
    public var users: String? {
        let holders = MountHolder.all(of: FilePath(text: directory))
        return holders.isEmpty ? nil : MountHolder.sentence(holders)
    }

    /// A path as a command line has it.
    private static func quoted(_ path: String) -> String { path.contains(" ") ? "'\(path)'" : path }

    /// That it was unmounted, and how its overlay is mounted again: a sentence each.
    ///
    /// - Parameter overlay: The overlay, which holds the changes still.
    /// - Returns: The sentences.
    package func departure(keeping overlay: OverlayFolder) -> [String] {
        let isUsual = (try? OverlayFolder.usual(for: FilePath(text: path))) == overlay
        let place = isUsual ? "" : " --overlay \(Self.quoted(overlay.path.text))"
        return [
            "It is no longer mounted on \(directory); the changes are kept in \(overlay.path.text).",
            "“spindle mount --writable\(place) \(Self.quoted(path)) \(Self.quoted(directory))” mounts it with them again.",
        ]
    }

    /// The command that takes it away.
    public var command: String {
        let name = Self.quoted(directory)
        guard isForeign else { return "spindle unmount \(name)" }
        // Where udisks mounts what a user asked it for.
        let isOfDesktop = ["/media/", "/run/media/"].contains { directory.hasPrefix($0) }
        return isOfDesktop && User.number != 0 ? "udisksctl unmount -b \(path)" : "umount \(name)"
    }

    /// The processes that serve mounts, by their directories.
    private static func servers() -> [FilePath: Int] {
        var found: [FilePath: Int] = [:]
        for process in Processes.all {
            let arguments = Processes.arguments(of: process)
            guard arguments.count > 3, arguments[1] == "mount",
                arguments.contains("--foreground")
            else { continue }
            let directory = Processes.directory(of: process)
            for argument in arguments.dropFirst(2) where !argument.hasPrefix("-") {
                let path = FilePath(text: argument)
                guard let path = path.isAbsolute ? path : directory?.pushing(path) else { continue }
                found[FileSystem.resolve(path) ?? path] = process
            }
        }
        return found
    }

    /// Takes away the mounts whose processes have ended, as far as this user may.
    ///
    /// - Returns: Those that are gone.
    public static func removeStale() -> [MountedDisc] {
        all().filter { disc in
            guard disc.state == .stale else { return false }
            return (try? Mounts.unmount(FilePath(text: disc.directory), lazily: true)) != nil
        }
    }

    /// Finds a mounted disc by its directory or by what is mounted.
    ///
    /// - Parameter path: A directory, an image or a drive.
    /// - Returns: The one that was mounted last.
    /// - Throws: ``Reports/Failure`` if there is none.
    public static func find(_ path: FilePath) throws(Failure) -> MountedDisc {
        let discs = all()
        let names = [path, FileSystem.absolute(path), resolved(path)].map(\.text)
        if let disc = discs.last(where: { names.contains($0.directory) })
            ?? discs.last(where: { names.contains($0.path) })
        {
            return disc
        }
        let other = Mounts.all().last { names.contains($0.directory.text) }
        throw Failure(
            .trouble,
            .notMounted,
            other.map { "What is mounted on \(path) was not mounted by Spindle: it is \($0.type)." }
                ?? "Nothing is mounted on \(path).",
            meaning: "Nothing was done.",
            advice: other == nil
                ? "“spindle mount --list” shows what is mounted." : "Use “umount”."
        )
    }

    /// A path with links followed; of a directory whose file system is stale those before it.
    package static func resolved(_ path: FilePath) -> FilePath {
        if let resolved = FileSystem.resolve(path) { return resolved }
        let absolute = FileSystem.absolute(path)
        guard let name = absolute.lastComponent,
            let parent = FileSystem.resolve(absolute.removingLastComponent())
        else { return absolute }
        return parent.appending(name)
    }

    /// Takes it away.
    ///
    /// - Parameter force: Whether it goes even if programs use it.
    /// - Returns: Whether the process that served it has ended, as far as this user can tell; where one has
    ///   not, the drive or the overlay is still in use.
    /// - Throws: ``Reports/Failure`` if programs use it, with their names, or this user may not.
    @discardableResult
    public func unmount(force: Bool) throws(Failure) -> Bool {
        do throws(SystemError) {
            try unmountPatiently(lazily: force || state == .stale)
        } catch {
            let holders = MountHolder.all(of: FilePath(text: directory))
            if error.isBusy, !holders.isEmpty {
                throw Failure(
                    .unsuitable,
                    .inUse,
                    "\(directory) is in use by \(MountHolder.sentence(holders)).",
                    meaning: "It is still mounted.",
                    advice:
                        "End what uses it, or use --force to take it away from the programs that use it."
                )
            }
            throw Failure(
                .trouble,
                error.isPermissionDenied ? .noPermission : .inUse,
                error.isBusy
                    ? "\(directory) can't be unmounted: a program that this user may not see uses it, or another user mounted it."
                    : "\(directory) can't be unmounted: \(error.reason).",
                meaning: "It is still mounted.",
                advice: "Try again as the user who mounted it, or as root."
            )
        }
        return waitForServer()
    }

    /// Unmounts; what uses it and is not to be found may be about to end.
    private func unmountPatiently(lazily: Bool) throws(SystemError) {
        let end = Clock.seconds + 0.5
        while true {
            do throws(SystemError) {
                return try Mounts.unmount(
                    FilePath(text: directory),
                    lazily: lazily,
                    device: isForeign ? FilePath(text: path) : nil
                )
            } catch {
                guard error.isBusy, Clock.seconds < end,
                    MountHolder.all(of: FilePath(text: directory)).isEmpty
                else { throw error }
                Clock.sleep(seconds: 0.05)
            }
        }
    }

    /// Waits for the process that served it, so that the drive is free afterwards.
    ///
    /// - Returns: Whether it has ended.
    private func waitForServer() -> Bool {
        guard let process else { return true }
        let end = Clock.seconds + 10
        // One that has ended and that nobody has asked for its end has no arguments any more.
        while !Processes.arguments(of: process).isEmpty {
            guard Clock.seconds < end else { return false }
            Clock.sleep(seconds: 0.005)
        }
        return true
    }
}

import ArgumentParser
import LinuxCalls
import SpindleJobs
import SystemPackage

/// `spindle mount [DISC] DIR`.
struct MountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mount",
        abstract: "Show the files of a disc or an image as a directory.",
        discussion: """
            The disc is mounted with FUSE, which needs no root and no driver, and can only be read. A \
            process in the background serves it until “spindle unmount”. What can't be read gives an \
            error to the program that reads it, and the rest can be read.

            With --writable files can be changed, too. The disc stays as it is: changes go into an \
            overlay, a folder that is found again when the same disc is mounted with --writable next \
            time. “spindle overlay” shows, keeps and drops them.

            --tracks shows the sessions and tracks of the disc instead (audio as WAV, data as ISO), \
            with each tree of files beside them.

            Examples:
              spindle mount disc.iso dir
              spindle mount --writable disc.iso dir
              spindle mount --tracks /dev/sr0 dir
            """
    )

    @Argument(
        help: "A drive's device node, an image or a virtual disc; the drive if left out.",
        completion: .file()
    )
    var disc: String?

    @Argument(help: "The directory to mount it on: there, and empty.", completion: .directory)
    var directory: String?

    @Flag(help: "List the discs that are mounted, and remove mounts whose process has ended.")
    var list = false

    @Option(
        help: "The tree to show: rock-ridge, udf, joliet, iso-1999, iso or hfs.",
        completion: .trees
    )
    var tree: String?

    @Option(help: "The session to show (default: the last one with files).")
    var session: Int?

    @Flag(help: "Show sessions, tracks and all trees instead of the files of one tree.")
    var tracks = false

    @Option(help: "The number of the user whom all files belong to.")
    var uid: UInt32?

    @Option(help: "The number of the group that all files belong to.")
    var gid: UInt32?

    @Option(help: "Permissions that nobody has, in octal digits, in place of those of the disc.")
    var umask: RightsArgument?

    @Flag(help: "Let other users look at the files.")
    var allowOther = false

    @Flag(help: "Allow changes: an overlay takes them, and the disc stays as it is.")
    var writable = false

    @Option(
        help: ArgumentHelp(
            "The folder that takes the changes; one among the user's files if left out.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var overlay: String?

    @Flag(help: "Serve the disc in this process, until it is unmounted or Ctrl-C is pressed.")
    var foreground = false

    /// Whether this process was started to serve in the background.
    @Flag(help: .hidden)
    var detached = false

    @OptionGroup var password: PasswordOption
    @OptionGroup var drive: DriveOption
    @OptionGroup var output: OutputOptions

    mutating func validate() throws {
        if list {
            guard disc == nil, directory == nil else {
                throw ValidationError("--list takes no disc and no directory.")
            }
            return
        }
        if directory == nil { (disc, directory) = (nil, disc) }
        guard directory != nil else {
            throw ValidationError("Name a disc and the directory to mount it on, or use --list.")
        }
        if disc == nil, let directory,
            let kind = try? FileSystem.status(FilePath(text: directory)).kind, kind != .directory
        {
            throw ValidationError("Name the directory to mount “\(directory)” on, too.")
        }
        try drive.check(besides: disc)
        guard !tracks || (tree == nil && session == nil) else {
            throw ValidationError("--tracks shows all trees and sessions; leave out the others.")
        }
        guard !tracks || !writable else {
            throw ValidationError("--tracks shows what can only be read; leave out --writable.")
        }
        guard overlay == nil || writable else {
            throw ValidationError("--overlay takes changes, which only --writable allows.")
        }
    }

    /// What `--list` tells.
    private struct Document: Encodable {
        let version = 1
        var mounts: [MountedDisc]
        var removed: [MountedDisc]
    }

    func run() async throws {
        if list { return try runList() }
        guard let directory else { return }
        if foreground { return try await serve(on: FilePath(text: directory)) }
        let (drive, disc, output) = (drive, disc, Output(output))
        let options = backgroundOptions
        let readsPassword = password.passwordFile == "-"
        try await JobCommand.run("mount", output) { cancellation, tell throws(Failure) in
            let path =
                if let disc { FilePath(text: disc) } else { try drive.node(with: .recorded) }
            let process = try MountProcess(
                FileSystem.absolute(path),
                on: FileSystem.absolute(FilePath(text: directory)),
                options: options,
                readsPassword: readsPassword
            )
            return try process.wait(cancellation: cancellation, tell: tell)
        }
    }

    private func runList() throws {
        let output = Output(output)
        try JobCommand.answer(output) { () throws(Failure) in
            let removed = MountedDisc.removeStale()
            let document = Document(mounts: MountedDisc.all(), removed: removed)
            try output.answer(document) { document.mounts.map(Self.line) }
            output.note(removed.map { "The stale mount on \($0.directory) was removed." })
        }
    }

    private static func line(_ disc: MountedDisc) -> String {
        let remark =
            switch disc.state {
            case .mounted: ""
            case .stale: " (its process has ended; only its owner or root can unmount it)"
            case .silent: " (it does not answer)"
            }
        return "\(disc.path) on \(disc.directory)\(remark)"
    }

    // MARK: Serving

    private var jobOptions: MountJob.Options {
        var options = MountJob.Options()
        options.treeName = tree
        options.sessionNumber = session
        options.showsTracks = tracks
        if let uid { options.attributes.owner = uid }
        if let gid { options.attributes.group = gid }
        options.attributes.mask = umask?.rights
        options.allowsOthers = allowOther
        options.isWritable = writable
        options.overlay = overlay.map { FileSystem.absolute(FilePath(text: $0)) }
        return options
    }

    /// The options that the process in the background gets.
    private var backgroundOptions: [String] {
        var options: [String] = []
        if let tree { options += ["--tree", tree] }
        if let session { options += ["--session", String(session)] }
        if tracks { options.append("--tracks") }
        if let uid { options += ["--uid", String(uid)] }
        if let gid { options += ["--gid", String(gid)] }
        if let umask { options += ["--umask", String(umask.rights, radix: 8)] }
        if allowOther { options.append("--allow-other") }
        if writable { options.append("--writable") }
        if let overlay {
            options += ["--overlay", FileSystem.absolute(FilePath(text: overlay)).text]
        }
        if let encoding = password.encoding { options += ["--encoding", encoding] }
        if let file = password.passwordFile {
            options += [
                "--password-file",
                file == "-" ? file : FileSystem.absolute(FilePath(text: file)).text,
            ]
        }
        return options
    }

    /// Mounts, tells how that went, and serves until the disc is unmounted.
    private func serve(on directory: FilePath) async throws {
        if detached {
            Processes.closeInheritedDescriptors()
            Signals.ignore([.hangUp])
        }
        let output = Output(output)
        let cancellation = Cancellation()
        try? Signals.watch(
            detached ? [.interrupt, .quit, .terminate] : [.interrupt, .quit, .terminate, .hangUp]
        ) { _ in cancellation.request() }
        let (disc, drive, secrets, options) = (disc, drive, password.secrets, jobOptions)
        let isDetached = detached
        let result: JobResult = await withCheckedContinuation { continuation in
            let work: @Sendable () -> Void = {
                var session: MountSession?
                let result = Jobs.outcome(of: "mount") { () throws(Failure) in
                    let path =
                        if let disc { FilePath(text: disc) } else {
                            try drive.node(with: .recorded)
                        }
                    let job = MountJob(
                        FileSystem.absolute(path),
                        on: FileSystem.absolute(directory),
                        options,
                        secrets: secrets
                    )
                    let (began, result) = try job.run(cancellation: cancellation) {
                        output.show($0)
                    }
                    session = began
                    return result
                }
                output.show(.result(result))
                if let session {
                    // So that the file system of the directory that it was started in can go.
                    if isDetached { FileSystem.leaveDirectory() }
                    cancellation.whenRequested { session.end() }
                    session.waitForEnd()
                }
                continuation.resume(returning: result)
            }
            do {
                try Thread(name: "mount", work).detach()
            } catch {
                work()
            }
        }
        throw ArgumentParser.ExitCode(Int32(result.exitCode))
    }
}

/// `spindle unmount DIR`.
struct UnmountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unmount",
        abstract: "Unmount a disc.",
        usage: "spindle unmount [<options>] <directory>",
        discussion: """
            If programs use it, they are named, and it stays: exit code 4. --force takes it away from them.

            Examples:
              spindle unmount dir
              spindle unmount debian.iso
            """
    )

    @Argument(
        help: "The directory that the disc is mounted on, or the disc.",
        completion: .directory
    )
    var directory: String

    @Flag(help: "Unmount even if programs use the disc.")
    var force = false

    @OptionGroup var output: ResultOptions

    func run() async throws {
        let (path, force) = (FilePath(text: directory), force)
        try await JobCommand.run("unmount", Output(output)) { _, _ throws(Failure) in
            try UnmountJob(path, force: force).run()
        }
    }
}

/// Permissions in octal digits on the command line.
struct RightsArgument: ExpressibleByArgument, Sendable {
    let rights: UInt32

    init?(argument: String) {
        guard let rights = UInt32(argument, radix: 8), rights <= 0o777 else { return nil }
        self.rights = rights
    }
}

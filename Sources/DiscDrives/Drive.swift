import LibCdio
package import LinuxCalls
public import MMC
public import Reports
public import SystemPackage

/// An optical drive.
///
/// Questions go through ``commands``, whose timeouts hold; sectors are read through ``reading``,
/// which is libcdio's. A drive is used by one thread at a time.
public final class Drive {
    /// The drive's device node.
    public let path: FilePath
    /// Who it says it is.
    public let identity: Inquiry
    /// The way for questions and short commands.
    public let commands: any Transport
    /// The way for sectors.
    public let reading: any Transport
    /// The most bytes that one command may move, where the system says.
    public let largestTransfer: Int?
    /// Whether commands go through a node that was not opened for writing.
    private let isReadOnlyNode: Bool
    /// What the drive said of sectors that it did not give: the first that tells of the disc or the
    /// drive, else the first, which may only tell that nothing is recorded there.
    private(set) var readingSense: Sense?
    /// What it said when the disc that was looked at last was no longer in it, or may not have been.
    var changeSense: Sense?

    /// Opens a drive.
    ///
    /// The node is opened without waiting for a disc, and without claiming it, so that a disc may
    /// be looked at while it is mounted.
    ///
    /// - Parameters:
    ///   - path: Its device node.
    ///   - writable: Whether commands that change the disc or move the tray will be sent.
    /// - Throws: ``Reports/Failure`` that names the cause: no such drive, no permission, not an
    ///   optical drive.
    public init(_ path: FilePath, writable: Bool = false) throws(Failure) {
        self.path = path
        try Self.checkNode(path)
        do {
            // The driver of /dev/sg carries nothing but SG_IO, and asks for the right to write.
            let isGeneric = try FileSystem.status(path).kind == .characterDevice
            let file = try File(path, writable || isGeneric ? .update : .read, nonBlocking: true)
            let transport = SGTransport(file)
            commands = transport
            isReadOnlyNode = !writable && !isGeneric
            reading = isGeneric ? transport : try CdioTransport(path: path.string)
            largestTransfer = BlockDevice.largestTransfer(file)
        } catch {
            throw Failure(opening: path, error)
        }
        identity = try Self.identify(commands, path)
    }

    /// Opens a drive that no other program has claimed: one that burns must not be asked anything.
    ///
    /// A mounted disc is claimed by the system itself, and may be looked at.
    ///
    /// - Parameter path: Its device node.
    /// - Returns: The drive.
    /// - Throws: As above, and where another program has claimed the drive.
    public static func unclaimed(_ path: FilePath) throws(Failure) -> Drive {
        do {
            try claim(path, writable: false)
        } catch  where error.isBusy && MountPoint.of(path) == nil {
            throw Failure(opening: path, error)
        } catch {
            // Whatever else it is, opening it without a claim tells, too.
        }
        return try Drive(path)
    }

    /// Takes a drive that is reached in some other way, which may carry so many bytes in a command.
    public init(_ path: FilePath, over transport: any Transport, largestTransfer: Int? = nil)
        throws(Failure)
    {
        self.path = path
        commands = transport
        reading = transport
        isReadOnlyNode = false
        self.largestTransfer = largestTransfer
        identity = try Self.identify(transport, path)
    }

    private static func identify(_ transport: any Transport, _ path: FilePath) throws(Failure)
        -> Inquiry
    {
        let inquiry: Inquiry
        do {
            let (completion, bytes) = try transport.fetch(.inquiry)
            guard completion.succeeded else {
                throw ReplyError("INQUIRY", completion.sense?.description ?? "no reason was given")
            }
            inquiry = try Inquiry(parsing: bytes)
        } catch {
            throw Failure.notADrive("\(path) does not answer like a drive: \(error)")
        }
        guard inquiry.deviceType == Inquiry.opticalDrive else {
            throw Failure.notADrive("\(path) is not an optical drive.")
        }
        return inquiry
    }

    /// Fails where a path names something that is no device: opening it would tell less.
    private static func checkNode(_ path: FilePath) throws(Failure) {
        let kind: File.Kind
        do {
            kind = try FileSystem.status(path).kind
        } catch {
            throw Failure(opening: path, error)
        }
        guard kind == .blockDevice || kind == .characterDevice else {
            throw Failure.notADrive("\(path) is not a drive.")
        }
    }

    /// Fails if the drive says that the disc in it is no longer the one that was looked at, or once said so: it says
    /// so only once, and what it gives then is another disc's.
    func checkNotChanged(_ sense: Sense? = nil) throws(Failure) {
        if changeSense == nil, let sense, Failure.meansChange(sense) { changeSense = sense }
        if let changeSense { throw .discChanged(changeSense) }
    }

    /// Takes note of what it says of sectors that it does not give.
    func note(_ sense: Sense?) {
        guard let sense else { return }
        let known = readingSense
        guard known == nil || known?.key == .illegalRequest && sense.key != .illegalRequest else {
            return
        }
        readingSense = sense
    }

    /// The way for commands that change the drive's settings: the system lets them through only on a node
    /// that was opened for writing.
    ///
    /// - Throws: The system's error if this user may not open the node so.
    func control() throws(SystemError) -> any Transport {
        guard isReadOnlyNode else { return commands }
        return SGTransport(try File(path, .update, nonBlocking: true))
    }

    /// Maker and model, for a person.
    public var name: String {
        [identity.vendor, identity.product].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Has a drive let its disc out again, after a program that locked its door ended without unlocking
    /// it.
    public static func unlockDoor(_ path: FilePath) {
        guard let drive = try? Drive(path, writable: true) else { return }
        try? drive.allowRemoval()
    }

    /// Fails where another process has claimed the drive, and names it.
    ///
    /// The claim is made and given back at once: libburn makes its own, and would wait for eight
    /// seconds before it told that the drive is busy.
    public static func checkAvailable(_ path: FilePath, writable: Bool) throws(Failure) {
        try checkNode(path)
        do {
            try claim(path, writable: writable)
        } catch {
            throw Failure(opening: path, error)
        }
    }

    /// Seconds that whoever looks at a new disc, such as udev's programs, has claimed it for at most.
    private static let shortClaim = 0.6

    /// Claims a drive and gives it back.
    private static func claim(_ path: FilePath, writable: Bool) throws(SystemError) {
        let deadline = Clock.seconds + shortClaim
        while true {
            do throws(SystemError) {
                _ = try File(path, writable ? .update : .read, exclusive: true, nonBlocking: true)
                return
            } catch {
                guard error.isBusy, Clock.seconds < deadline, MountPoint.of(path) == nil else {
                    throw error
                }
                Clock.sleep(seconds: 0.1)
            }
        }
    }
}

extension Failure {
    /// A drive's node can't be opened.
    package init(opening path: FilePath, _ error: SystemError) {
        if error.isBusy, let directory = MountPoint.of(path) {
            self = .mounted(path, on: directory)
        } else if error.isBusy {
            let holders = DriveHolder.all(of: path)
            self.init(
                .unsuitable,
                .driveBusy,
                "The drive \(path) is busy: \(DriveHolder.sentence(about: holders)).",
                meaning: "The disc in it was not touched.",
                advice: "End that program, or unmount the disc, and try again."
            )
        } else if error.isPermissionDenied {
            let access = DriveAccess(path)
            guard access.node?.isOpticalDrive != false else {
                self = .notADrive("\(path) is not an optical drive.")
                return
            }
            self.init(
                .unsuitable,
                .noPermission,
                "This user may not use the drive \(path): \(error.reason).",
                meaning: "The disc in it was not touched.",
                advice: access.remedy
            )
        } else if error.isNoMedium {
            self.init(
                .unsuitable,
                .noDisc,
                "There is no disc in the drive \(path).",
                meaning: "",
                advice: "Put a disc in, and try again."
            )
        } else if error.isNoSuchFile || error.isDeviceGone {
            self.init(
                .unsuitable,
                .noDrive,
                "There is no drive at \(path): \(error.reason).",
                meaning: "",
                advice: "See “spindle drives” for the drives that there are."
            )
        } else {
            self.init(
                .unsuitable,
                .driveUnable,
                "The drive \(path) can't be opened: \(error.reason).",
                meaning: "The disc in it was not touched.",
                advice: "See “spindle drives” for the drives that there are."
            )
        }
    }

    /// What was named is no optical drive.
    fileprivate static func notADrive(_ what: String) -> Failure {
        Failure(
            .unsuitable,
            .notADrive,
            what,
            meaning: "",
            advice:
                "Name an optical drive's device node, such as /dev/sr0; “spindle drives” lists them."
        )
    }

    /// The disc in a drive is mounted.
    static func mounted(_ path: FilePath, on directory: String) -> Failure {
        Failure(
            .unsuitable,
            .mounted,
            "The disc in \(path) is mounted on \(directory).",
            meaning: "The disc was not touched.",
            advice: "Unmount it (umount \(directory)), and try again."
        )
    }

    /// A drive could not be reached while it worked.
    public init(_ error: TransportError, meaning: String) {
        self.init(
            .trouble,
            .driveLost,
            error.description,
            meaning: meaning,
            advice: "Look at the drive's cable and power, and try again."
        )
    }
}

import LinuxCalls
public import MMC
public import Reports
public import SystemPackage

/// What the system says of one drive's node, and the drive of itself.
public struct DriveFacts: Sendable {
    /// The node.
    public var path: FilePath
    /// Who may use it.
    public var access: DriveAccess
    /// Whether it can be opened for reading, and for writing.
    public var canRead = false, canWrite = false
    /// The generic node of the same drive, such as `/dev/sg1`, as the kernel names it; `nil` if the
    /// kernel names none.
    public var generic: FilePath?
    /// Whether that node is there and can be opened for writing.
    public var canUseGeneric = false
    /// Where the disc in it is mounted; `nil` if it is not.
    public var mountPoint: String?
    /// The other processes that have it open, as far as this user may look.
    public var holders: [DriveHolder] = []
    /// Whether a process has claimed it.
    public var isClaimed = false
    /// What it says it is; `nil` if it could not be asked.
    public var identity: Inquiry?
    /// What is in it; `nil` if it could not be asked.
    public var disc: DiscReport?
    /// Why it could not be asked.
    public var failure: Failure?

    /// Takes what is known without asking.
    public init(_ path: FilePath, _ access: DriveAccess) {
        self.path = path
        self.access = access
    }

    /// Looks at a drive; one that is claimed is not asked anything, for it may be burning.
    public init(looking path: FilePath) {
        self.init(path, DriveAccess(path))
        do throws(SystemError) {
            _ = try File(path, .read, nonBlocking: true)
            canRead = true
        } catch {
            failure = Failure(opening: path, error)
        }
        canWrite = (try? File(path, .update, nonBlocking: true)) != nil
        mountPoint = MountPoint.of(path)
        holders = DriveHolder.all(of: path)
        if let name = path.lastComponent?.string {
            let folder = FilePath("/sys/class/block/\(name)/device/scsi_generic")
            if let sibling = (try? FileSystem.names(in: folder))?.first {
                let node = FilePath("/dev/\(sibling)")
                generic = node
                canUseGeneric = (try? File(node, .update, nonBlocking: true)) != nil
            }
        }
        guard canRead else { return }
        do throws(Failure) {
            let drive = try Drive.unclaimed(path)
            identity = drive.identity
            disc = try drive.inspectDisc()
        } catch {
            failure = error
            isClaimed = error.reason == .driveBusy
        }
    }
}

import DiscModel
import LibCdio
import LinuxCalls
import MMC
import Reports
public import SystemPackage

/// Looks whether this machine can burn and rip, and says what mends what is in the way.
///
/// What the system says is gathered first, as plain values; the findings follow from those alone.
public struct Doctor: Sendable {
    /// What is known of the machine.
    public struct Machine: Sendable {
        /// The drives.
        public var drives: [DriveFacts] = []
        /// Optical drives that the kernel sees, and that have no node of its optical driver: their makers
        /// and models.
        public var withoutDriver: [String] = []
        /// What this process runs in, such as “docker”; `nil` if it is no container.
        public var container: String?
        /// The programs that mount discs by themselves, and run.
        public var automounters: [String] = []

        /// Creates a machine of which nothing is known.
        public init() {}
    }

    /// What was found, worst first.
    public let findings: [Finding]

    /// Judges a machine.
    public init(_ machine: Machine) {
        var findings = machine.drives.isEmpty ? [Self.missing(machine)] : []
        for facts in machine.drives { findings += Self.findings(facts) }
        if !machine.drives.isEmpty, !machine.automounters.isEmpty {
            findings.append(
                Finding(
                    "automounter",
                    .note,
                    "\(machine.automounters.joined(separator: " and ")) may mount a disc as soon as it is in, and a mounted disc can't be burned.",
                    fix: "Unmount it before a burn; Spindle says where it is mounted."
                )
            )
        }
        self.findings = findings.sorted { $0.level.rank > $1.level.rank }
    }

    /// The version of libcdio that is loaded, such as “2.1.0”.
    public static var libcdioVersion: String {
        // What follows is the kind of machine.
        String(CdioTransport.libraryVersion.prefix { $0 != " " })
    }

    /// Whether something can't be done.
    public var hasProblem: Bool { findings.contains { $0.level == .problem } }

    // MARK: Judging

    private static func missing(_ machine: Machine) -> Finding {
        if let drive = machine.withoutDriver.first {
            return Finding(
                "no-driver",
                .problem,
                "The kernel sees the drive \(drive), and its driver for optical drives has not taken it.",
                fix: "Load the driver: sudo modprobe sr_mod."
            )
        }
        if let container = machine.container {
            return Finding(
                "no-drive",
                .problem,
                "This runs in a container (\(container)), and no drive was given to it.",
                fix: "Start the container with --device /dev/sr0, or whichever node the drive has."
            )
        }
        return Finding(
            "no-drive",
            .problem,
            "No optical drive was found.",
            fix:
                "See to its power and cable, and look with “sudo dmesg” what the kernel says when it is plugged in; a drive in software needs none: spindle virtual run --disc FILE -- COMMAND."
        )
    }

    private static func findings(_ facts: DriveFacts) -> [Finding] {
        let path = facts.path.string
        if facts.access.node?.isOpticalDrive == false {
            return [
                Finding(
                    "not-a-drive",
                    .problem,
                    drive: path,
                    "\(path) is not an optical drive.",
                    fix: "Name a drive that “spindle drives” lists."
                )
            ]
        }
        if let failure = facts.failure, facts.isNoDrive || !facts.canRead && !facts.isForbidden {
            return [finding(failure, path)]
        }
        guard facts.canRead, facts.canWrite else {
            return [
                Finding(
                    "permission",
                    .problem,
                    drive: path,
                    facts.canRead
                        ? "This user may read the drive \(path), and may not write with it."
                        : "This user may not use the drive \(path).",
                    fix: facts.access.remedy
                )
            ]
        }
        var findings: [Finding] = []
        if let directory = facts.mountPoint {
            findings.append(
                Finding(
                    "mounted",
                    .note,
                    drive: path,
                    "The disc in \(path) is mounted on \(directory); it can be read, and not be written.",
                    fix: "Unmount it before a burn: umount \(directory)."
                )
            )
        } else if facts.isClaimed || !facts.holders.isEmpty {
            findings.append(
                Finding(
                    "busy",
                    facts.isClaimed ? .problem : .note,
                    drive: path,
                    facts.isClaimed
                        ? "The drive \(path) is busy: \(DriveHolder.sentence(about: facts.holders))."
                        : "The drive \(path) is in use: \(DriveHolder.sentence(about: facts.holders)), and what is asked of the drive may disturb a burn.",
                    fix: facts.holders.isEmpty
                        ? "See as root who holds it: sudo spindle doctor."
                        : "Wait for it, or end it: \(facts.holders.map { "kill \($0.process)" }.joined(separator: ", "))."
                )
            )
        } else if let failure = facts.failure {
            findings.append(finding(failure, path))
        }
        if let generic = facts.generic, !facts.canUseGeneric {
            findings.append(
                Finding(
                    "generic-node",
                    .note,
                    drive: path,
                    "The drive's second node \(generic) is missing or may not be used; Spindle does without it, and other programs may not.",
                    fix: facts.access.container == nil
                        ? "Load its driver: sudo modprobe sg."
                        : "Give it to the container, too: --device \(generic)."
                )
            )
        }
        if let identity = facts.identity {
            findings.append(
                Finding(
                    "drive",
                    .fine,
                    drive: path,
                    sentence(facts, "\(identity.vendor) \(identity.product)")
                )
            )
        }
        return findings
    }

    private static func finding(_ failure: Failure, _ path: String) -> Finding {
        Finding(
            failure.reason.rawValue,
            .problem,
            drive: path,
            failure.what,
            fix: failure.advice
        )
    }

    /// What a drive that works can do.
    private static func sentence(_ facts: DriveFacts, _ name: String) -> String {
        let kinds = facts.disc?.writableMedia.map(\.displayName) ?? []
        let writes =
            facts.disc == nil
            ? ""
            : kinds.isEmpty ? " It only reads." : " It writes \(kinds.joined(separator: ", "))."
        return "\(facts.path) is ready: \(name).\(writes)"
    }
}

extension DriveFacts {
    /// Whether nothing is at the path, or what is there does not answer like a drive and is none that the
    /// system knows.
    fileprivate var isNoDrive: Bool {
        failure?.reason == .noDrive
            || failure?.reason == .notADrive && access.node?.isOpticalDrive != true
    }

    /// Whether this user may not open the node.
    fileprivate var isForbidden: Bool { failure?.reason == .noPermission }
}

extension Finding.Level {
    fileprivate var rank: Int {
        switch self {
        case .fine: 0
        case .note: 1
        case .problem: 2
        }
    }
}

extension Doctor.Machine {
    /// Programs that mount discs by themselves, by their names in `/proc`, which has 15 bytes for each.
    private static let automounters: Set<String> = [
        "udisksd", "gvfs-udisks2-vo", "autofs", "automount", "usbmount", "devmon", "pmount",
    ]

    /// Looks at this machine.
    ///
    /// - Parameter nodes: The drives to look at; all that there are if left out.
    /// - Returns: What was found.
    public static func look(at nodes: [FilePath]? = nil) -> Doctor.Machine {
        var machine = Doctor.Machine()
        machine.container = Container.name
        machine.drives = (nodes ?? DriveList.nodes()).map { DriveFacts(looking: $0) }
        machine.withoutDriver = driverless()
        let processes = (try? FileSystem.names(in: "/proc"))?.compactMap { Int($0) } ?? []
        machine.automounters = Set(processes.map { Processes.name(of: $0) })
            .intersection(automounters).sorted()
        return machine
    }

    /// Optical drives on the SCSI bus that no driver has made a block device of.
    private static func driverless() -> [String] {
        let bus = FilePath("/sys/bus/scsi/devices")
        let devices = (try? FileSystem.names(in: bus)) ?? []
        return devices.sorted().compactMap { name in
            let device = bus.appending(name)
            guard SystemText.read(device.appending("type")) == "5",
                !FileSystem.exists(device.appending("block"))
            else { return nil }
            return ["vendor", "model"].compactMap { SystemText.read(device.appending($0)) }
                .joined(separator: " ")
        }
    }
}

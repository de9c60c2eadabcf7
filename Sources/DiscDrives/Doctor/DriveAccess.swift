public import LinuxCalls
public import SystemPackage

/// Whether a user may use a drive's node, and what gives the right.
public struct DriveAccess: Hashable, Sendable {
    /// The node; `nil` if the path names no device.
    public var node: DeviceNode?
    /// The user's number.
    public var user: Int
    /// The user's name; the number if there is none.
    public var userName: String
    /// The groups that this process belongs to.
    public var groups: Set<Int>
    /// The name of the node's group; `nil` if it has none.
    public var groupName: String?
    /// Whether the system's list counts the user among the group's members.
    public var isListedMember: Bool
    /// What this process runs in, such as “docker”; `nil` if it is no container.
    public var container: String?

    /// Takes facts as they are.
    public init(
        node: DeviceNode?,
        user: Int,
        userName: String,
        groups: Set<Int>,
        groupName: String?,
        isListedMember: Bool,
        container: String?
    ) {
        self.node = node
        self.user = user
        self.userName = userName
        self.groups = groups
        self.groupName = groupName
        self.isListedMember = isListedMember
        self.container = container
    }

    /// Asks the system.
    public init(_ path: FilePath) {
        let node = DeviceNode(path)
        let name = User.name
        self.init(
            node: node,
            user: User.number,
            userName: name ?? "\(User.number)",
            groups: User.groups,
            groupName: node.flatMap { User.groupName($0.group) },
            isListedMember: node.map { node in
                name.map { User.members(ofGroup: node.group).contains($0) } ?? false
            } ?? false,
            container: Container.name
        )
    }

    /// What gives this user the right to read and write the node: one sentence.
    public var remedy: String {
        guard let node else { return "See “spindle drives” for the drives that there are." }
        if let container {
            return
                "Give the container the drive: with \(container) by --device and the device, and for a user that is not root by --group-add keep-groups or the group's number \(node.group)."
        }
        let group = groupName ?? "\(node.group)"
        guard node.permissions & 0o060 == 0o060, node.group != 0 else {
            return
                "Have the system give the drive to a group, as udev's rules do on most: sudo chgrp cdrom and sudo chmod g+rw on the device, until it is plugged in again."
        }
        if groups.contains(node.group) {
            return
                "The node's permissions allow it, so something else forbids it: see the rules of AppArmor, SELinux or the sandbox that this program runs in."
        }
        return isListedMember
            ? "You are in the group \(group), but this login is older than that: log out and in again."
            : "Join the group \(group) (sudo usermod -aG \(group) \(userName)), and log out and in again."
    }
}

/// The container that this process runs in.
enum Container {
    /// Its kind, such as `docker` or `podman`; `nil` if there is none, or none that shows itself.
    static var name: String? {
        if FileSystem.exists("/run/.containerenv") { return "podman" }
        if FileSystem.exists("/.dockerenv") { return "docker" }
        if let kind = Environment.value("container"), !kind.isEmpty { return kind }
        return FileSystem.exists("/.flatpak-info") ? "flatpak" : nil
    }
}

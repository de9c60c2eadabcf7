import LinuxCalls
import SystemPackage

/// Where a disc is mounted.
enum MountPoint {
    /// The directory on which the disc of a node is mounted, where it is: the last one of several.
    static func of(_ node: FilePath) -> String? { Mounts.all(of: node).last?.directory.string }
}

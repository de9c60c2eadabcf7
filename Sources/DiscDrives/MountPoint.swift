import LinuxCalls
import SystemPackage

/// Where a disc is mounted.
enum MountPoint {
    /// The directory on which the disc of a node is mounted, where it is.
    ///
    /// The system's list is `/proc/self/mounts`, in the format of fstab(5).
    static func of(_ node: FilePath) -> String? {
        let resolved = FileSystem.resolve(node) ?? node
        guard let file = try? File("/proc/self/mounts", .read) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        var span = bytes.mutableSpan
        guard let count = try? file.readOn(into: &span) else { return nil }
        for line in String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 1 else { continue }
            if fields[0] == resolved.string || fields[0] == node.string {
                // Blanks in names are written as octal escapes.
                return fields[1].split(separator: "\\040", omittingEmptySubsequences: false)
                    .joined(separator: " ")
            }
        }
        return nil
    }
}

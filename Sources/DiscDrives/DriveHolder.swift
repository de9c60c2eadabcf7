import LinuxCalls
public import SystemPackage

/// A process that has a drive's node open.
public struct DriveHolder: Hashable, Sendable {
    /// Its process number.
    public var process: Int
    /// Its name, as the system's tools show it.
    public var name: String

    /// Names a process.
    public init(process: Int, name: String) {
        self.process = process
        self.name = name
    }

    /// The other processes that have a node open, as far as this user may look.
    ///
    /// They are found as `fuser` finds them: in the links of `/proc/*/fd`.
    public static func all(of node: FilePath) -> [DriveHolder] {
        let resolved = FileSystem.resolve(node) ?? node
        let own = Processes.ownNumber
        guard let entries = try? FileSystem.names(in: "/proc") else { return [] }
        return entries.compactMap { Int($0) }.sorted().compactMap { process in
            guard process != own else { return nil }
            let directory = FilePath("/proc/\(process)/fd")
            guard let descriptors = try? FileSystem.names(in: directory) else { return nil }
            let holds = descriptors.contains {
                let target = FileSystem.linkTarget(directory.appending($0))
                return target == resolved || target == node
            }
            return holds ? DriveHolder(process: process, name: Processes.name(of: process)) : nil
        }
    }
}

extension DriveHolder {
    /// What is known of who keeps a busy drive.
    ///
    /// The system does not tell which of those that have it open has claimed it.
    static func sentence(about holders: [DriveHolder]) -> String {
        let names = holders.map(\.description)
        guard let last = names.last else {
            return "a mounted disc, or a process that this user may not see, has claimed it"
        }
        guard names.count > 1 else { return "\(last) has it open" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last) have it open"
    }
}

extension DriveHolder: CustomStringConvertible {
    /// Name and number.
    public var description: String { "\(name) (process \(process))" }
}

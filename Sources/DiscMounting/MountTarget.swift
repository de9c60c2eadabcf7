import LinuxCalls
public import Reports
public import SystemPackage

/// The directory that a disc will be mounted on.
public enum MountTarget {
    /// Looks whether a disc can be mounted on a directory by this user.
    ///
    /// - Parameters:
    ///   - directory: The directory.
    ///   - allowsOthers: Whether other users will look at it.
    /// - Throws: ``Reports/Failure`` that says why not.
    public static func check(_ directory: FilePath, allowsOthers: Bool) throws(Failure) {
        try checkDirectory(directory)
        try checkSystem(allowsOthers: allowsOthers)
    }

    private static func checkDirectory(_ directory: FilePath) throws(Failure) {
        let names: [String]
        let kind: File.Kind
        do throws(SystemError) {
            kind = try FileSystem.status(directory).kind
            names = kind == .directory ? try FileSystem.names(in: directory) : []
        } catch {
            throw refusal(
                error.isPermissionDenied ? .noPermission : .outputError,
                "\(directory) can't be used: \(error.reason).",
                error.isNoSuchFile
                    ? "Make the directory first, or name another one."
                    : "Name an empty directory of yours."
            )
        }
        guard kind == .directory else {
            throw refusal(
                .outputError,
                "\(directory) is no directory.",
                "Name an empty directory."
            )
        }
        let resolved = FileSystem.resolve(directory) ?? directory
        if let disc = MountedDisc.all().last(where: { $0.directory == resolved.text }) {
            throw refusal(
                .mounted,
                "\(disc.path) is mounted on \(directory).",
                "Unmount it first, or name another directory."
            )
        }
        guard names.isEmpty else {
            throw refusal(
                .outputExists,
                "\(directory) is not empty.",
                "Name an empty directory; what is in this one would be hidden."
            )
        }
        guard FileSystem.isWritable(directory) else {
            throw refusal(
                .noPermission,
                "This user may not write to \(directory).",
                "Name an empty directory of yours."
            )
        }
    }

    private static func checkSystem(allowsOthers: Bool) throws(Failure) {
        do throws(SystemError) {
            _ = try File("/dev/fuse", .update)
        } catch {
            throw refusal(
                error.isPermissionDenied ? .noPermission : .systemUnable,
                "FUSE, which mounts discs without a driver, can't be used: /dev/fuse: \(error.reason).",
                error.isNoSuchFile
                    ? "Load the kernel's module fuse, or give a container the device /dev/fuse; or use “spindle extract”."
                    : "Ask the administrator for it, or use “spindle extract”."
            )
        }
        guard User.number != 0 else { return }
        let folders = (Environment.value("PATH") ?? "/usr/bin:/bin").split(separator: ":")
        guard folders.contains(where: { FileSystem.exists(FilePath(String($0) + "/fusermount3")) })
        else {
            throw refusal(
                .systemUnable,
                "The program fusermount3, which mounts for users other than root, is missing.",
                "Install the package fuse3."
            )
        }
        if allowsOthers {
            let lines = (SystemText.read("/etc/fuse.conf") ?? "").split(whereSeparator: \.isNewline)
            guard lines.contains(where: { $0.split(separator: " ").first == "user_allow_other" })
            else {
                throw refusal(
                    .noPermission,
                    "Only root may let other users look at a mounted disc.",
                    "Leave out --allow-other, or have a line “user_allow_other” put into /etc/fuse.conf."
                )
            }
        }
    }

    private static func refusal(_ reason: Failure.Reason, _ what: String, _ advice: String)
        -> Failure
    {
        Failure(.trouble, reason, what, meaning: "Nothing was mounted.", advice: advice)
    }
}

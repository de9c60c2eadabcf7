import LinuxCalls
public import Reports
public import SystemPackage

/// The drives of this machine.
public enum DriveList {
    /// The nodes that the kernel's optical drive driver can have, and that exist.
    public static func nodes() -> [FilePath] {
        (0..<32).map { FilePath("/dev/sr\($0)") }.filter {
            (try? FileSystem.status($0))?.kind == .blockDevice
        }
    }

    /// The drive to work with where none was named: the only one.
    ///
    /// - Throws: ``Reports/Failure`` where there is none, or where there are several, which it lists.
    public static func onlyNode() throws(Failure) -> FilePath {
        let nodes = nodes()
        guard let first = nodes.first else {
            throw Failure(
                .unsuitable,
                "No optical drive was found.",
                meaning: "",
                advice:
                    "Connect one, or work without one: spindle virtual run --disc FILE -- COMMAND."
            )
        }
        guard nodes.count == 1 else {
            let names = nodes.map(\.string).joined(separator: ", ")
            throw Failure(
                .unsuitable,
                "There are several drives: \(names).",
                meaning: "",
                advice: "Name one of them with --drive."
            )
        }
        return first
    }
}

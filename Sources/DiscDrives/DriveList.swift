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

    /// The drive to work with where none was named: the only one, or of several the only one whose
    /// disc suits.
    ///
    /// - Parameters:
    ///   - option: The option that names it.
    ///   - suits: Whether a disc is one to work with; drives that can't be asked have none.
    /// - Returns: Its node.
    /// - Throws: ``Reports/Failure`` where there is none, or where it is not clear which, with a list.
    public static func onlyNode(
        named option: String = "--drive",
        suits: (DiscReport) -> Bool
    ) throws(Failure) -> FilePath {
        let nodes = nodes()
        guard let first = nodes.first else {
            throw Failure(
                .unsuitable,
                .noDrive,
                "No optical drive was found.",
                meaning: "",
                advice:
                    "Connect one, and see with “spindle doctor” what is in the way; or work without one: spindle virtual run --disc FILE -- COMMAND."
            )
        }
        guard nodes.count == 1 else {
            var suitable: [FilePath] = []
            var failures: [Failure] = []
            for node in nodes {
                do throws(Failure) {
                    if suits(try Drive.unclaimed(node).inspectDisc()) { suitable.append(node) }
                } catch {
                    failures.append(error)
                }
            }
            if let only = suitable.first, suitable.count == 1 { return only }
            // What could not be looked at is not known to be unsuitable.
            if suitable.isEmpty, let failure = failures.first, failures.count == nodes.count {
                throw failure
            }
            let names = nodes.map(\.string).joined(separator: ", ")
            throw Failure(
                .unsuitable,
                .severalDrives,
                "There are several drives: \(names).",
                meaning: suitable.isEmpty
                    ? (["None of them has a disc that suits."] + failures.map(\.what)).joined(
                        separator: " "
                    )
                    : "More than one of them has a disc that suits: \(suitable.map(\.string).joined(separator: ", ")).",
                advice: "Name one of them with \(option)."
            )
        }
        return first
    }
}

import LinuxCalls
import SystemPackage
import TestSupport

/// A directory with a disc, in which the drives' sockets go too.
final class RunPlace: Sendable {
    private let folder: Folder

    var directory: FilePath { folder.path }

    init() throws {
        folder = try Folder()
        try folder.write("disc.iso", NodeAtWork.sectors(500))
    }

    /// Runs a shell script in the directory.
    ///
    /// - Returns: Its exit code and what it printed.
    func run(_ script: String) throws -> (code: Int, output: String) {
        let outcome = try Programs.run(
            ["sh", "-c", script],
            in: directory,
            variables: [
                "LD_PRELOAD": Environment.value("SPINDLE_PRELOAD"),
                "XDG_RUNTIME_DIR": directory.string, "SPINDLE": Products.spindle,
                "PEER": NodeAtWork.peer, "LC_ALL": "C",
            ],
            mixesErrors: true
        )
        return (outcome.status, outcome.output)
    }
}

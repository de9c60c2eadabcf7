import ArgumentParser
import LinuxCalls
import SpindleKit
import SystemPackage

/// Which drive to work with.
struct DriveOption: ParsableArguments {
    @Option(help: "The drive's device node; SPINDLE_DRIVE's, or the only one, where left out.")
    var drive: String?

    /// The named drive; else the one in `SPINDLE_DRIVE`; else the only one there is.
    func node() throws(Failure) -> FilePath {
        if let drive { return FilePath(drive) }
        if let named = Environment.value("SPINDLE_DRIVE"), !named.isEmpty {
            return FilePath(named)
        }
        return try DriveList.onlyNode()
    }
}

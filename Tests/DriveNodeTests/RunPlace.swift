import LinuxCalls
import SystemPackage

/// A directory with a disc, in which the drives' sockets go too.
final class RunPlace: Sendable {
    let directory: FilePath

    init() throws {
        directory = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "virtual-run-")
        let bytes = NodeAtWork.sectors(500)
        try File(directory.appending("disc.iso"), .createNew).write(bytes.span, at: 0)
    }

    deinit {
        _ = try? ChildProcess(
            arguments: ["rm", "-rf", directory.string],
            environment: Environment.all,
            restored: []
        ).wait()
    }

    /// Runs a shell script in the directory.
    ///
    /// - Returns: Its exit code and what it printed.
    func run(_ script: String) throws -> (code: Int32, output: String) {
        let products = NodeAtWork.products
        let environment =
            Environment.all.filter { !$0.hasPrefix("LD_PRELOAD=") } + [
                "XDG_RUNTIME_DIR=\(directory)", "SPINDLE=\(products.appending("spindle"))",
                "PEER=\(products.appending("DriveNodePeer"))", "LC_ALL=C",
            ]
        let out = directory.appending("out")
        let child = try ChildProcess(
            arguments: [
                "sh", "-c", "cd \(directory) && exec >\(out) 2>&1 </dev/null\n\(script)",
            ],
            environment: environment,
            restored: [.brokenPipe]
        )
        let code = child.wait().exitCode
        let file = try File(out, .read)
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        return (code, String(decoding: bytes, as: UTF8.self))
    }
}

import DriveNode
import LinuxCalls
import SystemPackage
import Testing

/// A node that serves a fake drive, and programs that run with the interposer loaded.
final class NodeAtWork: Sendable {
    let drive: FakeDrive
    let node: DriveNode
    let directory: FilePath

    /// The sectors of a disc, each beginning with its number.
    static func sectors(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count * 2048)
        for i in bytes.indices { bytes[i] = UInt8(truncatingIfNeeded: i &* 2_654_435_761 >> 13) }
        for sector in 0..<count {
            for i in 0..<4 {
                bytes[sector * 2048 + i] = UInt8(truncatingIfNeeded: sector >> (8 * i))
            }
        }
        return bytes
    }

    init(_ drive: FakeDrive, options: DriveNode.Options = .init()) throws {
        self.drive = drive
        directory = try FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "drive-node-")
        node = try DriveNode(
            socketPath: directory.appending("socket").string,
            transport: drive,
            options: options
        )
        try node.start()
    }

    deinit {
        node.stop()
        for name in (try? FileSystem.names(in: directory)) ?? [] {
            try? FileSystem.remove(directory.appending(name))
        }
        try? FileSystem.removeDirectory(directory)
    }

    /// Where the products of the build are: beside the tests.
    static var products: FilePath {
        FileSystem.linkTarget("/proc/self/exe")?.removingLastComponent() ?? "."
    }

    /// Starts a shell script; `$NODE` is the node, `$PEER` the program of these tests.
    func start(_ script: String) throws -> ChildProcess {
        let environment =
            Environment.all.filter { !$0.hasPrefix("LD_PRELOAD=") } + [
                "LD_PRELOAD=\(Self.products.appending("libCDriveInterposer.so"))",
                "SPINDLE_DRIVE_NODES=/dev/sr0=\(directory.appending("socket"))",
                "NODE=/dev/sr0", "PEER=\(Self.products.appending("DriveNodePeer"))",
                "OUT=\(directory.appending("out"))", "LC_ALL=C",
            ]
        return try ChildProcess(
            arguments: ["sh", "-c", "exec >\"$OUT\" 2>&1 </dev/null\n\(script)"],
            environment: environment,
            restored: [.brokenPipe]
        )
    }

    /// What scripts have printed.
    var output: String {
        guard let file = try? File(directory.appending("out"), .read),
            let size = try? file.status().size
        else { return "" }
        var bytes = [UInt8](repeating: 0, count: size)
        var span = bytes.mutableSpan
        _ = try? file.read(at: 0, into: &span)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs a shell script.
    ///
    /// - Returns: Its exit code and what it printed.
    func run(_ script: String) throws -> (code: Int32, output: String) {
        let code = try start(script).wait().exitCode
        return (code, output)
    }

    /// Runs a script that must exit with 0.
    func expectSuccess(
        _ script: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let (code, output) = try run(script)
        #expect(code == 0, "\(script): \(output)", sourceLocation: sourceLocation)
    }
}

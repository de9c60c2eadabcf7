import DriveNode
import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// A node that serves a fake drive, and programs that run with the interposer loaded.
final class NodeAtWork: Sendable {
    let drive: FakeDrive
    let node: DriveNode
    private let folder: Folder

    var directory: FilePath { folder.path }

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
        folder = try Folder()
        node = try DriveNode(
            socketPath: folder.path("socket").string,
            transport: drive,
            options: options
        )
        try node.start()
    }

    deinit {
        node.stop()
    }

    /// What programs are started with: the interposer, or what `Scripts/soak` made of it with a
    /// sanitizer, and the sanitizer's library.
    private static let preload =
        Environment.value("SPINDLE_PRELOAD")
        ?? Products.directory.appending("libCDriveInterposer.so").string

    /// The program of these tests.
    static let peer =
        Environment.value("SPINDLE_PEER") ?? Products.directory.appending("DriveNodePeer").string

    /// Starts a shell script; `$NODE` is the node, `$PEER` the program of these tests.
    func start(_ script: String) throws -> ChildProcess {
        let output = try File(folder.path("out"), .replace)
        return try Programs.start(
            ["sh", "-c", script],
            variables: [
                "LD_PRELOAD": Self.preload,
                "SPINDLE_DRIVE_NODES": "/dev/sr0=\(folder.path("socket"))",
                "NODE": "/dev/sr0", "PEER": Self.peer,
                "OUT": folder.path("out").string, "LC_ALL": "C",
            ],
            output: output,
            errors: output
        )
    }

    /// What scripts have printed.
    var output: String {
        String(decoding: (try? folder.read("out")) ?? [], as: UTF8.self)
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

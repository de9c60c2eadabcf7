import Foundation

/// Programs that make images, where this machine has them.
enum Tools {
    static func has(_ name: String) -> Bool { path(name) != nil }

    private static func path(_ name: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].map { $0 + name }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs commands one after the other in a fresh folder, and returns a file that they made.
    ///
    /// The folder has a folder `tree` with some files.
    static func make(_ output: String, _ commands: [String]...) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("spindle-\(UUID().uuidString)")
        let tree = folder.appendingPathComponent("tree/below")
        try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
            .write(to: tree.appendingPathComponent("a file with a long name"))
        for command in commands {
            guard let program = command.first, let path = path(program) else {
                throw CocoaError(.fileNoSuchFile)
            }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = Array(command.dropFirst())
            process.currentDirectoryURL = folder
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
        }
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(output)))
    }

    static func contents(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }
}

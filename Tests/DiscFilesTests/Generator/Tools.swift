import LinuxCalls
import SystemPackage
import TestSupport

/// Programs that make images, where this machine has them.
enum Tools {
    /// The error of a program that failed.
    struct Failed: Error {
        let outcome: Outcome
    }

    static func has(_ name: String) -> Bool { Programs.has(name) }

    /// Runs commands one after the other in a fresh folder, and returns a file that they made.
    ///
    /// The folder has a folder `tree` with some files.
    static func make(_ output: String, _ commands: [String]...) throws -> [UInt8] {
        let folder = try Folder()
        let file = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        try folder.write("tree/below/a file with a long name", file)
        for command in commands {
            let outcome = try Programs.run(command, in: folder)
            guard outcome.status == 0 else { throw Failed(outcome: outcome) }
        }
        return try folder.read(output)
    }

    static func contents(_ path: String) throws -> [UInt8] {
        try Folder.contents(FilePath(path))
    }

    static func exists(_ path: String) -> Bool { FileSystem.exists(FilePath(path)) }
}

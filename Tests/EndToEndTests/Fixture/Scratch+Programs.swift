import Foundation
import SystemPackage
import TestSupport
import Testing

extension Scratch {
    /// Runs a program in the directory, and waits for its end, though not for ever.
    ///
    /// - Parameters:
    ///   - arguments: The program's path, and its arguments.
    ///   - seconds: When it, and what it started, is killed.
    /// - Returns: What became of it.
    /// - Throws: The system's error if the program can't be started.
    func run(_ arguments: [String], within seconds: Double = 60) async throws -> Outcome {
        try await Programs.runAside(
            arguments,
            in: FilePath(directory.path),
            variables: [
                "SPINDLE": Products.spindle, "LC_ALL": "C.UTF-8", "SPINDLE_DRIVE": nil,
                // The tester's own settings are none of the tests' business.
                "XDG_CONFIG_HOME": path("config"), "XDG_DATA_HOME": path("data"),
                // A server of the tests' own is on this machine.
                "http_proxy": nil, "https_proxy": nil, "HTTPS_PROXY": nil, "all_proxy": nil,
                "ALL_PROXY": nil,
            ],
            within: seconds
        )
    }

    /// Runs a script of bash in the directory.
    func shell(_ script: String, within seconds: Double = 120) async throws -> Outcome {
        try await run(["bash", "-c", script], within: seconds)
    }

    /// Runs a script of bash that makes what a test needs, and requires that all of it goes well.
    func prepare(_ script: String) async throws {
        let made = try await shell("set -e\n\(script)")
        try #require(made.status == 0, "\(made)")
    }
}

import Foundation
import TestSupport
import Testing

extension Scratch {
    /// Runs `spindle` with some arguments.
    func spindle(_ arguments: String..., within seconds: Double = 60) async throws -> Outcome {
        try await spindle(arguments, within: seconds)
    }

    /// Runs `spindle` with some arguments.
    func spindle(_ arguments: [String], within seconds: Double = 120) async throws -> Outcome {
        try await run([Products.spindle] + arguments, within: seconds)
    }

    /// Makes a blank virtual disc.
    func makeDisc(_ medium: Medium, _ name: String = "disc") async throws {
        try await make(medium.rawValue, name)
    }

    /// Makes a blank virtual disc of any kind.
    func make(_ medium: String, _ name: String = "disc") async throws {
        let outcome = try await spindle("virtual", "create", name, "--medium", medium)
        try #require(outcome.status == 0, "\(outcome)")
    }

    /// Makes a disc with noise on it, which holds no file system.
    ///
    /// - Parameters:
    ///   - medium: What kind of disc it is.
    ///   - options: How it is burned, such as `--keep-open`.
    /// - Returns: The noise.
    /// - Throws: If it can't be burned.
    @discardableResult
    func makeNoiseDisc(_ medium: String, _ options: String...) async throws -> Data {
        let noise = try Image.noise.place(in: self)
        try await make(medium)
        try await burn(Image.noise.rawValue, options.joined(separator: " "))
        return noise
    }

    /// Runs a shell's script with a virtual drive that holds a disc; the script finds the command
    /// at `$SPINDLE`.
    func withDrive(
        _ discs: String...,
        faults: [String] = [],
        within seconds: Double = 60,
        run script: String
    ) async throws -> Outcome {
        let options = discs.flatMap { ["--disc", $0] } + faults.flatMap { ["--fault", $0] }
        return try await run(
            [Products.spindle, "virtual", "run"] + options + ["--", "sh", "-c", script],
            within: seconds
        )
    }

    /// Burns an image onto the disc, and requires that it went well.
    @discardableResult
    func burn(
        _ image: String,
        _ options: String...,
        status: String = "verified"
    ) async throws -> Event {
        let options = options.joined(separator: " ")
        let outcome = try await withDrive(
            "disc",
            run: "exec \"$SPINDLE\" burn '\(image)' --json \(options)"
        )
        try #require(outcome.status == 0, "\(outcome)")
        let result = try outcome.result()
        try #require(result.status == status, "\(outcome)")
        return result
    }

    /// Rips the disc, and requires that all of it could be read.
    @discardableResult
    func rip(_ disc: String = "disc", to image: String = "rip.iso") async throws -> Event {
        let outcome = try await withDrive(disc, run: "exec \"$SPINDLE\" rip '\(image)' --json")
        try #require(outcome.status == 0, "\(outcome)")
        let result = try outcome.result()
        try #require(result.status == "done", "\(outcome)")
        return result
    }

    /// What `info` says of a disc in a drive.
    func info(_ disc: String = "disc") async throws -> InfoDocument {
        let outcome = try await withDrive(disc, run: "exec timeout 5 \"$SPINDLE\" info --json")
        try #require(outcome.status == 0, "\(outcome)")
        return try outcome.document()
    }

    /// A file's SHA-256, as another program makes it.
    func sha256(_ name: String) async throws -> String {
        let outcome = try await run(["/usr/bin/sha256sum", name])
        return String(try #require(outcome.output.split(separator: " ").first))
    }
}

import Foundation
import Synchronization

extension Scratch {
    /// Runs a program in the directory, and waits for its end, though not for ever.
    ///
    /// - Parameters:
    ///   - arguments: The program's path, and its arguments.
    ///   - seconds: When it, and what it started, is killed.
    /// - Returns: What became of it.
    /// - Throws: What Foundation throws where it can't be started.
    func run(_ arguments: [String], within seconds: Double = 60) async throws -> Outcome {
        let number = UUID().uuidString.prefix(8)
        let files = ["\(number).out", "\(number).err"]
        for name in files { try write(Data(), to: name) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        process.currentDirectoryURL = directory
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(
            forWritingTo: directory.appendingPathComponent(files[0])
        )
        process.standardError = try FileHandle(
            forWritingTo: directory.appendingPathComponent(files[1])
        )
        let isLate = Mutex(false)
        let start = Date()
        let status: Int = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { ended in
                let code = Int(ended.terminationStatus)
                continuation.resume(
                    returning: ended.terminationReason == .exit ? code : 128 + code
                )
            }
            do {
                try process.run()
            } catch {
                return continuation.resume(throwing: error)
            }
            let group = process.processIdentifier
            DispatchQueue.global().asyncAfter(deadline: .now() + seconds) {
                guard process.isRunning else { return }
                isLate.withLock { $0 = true }
                // Foundation gives each child a process group of its own.
                kill(-group, SIGKILL)
                kill(group, SIGKILL)
            }
        }
        let outcome = Outcome(
            arguments: arguments,
            status: status,
            output: try text(files[0]),
            errors: try text(files[1]),
            seconds: Date().timeIntervalSince(start),
            wasLate: isLate.withLock { $0 }
        )
        for name in files { try FileManager.default.removeItem(atPath: path(name)) }
        return outcome
    }

    /// The environment of programs: this process's, and where the command is.
    private var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["SPINDLE"] = Spindle.path
        environment["LC_ALL"] = "C.UTF-8"
        environment.removeValue(forKey: "SPINDLE_DRIVE")
        return environment
    }
}

package import LinuxCalls
package import SystemPackage

/// Runs the programs of this machine.
package enum Programs {
    /// The error of a program that this machine does not have.
    package struct Missing: Error {
        package let name: String
    }

    /// Whether this machine has a program.
    package static func has(_ name: String) -> Bool { path(name) != nil }

    private static func path(_ name: String) -> String? {
        if name.contains("/") { return name }
        return ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/"].map { $0 + name }
            .first { FileSystem.exists(FilePath($0)) }
    }

    /// Starts a program that has no input and belongs to a process group of its own.
    ///
    /// - Parameters:
    ///   - command: The program, by its name or its path, and its arguments.
    ///   - directory: The directory that it runs in, or `nil` for this process's.
    ///   - variables: What its environment has in place of this process's; `nil` removes a variable.
    ///   - output: Where its output goes.
    ///   - errors: Where its error output goes.
    /// - Returns: The running program.
    /// - Throws: ``Missing``, or the system's error if the program can't be started.
    package static func start(
        _ command: [String],
        in directory: FilePath? = nil,
        variables: [String: String?] = [:],
        output: File,
        errors: File
    ) throws -> ChildProcess {
        let name = command.first ?? ""
        guard let program = path(name) else { throw Missing(name: name) }
        let environment = Environment.all.filter {
            !variables.keys.contains(String($0.prefix { $0 != "=" }))
        }
        return try ChildProcess(
            arguments: [program] + command.dropFirst(),
            environment: environment
                + variables.compactMap { name, value in
                    value.map { "\(name)=\($0)" }
                },
            restored: [.brokenPipe],
            place: ChildProcess.Place(directory: directory, output: output, errors: errors)
        )
    }

    /// Runs a program and waits for its end, though not for ever.
    ///
    /// - Parameters:
    ///   - command: The program, by its name or its path, and its arguments.
    ///   - directory: The directory that it runs in, or `nil` for this process's.
    ///   - variables: What its environment has in place of this process's; `nil` removes a variable.
    ///   - seconds: When the program and all that it started is killed.
    ///   - mixesErrors: Whether what it writes to its error output is part of its output.
    /// - Returns: What became of it.
    /// - Throws: ``Missing``, or the system's error if the program can't be started.
    @discardableResult
    package static func run(
        _ command: [String],
        in directory: FilePath? = nil,
        variables: [String: String?] = [:],
        within seconds: Double = 120,
        mixesErrors: Bool = false
    ) throws -> Outcome {
        let output = try unnamedFile()
        let errors = mixesErrors ? output : try unnamedFile()
        let start = Clock.seconds
        let child = try Self.start(
            command,
            in: directory,
            variables: variables,
            output: output,
            errors: errors
        )
        let ending = child.wait(seconds: seconds)
        let time = Clock.seconds - start
        if ending == nil { child.killGroup() }
        let bytes = try Folder.contents(output)
        return Outcome(
            arguments: command,
            status: Int((ending ?? child.wait()).exitCode),
            bytes: bytes,
            output: String(decoding: bytes, as: UTF8.self),
            errors: mixesErrors ? "" : String(decoding: try Folder.contents(errors), as: UTF8.self),
            seconds: time,
            wasLate: ending == nil
        )
    }

    /// Runs a program in a folder.
    @discardableResult
    package static func run(_ command: [String], in folder: Folder) throws -> Outcome {
        defer { withExtendedLifetime(folder) {} }
        return try run(command, in: folder.path)
    }

    /// Runs a program on a thread of its own, so that it takes none of those that run tests.
    ///
    /// The parameters are those of ``run(_:in:variables:within:mixesErrors:)``.
    package static func runAside(
        _ command: [String],
        in directory: FilePath? = nil,
        variables: [String: String?] = [:],
        within seconds: Double = 120
    ) async throws -> Outcome {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try Thread(name: "program") {
                    let result = Result {
                        try run(command, in: directory, variables: variables, within: seconds)
                    }
                    continuation.resume(with: result)
                }.detach()
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }

    /// A file that goes with its last descriptor.
    private static func unnamedFile() throws -> File {
        let folder = try Folder()
        let file = try File(folder.path("output"), .createNew)
        withExtendedLifetime(folder) {}
        return file
    }
}

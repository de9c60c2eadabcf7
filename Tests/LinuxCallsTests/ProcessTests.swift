import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// Programs that are started, and how they end.
@Suite struct ProcessTests {
    @Test func `how a program ended is told apart`() throws {
        func ending(_ script: String) throws -> ChildProcess.Ending {
            try ChildProcess(
                arguments: ["sh", "-c", script],
                environment: Environment.all,
                restored: []
            ).wait()
        }
        #expect(try ending("exit 0") == .exited(0))
        #expect(try ending("exit 255") == .exited(255))
        let killed = try ending("kill -KILL $$")
        #expect(killed == .signalled(9) && killed.exitCode == 137)
    }

    @Test func `a program that does not end in time is ended`() throws {
        func ending(_ script: String) throws -> ChildProcess.Ending? {
            try ChildProcess(
                arguments: ["sh", "-c", script],
                environment: Environment.bare,
                directory: nil,
                input: nil,
                output: StreamSocket.pair().0
            ).end(within: 2)
        }
        #expect(try ending("exit 3") == .exited(3))
        let start = Clock.seconds
        #expect(try ending("trap '' TERM INT; while :; do sleep 1; done") == .signalled(9))
        #expect(Clock.seconds - start < 20)
    }

    @Test func `a program of strangers learns where programs are, and no more`() throws {
        let names = Environment.bare.map { String($0.prefix { $0 != "=" }) }
        #expect(Set(names).isSubset(of: ["PATH", "LD_LIBRARY_PATH", "LC_ALL"]))
        #expect(Environment.bare.contains("LC_ALL=C"))
        #expect(Environment.value("PATH").map { Environment.bare.contains("PATH=\($0)") } ?? true)
    }

    @Test func `a program that is not there is an error`() throws {
        let folder = try Folder()
        let error = #expect(throws: SystemError.self) {
            try ChildProcess(
                arguments: [folder.path("program").string],
                environment: [],
                restored: []
            )
        }
        #expect(error?.isNoSuchFile == true)
        #expect(throws: SystemError.self) {
            try ChildProcess(arguments: [], environment: [], restored: [])
        }
    }

    @Test func `a program has its own directory, environment and outputs`() throws {
        let folder = try Folder()
        let run = try Programs.run(
            ["sh", "-c", "pwd -P; echo $WORD; cat; echo wrong >&2; exit 3"],
            in: folder.path,
            variables: ["WORD": "a word", "PWD": nil]
        )
        #expect(run.status == 3 && !run.wasLate)
        #expect(run.output == "\(folder.path)\na word\n")
        #expect(run.errors == "wrong\n")
        let mixed = try Programs.run(
            ["sh", "-c", "echo 1; echo 2 >&2; echo 3"],
            mixesErrors: true
        )
        #expect(mixed.output == "1\n2\n3\n" && mixed.errors.isEmpty)
        // Nothing is left in the folder.
        #expect(try folder.names().isEmpty)
    }

    @Test func `a program that takes too long ends with all that it started`() throws {
        let folder = try Folder()
        let run = try Programs.run(
            ["sh", "-c", "sleep 60 & echo $! > child; wait"],
            in: folder.path,
            within: 0.3
        )
        #expect(run.wasLate && run.status == 137 && run.seconds < 10)
        let child = String(decoding: try folder.read("child"), as: UTF8.self)
        let number = try #require(Int(child.filter { $0 != "\n" }))
        // A killed process may stay a zombie until somebody asks for it.
        var isGone = false
        for _ in 0..<200 where !isGone {
            let status = try Programs.run(["cat", "/proc/\(number)/stat"]).output
            isGone = status.isEmpty || status.contains(") Z ")
            if !isGone { Clock.sleep(seconds: 0.01) }
        }
        #expect(isGone)
    }

    @Test func `many programs at once keep their outputs apart`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    let run = try await Programs.runAside(["sh", "-c", "echo \(number)"])
                    #expect(run.output == "\(number)\n" && run.status == 0)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a process's name`() {
        #expect(Processes.name(of: 0) == "-")
        #expect(!Processes.name(of: Processes.ownNumber).isEmpty)
        #expect(Environment.value("SPINDLE_NO_SUCH_VARIABLE") == nil)
    }
}

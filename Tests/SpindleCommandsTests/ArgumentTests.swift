import ArgumentParser
import SpindleCommands
import Testing

/// What the command makes of its arguments, without running any of it.
@Suite struct ArgumentTests {
    private static let verbs: [[String]] = [
        ["drives"], ["info"], ["list"], ["burn"], ["blank"], ["rip"], ["verify"], ["convert"],
        ["copy"], ["eject"], ["load"], ["doctor"],
        ["split"], ["join"], ["virtual"], ["virtual", "create"], ["virtual", "run"],
        ["format"], ["close"], ["create"], ["add"], ["remove"], ["move"], ["edit"], ["extract"],
        ["mount"], ["unmount"], ["overlay"], ["overlay", "diff"], ["overlay", "commit"],
        ["overlay", "discard"], ["sum"], ["virtual", "serve"], ["virtual", "eject"],
        ["virtual", "insert"], ["virtual", "trace"], ["config"], ["config", "show"],
    ]

    /// The exit code of arguments, and what they make it say; `nil` if they are a command to run.
    private func reply(_ arguments: [String]) -> (code: Int32, text: String)? {
        do {
            var command = try SpindleCommand.parseAsRoot(arguments)
            // Help is a command of the parser's own, which ends by throwing its text.
            guard "\(type(of: command))" == "HelpCommand" else { return nil }
            try command.run()
            return nil
        } catch {
            let code = SpindleCommand.exitCode(for: error).rawValue
            return (code, SpindleCommand.fullMessage(for: error))
        }
    }

    @Test(arguments: verbs)
    func `each verb explains itself`(_ verb: [String]) throws {
        let answer = try #require(reply(verb + ["--help"]))
        #expect(answer.code == 0)
        #expect(answer.text.hasPrefix("OVERVIEW: "))
        let usage = "USAGE: spindle " + verb.joined(separator: " ")
        #expect(answer.text.contains(usage), "\(answer.text)")
        guard !["virtual", "overlay", "config"].contains(verb.joined()) else { return }
        #expect(answer.text.contains("\(usage) [<options>]"), "\(answer.text)")
        #expect(answer.text.contains("\nExamples:\n  spindle "), "\(answer.text)")
    }

    @Test(arguments: [
        ["drives", "--progress", "none"], ["info", "--verbose"], ["doctor", "--quiet"],
        ["list", "--progress", "none"], ["eject", "--verbose"],
        ["virtual", "create", "disc", "--medium", "cd-r", "--quiet"],
    ])
    func `an option that does nothing is taken and not shown`(_ arguments: [String]) throws {
        #expect(reply(arguments) == nil)
        let option = try #require(arguments.first { $0.hasPrefix("--") && $0 != "--medium" })
        let verb = Array(arguments.prefix(arguments.first == "virtual" ? 2 : 1))
        let help = try #require(reply(verb + ["--help"])).text
        #expect(!help.contains(option), "\(help)")
    }

    @Test(arguments: ["burn", "convert", "sum"])
    func `verbs that may take long have the same options of progress`(_ verb: String) throws {
        let help = try #require(reply([verb, "--help"])).text
        #expect(help.contains("  -v, --verbose "), "\(help)")
        #expect(help.contains("  --progress <progress> "), "\(help)")
    }

    @Test(arguments: ["config show", "drives", "info", "list", "sum", "doctor", "overlay diff"])
    func `verbs that answer don't speak of events`(_ verb: String) throws {
        let verb = verb.split(separator: " ").map(String.init)
        let help = try #require(reply(verb + ["--help"])).text
        #expect(help.contains("Print the answer as JSON for programs."), "\(help)")
    }

    @Test(arguments: [
        ["--naming", "%n"], ["--gaps", "prepended"], ["--cover", "a.png"], ["--replaygain"],
    ])
    func `what is about files of tracks is refused without them`(_ options: [String]) throws {
        let answer = try #require(reply(["rip", "a.cue"] + options))
        #expect(answer.code == 64)
        #expect(answer.text.contains("\(options[0]) goes with --tracks"), "\(answer.text)")
        #expect(reply(["rip", "a", "--tracks", "flac"] + options) == nil)
    }

    @Test(arguments: ["info", "list", "sum"])
    func `a disc and a drive are one too many`(_ verb: String) throws {
        let answer = try #require(reply([verb, "a.iso", "--drive", "/dev/sr0"]))
        #expect(answer.code == 64)
        #expect(answer.text.contains("Two discs are named: a.iso"), "\(answer.text)")
        #expect(reply([verb, "/dev/sr0", "--drive", "/dev/sr0"]) == nil)
        #expect(reply([verb, "--drive", "/dev/sr0"]) == nil)
    }

    @Test func `what a trace holds is asked for with a trace`() throws {
        let run = ["virtual", "run", "--trace-sectors"]
        let answer = try #require(reply(run + ["--", "true"]))
        #expect(answer.code == 64 && answer.text.contains("go with --trace."), "\(answer.text)")
        #expect(reply(run + ["--trace", "x.trace", "--", "true"]) == nil)
    }

    @Test func `a disc alone is not taken for the directory to mount on`() throws {
        let answer = try #require(reply(["mount", "/dev/null"]))
        #expect(answer.code == 64)
        #expect(answer.text.contains("directory to mount “/dev/null” on"), "\(answer.text)")
        #expect(reply(["mount", "/dev/null", "/tmp"]) == nil && reply(["mount", "/tmp"]) == nil)
    }

    @Test(arguments: ["--simulate", "--no-verify"])
    func `another drive reads nothing back that is not to be read back`(_ option: String) throws {
        let arguments = ["burn", "a.iso", "--verify-drive", "/dev/sr1"]
        let answer = try #require(reply(arguments + [option]))
        #expect(answer.code == 64)
        #expect(answer.text.contains("neither --simulate nor --no-verify"), "\(answer.text)")
        #expect(reply(arguments) == nil)
    }

    @Test(arguments: [
        ["convert", "a.iso", "-"], ["create", "-", "folder"], ["rip", "-", "--format", "iso"],
        ["add", "a.iso", "b", "--output", "-"], ["copy", "--image", "-"],
        ["overlay", "commit", "folder", "--output", "-"],
    ])
    func `no image goes to standard output`(_ arguments: [String]) throws {
        let answer = try #require(reply(arguments))
        #expect(answer.code == 64)
        #expect(answer.text.contains("not to standard output"), "\(answer.text)")
        #expect(reply(arguments.map { $0 == "-" ? "./-" : $0 }) == nil)
    }

    @Test func `the formats that most people want come first`() throws {
        let help = try #require(reply(["convert", "--help"])).text
        let formats = try #require(help.split(separator: "Formats that are written: ").last)
        #expect(formats.hasPrefix("iso ("))
        let text = formats.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("udf), cue (.cue), nrg (.nrg), chd (.chd)"), "\(text)")
        for format in ["dmg", "cso", "virtual-disc"] {
            #expect(text.contains(", \(format) ("), "\(format)")
        }
    }

    @Test(arguments: [
        ["nonsense"], ["burn"], ["burn", "a.iso", "b.iso"], ["burn", "a.iso", "--nonsense"],
        ["burn", "a.iso", "--speed", "fast"], ["burn", "a.iso", "--speed", "-1"],
        ["burn", "a.iso", "--mode", "slow"], ["rip"], ["rip", "a.iso", "--retries", "many"],
        ["rip", "a.iso", "--retries", "-1"], ["rip", "a.iso", "--resume", "--force"],
        ["rip", "a.iso", "--time-limit", "soon"], ["rip", "a.iso", "--time-limit", "0"],
        ["rip", "a.iso", "--time-limit", "1e99"], ["rip", "a.iso", "--give-up", "101%"],
        ["rip", "a.iso", "--give-up", "-1"], ["rip", "a.iso", "--give-up", "%"],
        ["rip", "a.iso", "--sum", "crc7"], ["verify"],
        ["convert", "a.cue"], ["convert", "a.cue", "b.iso", "--audio", "mp3"],
        ["virtual", "create", "disc"], ["virtual", "create", "disc", "--medium", "floppy"],
        ["info", "a", "b"], ["blank", "extra"],
        ["burn", "a.iso", "/dev/sr0", "--drive", "/dev/sr1"],
        ["rip", "a.iso", "b.iso"], ["rip", "/dev/sr0"], ["rip", "/dev/sr0", "/dev/sr1"],
        ["copy", "a.iso"], ["copy", "/dev/sr0", "a.iso"], ["eject", "a.iso"],
        ["load", "/dev/sr0", "--drive", "/dev/sr1"], ["doctor", "/dev/sr0", "--drive", "/dev/sr1"],
    ])
    func `what is wrong with arguments is said, with the exit code of usage`(
        _ arguments: [String]
    ) throws {
        let answer = try #require(reply(arguments), "\(arguments) are taken")
        #expect(answer.code == 64)
        #expect(answer.text.hasPrefix("Error: "))
        #expect(answer.text.contains("Usage: spindle"))
    }

    @Test(arguments: [
        [
            "rip", "a.iso", "--resume", "--merge", "b.iso", "--merge", "c.iso.part", "--first",
            "/docs",
        ],
        ["rip", "a.iso", "--time-limit", "1.5h", "--give-up", "2.5%", "--retries", "0"],
        ["rip", "a.iso", "--time-limit", "90", "--give-up", "500"],
        ["burn", "a.iso", "/dev/sr0"], ["burn", "a.iso", "/dev/sr0", "--drive", "/dev/sr0"],
        ["burn", "-", "/dev/sr0"], ["rip", "/dev/sr0", "a.iso"], ["rip", "a.iso", "/dev/sr0"],
        ["rip", "/dev/shm/none/a.iso"], ["rip", "/dev/sr0", "/dev/shm/none/a.iso"],
        ["blank", "/dev/sr0"], ["copy", "/dev/sr0", "/dev/sr1"], ["copy", "--from", "/dev/sr0"],
        ["eject"], ["eject", "/dev/sr0"], ["load", "--drive", "/dev/sr0"], ["doctor", "--json"],
        ["doctor", "/dev/sr0", "--report", "report.jsonl"],
        ["drives", "--json"], ["info"], ["info", "a.iso"], ["info", "--json"], ["list", "a.iso"],
        ["burn", "a.iso"], ["burn", "-"], ["burn", "--simulate", "a.iso", "--no-verify", "--json"],
        ["burn", "a.iso", "--speed", "8x", "--mode", "tao", "--drive", "/dev/sr1"],
        ["rip", "a.iso", "--retries", "0", "--sum", "md5", "--sum", "sha512"],
        ["verify", "a.iso"], ["verify", "a.iso", "/dev/sr0", "--json"],
        ["convert", "a.cue", "b.iso", "--allow-loss", "--prove", "--force"],
        ["virtual", "create", "disc", "--medium", "bd-r"],
        ["virtual", "run", "--disc", "disc", "--", "spindle", "burn", "--help"],
    ])
    func `arguments that make a command are taken`(_ arguments: [String]) {
        #expect(reply(arguments) == nil)
    }

    @Test func `the version has three numbers, and the libraries' versions`() throws {
        let answer = try #require(reply(["--version"]))
        #expect(answer.code == 0)
        let lines = answer.text.split(separator: "\n")
        try #require(lines.count == 2)
        let words = lines[0].split(separator: " ")
        #expect(words.first == "spindle")
        #expect(words.dropFirst().first?.split(separator: ".").compactMap { Int($0) }.count == 3)
        let libraries = lines[1].split(separator: ", ")
        for name in ["libburn", "libcdio", "openssl", "zlib", "flac"] {
            let library = try #require(libraries.first { $0.hasPrefix("\(name) ") }, "\(lines[1])")
            #expect(library.dropFirst(name.count + 1).first?.isNumber == true)
        }
    }
}

import Foundation
import TestSupport
import Testing

/// `drives --watch`, and what JSON says of command lines that can't be followed.
@Suite struct DrivesWatchTests {
    private struct Seen: Decodable {
        var event: String
        var version: Int
        var time: String
        var change: String
        var path: String
        var medium: String?
        var state: String?
    }

    private func seen(_ text: String) throws -> [Seen] {
        try text.split(separator: "\n").map {
            try JSONDecoder.snake.decode(Seen.self, from: Data($0.utf8))
        }
    }

    @Test func `discs that come and go are told, until Ctrl-C`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            try await scratch.makeDisc(.cdR, "other")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    touch events
                    until_line() {
                        for i in $(seq 100); do
                            grep -q "$1" events && return
                            sleep 0.1
                        done
                    }
                    {
                        until_line present
                        "$SPINDLE" virtual eject && until_line disc-removed
                        "$SPINDLE" virtual insert other && until_line disc-inserted
                        "$SPINDLE" burn --json /usr/lib/ipxe/ipxe.iso >/dev/null
                        until_line complete
                        touch done
                    } &
                    # A shell has its background ignore SIGINT, so what is to be interrupted is in front.
                    exec timeout --preserve-status -s INT 20 \
                        sh -c 'exec "$SPINDLE" drives --watch --json >>events'
                    """
            )
            #expect(outcome.status == 130, "\(outcome)")
            #expect(scratch.has("done"))
            let text = try scratch.text("events")
            #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix(#"{"event":"drive","#) })
            let events = try seen(text)
            try #require(events.count >= 4, "\(text)")
            #expect(
                events.prefix(3).map(\.change) == ["present", "disc-removed", "disc-inserted"],
                "\(text)"
            )
            #expect(events.allSatisfy { $0.path == "/dev/sr0" && $0.version == 1 })
            #expect(events[0].medium == "dvd+r" && events[0].state == "blank")
            #expect(events[1].state == "none")
            #expect(events[2].medium == "cd-r" && events[2].state == "blank")
            #expect(events.last?.medium == "cd-r", "\(text)")
            #expect(events.last?.state == "complete", "\(text)")
        }
    }

    @Test func `a watch ends when nobody reads it`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(
                within: 30,
                run: "{ \"$SPINDLE\" drives --watch --json; echo $? >status; } | head -n 1"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("status") == "0\n")
            #expect(try seen(outcome.output).first?.state == "none", "\(outcome)")
        }
    }

    @Test func `events have the time, but for progress`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn --json --verbose /usr/lib/ipxe/ipxe.iso"
            )
            let time =
                /^\{"event":"(plan|message|result)","version":1,"time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",/
            for line in outcome.lines {
                let isProgress = line.hasPrefix(#"{"event":"progress","#)
                #expect((try time.firstMatch(in: line) != nil) != isProgress, "\(line)")
            }
        }
    }

    @Test(arguments: [
        (["burn"], "burn"), (["burn", "a.iso", "--nonsense"], "burn"), (["brun", "a.iso"], "brun"),
        (["rip", "a.iso", "--retries", "many"], "rip"), (["info", "--nonsense"], "info"),
        (["--nonsense"], "spindle"),
    ])
    func `a wrong command line has a result in JSON, too`(_ arguments: [String], _ verb: String)
        async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await scratch.run([Products.spindle] + arguments + ["--json"])
            #expect(outcome.status == 64, "\(outcome)")
            #expect(outcome.lines.count == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "refused" && result.reason == "usage")
            #expect(result.exitCode == 64 && result.verb == verb && result.bytes == 0)
            #expect(result.sentences?.first?.isEmpty == false)
            #expect(outcome.errors.hasPrefix("Error: "), "\(outcome)")
            let quiet = try await scratch.run([Products.spindle] + arguments)
            #expect(quiet.output.isEmpty && quiet.status == 64)
        }
    }
}

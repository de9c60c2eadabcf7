import Foundation
import Reports
import Testing

@Suite struct EventTests {
    private func fields(_ json: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return try #require(value as? [String: Any])
    }

    private static let nasty = "“a”\nb\r\n\tc\u{0}\u{1B}[31m\\ \"d\" / é \u{2028}"

    private var events: [(name: String, event: JobEvent)] {
        var plan = JobPlan(verb: "rip", source: Self.nasty, target: "b")
        plan.medium = "dvd+r"
        plan.paddingSectors = 15
        plan.sizes = [JobPlan.SizeClaim(source: "READ CAPACITY", sectors: 7, decides: true)]
        plan.notes = [Self.nasty]
        let progress = JobProgress(
            phase: .write,
            bytes: 1,
            totalBytes: 2,
            bytesPerSecond: 3.5,
            secondsLeft: 0.25
        )
        var result = JobResult(.incomplete, verb: "rip", bytes: 4096)
        result.sha256 = "00ff"
        result.sums = ["sha256": "00ff", "sha512": "11"]
        result.firstUnreadableSector = 1
        result.output = Self.nasty
        return [
            ("plan", .plan(plan)), ("progress", .progress(progress)),
            ("message", .message(JobMessage(.warning, Self.nasty, origin: "libburn"))),
            ("result", .result(result)),
        ]
    }

    @Test func `an event of one of several drives names it, and is read as it was`() throws {
        for (name, event) in events {
            let read = try #require(JobEvent(json: Array(event.json.utf8)))
            #expect(read.json == event.json)
            let fields = try fields(event.json(at: nil, ofDrive: "/dev/sr1"))
            #expect(fields["drive"] as? String == "/dev/sr1", "\(name)")
            #expect(fields["event"] as? String == name)
        }
        var plan = JobPlan(verb: "burn", source: "a", target: "/dev/sr1")
        plan.drive = "ASUS DRW"
        let fields = try fields(JobEvent.plan(plan).json(at: nil, ofDrive: "/dev/sr1"))
        #expect(fields["drive"] as? String == "/dev/sr1")
        #expect(fields["model"] as? String == "ASUS DRW")
        #expect(JobEvent(json: Array("{\"event\":\"other\"}".utf8))?.json == nil)
        #expect(JobEvent(json: Array("nonsense".utf8))?.json == nil)
    }

    @Test func `an event is one line, its kind first, without blanks between tokens`() throws {
        for (name, event) in events {
            let json = event.json
            #expect(json.hasPrefix("{\"event\":\"\(name)\",\"version\":1,"))
            #expect(json.hasSuffix("}"))
            #expect(!json.unicodeScalars.contains { $0.value < 0x20 })
            // Outside of strings, nothing is blank.
            var isInside = false
            var isEscaped = false
            for character in json {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isInside.toggle()
                } else if !isInside {
                    #expect(!character.isWhitespace)
                }
            }
            #expect(try fields(json)["event"] as? String == name)
        }
    }

    @Test func `keys are in snake case, and strings arrive whole`() throws {
        let plan = try fields(events[0].event.json)
        #expect(plan["source"] as? String == Self.nasty)
        #expect(plan["padding_sectors"] as? Int == 15)
        #expect(plan["notes"] as? [String] == [Self.nasty])
        #expect((plan["sizes"] as? [[String: Any]])?.first?["decides"] as? Bool == true)
        #expect(plan["drive"] == nil)
        let progress = try fields(events[1].event.json)
        #expect(progress["bytes_per_second"] as? Double == 3.5)
        #expect(progress["total_bytes"] as? Int == 2)
        #expect(progress["seconds_left"] as? Double == 0.25)
        #expect(progress["phase"] as? String == "write")
        let message = try fields(events[2].event.json)
        #expect(message["severity"] as? String == "warning")
        #expect(message["text"] as? String == Self.nasty)
        #expect(message["origin"] as? String == "libburn")
        let result = try fields(events[3].event.json)
        #expect(result["status"] as? String == "incomplete")
        #expect(result["exit_code"] as? Int == 3)
        #expect(result["bytes"] as? Int == 4096)
        #expect(result["sha256"] as? String == "00ff")
        #expect(result["sums"] as? [String: String] == ["sha256": "00ff", "sha512": "11"])
        #expect(result["first_unreadable_sector"] as? Int == 1)
    }

    @Test func `what is no number is left out or null, never a word`() throws {
        let json = JobEvent.progress(
            JobProgress(phase: .read, bytes: 0, bytesPerSecond: .nan, speed: .infinity)
        ).json
        let progress = try fields(json)
        #expect(!(progress["bytes_per_second"] is String))
        #expect(!(progress["speed"] is String))
        #expect(!json.lowercased().contains("nan") && !json.contains("inf"))
        #expect(progress["bytes"] as? Int == 0)
    }

    @Test func `events read back`() throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        for (_, event) in events {
            let data = Data(event.json.utf8)
            switch event {
            case .plan(let plan): #expect(try decoder.decode(JobPlan.self, from: data) == plan)
            case .progress(let progress):
                #expect(try decoder.decode(JobProgress.self, from: data) == progress)
            case .message(let message):
                #expect(try decoder.decode(JobMessage.self, from: data) == message)
            case .result(let result):
                #expect(try decoder.decode(JobResult.self, from: data) == result)
            }
        }
    }

    @Test(arguments: [
        (0, 10, 0.0), (5, 10, 0.5), (10, 10, 1.0), (20, 10, 1.0), (1, 3, 1.0 / 3.0),
    ])
    func `the part that is done`(_ bytes: Int, _ total: Int, _ fraction: Double) {
        #expect(JobProgress(phase: .read, bytes: bytes, totalBytes: total).fraction == fraction)
    }

    @Test func `of nothing, or of the unknown, no part is done`() {
        #expect(JobProgress(phase: .read, bytes: 5).fraction == nil)
        #expect(JobProgress(phase: .read, bytes: 5, totalBytes: 0).fraction == nil)
    }
}

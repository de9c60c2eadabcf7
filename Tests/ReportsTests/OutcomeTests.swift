import Reports
import Testing

/// Statuses and exit codes, which scripts rely upon.
@Suite struct OutcomeTests {
    @Test func `statuses by name and exit code`() throws {
        let table: [(String, Int)] = [
            ("verified", 0), ("done", 0), ("differs", 2), ("incomplete", 3), ("not-verified", 1),
            ("failed", 1), ("refused", 4), ("interrupted", 130),
        ]
        for (name, code) in table {
            let status = try #require(JobStatus(rawValue: name))
            let result = JobResult(status, verb: "burn", bytes: 7)
            #expect(result.exitCode == code, "\(name)")
            #expect(result.status == status && result.bytes == 7 && result.verb == "burn")
        }
        #expect(JobStatus(rawValue: "not_verified") == nil)
    }

    @Test func `failures by cause`() {
        let table: [(Failure.Cause, JobStatus, Int)] = [
            (.unsuitable, .refused, 4), (.source, .refused, 1), (.trouble, .failed, 1),
            (.difference, .differs, 2), (.unchecked, .notVerified, 1),
            (.interruption, .interrupted, 130), (.usage, .refused, 64),
        ]
        for (cause, status, code) in table {
            let failure = Failure(cause, "This happened.", meaning: "", advice: "Do that.")
            #expect(failure.status == status, "\(cause)")
            #expect(Int(failure.exitCode.rawValue) == code, "\(cause)")
            let result = JobResult(failure, verb: "rip", bytes: 1)
            #expect(result.status == status && result.exitCode == code)
            #expect(result.sentences == ["This happened.", "Do that."])
        }
    }

    @Test func `a failure is three sentences in a row`() {
        let failure = Failure(
            .trouble,
            "It broke.",
            meaning: "The disc is good.",
            advice: "Try again."
        )
        #expect(failure.description == "It broke. The disc is good. Try again.")
    }
}

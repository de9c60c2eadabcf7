import Reports
import Testing

/// Which step a job is at, and what is left of it.
@Suite struct JobStepsTests {
    private func plan(_ verb: String, verifies: Bool, prepares: Bool = false) -> JobPlan {
        var plan = JobPlan(verb: verb, source: "a", target: "b")
        plan.verify = verifies
        plan.preparation = prepares ? "format" : nil
        return plan
    }

    private func progress(
        _ phase: JobProgress.Phase,
        _ bytes: Int,
        elapsed: Double,
        left: Double? = nil
    ) -> JobProgress {
        var progress = JobProgress(phase: phase, bytes: bytes, totalBytes: 1000, secondsLeft: left)
        progress.elapsed = elapsed
        return progress
    }

    @Test func `a burn is written, and then read back`() {
        var steps = JobSteps(plan("burn", verifies: true))
        let writing = steps.take(progress(.write, 250, elapsed: 10, left: 30))
        #expect(writing.step == 1 && writing.steps == 2)
        // 30 s for the rest, and 40 s for reading 1000 bytes at 25 a second.
        #expect(writing.jobSecondsLeft == 70)
        #expect(steps.take(progress(.close, 1000, elapsed: 41)).step == 1)
        let reading = steps.take(progress(.verify, 500, elapsed: 5, left: 5))
        #expect(reading.step == 2 && reading.jobSecondsLeft == 5)
        #expect(
            steps.phases == [
                PhaseTime(phase: .write, bytes: 250, seconds: 10),
                PhaseTime(phase: .verify, bytes: 500, seconds: 5),
            ]
        )
        #expect(steps.phases[0].bytesPerSecond == 25)
    }

    @Test func `formatting is a step of its own`() {
        var steps = JobSteps(plan("burn", verifies: true, prepares: true))
        #expect(steps.take(JobProgress(phase: .format, bytes: 0, share: 0.5)).step == 1)
        #expect(steps.take(progress(.write, 1, elapsed: 0)).step == 2)
        #expect(steps.take(progress(.verify, 1, elapsed: 0)).steps == 3)
    }

    @Test func `where nothing is foreseen, nothing is said`() {
        var steps = JobSteps(plan("burn", verifies: true))
        #expect(steps.take(progress(.write, 250, elapsed: 1)).jobSecondsLeft == nil)
        #expect(steps.take(progress(.write, 0, elapsed: 9, left: 5)).jobSecondsLeft == nil)
        for (verb, verifies) in [("burn", false), ("rip", true), ("convert", true)] {
            var steps = JobSteps(plan(verb, verifies: verifies))
            let counts = steps.take(progress(.write, 250, elapsed: 10, left: 30))
            #expect(counts.step == nil && counts.jobSecondsLeft == nil, "\(verb)")
        }
    }
}

import LinuxCalls
import Testing

/// Threads that share a value.
@Suite(.timeLimit(.minutes(1))) struct MonitorTests {
    @Test func `threads count together`() throws {
        let count = Monitor(0)
        let threads = try (0..<8).map { _ in
            try Thread(name: "counter") {
                for _ in 0..<1000 { count.update { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }
        #expect(count.read { $0 } == 8000)
    }

    @Test func `who waits is woken by a change`() throws {
        let state = Monitor(0)
        let thread = try Thread(name: "waker") {
            _ = state.wait { $0 == 1 ? true : nil }
            state.update { $0 = 2 }
        }
        state.update { $0 = 1 }
        #expect(state.wait { $0 == 2 ? "done" : nil } == "done")
        thread.join()
    }

    @Test func `a wait ends with its time`() {
        let state = Monitor(0)
        let start = Clock.seconds
        #expect(state.wait(atMost: .milliseconds(50)) { $0 == 1 ? true : nil } == nil)
        #expect((0.04..<5).contains(Clock.seconds - start))
        #expect(state.wait(atMost: .milliseconds(50)) { $0 == 0 ? true : nil } == true)
    }
}

import LinuxCalls
import Testing
import Transfer

/// Wishes to stop, of which the first may end only what can be left out.
struct CancellationTests {
    @Test func `Where nothing can be left out, a wish is one to stop everything`() {
        let cancellation = Cancellation()
        cancellation.requestSparing()
        #expect(cancellation.isRequested)
    }

    @Test func `The first wish ends what can be left out, and the second everything`() {
        let cancellation = Cancellation()
        let calls = Monitor<[String]>([])
        let part = cancellation.beginSparing()
        part.whenRequested { calls.update { $0.append("part") } }
        cancellation.whenRequested { calls.update { $0.append("all") } }
        cancellation.requestSparing()
        #expect(part.isRequested && !cancellation.isRequested)
        #expect(calls.read { $0 } == ["part"])
        cancellation.requestSparing()
        #expect(cancellation.isRequested)
        #expect(calls.read { $0 } == ["part", "all"])
    }

    @Test func `A wish to stop everything is one to end that, too`() {
        let cancellation = Cancellation()
        let part = cancellation.beginSparing()
        cancellation.request()
        #expect(part.isRequested && cancellation.isRequested)
        // So it is if it came before.
        #expect(cancellation.beginSparing().isRequested)
    }

    @Test func `When there is nothing left to leave out, the next wish counts`() {
        let cancellation = Cancellation()
        let first = cancellation.beginSparing()
        cancellation.requestSparing()
        cancellation.endSparing()
        #expect(first.isRequested && !cancellation.isRequested)
        // What begins anew has a wish of its own.
        let second = cancellation.beginSparing()
        #expect(!second.isRequested)
        cancellation.endSparing()
        cancellation.requestSparing()
        #expect(cancellation.isRequested && !second.isRequested)
    }
}

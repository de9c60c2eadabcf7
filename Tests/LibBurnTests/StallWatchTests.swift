import LibBurn
import Testing

/// libburn's waiting for a drive that is no longer at work.
@Suite struct StallWatchTests {
    /// Looks at the watch every 50 ms, and answers its questions.
    ///
    /// - Returns: What it wants in the end, and after how many seconds; `nil` if that does not come.
    private func end(
        _ task: BurnOrder.Task,
        within limit: Double,
        news: Double? = nil,
        isWriting: Bool = false,
        _ answer: (Double) -> DriveWork
    ) -> (StallWatch.Step, Double)? {
        var watch = StallWatch(task, now: 0)
        watch.isWriting = isWriting
        var now = 0.0
        while now < limit {
            now += 0.05
            if let news, now.truncatingRemainder(dividingBy: news) < 0.05 { watch.hear(now: now) }
            switch watch.step(now: now) {
            case .wait: break
            case .ask: watch.hear(answer(now))
            case let step: return (step, now)
            }
        }
        return nil
    }

    @Test func `a drive without work is waited for no longer than a minute`() throws {
        let (step, seconds) = try #require(end(.erase(fast: true), within: 100) { _ in .idle })
        #expect(step == .endIdle)
        #expect((StallWatch.quiet...70).contains(seconds))
    }

    @Test func `a drive that writes may take no data for minutes`() throws {
        let (step, seconds) = try #require(
            end(.erase(fast: true), within: 1000, isWriting: true) { _ in .idle }
        )
        #expect(step == .endIdle && (150...240).contains(seconds))
    }

    @Test func `a drive that is getting ready has minutes`() throws {
        let (step, seconds) = try #require(
            end(.formatToGrow, within: 1000) { _ in .gettingReady }
        )
        #expect(step == .endIdle && (250...400).contains(seconds))
    }

    @Test func `a silent format of an hour is left alone`() {
        let format = ListedFormat(type: 0, sectors: 1 << 20)
        #expect(
            end(.format(format, certifying: true), within: 3600) { _ in .busy(progress: nil) }
                == nil
        )
    }

    @Test func `work that gets on is never ended`() {
        #expect(
            end(.erase(fast: false), within: 30_000) { .busy(progress: Int($0)) } == nil
        )
        #expect(end(.erase(fast: true), within: 30_000, news: 25) { _ in .idle } == nil)
    }

    @Test func `work that never gets on is ended`() throws {
        let (step, seconds) = try #require(
            end(.erase(fast: true), within: 10_000) { _ in .busy(progress: 7) }
        )
        #expect(step == .endBusy && seconds >= 3600)
    }

    /// The time of a run whose drives count it leaps by what a command took.
    @Test func `a leap of the clock ends nothing`() {
        var watch = StallWatch(.erase(fast: true), now: 0)
        for look in 1..<StallWatch.fewestLooks {
            #expect(watch.step(now: Double(look) * 100) == .wait)
        }
    }
}

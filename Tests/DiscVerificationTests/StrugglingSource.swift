import LinuxCalls
import Reports
import TestSupport
import Testing

/// A source of 600 sectors that takes its time over the bad sectors 100 to 102, as a drive does.
func strugglingSource() -> MemorySource {
    MemorySource(
        data(sectors: 600),
        bad: [100, 101, 102],
        beforeRead: { if (100...102).contains($0) { Clock.sleep(seconds: 0.9) } }
    )
}

/// Expects that time was told before anything of such a source had come, and bad sectors.
func expectBeat(_ told: [JobProgress], sourceLocation: SourceLocation = #_sourceLocation) {
    let before = told.filter { $0.bytes == 0 }
    #expect(before.contains { $0.elapsed ?? 0 >= 1.5 }, sourceLocation: sourceLocation)
    #expect(
        before.contains { $0.badSectors ?? 0 > 0 && $0.badAreas == 1 },
        sourceLocation: sourceLocation
    )
    #expect(told.last?.badSectors == 3, sourceLocation: sourceLocation)
}

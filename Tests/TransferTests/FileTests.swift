import Foundation
import LinuxCalls
import Reports
import Testing
import Transfer

@Suite(.timeLimit(.minutes(1))) struct FileTests {
    private static let sizes = [0, 1, 2047, 2048, 2049, 4096, 10_000, 65_536, 70_001]

    private func pattern(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 11 &+ 1) }
    }

    /// The bytes and what fills their last sector up.
    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + Array(repeating: 0, count: (2048 - bytes.count % 2048) % 2048)
    }

    /// Everything in a source, read in pieces of so many sectors.
    private func readAll(_ source: some SectorSource, _ sectors: Int) throws -> [UInt8] {
        var all: [UInt8] = []
        while true {
            var buffer = [UInt8](repeating: 0xEE, count: sectors * source.sectorSize)
            var span = buffer.mutableSpan
            let count = try source.read(at: all.count / 2048, into: &span)
            if count == 0 { return all }
            all += buffer.prefix(count * source.sectorSize)
        }
    }

    /// Reads sectors and returns how many came.
    private func read(_ source: some SectorSource, at start: Int, sectors: Int = 1) throws -> Int {
        var buffer = [UInt8](repeating: 0, count: sectors * 2048)
        var span = buffer.mutableSpan
        return try source.read(at: start, into: &span)
    }

    @Test(arguments: sizes, [1, 3, 32])
    func `a file is read to its last piece`(_ size: Int, _ sectors: Int) throws {
        let bytes = pattern(size)
        let source = try FileSource(TemporaryFile(bytes).open())
        #expect(source.byteCount == size)
        #expect(source.sectorCount == (size + 2047) / 2048)
        #expect(try readAll(source, sectors) == padded(bytes))
    }

    @Test func `outside the file there is nothing`() throws {
        let source = try FileSource(TemporaryFile(pattern(5000)).open())
        for start in [3, 4, Int.max, Int.max / 2048, -1, Int.min] {
            #expect(try read(source, at: start) == 0)
        }
        #expect(try read(source, at: 2) == 1)
    }

    @Test func `a file that became shorter can't be read`() throws {
        let file = try TemporaryFile(pattern(10_000))
        let source = try FileSource(file.open())
        try file.open(.update).setSize(5000)
        let error = #expect(throws: UnreadableSectors.self) {
            try read(source, at: 0, sectors: 5)
        }
        #expect(error?.start == 2)
    }

    @Test(arguments: sizes, [1, 3, 32])
    func `a pipe is read to its last piece`(_ size: Int, _ sectors: Int) throws {
        let bytes = pattern(size)
        let pipe = Pipe()
        let writer = pipe.fileHandleForWriting
        let output = writer.fileDescriptor
        let thread = try Thread(name: "writer") {
            let file = File(borrowing: output, name: "pipe")
            var offset = 0
            var piece = 1
            while offset < bytes.count {
                let part = Array(bytes[offset..<min(bytes.count, offset + piece)])
                try? file.writeOn(part.span)
                offset += piece
                piece = piece * 3 % 4999 + 1
            }
        }
        let source = try PipeSource(
            File(borrowing: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
        )
        #expect(source.sectorCount == nil)
        let waiter = try Thread(name: "closer") {
            thread.join()
            try? writer.close()
        }
        #expect(try readAll(source, sectors) == padded(bytes))
        #expect(source.byteCount == size)
        waiter.join()
    }

    /// Whoever reads a pipe in which nothing comes must be able to end.
    @Test(arguments: [0, 5000]) func `the reading of a pipe can be ended`(_ size: Int) throws {
        let pipe = Pipe()
        let output = File(borrowing: pipe.fileHandleForWriting.fileDescriptor, name: "pipe")
        try output.writeOn(pattern(size).span)
        let source = try PipeSource(
            File(borrowing: pipe.fileHandleForReading.fileDescriptor, name: "pipe")
        )
        let stopper = source.stopper
        let waker = try Thread(name: "waker") {
            Clock.sleep(seconds: 0.05)
            stopper.wake()
        }
        #expect(throws: PipeSource.Stopped.self) { try read(source, at: 0, sectors: 8) }
        #expect(throws: PipeSource.Stopped.self) { try read(source, at: 0, sectors: 8) }
        waker.join()
        #expect(!source.hasEnded)
        withExtendedLifetime(pipe) {}
    }

    @Test func `a pipe does not go back`() throws {
        let file = try TemporaryFile(pattern(10_000)).open()
        let source = try PipeSource(file)
        #expect(try read(source, at: 0) == 1)
        #expect(throws: UnreadableSectors.self) { try read(source, at: 0) }
        #expect(throws: UnreadableSectors.self) { try read(source, at: 2) }
        #expect(try read(source, at: 1) == 1)
    }

    @Test func `a cancellation is heeded elsewhere`() throws {
        let cancellation = Cancellation()
        let thread = try Thread(name: "canceller") { cancellation.request() }
        thread.join()
        #expect(cancellation.isRequested)
    }

    @Test func `unreadable sectors are one sentence`() {
        #expect(
            UnreadableSectors(start: 7, count: 1, reason: "dust").description
                == "Sector 7 can't be read: dust."
        )
        #expect(
            UnreadableSectors(start: 7, count: 3, reason: "dust").description
                == "Sectors 7 to 9 can't be read: dust."
        )
    }

    @Test func `a meter counts`() {
        var meter = RateMeter(phase: .read, total: 1000, singleSpeed: 100, patience: 0)
        #expect(!meter.isDue)
        Clock.sleep(seconds: 0.3)
        #expect(meter.isDue)
        let progress = meter.progress(bytes: 400, fifo: 0.5)
        #expect(progress.phase == .read && progress.bytes == 400 && progress.totalBytes == 1000)
        let rate = progress.bytesPerSecond ?? 0
        #expect(rate > 0 && rate <= 400 / 0.3 + 1)
        #expect(abs((progress.speed ?? 0) - rate / 100) < 0.001)
        #expect(abs((progress.secondsLeft ?? 0) - 600 / rate) < 0.001)
        #expect(!meter.isDue)
        #expect(meter.progress(bytes: 2000).secondsLeft == 0)
        #expect((progress.elapsed ?? 0) >= 0.3)
    }

    @Test func `nothing is foreseen in the first seconds`() {
        var meter = RateMeter(phase: .read, total: 1000)
        Clock.sleep(seconds: 0.1)
        let progress = meter.progress(bytes: 400)
        #expect(progress.bytesPerSecond != nil && progress.secondsLeft == nil)
    }
}

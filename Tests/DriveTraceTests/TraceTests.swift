import DriveTrace
import LinuxCalls
import MMC
import SystemPackage
import TestSupport
import Testing

/// A drive that gives each command's own first byte back, thirty-two times and more.
private final class EchoDrive: Transport {
    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        for i in buffer.indices { buffer[i] = UInt8(truncatingIfNeeded: i &+ 1) }
        return Completion(transferred: buffer.count)
    }

    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError) -> Completion {
        if command.cdb.first == 0x1B { return Completion(Sense(.illegalRequest, 0x53, 0x02)) }
        if command.cdb.first == 0x04 {
            throw TransportError(.timedOut, command: command.name, context: "")
        }
        return Completion(transferred: data.count)
    }
}

@Suite struct TraceTests {
    private final class Place {
        private let folder: Folder
        var trace: FilePath { folder.path("trace") }

        init() throws { folder = try Folder() }

        func write(_ text: String) throws { try folder.write("trace", text) }
    }

    private func command(_ cdb: [UInt8], _ data: Command.DataPhase = .none) -> Command {
        Command("SG_IO", cdb: cdb, data: data)
    }

    /// Sends commands to a traced drive, and reads the trace.
    private func record(
        _ contents: TraceContents,
        _ body: (TracingTransport) throws -> Void
    ) throws -> Trace {
        let place = try Place()
        let writer = try TraceWriter(place.trace, origin: "virtual", contents: contents)
        try body(TracingTransport(EchoDrive(), drive: "/dev/sr0", writer: writer))
        #expect(writer.finish() == nil)
        return try Trace(reading: place.trace)
    }

    @Test func `a command is recorded with all that came of it`() throws {
        let trace = try record(TraceContents()) { drive in
            _ = try drive.fetch(command([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 8, 0], .fromDrive(8)))
            _ = try drive.send(
                command([0x55, 0, 0, 0, 0, 0, 0, 0, 3, 0], .toDrive(3)),
                sending: [1, 2, 3]
            )
            _ = try drive.send(command([0x1B, 0, 0, 0, 2, 0]))
            _ = try? drive.send(command([0x04, 0, 0, 0, 0, 0]))
            _ = try drive.send(Command("TEST UNIT READY", cdb: [0, 0, 0, 0, 0, 0]))
        }
        let entries = trace.entries
        #expect(entries.map(\.number) == [1, 2, 3, 4, 5])
        #expect(entries.map(\.sender) == [.program, .program, .program, .program, .system])
        #expect(entries.map(\.direction) == [.in, .out, .none, .none, .none])
        #expect(entries[0].data == [1, 2, 3, 4, 5, 6, 7, 8] && entries[0].moved == 8)
        #expect(entries[1].data == [1, 2, 3] && entries[1].room == 3)
        #expect(Sense(parsing: entries[2].sense)?.asc == 0x53 && entries[2].status == 2)
        #expect(entries[3].trouble == .timedOut && entries[3].status == nil)
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.at <= $1.at && $0.took >= 0 })
    }

    @Test func `what sectors hold is kept only where that is asked for`() throws {
        let read = command([0x28, 0, 0, 0, 0, 0, 0, 0, 1, 0], .fromDrive(2048))
        let closed = try record(TraceContents()) { _ = try $0.fetch(read) }
        #expect(closed.entries[0].data == nil && closed.entries[0].sha256?.count == 64)
        #expect(closed.entries[0].moved == 2048)
        let open = try record(TraceContents(keepsSectors: true)) { _ = try $0.fetch(read) }
        #expect(open.entries[0].data?.count == 2048 && open.entries[0].sha256 == nil)
    }

    /// Commands whose replies tell one drive or disc from others, and the bytes that stay.
    @Test(
        arguments: [
            ([0x12, 0, 0, 0, 96, 0], 0..<36), ([0x12, 1, 0x80, 0, 96, 0], 0..<4),
            ([0x12, 1, 0x83, 0, 96, 0], 0..<4), ([0x51, 0, 0, 0, 0, 0, 0, 0, 96, 0], 0..<12),
            ([0xAD, 0, 0, 0, 0, 0, 0, 0x0C, 0, 96, 0, 0], 0..<4),
            ([0xAD, 0, 0, 0, 0, 0, 0, 0x03, 0, 96, 0, 0], 0..<4),
            ([0xAB, 1, 0, 0, 0, 0, 0, 0, 0, 96, 0, 0], 0..<4),
            ([0xA4, 0, 0, 0, 0, 0, 0, 0, 0, 96, 0, 0], 0..<0),
            ([0x3C, 2, 0, 0, 0, 0, 0, 0, 96, 0], 0..<0),
            ([0xD8, 0, 0, 0, 0, 0, 0, 0, 96, 0, 0, 0], 0..<0),
        ] as [([UInt8], Range<Int>)]
    )
    func `serial numbers are left out unless they are asked for`(
        _ cdb: [UInt8],
        _ kept: Range<Int>
    ) throws {
        let ask = command(cdb, .fromDrive(96))
        let closed = try #require(
            try record(TraceContents()) { _ = try $0.fetch(ask) }.entries.first
        )
        let data = try #require(closed.data)
        #expect(closed.isBlanked == true)
        #expect(data.prefix(kept.upperBound).allSatisfy { $0 != 0 })
        #expect(data[kept.upperBound] == 0)
        let open = try record(TraceContents(keepsSerials: true)) { _ = try $0.fetch(ask) }
        #expect(open.entries[0].data?.contains(0) == false && open.entries[0].isBlanked == nil)
    }

    @Test(
        arguments: [
            [0x12, 1, 0x00, 0, 96, 0], [0x43, 0, 0, 0, 0, 0, 0, 0, 96, 0],
            [0xAD, 0, 0, 0, 0, 0, 0, 0x00, 0, 96, 0, 0], [0x51, 1, 0, 0, 0, 0, 0, 0, 96, 0],
        ] as [[UInt8]]
    )
    func `other replies are kept whole`(_ cdb: [UInt8]) throws {
        let trace = try record(TraceContents()) { _ = try $0.fetch(command(cdb, .fromDrive(96))) }
        #expect(trace.entries[0].data?.contains(0) == false && trace.entries[0].isBlanked == nil)
    }

    @Test(arguments: [
        ("", "does not begin"), ("{}\n", "does not begin"), ("nonsense\n", "does not begin"),
        (#"{"spindle-trace":2,"origin":"x","sectors":false,"serials":false}"# + "\n", "version 2"),
        (
            #"{"spindle-trace":1,"origin":"x","sectors":false,"serials":false}"# + "\n{}\n",
            "Line 2 of"
        ),
    ])
    func `a file that is no trace is refused`(_ text: String, _ reason: String) throws {
        let place = try Place()
        try place.write(text)
        let error = #expect(throws: TraceError.self) { _ = try Trace(reading: place.trace) }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func `every beginning of a trace is read, or refused with a word`() throws {
        let place = try Place()
        let writer = try TraceWriter(place.trace, origin: "virtual", contents: TraceContents())
        let drive = TracingTransport(EchoDrive(), drive: "/dev/sr0", writer: writer)
        for _ in 0..<3 {
            _ = try drive.fetch(command([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 8, 0], .fromDrive(8)))
        }
        writer.finish()
        let file = try File(place.trace, .read)
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        for length in stride(from: 0, through: bytes.count, by: 7) {
            try place.write(String(decoding: bytes.prefix(length), as: UTF8.self))
            let count = (try? Trace(reading: place.trace))?.entries.count ?? 0
            #expect(count <= 3)
        }
    }
}

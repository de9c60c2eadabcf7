import DriveTrace
import MMC
import Testing

@Suite struct ReplayTests {
    private let inquiry: [UInt8] = [0x12, 0, 0, 0, 4, 0]
    private let ready: [UInt8] = [0, 0, 0, 0, 0, 0]

    private func entry(_ cdb: [UInt8], data: [UInt8] = [], _ sender: TraceEntry.Sender = .program)
        -> TraceEntry
    {
        var entry = TraceEntry(cdb: cdb, sender: sender)
        if !data.isEmpty {
            (entry.direction, entry.room, entry.moved) = (.in, data.count, data.count)
            entry.data = data
        }
        return entry
    }

    private func drive(_ entries: [TraceEntry]) -> (ReplayTransport, ReplayReport) {
        let report = ReplayReport()
        var entries = entries
        for i in entries.indices { entries[i].number = i + 1 }
        return (ReplayTransport(Trace(entries), report: report), report)
    }

    private func ask(_ drive: ReplayTransport, _ cdb: [UInt8], _ name: String = "SG_IO") throws
        -> (Completion, [UInt8])
    {
        try drive.fetch(Command(name, cdb: cdb, data: .fromDrive(4)))
    }

    @Test func `the same command is answered each time as it was then`() throws {
        let (drive, report) = drive([
            entry(inquiry, data: [1, 2, 3, 4]), entry(ready), entry(inquiry, data: [5, 6]),
        ])
        #expect(try ask(drive, inquiry).1 == [1, 2, 3, 4])
        #expect(try drive.send(Command("SG_IO", cdb: ready)).status == .good)
        #expect(try ask(drive, inquiry).1 == [5, 6])
        #expect(report.count == 0 && report.answered == 3)
    }

    @Test func `what is asked otherwise is said`() throws {
        let (drive, report) = drive([
            entry(inquiry, data: [1, 2, 3, 4]), entry(ready), entry([0x25], data: [9, 9, 9, 9]),
        ])
        #expect(try ask(drive, [0x46, 0]).0.sense?.asc == 0x20)
        #expect(try ask(drive, [0x25]).1 == [9, 9, 9, 9])
        #expect(try ask(drive, inquiry).1 == [1, 2, 3, 4])
        #expect(
            report.differences == [
                "Command 1 (46 00) is not in the trace: it was refused.",
                "Command 2 (25) is the trace's command 3: 2 before it were not asked for.",
                "Command 3 (12 00 00 00 04 00) comes once more than in the trace:"
                    + " it was answered like the trace's command 1.",
            ]
        )
    }

    @Test func `other data than recorded are noticed, by their bytes and by their sum`() throws {
        var whole = entry([0x55, 0])
        (whole.direction, whole.room, whole.moved, whole.data) = (.out, 3, 3, [1, 2, 3])
        var summed = entry([0x2A, 0])
        (summed.direction, summed.room, summed.moved) = (.out, 3, 3)
        // The sum of the bytes 1, 2 and 3.
        summed.sha256 = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
        let (same, calm) = drive([whole, summed])
        for cdb: [UInt8] in [[0x55, 0], [0x2A, 0]] {
            let command = Command("SG_IO", cdb: cdb, data: .toDrive(3))
            #expect(try same.send(command, sending: [1, 2, 3]).transferred == 3)
        }
        #expect(calm.count == 0)
        let (other, told) = drive([whole, summed])
        for cdb: [UInt8] in [[0x55, 0], [0x2A, 0]] {
            _ = try other.send(Command("SG_IO", cdb: cdb, data: .toDrive(3)), sending: [1, 2, 4])
        }
        #expect(told.count == 2)
    }

    @Test func `refusals, lost drives and times are as they were`() throws {
        var refused = entry(ready)
        refused.take(Completion(Sense(.notReady, 0x3A, 0x01)))
        refused.took = 1.5
        var lost = entry(ready)
        lost.take(TransportError(.deviceGone, command: "", context: ""))
        let (drive, _) = drive([refused, lost])
        let completion = try drive.send(Command("SG_IO", cdb: ready))
        #expect(completion.sense?.matches(.notReady, 0x3A, 0x01) == true)
        #expect(drive.driveTime == .seconds(1.5))
        let error = #expect(throws: TransportError.self) {
            _ = try drive.send(Command("SG_IO", cdb: ready))
        }
        #expect(error?.code == .deviceGone)
    }

    @Test func `the system's commands are answered in any order, and never told of`() throws {
        let (drive, report) = drive([
            entry(ready, .system), entry([0x25], data: [1, 1, 1, 1], .system),
            entry(inquiry, data: [1, 2, 3, 4]),
        ])
        #expect(try ask(drive, [0x25], "READ CAPACITY").1 == [1, 1, 1, 1])
        #expect(try ask(drive, [0x25], "READ CAPACITY").1 == [1, 1, 1, 1])
        #expect(try ask(drive, [0x4A], "GET EVENT").0.sense?.asc == 0x20)
        #expect(try ask(drive, inquiry).1 == [1, 2, 3, 4])
        #expect(report.count == 0 && report.answered == 1)
    }
}

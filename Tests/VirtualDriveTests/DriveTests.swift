import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

struct DriveTests {
    @Test func `each unit attention is told once, and not to those who ask who it is`() throws {
        let host = try Host(.cdR)
        let disc = try #require(host.drive.removeDisc())
        let drive = VirtualRecorder(disc: disc)
        #expect(try drive.send(.inquiry).status == .good)
        var told: [String?] = []
        for _ in 0..<3 { told.append(try drive.send(.testUnitReady).sense.map(Host.code)) }
        #expect(told == ["6/29/0", "6/28/0", nil])
        drive.removeDisc()
        #expect(try drive.send(.testUnitReady).sense.map(Host.code) == "2/3a/2")
        drive.insert(disc)
        told = []
        for _ in 0..<3 { told.append(try drive.send(.testUnitReady).sense.map(Host.code)) }
        #expect(told == ["6/28/0", "2/4/1", nil])
    }

    @Test func `an empty drive answers what needs no disc`() throws {
        let drive = VirtualRecorder()
        _ = try drive.send(.testUnitReady)
        #expect(try drive.send(.testUnitReady).sense.map(Host.code) == "2/3a/1")
        let inquiry = try Inquiry(parsing: try drive.fetch(.inquiry).1)
        #expect(inquiry.vendor == "SPINDLE")
        let configuration = try Configuration(parsing: try drive.fetch(.getConfiguration()).1)
        #expect(configuration.currentProfile == .none)
        #expect(configuration.profiles.count == 15)
        #expect(try drive.fetch(.modeSense(page: 0x2A)).0.status == .good)
        #expect(try drive.fetch(.readDiscInformation).0.sense.map(Host.code) == "2/3a/1")
    }

    @Test func `replies are cut to the allocation length`() throws {
        let host = try Host(.dvdPlusR)
        let whole = try host.ask([0x46, 0, 0, 0, 0, 0, 0, 0x03, 0xFC, 0], 0x3FC)
        for length in 0..<40 {
            let part = try host.ask([0x46, 0, 0, 0, 0, 0, 0, 0, UInt8(length), 0], 64)
            #expect(part == Array(whole.prefix(length)))
        }
    }

    @Test func `a locked door keeps the disc`() throws {
        let host = try Host(.cdR)
        try host.ask([0x1E, 0, 0, 0, 1, 0])
        #expect(try host.refusal([0x1B, 0, 0, 0, 2, 0]) == "5/53/2")
        try host.ask([0x1E, 0, 0, 0, 0, 0])
        try host.ask([0x1B, 0, 0, 0, 2, 0])
        #expect(try host.refusal([0, 0, 0, 0, 0, 0]) == "2/3a/2")
        let event = try DriveEvent(parsing: host.drive.fetch(.getMediaEvent).1)
        #expect(event.isTrayOpen)
        #expect(event.code == 3)
        try host.ask([0x1B, 0, 0, 0, 3, 0])
        host.settle()
        #expect(try DriveEvent(parsing: host.drive.fetch(.getMediaEvent).1).code == 2)
        #expect(try DriveEvent(parsing: host.drive.fetch(.getMediaEvent).1).code == 0)
    }

    @Test func `an image is read and never written`() throws {
        let host = try Host(image: Host.payload(0, 100) + [7, 7, 7])
        #expect(try host.capacity == 101)
        let last = try host.ask(Host.read10(100, 1), 2048)
        #expect(last == [7, 7, 7] + Array(repeating: 0, count: 2045))
        #expect(try host.refusal(Host.read10(100, 2), 4096) == "5/21/0")
        #expect(try host.refusal(Host.write10(0, 1), sending: Host.payload(0, 1)) == "7/27/0")
        #expect(try host.refusal([0xA1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == "5/30/5")
        #expect(try host.tableOfContents.leadOut == LBA(101))
    }

    @Test func `mode pages change where they can, and tell so`() throws {
        let host = try Host(.cdR)
        try host.select {
            $0.underrunProtection = true
            $0.multiSession = 3
        }
        let page = try #require(
            ModePages(parsing10: host.drive.fetch(.modeSense(page: 5)).1).page(5)
        )
        let parameters = WriteParameters(parsing: page.data)
        #expect(parameters.underrunProtection && parameters.multiSession == 3)
        let all = try ModePages(parsing10: host.ask([0x5A, 8, 0x3F, 0, 0, 0, 0, 2, 0, 0], 512))
        #expect(all.pages.map(\.code) == [0x01, 0x05, 0x0E, 0x1A, 0x1D, 0x2A])
        let defaults = try ModePages(
            parsing10: host.ask([0x5A, 8, 0x85, 0, 0, 0, 0, 2, 0, 0], 512)
        )
        #expect(WriteParameters(parsing: defaults.pages[0].data).multiSession == 0)
        let mask = try ModePages(parsing10: host.ask([0x5A, 8, 0x45, 0, 0, 0, 0, 2, 0, 0], 512))
        #expect(mask.pages[0].data[0] == 0x7F)
        #expect(try host.refusal([0x5A, 8, 0xC5, 0, 0, 0, 0, 2, 0, 0], 512) == "5/39/0")
        #expect(try host.refusal([0x5A, 8, 0x30, 0, 0, 0, 0, 2, 0, 0], 512) == "5/24/0")
        // Layer jump on a CD, and a page of the wrong length.
        for (list, field) in [
            ([0, 0, 0, 0, 0, 0, 0, 0, 5, 50, 4, 4, 8] + Array(repeating: 0, count: 47), 10),
            ([0, 0, 0, 0, 0, 0, 0, 0, 5, 10] + Array(repeating: UInt8(0), count: 10), 9),
        ] as [([UInt8], Int)] {
            let completion = try host.drive.send(
                Command("MODE SELECT", cdb: [0x55, 0x10, 0, 0, 0, 0, 0, 0, UInt8(list.count), 0]),
                sending: list
            )
            #expect(completion.sense.map(Host.code) == "5/26/0")
            #expect(completion.sense?.field?.byte == field)
        }
    }

    @Test func `bad sectors fail whole commands and name the first`() throws {
        let host = try Host(
            .dvdPlusR,
            faults: [
                Fault(parsing: "read lba=10-12 sense=3/11/05"),
                Fault(parsing: "write lba=64 sense=3/0C/00"),
                Fault(parsing: "read lba=40 after=2"),
            ]
        )
        try host.write(0..<64)
        let (completion, bytes) = try host.drive.fetch(
            Command("READ(10)", cdb: Host.read10(8, 8), data: .fromDrive(8 * 2048))
        )
        #expect(completion.sense?.information == 10)
        #expect(completion.sense.map(Host.code) == "3/11/5")
        #expect(bytes.count == 2 * 2048)
        try host.ask(Host.read10(13, 3), 3 * 2048)
        try host.ask(Host.read10(40, 1), 2048)
        try host.ask(Host.read10(40, 1), 2048)
        #expect(try host.refusal(Host.read10(40, 1), 2048) == "3/11/5")
        #expect(try host.refusal(Host.write10(64, 16), sending: Host.payload(64, 16)) == "3/c/0")
    }

    @Test(arguments: [
        "", "read", "read lba", "read lba=x", "read lba=5-3", "read lba=1-2-3",
        "read lba=1 sense=3/11", "read lba=1 sense=x/y/z", "write lba=1 after=-1",
        "read lba=1 colour=blue",
    ])
    func `faults that can't be understood are refused`(_ text: String) {
        #expect(throws: FaultError.self) { try Fault(parsing: text) }
    }
}

import DiscModel
import MMC
import Testing
import VirtualDrive

struct DVDMinusRTests {
    @Test func `disc at once ends with the last sector that was announced`() throws {
        let host = try Host(.dvdR)
        try host.select {
            $0.writeType = 2
            $0.trackMode = 5
        }
        try host.ask([0x53, 0, 0, 0, 0] + Host.be32(100) + [0])
        try host.write(0..<100)
        try host.synchronize()
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 100)
        #expect(try host.holds(0..<100))
    }

    @Test func `a rehearsal writes nothing`() throws {
        let host = try Host(.dvdR)
        try host.select {
            $0.writeType = 0
            $0.trackMode = 5
            $0.testWrite = true
        }
        try host.write(0..<160)
        #expect(try host.track(.track(1)).nextWritable == LBA(160))
        try host.close(2)
        #expect(try host.discInformation.status == .blank)
        try host.select {
            $0.writeType = 0
            $0.trackMode = 5
        }
        try host.write(0..<160)
        try host.synchronize()
        try host.close(1, track: 1)
        try host.close(2)
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 160)
    }

    @Test func `a blank disc answers as those on record do`() throws {
        let host = try Host(.dvdR)
        #expect(try host.refusal(Host.read10(0, 1), 2048) == "5/64/0")
        #expect(try host.track(.track(1)).freeBlocks == 2_297_888)
        let structure = try host.ask([0xAD, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x04, 0, 0], 0x804)
        #expect(try PhysicalFormat(parsing: structure).book == 2)
    }

    @Test func `a BD-R is closed for good with its own function`() throws {
        let host = try Host(.bdR)
        try host.write(0..<64)
        try host.synchronize()
        try host.close(1, track: 1)
        try host.close(2)
        // No gap lies between its sessions.
        #expect(try host.track(.track(0xFF)).start == LBA(64))
        #expect(try host.refusal([0x5B, 0, 5, 0, 0, 0, 0, 0, 0, 0]) == "5/24/0")
        try host.write(64..<128)
        try host.synchronize()
        try host.close(6)
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 128)
        #expect(try host.holds(0..<128))
    }

    @Test func `a BD-R formatted for it lets recorded sectors be replaced`() throws {
        let host = try Host(.bdR)
        let format = FormatParameters(isImmediate: false, type: 0x32, sectors: 12_088_320)
        try host.tell([0x04, 0x11, 0, 0, 0, 0], format.encoded)
        let features = try Configuration(parsing: host.drive.fetch(.getConfiguration()).1)
        #expect(features.feature(0x38)?.isCurrent == true)
        try host.write(0..<64)
        try host.tell(Host.write10(0, 32), Host.payload(500, 32))
        #expect(try host.ask(Host.read10(0, 32), 32 * 2048) == Host.payload(500, 32))
        #expect(try host.track(.track(1)).nextWritable == LBA(64))
        #expect(try host.capacity == 12_088_320)
        #expect(
            try host.refusal(Host.write10(48, 32), sending: Host.payload(0, 32)) == "5/21/2"
        )
    }
}

import DiscModel
import MMC
import Testing
import VirtualDrive

struct DVDPlusRTests {
    @Test func `a blank disc says what it can hold`() throws {
        let host = try Host(.dvdPlusR)
        let information = try host.discInformation
        #expect(information.status == .blank)
        #expect(information.lastSession == .empty)
        #expect(information.sessions == 1)
        #expect(information.lastTrackInLastSession == 1)
        for selector in [Command.TrackSelector.track(0xFF), .track(1), .address(0)] {
            let track = try host.track(selector)
            #expect(track.isBlank)
            #expect(track.nextWritable == LBA(0))
            #expect(track.freeBlocks == 2_295_104)
        }
        #expect(try host.capacity == 1)
        #expect(try host.refusal(Host.read10(0, 1), 2048) == "5/21/0")
        #expect(try host.refusal([0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0], 12) == "5/24/0")
        #expect(try host.refusal([0x5B, 0, 2, 0, 0, 0, 0, 0, 0, 0]) == "5/72/4")
    }

    @Test func `a host chooses where the first layer ends, once and before it writes`() throws {
        let host = try Host(.dvdPlusRDualLayer)
        let read: [UInt8] = [0xAD, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0]
        let half = try host.ask(read, 12)
        #expect(Array(half[..<5]) == [0, 10, 0, 0, 0])
        let send: [UInt8] = [0xBF, 0, 0, 0, 0, 0, 0, 0x20, 0, 12, 0, 0]
        let odd: [UInt8] = [0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x08]
        #expect(try host.refusal(send, sending: odd) == "5/26/0")
        let chosen: [UInt8] = [0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x00]
        try host.tell(send, chosen)
        #expect(try host.ask(read, 12) == [0, 10, 0, 0, 0x80, 0, 0, 0, 0, 0, 0x10, 0])
        #expect(try host.refusal(send, sending: chosen) == "5/2c/0")
        let single = try Host(.dvdPlusR)
        #expect(try single.refusal(read, 12) == "5/24/0")
    }

    @Test func `a session is written, closed and read, and another follows`() throws {
        let host = try Host(.dvdPlusR)
        try host.write(0..<100)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(100))
        try host.synchronize()
        // Only whole blocks are on the disc.
        #expect(try host.track(.track(1)).nextWritable == LBA(112))
        try host.close(1, track: 1)
        var information = try host.discInformation
        #expect(information.lastSession == .incomplete)
        #expect(information.lastTrackInLastSession == 2)
        try host.close(2)
        information = try host.discInformation
        #expect(information.status == .appendable)
        #expect(information.sessions == 2)
        #expect(information.lastSession == .empty)
        #expect(information.firstTrackInLastSession == 2)
        #expect(try host.capacity == 112)
        #expect(try host.holds(0..<96))
        #expect(try host.ask(Host.read10(100, 12), 12 * 2048).allSatisfy { $0 == 0 })
        #expect(try host.track(.track(1)).size == 112)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(112 + 2048))

        try host.write(2160..<2192)
        try host.synchronize()
        try host.close(1, track: 2)
        try host.close(6)
        information = try host.discInformation
        #expect(information.status == .complete)
        #expect(information.lastSession == .complete)
        #expect(information.sessions == 2)
        let toc = try host.tableOfContents
        #expect(toc.tracks.map(\.start) == [LBA(0), LBA(2160)])
        #expect(toc.leadOut == LBA(2192))
        let sessions = try SessionTable(parsing: try host.drive.fetch(.readSessionTable).1)
        #expect(sessions.lastSession == 2)
        #expect(sessions.firstTrack.start == LBA(2160))
        #expect(try host.holds(2160..<2192))
        #expect(try host.refusal(Host.write10(2192, 16), sending: Host.payload(0, 16)) != nil)
        #expect(try host.refusal([0x52, 1, 0, 0, 0, 0xFF, 0, 0, 36, 0], 36) == "5/24/0")
    }

    @Test func `only the next writable address takes data`() throws {
        let host = try Host(.dvdPlusR)
        #expect(try host.refusal(Host.write10(16, 16), sending: Host.payload(16, 16)) == "5/21/2")
        try host.write(0..<32)
        #expect(try host.refusal(Host.write10(0, 16), sending: Host.payload(0, 16)) == "5/21/2")
        #expect(
            try host.refusal(Host.write10(2_295_104, 16), sending: Host.payload(0, 16))
                == "5/63/0"
        )
        #expect(try host.refusal(Host.write10(32, 16), sending: [1, 2, 3]) == "5/64/0")
    }

    @Test func `a reserved track is padded when it is closed`() throws {
        let host = try Host(.dvdPlusR)
        try host.ask([0x53, 0, 0, 0, 0] + Host.be32(64) + [0])
        #expect(try host.track(.track(1)).isReserved)
        #expect(try host.track(.track(1)).freeBlocks == 64)
        #expect(try host.track(.track(0xFF)).start == LBA(64))
        try host.write(0..<16)
        try host.close(1, track: 1)
        #expect(try host.track(.track(1)).size == 64)
        try host.close(2)
        #expect(try host.capacity == 64)
        #expect(try host.ask(Host.read10(16, 48), 48 * 2048).allSatisfy { $0 == 0 })
    }
}

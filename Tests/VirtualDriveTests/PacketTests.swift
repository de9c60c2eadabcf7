import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

/// Packets on CDs.
struct PacketTests {
    private static func host(
        _ medium: MediumKind = .cdR,
        packet: Int? = nil,
        quirks: Set<Quirk> = []
    ) throws -> Host {
        let host = try Host(medium, quirks: quirks)
        try select(host, packet: packet)
        return host
    }

    private static func select(_ host: Host, packet: Int?, blockType: Int = 8) throws {
        try host.select {
            $0.writeType = WriteParameters.WriteType.packet.rawValue
            $0.trackMode = 5
            $0.fixedPacket = packet != nil
            $0.packetSize = packet ?? 0
            $0.blockType = blockType
        }
    }

    @Test func `packets of any size are linked by seven sectors that can't be read`() throws {
        let host = try Self.host()
        try host.write(0..<100)
        // WRITEs that follow each other are one packet, up to a flush.
        try host.write(100..<160)
        try host.synchronize()
        try host.synchronize()
        #expect(try host.track(.track(1)).nextWritable == LBA(167))
        #expect(try host.refusal(Host.write10(160, 1), sending: Host.payload(160, 1)) == "5/21/2")
        try host.write(167..<507)
        try host.synchronize()
        try host.close(1, track: 1)
        let track = try host.track(.track(1))
        #expect(track.isPacket)
        #expect(!track.isFixedPacket)
        #expect(track.size == 509)
        #expect(track.trackMode == 5)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(659))
        try host.close(2)
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 509)
        #expect(try host.holds(0..<100))
        #expect(try host.holds(100..<160))
        #expect(try host.holds(167..<507))
        for lba in [160, 163, 166, 507, 508] {
            #expect(try host.refusal(Host.read10(lba, 1), 2048) == "5/64/0", "\(lba)")
        }
        #expect(try host.refusal(Host.read10(159, 2), 4096) == "5/64/0")
        let record = try #require(host.drive.disc?.record.tracks.first)
        #expect(record.readableParts == [0..<160, 167..<507])
        #expect(record.link(at: 159) == nil)
        #expect(record.link(at: 166) == 160..<167)
        #expect(record.link(at: 167) == nil)
    }

    @Test func `packets of one size have no addresses for their links`() throws {
        let host = try Self.host(packet: 16)
        try host.write(0..<320)
        try host.write(320..<330)
        // What is left of a packet is filled up.
        try host.synchronize()
        var track = try host.track(.track(1))
        #expect(track.isFixedPacket)
        #expect(track.packetSize == 16)
        #expect(track.nextWritable == LBA(336))
        #expect(track.freeBlocks == (359_846 - 21 * 23) / 23 * 16)
        try host.close(1, track: 1)
        // 21 packets with 20 links between them, and run-out.
        track = try host.track(.track(1))
        #expect(track.size == 336 + 2)
        #expect(try host.track(.track(0xFF)).nextWritable == LBA(478 + 150))
        try host.close(2)
        #expect(try host.holds(0..<320))
        #expect(try host.ask(Host.read10(331, 5), 5 * 2048).allSatisfy { $0 == 0 })
        #expect(try host.tableOfContents.leadOut == LBA(478))
        #expect(try host.capacity == 338)
        #expect(try host.refusal(Host.read10(340, 1), 2048) != nil)
    }

    @Test func `a track in packets can be gone on with after the disc was out`() throws {
        for packet in [nil, 16] {
            let host = try Self.host(packet: packet)
            try host.write(0..<100)
            try host.reload()
            #expect(try host.discInformation.lastSession == .incomplete)
            try Self.select(host, packet: packet)
            let next = packet == nil ? 107 : 112
            #expect(try host.track(.track(1)).nextWritable == LBA(next))
            try host.write(next..<next + 300)
            try host.close(1, track: 1)
            try host.close(2)
            #expect(try host.holds(0..<100))
            #expect(try host.holds(next..<next + 300))
        }
    }

    @Test func `a short track is filled up to four seconds`() throws {
        let host = try Self.host()
        try host.write(0..<10)
        try host.close(1, track: 1)
        #expect(try host.track(.track(1)).size == 302)
    }

    @Test func `a track has packets of one kind`() throws {
        let host = try Self.host(packet: 16)
        try host.write(0..<32)
        let data = Host.payload(32, 16)
        try Self.select(host, packet: 32)
        #expect(try host.refusal(Host.write10(32, 16), sending: data) == "5/64/0")
        try Self.select(host, packet: nil)
        #expect(try host.refusal(Host.write10(32, 16), sending: data) == "5/64/0")
        try Self.select(host, packet: 16, blockType: 10)
        #expect(try host.refusal(Host.write10(32, 16), sending: data) == "5/64/0")
        try host.selectTAO()
        #expect(try host.refusal(Host.write10(32, 16), sending: data) == "5/64/0")
        try Self.select(host, packet: 16)
        #expect(try host.refusal(Host.write10(32, 16), sending: data) == nil)
    }

    @Test func `packets without a size, and drives without packets, are refused`() throws {
        func refusal(_ packet: Int, _ quirks: Set<Quirk> = []) throws -> String? {
            var parameters = WriteParameters()
            parameters.writeType = 0
            parameters.fixedPacket = true
            parameters.trackMode = 5
            parameters.packetSize = packet
            let page: [UInt8] = [0x05, 50] + parameters.encoded
            return try Host(.cdR, quirks: quirks).refusal(
                [0x55, 0x10, 0, 0, 0, 0, 0, 0, 60, 0],
                sending: Array(repeating: 0, count: 8) + page
            )
        }
        #expect(try refusal(0) == "5/26/0")
        #expect(try refusal(0x7FFF_FFFF) == "5/26/0")
        #expect(try refusal(32) == nil)
        #expect(try refusal(32, [.noPackets]) == "5/26/0")
        // The feature is there all the same.
        let feature = try Host(.cdR, quirks: [.noPackets])
            .ask([0x46, 2, 0, 0x21, 0, 0, 0, 0, 32, 0], 32)
        #expect(feature[10] & 1 == 1)
    }

    @Test func `a formatted CD-RW takes packets of 32 anywhere`() throws {
        let host = try Self.host(.cdRW, packet: 32)
        let sectors = 295_264
        func format(_ sectors: Int, _ parameter: Int) -> [UInt8] {
            [0, 0x02, 0, 8] + Host.be32(sectors) + [0x40, 0, 0, UInt8(parameter)]
        }
        let command: [UInt8] = [0x04, 0x11] + Array(repeating: 0, count: 10)
        #expect(try host.refusal(command, sending: format(sectors, 16)) == "5/26/0")
        #expect(try host.refusal(command, sending: format(sectors + 32, 32)) == "5/26/0")
        try host.tell(command, format(sectors, 32))
        host.settle()
        #expect(try host.capacity == sectors)
        #expect(try host.discInformation.status == .complete)
        let track = try host.track(.track(1))
        #expect(track.isFixedPacket)
        #expect(track.packetSize == 32)
        #expect(try host.ask(Host.read10(200_000, 1), 2048).allSatisfy { $0 == 0 })
        try Self.select(host, packet: 32)
        for lba in [64, 200_000 / 32 * 32, sectors - 32, 64] {
            try host.tell(Host.write10(lba, 32), Host.payload(lba, 32))
            #expect(try host.holds(lba..<lba + 32))
        }
        let data = Host.payload(0, 32)
        #expect(try host.refusal(Host.write10(16, 32), sending: data) == "5/21/2")
        #expect(try host.refusal(Host.write10(32, 16), sending: data) == "5/21/2")
        #expect(try host.refusal(Host.write10(sectors, 32), sending: data) == "5/21/0")
        #expect(try host.refusal(Host.write10(-32, 32), sending: data) == "5/21/0")
        try host.selectTAO()
        #expect(try host.refusal(Host.write10(32, 32), sending: data) == "5/30/5")
        try host.ask([0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        host.settle()
        #expect(try host.discInformation.status == .blank)
        #expect(try host.refusal(Host.read10(64, 1), 2048) != nil)
    }
}

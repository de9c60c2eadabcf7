import DiscImages
import DiscModel
import MMC
import TestSupport
import Testing
import VirtualDrive

/// The Q of discs that were recorded without one, and what the drive tells of it.
struct SubchannelTests {
    private static let catalog = "4012345678901"

    /// Two audio tracks with a pregap between them and an index in the second one.
    private func audioCD() throws -> Host {
        let host = try Host.audioCD(1000)
        let disc = try #require(host.drive.disc)
        disc.record.sessions[0].catalog = Self.catalog
        var first = disc.record.sessions[0].tracks[0]
        let written = first.written
        first.written = 350
        first.runOut = 0
        first.isrc = "DEABC1234567"
        var second = first
        second.number = 2
        second.pregap = 150
        second.start = 500
        second.written = written - 500
        // Just where a recording code is due.
        second.indices = [661]
        second.isrc = "DEABC7654321"
        disc.record.sessions[0].tracks = [first, second]
        return host
    }

    private func subchannel(_ host: Host, _ lba: Int, _ kind: UInt8) throws -> [UInt8] {
        let size = kind == 1 ? 2448 : 2368
        let cdb: [UInt8] = [0xBE, 0] + Host.be32(lba) + [0, 0, 1, 0xF8, kind, 0]
        return Array(try host.ask(cdb, size)[2352...])
    }

    private func q(_ host: Host, _ lba: Int) throws -> [UInt8] {
        let bytes = try subchannel(host, lba, 1)
        return (0..<12).map { byte in
            (0..<8).reduce(UInt8(0)) { $0 << 1 | bytes[byte * 8 + $1] >> 6 & 1 }
        }
    }

    @Test func `Q carries catalogue number and recording code once in any hundred sectors`() throws
    {
        let host = try audioCD()
        var catalogs: [Int] = []
        var codes: [Int: String] = [:]
        for lba in 0..<950 {
            switch RecordedQ(try q(host, lba)) {
            case .catalog(let digits):
                #expect(digits == Self.catalog)
                catalogs.append(lba)
            case .recordingCode(let code):
                codes[lba] = code
            case .position(let position):
                #expect(position.absolute == MSF(LBA(lba)))
                #expect(position.track == (lba < 350 ? 1 : 2))
                let start = lba < 350 ? 0 : 500
                let distance = lba < start ? start - 1 - lba : lba - start
                #expect(position.relative.frames == distance)
            default:
                Issue.record("sector \(lba) has no Q")
            }
        }
        for start in 0...850 {
            let window = start..<start + 100
            #expect(catalogs.contains { window.contains($0) }, "\(window)")
            #expect(codes.keys.contains { window.contains($0) }, "\(window)")
        }
        for (lba, code) in codes {
            #expect(code == (lba < 350 ? "DEABC1234567" : "DEABC7654321"))
        }
        // The places by which tracks and indexes are found have positions.
        for lba in [0, 350, 500, 661] {
            guard case .position? = RecordedQ(try q(host, lba)) else {
                Issue.record("sector \(lba) has no position")
                continue
            }
        }
        #expect(codes[662] != nil)
    }

    @Test func `the formatted Q is that of the raw subchannel, and P is with it`() throws {
        let host = try audioCD()
        for lba in [10, 24, 73, 349, 350, 499, 500] {
            let formatted = try subchannel(host, lba, 2)
            #expect(Array(formatted.prefix(12)) == (try q(host, lba)), "\(lba)")
            #expect(formatted[12..<15].allSatisfy { $0 == 0 })
            #expect(formatted[15] == ((350..<500).contains(lba) ? 0x80 : 0))
        }
    }

    @Test func `READ SUB-CHANNEL gives the codes that are in Q`() throws {
        let host = try audioCD()
        let catalog = try host.ask([0x42, 2, 0x40, 2, 0, 0, 0, 0, 24, 0], 24)
        #expect(catalog[8] == 0x80)
        #expect(Array(catalog[9..<22]) == Array(Self.catalog.utf8))
        let code = try host.ask([0x42, 2, 0x40, 3, 0, 0, 2, 0, 24, 0], 24)
        #expect(Array(code[9..<21]) == Array("DEABC7654321".utf8))
        #expect(code[5] == 0x30)
    }

    @Test func `the position is that of the sector that was read last`() throws {
        let host = try audioCD()
        func position(msf: Bool) throws -> [UInt8] {
            try host.ask([0x42, msf ? 2 : 0, 0x40, 1, 0, 0, 0, 0, 16, 0], 16)
        }
        #expect(try Array(position(msf: true)[6...]) == [1, 1, 0, 0, 2, 0, 0, 0, 0, 0])
        try host.ask([0xBE, 0] + Host.be32(660) + [0, 0, 3, 0xF8, 0, 0], 3 * 2352)
        // LBA 662 is 00:10:62, and 162 sectors, 00:02:12, into track 2.
        #expect(try Array(position(msf: true)[5...]) == [0x10, 2, 2, 0, 0, 10, 62, 0, 0, 2, 12])
        #expect(
            try Array(position(msf: false)[5...]) == [0x10, 2, 2] + Host.be32(662) + Host.be32(162)
        )
        try host.ask([0xBE, 0] + Host.be32(498) + [0, 0, 1, 0xF8, 0, 0], 2352)
        #expect(
            try Array(position(msf: false)[5...]) == [0x10, 2, 0] + Host.be32(498) + Host.be32(-2)
        )
        try host.ask([0x2B, 0] + Host.be32(100) + [0, 0, 0, 0])
        #expect(try Array(position(msf: false)[8..<12]) == Host.be32(100))
        try host.reload()
        #expect(try Array(position(msf: false)[8..<12]) == Host.be32(0))
    }

    @Test(arguments: DriveProfile.all)
    func `mode page 2Ah says no more than profiles and features do`(_ profile: DriveProfile) throws
    {
        let host = try Host(.cdR, profile: profile)
        let reply = try host.ask([0x5A, 0, 0x2A, 0, 0, 0, 0, 0, 60, 0], 60)
        let page = Array(reply[8...])
        #expect(page[0] & 0x3F == 0x2A)
        let configuration = try Configuration(
            parsing: try host.drive.fetch(.getConfiguration()).1
        )
        func has(_ code: Int) -> Bool { configuration.feature(code) != nil }
        let profiles = Set(configuration.profiles.map(\.rawValue))
        let reading = try #require(configuration.feature(0x1E))
        #expect((page[5] & 0x10 != 0) == (reading.data[0] & 0x02 != 0), "C2 pointers")
        #expect(page[5] & 0x60 == 0x60, "catalogue number and recording code")
        #expect(page[4] & 0x01 == 0 && !has(0x103), "audio play")
        #expect((page[3] & 0x01 != 0) == profiles.contains(0x09), "writes CD-R")
        #expect((page[3] & 0x02 != 0) == profiles.contains(0x0A), "writes CD-RW")
        #expect((page[3] & 0x10 != 0) == profiles.contains(0x11), "writes DVD-R")
        #expect((page[3] & 0x20 != 0) == profiles.contains(0x12), "writes DVD-RAM")
        #expect((page[2] & 0x08 != 0) == has(0x1F), "reads DVDs")
        #expect(has(0x2D) == (profiles.contains(0x09) || profiles.contains(0x0A)))
        #expect(has(0x2F) == profiles.contains(0x11))
        #expect(has(0x2B) == profiles.contains(0x1B))
        #expect(has(0x40) == profiles.contains(0x41))
        // No profile: nothing is said to be written.
        if profiles.isDisjoint(with: [0x09, 0x0A, 0x11, 0x12]) { #expect(page[3] == 0) }
    }
}

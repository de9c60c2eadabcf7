import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

struct DriveProfileTests {
    @Test(arguments: DriveProfile.all.map(\.name))
    func `every model says who it is and works with what it knows`(_ name: String) throws {
        let profile = try #require(DriveProfile(named: name))
        let medium: MediumKind = profile.profiles.contains(0x1B) ? .dvdPlusR : .cdR
        let host = try Host(medium, profile: profile)
        let inquiry = try host.ask([0x12, 0, 0, 0, 36, 0], 36)
        #expect(try Inquiry(parsing: inquiry) == profile.identity)
        #expect(inquiry[2] == profile.inquiry.version)
        #expect(inquiry[3] & 0x0F == profile.inquiry.format)
        let configuration = try host.ask([0x46, 0, 0, 0, 0, 0, 0, 1, 0, 0], 256)
        let listed = stride(from: 12, to: 12 + Int(configuration[11]), by: 4).map {
            Int(configuration[$0]) << 8 | Int(configuration[$0 + 1])
        }
        #expect(listed == profile.profiles)
        guard profile.profiles.contains(0x09) else {
            // A reader can't use a blank disc.
            #expect(try host.refusal([0, 0, 0, 0, 0, 0]) == "2/30/0")
            return
        }
        if medium == .cdR { try host.selectTAO() }
        for start in stride(from: 0, to: 320, by: 32) {
            let data = Host.payload(start, 32)
            while let code = try host.refusal(Host.write10(start, 32), sending: data) {
                try #require(code == "2/4/8")
            }
        }
        try host.synchronize()
        try host.close(medium == .cdR ? 2 : 6)
        if profile.quirks.contains(.noTrayMotor) {
            host.settle()
        } else {
            try host.reload()
        }
        #expect(try host.holds(0..<320))
        #expect(try host.discInformation.status == .complete)
    }

    @Test func `a reader takes a recorded disc for a pressed one`() throws {
        let writer = try Host(.dvdPlusR)
        try writer.write(0..<320)
        try writer.synchronize()
        try writer.close(6)
        writer.settle()
        let disc = try #require(writer.drive.removeDisc())
        let reader = VirtualRecorder(
            disc: disc,
            profile: try #require(DriveProfile(named: "hp-su-108gb"))
        )
        for _ in 0..<3 where try reader.send(.testUnitReady).status != .good {}
        let (_, bytes) = try reader.fetch(
            Command("GET", cdb: [0x46, 0, 0, 0, 0, 0, 0, 0, 8, 0], data: .fromDrive(8))
        )
        #expect(bytes[6..<8] == [0x00, 0x10])
        let read = try reader.fetch(
            Command("READ", cdb: Host.read10(0, 32), data: .fromDrive(65536))
        )
        #expect(read.1 == Host.payload(0, 32))
        let written = try reader.send(
            Command("WRITE", cdb: Host.write10(0, 32), data: .toDrive(65536)),
            sending: Host.payload(0, 32)
        )
        #expect(written.sense?.matches(.dataProtect, 0x27, 0x00) == true)
        reader.removeDisc()
    }

    @Test func `a drive can't use discs that it does not know`() throws {
        let host = try Host(.bdR, profile: try #require(DriveProfile(named: "nec-nd-3540a")))
        #expect(try host.refusal([0, 0, 0, 0, 0, 0]) == "2/30/0")
    }
}

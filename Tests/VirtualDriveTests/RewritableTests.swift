import DiscModel
import MMC
import Testing
import VirtualDrive

struct RewritableTests {
    private static let formatUnit: [UInt8] = [0x04, 0x11, 0, 0, 0, 0]

    @Test func `a DVD+RW is formatted in the background and written meanwhile`() throws {
        let host = try Host(.dvdPlusRW)
        #expect(try host.discInformation.status == .blank)
        #expect(try host.discInformation.backgroundFormat == .notFormatted)
        #expect(try host.refusal(Host.write10(0, 16), sending: Host.payload(0, 16)) == "5/30/10")
        var capacities = try FormatCapacities(parsing: host.drive.fetch(.readFormatCapacities).1)
        #expect(capacities.kind == .unformatted)
        #expect(capacities.descriptors == [.init(type: 0x26, sectors: 2_295_104, parameter: 0)])
        try host.tell(
            Self.formatUnit,
            FormatParameters(type: 0x26, sectors: 0xFFFF_FFFF).encoded
        )
        // The lead-in takes a while.
        #expect(try host.refusal([0, 0, 0, 0, 0, 0]) == "2/4/4")
        host.settle()
        #expect(try host.discInformation.backgroundFormat == .running)
        #expect(try Sense(parsing: host.ask([3, 0, 0, 0, 18, 0], 18))?.progress != nil)
        try host.write(1000..<1064)
        try host.write(0..<64)
        try host.write(16..<48)
        #expect(try host.holds(16..<48))
        #expect(try host.ask(Host.read10(2_295_103, 1), 2048).allSatisfy { $0 == 0 })
        #expect(try host.refusal(Host.read10(2_295_103, 2), 4096) == "5/21/0")
        #expect(
            try host.refusal(Host.write10(2_295_103, 2), sending: Host.payload(0, 2)) == "5/21/0"
        )
        try host.synchronize()
        try host.close(0)
        try host.close(2)
        #expect(try host.discInformation.backgroundFormat == .stopped)
        #expect(try host.discInformation.status == .complete)
        #expect(try host.capacity == 2_295_104)
        capacities = try FormatCapacities(parsing: host.drive.fetch(.readFormatCapacities).1)
        #expect(capacities.kind == .formatted)
        // Taken up again, it runs to its end when it is watched.
        try host.tell(
            Self.formatUnit,
            FormatParameters(type: 0x26, sectors: 0xFFFF_FFFF, parameter: 1).encoded
        )
        host.settle()
        for _ in 0..<10 { try host.ask([3, 0, 0, 0, 18, 0], 18) }
        #expect(try host.discInformation.backgroundFormat == .complete)
        #expect(try host.holds(1000..<1064))
    }

    @Test func `a DVD-RAM comes formatted`() throws {
        let host = try Host(.dvdRAM)
        #expect(try host.capacity == 2_236_704)
        try host.write(500..<532)
        try host.write(100..<132)
        #expect(try host.holds(500..<532))
        #expect(try host.discInformation.status == .overwritable)
    }

    @Test func `a BD-RE is formatted with spares or without`() throws {
        let host = try Host(.bdRE)
        #expect(try host.refusal(Host.write10(0, 32), sending: Host.payload(0, 32)) == "5/30/10")
        try host.tell(
            Self.formatUnit,
            FormatParameters(isImmediate: false, type: 0, sectors: 11_826_176, parameter: 0x3000)
                .encoded
        )
        #expect(try host.capacity == 11_826_176)
        try host.write(11_826_144..<11_826_176)
        #expect(try host.holds(11_826_144..<11_826_176))
        try host.tell(
            Self.formatUnit,
            FormatParameters(isImmediate: false, type: 0x31, sectors: 12_219_392).encoded
        )
        #expect(try host.capacity == 12_219_392)
        #expect(
            try host.refusal(
                Self.formatUnit,
                sending: FormatParameters(type: 0x30, sectors: 4).encoded
            )
                == "5/26/0"
        )
    }

    @Test func `a DVD-RW changes between its two ways`() throws {
        let host = try Host(.dvdRW)
        #expect(
            try Configuration(parsing: host.drive.fetch(.getConfiguration()).1)
                .currentProfile.rawValue == 0x14
        )
        // Incremental: a border, then formatted, then blanked again.
        try host.select {
            $0.writeType = 0
            $0.multiSession = 3
            $0.trackMode = 5
        }
        try host.write(0..<64)
        try host.synchronize()
        try host.close(1, track: 1)
        try host.close(2)
        #expect(try host.track(.track(2)).start == LBA(64 + 28688))
        try host.tell(
            Self.formatUnit,
            FormatParameters(isImmediate: false, type: 0, sectors: 2_297_888, parameter: 2048)
                .encoded
        )
        #expect(
            try Configuration(parsing: host.drive.fetch(.getConfiguration()).1)
                .currentProfile.rawValue == 0x13
        )
        #expect(try host.capacity == 2_297_888)
        try host.write(320..<352)
        #expect(try host.holds(320..<352))
        #expect(try host.refusal(Host.write10(1, 16), sending: Host.payload(0, 16)) == "5/21/2")
        // Blanked quickly it takes no incremental recording.
        try host.ask([0xA1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        let features = try Configuration(parsing: host.drive.fetch(.getConfiguration()).1)
        #expect(features.currentProfile.rawValue == 0x14)
        #expect(features.feature(0x21)?.isCurrent == false)
        try host.ask([0xA1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        #expect(
            try Configuration(parsing: host.drive.fetch(.getConfiguration()).1)
                .feature(0x21)?.isCurrent == true
        )
    }

    @Test func `a quickly formatted DVD-RW grows until its session is closed`() throws {
        let host = try Host(.dvdRW)
        try host.tell(
            Self.formatUnit,
            FormatParameters(isImmediate: false, type: 0x15, sectors: 0, parameter: 16).encoded
        )
        #expect(
            try FormatCapacities(parsing: host.drive.fetch(.readFormatCapacities).1).kind
                == .noMedium
        )
        try host.write(0..<96)
        try host.synchronize()
        try host.close(2)
        let capacities = try FormatCapacities(parsing: host.drive.fetch(.readFormatCapacities).1)
        #expect(capacities.kind == .formatted)
        #expect(capacities.sectors == 96)
        #expect(capacities.descriptors.first { $0.type == 0x13 }?.sectors == 2_297_888 - 96)
        #expect(try host.capacity == 96)
        #expect(try host.holds(0..<96))
    }
}

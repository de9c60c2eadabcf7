import DiscDrives
import DiscModel
import DiscRipping
import MMC
import SystemPackage
import Testing

/// Where what can be read of a CD ends, if its lists claim different ends.
@Suite struct RunOutTests {
    private func extent(
        _ disc: FakeDisc,
        readCapacity: Int,
        readTOC: Int,
        profile: Profile = Profile(rawValue: 9)
    ) throws -> ImageExtent {
        var report = DiscReport(profile: profile, state: .complete)
        // The drive knows CD-ROM and CD-R.
        report.configuration = Configuration(
            currentProfile: profile,
            features: [Feature(code: 0, data: [0, 8, 0, 0, 0, 9, 0, 0])]
        )
        report.capacity = Capacity(lastSector: LBA(readCapacity - 1))
        report.tableOfContents = TableOfContents(
            firstTrack: 1,
            lastTrack: 1,
            entries: [
                .init(number: 1, control: 4, start: .zero),
                .init(number: 0xAA, control: 4, start: LBA(readTOC)),
            ]
        )
        return try ImageExtent.find(try Drive("/dev/sr0", over: disc), report)
    }

    @Test(arguments: [Sense(.blankCheck, 0x00, 0x00), Sense(.illegalRequest, 0x21, 0x00)])
    func `what was never recorded is no run-out, however far a list reaches`(_ sense: Sense) throws
    {
        // A CD-R of fixed packets: its table of contents counts what was reserved for its track.
        let disc = FakeDisc()
        disc.bad = Set(1392..<1996)
        disc.badSense = sense
        let extent = try extent(disc, readCapacity: 1394, readTOC: 1996)
        #expect(extent.sectors == 1392)
        #expect(extent.runOut == 2)
    }

    @Test func `two sectors that are refused behind the data are run-out`() throws {
        let disc = FakeDisc()
        disc.bad = [1500, 1501]
        disc.badSense = Sense(.illegalRequest, 0x64, 0x00)
        let extent = try extent(disc, readCapacity: 1502, readTOC: 1502)
        #expect(extent.sectors == 1500)
        #expect(extent.runOut == 2)
    }

    /// Writers were seen that call a CD-R a CD-ROM, and still give its ATIP.
    @Test(arguments: [false, true])
    func `what is called a CD-ROM has run-out if it has an ATIP`(hasATIP: Bool) throws {
        let disc = FakeDisc()
        disc.bad = [1500, 1501]
        disc.badSense = Sense(.illegalRequest, 0x64, 0x00)
        if hasATIP {
            disc.atip = ATIP(
                power: 5,
                isErasable: false,
                leadIn: MSF(minute: 97, second: 26, frame: 66),
                lastLeadOut: MSF(minute: 79, second: 59, frame: 70)
            )
        }
        let extent = try extent(
            disc,
            readCapacity: 1502,
            readTOC: 1502,
            profile: Profile(rawValue: 8)
        )
        #expect(extent.sectors == (hasATIP ? 1500 : 1502))
        #expect(extent.runOut == (hasATIP ? 2 : 0))
    }
}

import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

struct VirtualDiscTests {
    @Test(arguments: MediumKind.allCases.filter { BlankDisc($0) != nil })
    func `a new disc is blank, sparse and begins with its name`(_ medium: MediumKind) throws {
        let directory = try Folder()
        let path = directory.path.appending("disc")
        try VirtualDisc.create(at: path, medium: medium)
        let disc = try VirtualDisc(opening: path)
        #expect(disc.record.medium == medium)
        #expect(disc.record.state == (medium == .dvdRAM ? .complete : .blank))
        #expect(!disc.isPressed)
        #expect(try File(path, .read).status().size < 0x200000)
        #expect(throws: VirtualDiscError.self) {
            try VirtualDisc.create(at: path, medium: medium)
        }
    }

    @Test func `one drive holds a disc, others may look`() throws {
        let directory = try Folder()
        let path = directory.path.appending("disc")
        let disc = try VirtualDisc.create(at: path, medium: .cdR)
        #expect(throws: VirtualDiscError.self) { try VirtualDisc(opening: path, for: .drive) }
        #expect(try VirtualDisc(opening: path).record == disc.record)
    }

    /// A track at once begins behind a pause that no record has.
    @Test func `data are read in the same command as the pause before them`() throws {
        let directory = try Folder()
        let disc = try VirtualDisc.create(at: directory.path.appending("disc"), medium: .cdR)
        var track = TrackRecord(number: 1, start: 0)
        track.written = 300
        track.isClosed = true
        var session = SessionRecord(number: 1, tracks: [track])
        session.leadOut = 300
        disc.record.sessions = [session]
        let bytes = (0..<300 * 2048).map { UInt8(truncatingIfNeeded: $0 / 2048 | 1) }
        try disc.writeUserData(bytes.span, at: 0)
        let contents = VirtualDiscContents(disc)
        var address = contents.layout.tracks[0].extent.lowerBound
        #expect(address == -150)
        var read: [UInt8] = []
        while address < 300 {
            var buffer = [UInt8](repeating: 0xEE, count: 256 * 2048)
            var span = buffer.mutableSpan
            let count = try contents.readUserData(at: address, into: &span)
            try #require(count > 0)
            read += buffer.prefix(count * 2048)
            address += count
        }
        #expect(read.prefix(150 * 2048).allSatisfy { $0 == 0 })
        #expect(read.dropFirst(150 * 2048).prefix(bytes.count).elementsEqual(bytes))
    }

    /// What is done to the bytes of one metadata slot.
    @Test(arguments: [0x80000, 0x100000], [0, 8, 16, 20, 24, 100])
    func `a slot that is garbled leaves the other one's record`(_ slot: Int, _ offset: Int) throws {
        let directory = try Folder()
        let path = directory.path.appending("disc")
        var states: Set<Bool> = []
        do {
            let disc = try VirtualDisc.create(at: path, medium: .cdR)
            disc.record.isFinalized = true
            try disc.store()
        }
        let file = try File(path, .update)
        try file.write([0xA5, 0x5A, 0xA5].span, at: slot + offset)
        states.insert(try VirtualDisc(opening: path).record.isFinalized)
        // The first slot holds the blank disc, the second the later record.
        #expect(states == [slot == 0x80000])
        // A third record goes to the older place and counts again.
        do {
            let disc = try VirtualDisc(opening: path, for: .drive)
            disc.record.capacity = 12345
            try disc.store()
        }
        #expect(try VirtualDisc(opening: path).record.capacity == 12345)
    }

    @Test func `a file cut off within the newer slot holds the older record`() throws {
        let directory = try Folder()
        let path = directory.path.appending("disc")
        do {
            let disc = try VirtualDisc.create(at: path, medium: .dvdPlusR)
            disc.record.isFinalized = true
            try disc.store()
        }
        let file = try File(path, .update)
        let size = try file.status().size
        for cut in stride(from: size - 1, to: 0x100000, by: -37) {
            try file.setSize(cut)
            #expect(try VirtualDisc(opening: path).record.isFinalized == false)
        }
    }

    @Test func `a disc whose slots are both lost is damaged, not pressed`() throws {
        let directory = try Folder()
        let path = directory.path.appending("disc")
        try VirtualDisc.create(at: path, medium: .cdR)
        let file = try File(path, .update)
        try file.write([0xFF].span, at: 0x80000 + 30)
        #expect(throws: VirtualDiscError.self) { try VirtualDisc(opening: path) }
    }

    @Test func `an image is a pressed disc of a kind that its size fits`() throws {
        let directory = try Folder()
        let path = directory.path.appending("image")
        let file = try File(path, .createNew)
        let sizes: [(Int, MediumKind)] = [
            (2048, .cdROM), (899_999_744, .cdROM), (900_001_792, .dvdROM),
            (8_499_998_720, .dvdROM), (8_500_002_816, .bdROM),
        ]
        for (size, medium) in sizes {
            try file.setSize(size)
            let disc = try VirtualDisc(opening: path)
            #expect(disc.record.medium == medium)
            #expect(disc.isPressed)
            #expect(disc.record.state == .complete)
            #expect(VirtualDiscSource(disc).sectorCount == size / 2048)
        }
        try file.setSize(0)
        #expect(throws: VirtualDiscError.self) { try VirtualDisc(opening: path) }
    }

    @Test func `raw sectors come back whole, in every mode`() throws {
        let directory = try Folder()
        let disc = try VirtualDisc.create(at: directory.path.appending("disc"), medium: .cdR)
        let bytes = (0..<5 * 2352).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
        for mode in [0, 1, 2] {
            try disc.writeRaw(bytes.span, at: -150 + mode * 5, dataMode: mode)
            var back = [UInt8](repeating: 0, count: bytes.count)
            var span = back.mutableSpan
            try disc.readRaw(at: -150 + mode * 5, dataMode: mode, into: &span)
            #expect(back == bytes)
        }
        // The user data of mode 2 stand behind the subheader.
        var user = [UInt8](repeating: 0, count: 2048)
        var span = user.mutableSpan
        try disc.readUserData(at: -140, into: &span)
        #expect(user == Array(bytes[24..<2072]))
        try disc.discardAll()
        var userSpan = user.mutableSpan
        try disc.readUserData(at: -140, into: &userSpan)
        #expect(user.allSatisfy { $0 == 0 })
    }
}

import DiscImages
import DiscModel
import MMC
import Testing
import VirtualDrive

/// How drives treat sound: offsets, ends, C2, caches and Q.
struct AudioTraitTests {
    private static let sectors = 400

    /// A disc of sound without run-out, as one that was written at once.
    private static func soundCD(
        _ sectors: Int,
        faults: [Fault] = [],
        profile: DriveProfile = .plain,
        quirks: Set<Quirk> = [],
        audio: AudioTraits? = nil
    ) throws -> Host {
        let host = try Host.audioCD(
            sectors,
            faults: faults,
            profile: profile,
            quirks: quirks,
            audio: audio
        )
        let disc = try #require(host.drive.disc)
        disc.record.sessions[0].tracks[0].runOut = 0
        disc.record.sessions[0].tracks[0].pregap = 150
        disc.record.sessions[0].tracks[0].written = sectors
        disc.record.sessions[0].leadOut = sectors
        return host
    }

    /// Traits of a specification.
    private func traits(_ text: String) throws -> AudioTraits {
        var traits = AudioTraits()
        try traits.apply(text)
        return traits
    }

    private func fault(_ text: String) throws -> Fault { try Fault(parsing: text) }

    /// READ CD of sound with what byte 9 and byte 10 ask for.
    private func command(_ lba: Int, _ count: Int, flags: UInt8 = 0x10, _ subchannel: UInt8 = 0)
        -> [UInt8]
    {
        [0xBE, 4] + Host.be32(lba) + [0, 0, UInt8(count), flags, subchannel, 0]
    }

    private func read(_ host: Host, _ lba: Int, _ count: Int = 1) throws -> [UInt8] {
        try host.ask(command(lba, count), count * 2352)
    }

    /// Samples of the disc, with silence around it.
    private func samples(_ host: Host, _ range: Range<Int>) throws -> [UInt8] {
        let disc = try read(host, 0, 200) + read(host, 200, 200)
        return range.flatMap { sample in
            (0..<4).map { byte in
                let place = sample * 4 + byte
                return disc.indices.contains(place) ? disc[place] : 0
            }
        }
    }

    @Test(arguments: [6, -1164, 667, 48, -588, 588, 1776])
    func `Samples come by the read offset later, over the borders of sectors`(_ offset: Int) throws
    {
        let plain = try Self.soundCD(Self.sectors)
        let host = try Self.soundCD(Self.sectors, audio: try traits("offset=\(offset)"))
        for (lba, count) in [(0, 1), (1, 3), (100, 20), (Self.sectors - 1, 1)] {
            let first = lba * 588 - offset
            #expect(
                try read(host, lba, count) == samples(plain, first..<first + count * 588),
                "\(lba)"
            )
        }
    }

    @Test func `Models have the offsets that AccurateRip lists`() throws {
        let expected = [
            "plain": 0, "pioneer-bdr-207d": 667, "liteon-ltn483s": -1164, "lg-gt50n": 103,
            "nec-nd-3540a": 48, "matshita-uj-850s": 102,
        ]
        for (name, offset) in expected {
            #expect(DriveProfile(named: name)?.audio.readOffset == offset)
        }
        let profile = try #require(DriveProfile(named: "lg-gt50n"))
        let plain = try Self.soundCD(Self.sectors)
        let host = try Self.soundCD(Self.sectors, profile: profile)
        #expect(try read(host, 7) == samples(plain, 7 * 588 - 103..<8 * 588 - 103))
    }

    @Test(arguments: [30, -30, 600, -600])
    func `What is written lies by the write offset later`(_ offset: Int) throws {
        let plain = try Self.soundCD(Self.sectors)
        let host = try Self.soundCD(Self.sectors, audio: try traits("write-offset=\(offset)"))
        for lba in [0, 19, 20, 200, Self.sectors - 1] {
            let first = lba * 588 - offset
            #expect(try read(host, lba) == samples(plain, first..<first + 588), "\(lba)")
        }
        // Read with the opposite offset, both cancel out.
        let both = try Self.soundCD(
            Self.sectors,
            audio: try traits("write-offset=\(offset) offset=\(-offset)")
        )
        #expect(try read(both, 100) == read(plain, 100))
    }

    @Test func `A drive reads so far beyond the end, and then does what it does`() throws {
        let end = Self.sectors
        let refusing = try Self.soundCD(end)
        #expect(try refusing.refusal(command(end, 1), 2352) == "5/21/0")
        let reading = try Self.soundCD(end, audio: try traits("offset=600 lead-out=2"))
        // The last samples of the disc come in the lead-out.
        #expect(
            try read(reading, end, 2)
                == samples(refusing, end * 588 - 600..<(end + 2) * 588 - 600)
        )
        #expect(try reading.refusal(command(end + 2, 1), 2352) == "5/21/0")
        let repeating = try Self.soundCD(end, audio: try traits("beyond=repeat"))
        let last = try read(repeating, end - 1)
        #expect(try read(repeating, end) == last)
        #expect(try read(repeating, end + 500) == last)
        let hanging = try Self.soundCD(end, audio: try traits("beyond=hang"))
        #expect(throws: TransportError.self) {
            try hanging.drive.fetch(
                Command("TEST", cdb: command(end, 1), data: .fromDrive(2352))
            )
        }
        hanging.settle()
        #expect(try read(hanging, end - 1) == read(refusing, end - 1))
    }

    @Test func `A drive reads so far before the beginning`() throws {
        let host = try Self.soundCD(Self.sectors, audio: try traits("lead-in=75"))
        #expect(try read(host, -75).count == 2352)
        #expect(try host.refusal(command(-76, 1), 2352) == "5/21/0")
        #expect(try read(try Self.soundCD(Self.sectors), -150).count == 2352)
    }

    @Test func `C2 comes in the layouts that drives have`() throws {
        let faults = [try fault("c2 lba=100 bytes=3")]
        func flags(_ quirks: Set<Quirk>, _ lba: Int = 100, _ kind: UInt8 = 0x14) throws -> [UInt8] {
            let host = try Self.soundCD(Self.sectors, faults: faults, quirks: quirks)
            let size = 2352 + (kind & 6 == 2 ? 294 : 296)
            return Array(try host.ask(command(lba, 1, flags: kind), size)[2352...])
        }
        let plain = try flags([])
        let bits = plain.prefix(294).reduce(0) { $0 + $1.nonzeroBitCount }
        #expect(bits == 3)
        let sum = plain.prefix(294).reduce(0, |)
        #expect(Array(plain[294...]) == [sum, 0])
        #expect(try flags([.c2SumFirst]) == [sum, 0] + Array(plain.prefix(294)))
        #expect(try flags([.c2WithoutSum]) == Array(plain.prefix(294)) + [0, 0])
        #expect(try flags([.c2OfDataOnly]).allSatisfy { $0 == 0 })
        #expect(try flags([.c2Late]).allSatisfy { $0 == 0 })
        #expect(try flags([.c2Late], 101) == plain)
        #expect(try flags([.noC2Of294]) == plain)
        #expect(try flags([], 100, 0x12) == Array(plain.prefix(294)))
        let without = try Self.soundCD(Self.sectors, quirks: [.noC2])
        #expect(try without.refusal(command(0, 1, flags: 0x14), 2648) == "5/24/0")
        let other = try Self.soundCD(Self.sectors, quirks: [.noC2Of294])
        #expect(try other.refusal(command(0, 1, flags: 0x12), 2646) == "5/24/0")
        let behind = try Self.soundCD(
            Self.sectors,
            faults: faults,
            quirks: [.c2BehindSubchannel]
        )
        let all = try behind.ask(command(100, 1, flags: 0x14, 1), 2352 + 296 + 96)
        #expect(Array(all[(2352 + 96)...]) == plain)
    }

    @Test func `C2 misses wrong bytes and flags right ones`() throws {
        let clean = try read(try Self.soundCD(Self.sectors), 100)
        let host = try Self.soundCD(
            Self.sectors,
            faults: [try fault("c2 lba=100 bytes=8 missed=3 false=5")]
        )
        let bytes = try host.ask(command(100, 1, flags: 0x12), 2646)
        let wrong = (0..<2352).filter { bytes[$0] != clean[$0] }
        let flagged = (0..<2352).filter { bytes[2352 + $0 / 8] & 0x80 >> UInt8($0 % 8) != 0 }
        #expect(wrong.count == 8)
        #expect(flagged.count == 10)
        #expect(Set(wrong).subtracting(flagged).count == 3)
        #expect(Set(flagged).subtracting(wrong).count == 5)
    }

    @Test func `Damage lies on the disc, and moves with the offset`() throws {
        let faults = [try fault("c2 lba=100 bytes=8")]
        let plain = try Self.soundCD(Self.sectors, faults: faults)
        let host = try Self.soundCD(Self.sectors, faults: faults, audio: try traits("offset=588"))
        #expect(try read(host, 101) == read(plain, 100))
        #expect(
            try host.ask(command(101, 1, flags: 0x12), 2646)
                == plain.ask(command(100, 1, flags: 0x12), 2646)
        )
    }

    @Test func `A cache gives again what it has, until it is full or the host wants the disc`()
        throws
    {
        let faults = [try fault("c2 lba=100 bytes=8 seed=1")]
        let uncached = try Self.soundCD(Self.sectors, faults: faults)
        #expect(try read(uncached, 100) != read(uncached, 100))
        func host(_ quirks: Set<Quirk> = []) throws -> Host {
            try Self.soundCD(
                Self.sectors,
                faults: faults,
                quirks: quirks,
                audio: try traits("cache=50")
            )
        }
        let cached = try host()
        let first = try read(cached, 100)
        #expect(try read(cached, 100) == first)
        // READ(10) of no sector, with FUA.
        func force(_ host: Host) {
            _ = try? host.refusal([0x28, 8] + Host.be32(100) + [0, 0, 0, 0])
        }
        force(cached)
        let second = try read(cached, 100)
        #expect(second != first)
        _ = try read(cached, 200, 49)
        #expect(try read(cached, 100) == second)
        _ = try read(cached, 200, 51)
        #expect(try read(cached, 100) != second)
        let stubborn = try host([.ignoresFUA])
        let kept = try read(stubborn, 100)
        force(stubborn)
        #expect(try read(stubborn, 100) == kept)
        // What is read ahead is there before it is asked for.
        let ahead = try Self.soundCD(
            Self.sectors,
            faults: faults,
            audio: try traits("cache=50 read-ahead=30")
        )
        _ = try read(ahead, 80)
        #expect(try read(ahead, 100) == first)
        #expect(try read(ahead, 100) == first)
    }

    @Test func `Without an accurate stream commands begin elsewhere`() throws {
        let plain = try Self.soundCD(Self.sectors)
        let host = try Self.soundCD(Self.sectors, audio: try traits("jitter=20"))
        var shifts: Set<Int> = []
        for lba in [100, 200, 50, 300, 120] {
            let bytes = try read(host, lba)
            let shift = (-20...20).first { shift in
                (try? samples(plain, lba * 588 - shift..<(lba + 1) * 588 - shift)) == bytes
            }
            shifts.insert(try #require(shift))
            // What goes on where the last command ended is not off by another number.
            let next = try read(host, lba + 1)
            let at = (lba + 1) * 588 - (shift ?? 0)
            #expect(try next == samples(plain, at..<at + 588))
        }
        #expect(shifts.count > 1)
    }

    /// The twelve bytes of Q that READ CD gives formatted.
    private func q(_ host: Host, _ lba: Int) throws -> [UInt8] {
        Array(try host.ask(command(lba, 1, flags: 0x10, 2), 2368)[2352..<2364])
    }

    /// A disc of two tracks with a pregap.
    private func album(_ quirks: Set<Quirk> = [], _ text: String = "", _ faults: [Fault] = [])
        throws -> Host
    {
        let host = try Self.soundCD(
            Self.sectors,
            faults: faults,
            quirks: quirks,
            audio: try traits(text)
        )
        let disc = try #require(host.drive.disc)
        var first = disc.record.sessions[0].tracks[0]
        let written = first.written
        first.written = 150
        first.runOut = 0
        first.isrc = "DEABC1234567"
        var second = first
        second.number = 2
        second.pregap = 50
        second.start = 200
        second.written = written - 200
        second.isrc = "DEABC7654321"
        disc.record.sessions[0].tracks = [first, second]
        return host
    }

    @Test func `Q has a wrong CRC, none, binary numbers, a lag, or no index 0`() throws {
        func crc(_ q: [UInt8]) -> Bool { RecordedQ(q) != nil }
        let plain = try album()
        #expect(crc(try q(plain, 30)))
        let faulty = try album([], "", [try fault("q lba=30-31")])
        #expect(!crc(try q(faulty, 30)))
        #expect(crc(try q(faulty, 32)))
        #expect(try q(try album([.qCRCZero]), 30)[10...].allSatisfy { $0 == 0 })
        let binary = try q(try album([.qBinary]), 75 * 4 + 29)
        // 00:06:29 on the disc, which is the same in both forms but for the frames.
        #expect(binary[9] == 29)
        #expect(try q(plain, 75 * 4 + 29)[9] == 0x29)
        #expect(try q(try album([], "lag=2"), 30)[..<10] == q(plain, 28)[..<10])
        #expect(try q(plain, 170)[1...2] == [2, 0])
        #expect(try q(try album([.noIndex0]), 170)[1...2] == [1, 1])
        #expect(try q(try album([.noIndex0]), 200)[1...2] == [2, 1])
    }

    @Test func `A drive gives the code of the track before`() throws {
        func code(_ host: Host) throws -> String {
            let bytes = try host.ask([0x42, 2, 0x40, 3, 0, 0, 2, 0, 24, 0], 24)
            return String(decoding: bytes[9..<21], as: UTF8.self)
        }
        #expect(try code(try album()) == "DEABC7654321")
        #expect(try code(try album([.staleCode])) == "DEABC1234567")
    }

    @Test func `A drive gives silence for what lies before track 1`() throws {
        let host = try Self.soundCD(Self.sectors, quirks: [.mutesHiddenTrack])
        let disc = try #require(host.drive.disc)
        disc.record.sessions[0].tracks[0].start = 50
        disc.record.sessions[0].tracks[0].pregap = 200
        disc.record.sessions[0].tracks[0].written -= 50
        #expect(try read(host, 20).allSatisfy { $0 == 0 })
        #expect(try !read(host, 50).allSatisfy { $0 == 0 })
    }

    @Test func `Traits that are none are refused with the word that is wrong`() {
        for text in ["offset", "offset=x", "offset=9999", "beyond=zeros", "speed=4", "lead-in=151"]
        {
            var traits = AudioTraits()
            let error = #expect(throws: FaultError.self) { try traits.apply(text) }
            #expect(error.map { "\($0)".contains(text.split(separator: "=").last ?? "") } == true)
            #expect(error.map { "\($0)".hasPrefix("The treatment of audio “\(text)” is") } == true)
        }
    }
}

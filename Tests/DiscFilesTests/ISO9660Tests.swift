import DiscFiles
import TestSupport
import Testing

@Suite struct ISO9660Tests {
    /// A volume of 40 sectors in an image of 50.
    private static func volume(size: UInt32 = 40) -> Image {
        var image = Image(sectors: 50)
        image.putPrimary(at: 16, size: size)
        image.putTerminator(at: 17)
        return image
    }

    private func examine(_ image: Image, sessionStart: Int = 0) throws -> DiscContent {
        try .examine(MemorySource(image.bytes), sessionStart: sessionStart)
    }

    @Test func `The primary descriptor gives names, dates and the end`() throws {
        let content = try examine(Self.volume())
        #expect(content.claimedEnd == 40)
        #expect(content.sectorCount == 50)
        #expect(content.volumeIdentifier == "A_VOLUME")
        #expect(content.claims.map(\.kind) == [.iso9660])
        #expect(!content.endsBehindSource)
        let descriptor = try #require(content.iso9660?.main)
        #expect(descriptor.systemIdentifier == "LINUX")
        #expect(descriptor.volumeSetIdentifier == "A SET")
        #expect(descriptor.publisherIdentifier == "A PUBLISHER")
        #expect(descriptor.preparerIdentifier == "A PREPARER")
        #expect(descriptor.applicationIdentifier == "AN APPLICATION")
        #expect(descriptor.creationDate == "2021-02-07T13:24:56+02:00")
        #expect(descriptor.modificationDate == "2022-12-31T23:59:59-03:30")
        #expect(descriptor.expirationDate == nil)
        #expect(descriptor.effectiveDate == nil, "a month 13 is no date")
        #expect(content.iso9660?.rockRidge == nil)
        #expect(content.bootEntries.isEmpty)
    }

    /// ECMA-119 §8.4.26.1: quarters of an hour from -48 to 52; Easy CD Creator wrote the digit 8.
    @Test(arguments: [
        (0, "Z"), (-48, "-12:00"), (52, "+13:00"), (-1, "-00:15"), (-49, ""), (53, ""), (56, ""),
        (127, ""), (-128, ""),
    ])
    func `A date has a zone only where the byte is one`(zone: Int8, text: String) throws {
        var image = Self.volume()
        image.put([UInt8(bitPattern: zone)], at: 16 * 2048 + 829)
        let date = try examine(image).iso9660?.main?.creationDate
        #expect(date == "2021-02-07T13:24:56" + text)
        image.putDirectory(at: 20, [Image.record("F", block: 30, size: 1)])
        let record = 20 * 2048 + 34 + 34
        image.put([UInt8(bitPattern: zone)], at: record + 18 + 6)
        let entry = try TreeReading(image.bytes, .iso).entries["F"]
        #expect(entry?.modified?.description == "2020-02-29T12:34:56" + text)
    }

    @Test(arguments: [
        "2021022912000000", "2021043112000000", "0000000000000000", "                ",
    ])
    func `What is no day is no date`(digits: String) throws {
        var image = Self.volume()
        image.put(digits, at: 16 * 2048 + 813)
        #expect(try examine(image).iso9660?.main?.creationDate == nil)
    }

    @Test(arguments: [(UInt16(512), 161, 41), (1024, 81, 41), (2048, 41, 41)])
    func `Blocks may be smaller than sectors`(blockSize: UInt16, blocks: Int, end: Int) throws {
        var image = Self.volume()
        image.putPrimary(at: 16, size: UInt32(blocks), blockSize: blockSize)
        #expect(try examine(image).claimedEnd == end)
    }

    @Test(arguments: [UInt16(0), 1, 1000, 4096, 65535])
    func `A block size that ISO 9660 doesn't have claims nothing`(blockSize: UInt16) throws {
        var image = Self.volume()
        image.putPrimary(at: 16, size: 40, blockSize: blockSize)
        let content = try examine(image)
        #expect(content.claimedEnd == nil)
        #expect(content.volumeIdentifier == "A_VOLUME")
        #expect(content.claims.first?.evidence.contains("no such block size") == true)
    }

    @Test func `One byte order serves where the other is empty`() throws {
        var image = Self.volume()
        image.putLittle(UInt32(0), at: 16 * 2048 + 80)
        let content = try examine(image)
        #expect(content.claimedEnd == 40)
        #expect(content.iso9660?.main?.sizesAgree == false)
        image.putBoth(UInt32(0), at: 16 * 2048 + 80)
        #expect(try examine(image).claimedEnd == nil)
    }

    @Test(arguments: 1...3)
    func `Joliet's levels are told apart by their escape sequences`(level: Int) throws {
        var image = Self.volume()
        image.putJoliet(at: 17, size: 40, level: level, name: "Größe")
        image.putTerminator(at: 18)
        let content = try examine(image)
        let descriptors = try #require(content.iso9660?.descriptors)
        #expect(descriptors.map(\.kind) == [.primary, .joliet])
        #expect(descriptors.last?.jolietLevel == level)
        #expect(descriptors.last?.volumeIdentifier == "Größe")
        #expect(content.claims.first?.version == "Joliet \(level)")
    }

    @Test func `ISO 9660 of 1999 has a descriptor of version 2`() throws {
        var image = Self.volume()
        image.putPrimary(at: 17, size: 45)
        image.putDescriptor(type: 2, version: 2, at: 17)
        image.putTerminator(at: 18)
        let content = try examine(image)
        #expect(content.iso9660?.descriptors.map(\.kind) == [.primary, .enhanced])
        #expect(content.claimedEnd == 45, "the largest size that a descriptor gives")
    }

    @Test func `High Sierra has its fields 8 bytes further on`() throws {
        var image = Image(sectors: 50)
        image.putHighSierra(at: 16, size: 33, name: "OLD DISC")
        let content = try examine(image)
        #expect(content.claims.map(\.kind) == [.highSierra])
        #expect(content.volumeIdentifier == "OLD DISC")
        #expect(content.claimedEnd == 33)
        #expect(content.iso9660?.main?.rootDirectory == 30)
    }

    @Test func `Names can't steer a terminal`() throws {
        var image = Self.volume()
        image.put("A\u{1B}[2J\u{7}B", at: 16 * 2048 + 40, padded: 32)
        #expect(try examine(image).volumeIdentifier == "A\u{FFFD}[2J\u{FFFD}B")
    }

    @Test func `A descriptor set without an end is left after 64 sectors`() throws {
        var image = Image(sectors: 400)
        for sector in 16..<400 { image.putPrimary(at: sector, size: 400) }
        let source = MemorySource(image.bytes)
        let content = try DiscContent.examine(source)
        #expect(content.iso9660?.descriptors.count == 64)
        #expect(source.reads.allSatisfy { $0.upperBound <= 96 })
    }

    @Test func `An unreadable primary descriptor leaves Joliet's to tell`() throws {
        var image = Self.volume()
        image.putJoliet(at: 17, size: 40, level: 3, name: "Joliet")
        image.putTerminator(at: 18)
        let content = try DiscContent.examine(MemorySource(image.bytes, bad: [16]))
        #expect(content.claimedEnd == 40)
        #expect(content.volumeIdentifier == "Joliet")
        #expect(content.unreadableSectors == [16])
        #expect(!content.isIncomplete)
    }

    @Test func `A size that can't reach the root directory counts from the session`() throws {
        var image = Image(sectors: 300)
        image.putPrimary(at: 16, size: 100)
        image.putTerminator(at: 17)
        // As genisoimage -C and xorriso -C write it.
        image.putPrimary(at: 216, size: 80, root: 220)
        image.putTerminator(at: 217)
        let content = try examine(image, sessionStart: 200)
        #expect(content.iso9660?.endCountedFromDisc == 80 * 2048)
        #expect(content.iso9660?.endCountedFromSession == 280 * 2048)
        #expect(content.claimedEnd == 280)
        #expect(try examine(image).claimedEnd == 100)
    }

    @Test func `A size that reaches behind the source counts from the disc`() throws {
        var image = Image(sectors: 300)
        image.putPrimary(at: 216, size: 280, root: 220)
        image.putTerminator(at: 217)
        #expect(try examine(image, sessionStart: 200).claimedEnd == 280)
        let unknown = MemorySource(image.bytes, knowsCount: false)
        #expect(try DiscContent.examine(unknown, sessionStart: 200).claimedEnd == 480)
    }

    @Test func `Session starts from nowhere do no harm`() throws {
        for start in [Int.min, -1, Int.max, 1 << 40] {
            _ = try examine(Self.volume(), sessionStart: start)
        }
    }

    @Test func `Rock Ridge is known by its entry in the root directory`() throws {
        var image = Self.volume()
        image.putRootRecord(
            at: 20,
            area: Image.suspIndicator + Image.suspExtension("RRIP_1991A")
        )
        #expect(try examine(image).iso9660?.rockRidge == "RRIP_1991A")
        #expect(try examine(image).claims.first?.version == "Rock Ridge")
        image.putRootRecord(at: 20, area: Image.suspExtension("RRIP_1991A"))
        #expect(try examine(image).iso9660?.rockRidge == nil, "SP must come first")
    }

    @Test func `Rock Ridge's entry may stand in a continuation`() throws {
        var image = Self.volume()
        let entry = Image.suspExtension("IEEE_P1282")
        image.putRootRecord(
            at: 20,
            area: Image.suspIndicator
                + Image.suspContinuation(block: 30, offset: 100, count: UInt32(entry.count))
        )
        image.put(entry, at: 30 * 2048 + 100)
        #expect(try examine(image).iso9660?.rockRidge == "IEEE_P1282")
    }

    @Test func `A continuation that leads to itself ends`() throws {
        var image = Self.volume()
        let area = Image.suspContinuation(block: 20, offset: 34, count: 35)
        image.putRootRecord(at: 20, area: Image.suspIndicator + area)
        #expect(try examine(image).iso9660?.rockRidge == nil)
        let far = Image.suspContinuation(block: .max, offset: .max, count: .max)
        image.putRootRecord(at: 20, area: Image.suspIndicator + far)
        #expect(try examine(image).iso9660?.rockRidge == nil)
    }

    @Test func `Boot entries come with their section's platform`() throws {
        var image = Self.volume()
        image.putBootCatalog(
            recordAt: 17,
            catalog: 25,
            records: [
                Image.bootRecord(count: 4, start: 26),
                Image.bootSection(isLast: false, platform: 0xEF, count: 1),
                Image.bootRecord(count: 5760, start: 30),
                Image.bootSection(isLast: true, platform: 2, count: 2),
                Image.bootRecord(bootable: false, media: 2, count: 1, start: 31),
                [0x44] + [UInt8](repeating: 0, count: 31),
                Image.bootRecord(media: 4, count: 1, start: 32),
            ]
        )
        image.putTerminator(at: 18)
        let content = try examine(image)
        let catalog = try #require(content.iso9660?.bootCatalog)
        #expect(catalog.isValid)
        #expect(catalog.sector == 25)
        #expect(catalog.identifier == "A MAKER")
        #expect(content.bootEntries.map(\.platform) == [.x86, .efi, .mac, .mac])
        #expect(content.bootEntries.map(\.isBootable) == [true, true, false, true])
        #expect(content.bootEntries.map(\.emulation) == [.none, .none, .floppy1440, .hardDisk])
        #expect(content.bootEntries.map(\.start) == [26, 30, 31, 32])
        #expect(content.bootEntries.map(\.loadSectors) == [4, 5760, 1, 1])

        image.put([0x77], at: 25 * 2048 + 5)
        let damaged = try examine(image)
        #expect(damaged.iso9660?.bootCatalog?.isValid == false)
        #expect(damaged.bootEntries.isEmpty)
    }

    @Test func `A catalogue of endless sections is read no further than its sector`() throws {
        var image = Self.volume()
        let section = Image.bootSection(isLast: false, platform: 0, count: .max)
        image.putBootCatalog(
            recordAt: 17,
            catalog: 25,
            records: [[UInt8]](repeating: section, count: 63)
        )
        image.putTerminator(at: 18)
        #expect(try examine(image).bootEntries.count <= 63)
    }

    @Test func `An implanted sum is read, and one that is cut short is none`() throws {
        let sum = "0123456789abcdef0123456789ABCDEF"
        var image = Image(sectors: 50)
        image.putPrimary(at: 16, size: 50)
        image.put(
            "ISO MD5SUM = \(sum);SKIPSECTORS = 15;RHLISOSTATUS=1;FRAGMENT SUMS = abc;FRAGMENT COUNT = 20;",
            at: 16 * 2048 + 883
        )
        image.putTerminator(at: 17)
        let found = try #require(
            try DiscContent.examine(MemorySource(image.bytes)).implantedChecksum
        )
        #expect(found.md5 == sum.lowercased())
        #expect(found.skippedSectors == 15)
        #expect(found.isSupported)
        #expect((found.fragmentCount, found.fragmentSums) == (20, "abc"))
        image.put(";", at: 16 * 2048 + 883 + 20)
        #expect(try DiscContent.examine(MemorySource(image.bytes)).implantedChecksum == nil)
    }

    @Test func `A boot program behind the end is told, and so is a catalogue that isn't one`()
        throws
    {
        var image = Image(sectors: 60)
        image.putPrimary(at: 16, size: 60)
        image.putTerminator(at: 18)
        image.putBootCatalog(
            recordAt: 17,
            catalog: 30,
            records: [
                Image.bootRecord(count: 4, start: 40),
                Image.bootSection(isLast: true, platform: 0xEF, count: 1),
                Image.bootRecord(media: 2, count: 1, start: 41),
            ]
        )
        let entries = try DiscContent.examine(MemorySource(image.bytes)).bootEntries
        #expect(entries.map(\.isWithinSource) == [true, false])
        image.put([1], at: 30 * 2048 + 10)
        let sum = try DiscContent.examine(MemorySource(image.bytes)).iso9660?.bootCatalog
        #expect(sum?.problem?.contains("checksum") == true)
        image.put([7], at: 30 * 2048)
        let key = try DiscContent.examine(MemorySource(image.bytes)).iso9660?.bootCatalog
        #expect(key?.problem?.contains("begin") == true)
        image.putLittle(UInt32(4000), at: 17 * 2048 + 0x47)
        let gone = try DiscContent.examine(MemorySource(image.bytes))
        #expect(gone.bootProblem?.contains("past the end") == true)
    }
}

import DiscFiles
import TestSupport
import Testing

/// Rock Ridge's names, rights and links, and what SUSP carries them in.
@Suite struct RockRidgeTreeTests {
    /// A volume whose root directory's own record says that there is Rock Ridge.
    private static func volume(
        skip: UInt8 = 0,
        before: [UInt8] = [],
        _ records: [[UInt8]]
    ) -> Image {
        var image = Image(sectors: 64)
        image.putPrimary(at: 16, size: 64)
        image.putTerminator(at: 17)
        var indicator = Image.suspIndicator
        indicator[6] = skip
        let use = before + indicator + Image.px(0o040755) + Image.suspExtension("RRIP_1991A")
        image.putDirectory(at: 20, use: use, records)
        return image
    }

    private static func file(_ use: [[UInt8]], flags: UInt8 = 0, name: String = "F.;1") -> [UInt8] {
        Image.record(name, block: 30, size: 8, flags: flags, use: use.flatMap(\.self))
    }

    @Test func `Names, rights, owners and times`() throws {
        let image = Self.volume([
            Self.file([
                Image.px(0o104750, user: 1000, group: 100), Image.nm("a long"),
                Image.tf(["2001020304050607", "2011121314151617"]),
            ]),
            Self.file(
                [
                    Image.px(0o100644), Image.nm("in two ", goesOn: true), Image.nm("parts;1"),
                ],
                name: "G.;1"
            ),
            Self.file([Image.px(0o020620), Image.pn(0, 0x501), Image.nm("tty")], name: "H.;1"),
            Self.file([Image.px(0o060660), Image.pn(8, 17), Image.nm("disk")], name: "I.;1"),
            Self.file([Image.px(0o010600), Image.nm("pipe")], name: "J.;1"),
            Self.file([Image.px(0o140600)], name: "K.K;1"),
        ])
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["K.K", "a long", "disk", "in two parts;1", "pipe", "tty"])
        let entry = try #require(reading.entries["a long"])
        #expect(entry.modeText == "-rwsr-x---")
        #expect(entry.userID == 1000)
        #expect(entry.groupID == 100)
        #expect(entry.created?.description == "2001-02-03T04:05:06Z")
        #expect(entry.modified?.description == "2011-12-13T14:15:16Z")
        #expect(entry.modified?.nanoseconds == 170_000_000)
        #expect(reading.entries["tty"]?.device?.major == 5)
        #expect(reading.entries["tty"]?.device?.minor == 1)
        #expect(reading.entries["disk"]?.device?.major == 8)
        #expect(reading.entries["disk"]?.kind == .blockDevice)
        #expect(reading.entries["pipe"]?.kind == .fifo)
        #expect(reading.entries["K.K"]?.kind == .socket)
        #expect(reading.problems.isEmpty)
    }

    @Test(arguments: [
        ([Image.sl([(0, "a"), (4, ""), (0, "b")])], "a/../b"),
        ([Image.sl([(8, ""), (0, "etc"), (2, "")])], "/etc/."),
        ([Image.sl([(1, "lo")], goesOn: true), Image.sl([(0, "ng"), (0, "x")])], "long/x"),
        ([Image.sl([(0, "one")], goesOn: true), Image.sl([(0, "two")])], "one/two"),
        ([Image.sl([(8, "")])], "/"),
    ])
    func `Symlinks lead where their components say`(use: [[UInt8]], target: String) throws {
        let image = Self.volume([Self.file([Image.px(0o120777), Image.nm("l")] + use)])
        let entry = try #require(try TreeReading(image.bytes, .rockRidge).entries["l"])
        #expect(entry.kind == .symlink)
        #expect(entry.target == target)
        #expect(entry.size == 0)
    }

    @Test func `Attributes go on in continuation areas`() throws {
        var image = Self.volume([
            Self.file([
                Image.px(0o100644),
                Image.suspContinuation(block: 40, offset: 100, count: 233 + 28),
            ])
        ])
        let name = String(repeating: "n", count: 200)
        image.put(
            Image.nm(name, goesOn: true) + Image.suspContinuation(block: 41, offset: 0, count: 49),
            at: 40 * 2048 + 100
        )
        image.put(Image.nm(String(repeating: "m", count: 44)), at: 41 * 2048)
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == [name + String(repeating: "m", count: 44)])
        #expect(reading.problems.isEmpty)
    }

    /// An entry of AAIP 2.0, whose components are those of `SL`.
    private static func al(_ components: [[UInt8]], goesOn: Bool = false) -> [UInt8] {
        Image.entry("AL", [goesOn ? 1 : 0] + components.flatMap(\.self))
    }

    private static func component(_ bytes: [UInt8], goesOn: Bool = false) -> [UInt8] {
        [goesOn ? 1 : 0, UInt8(bytes.count)] + bytes
    }

    /// The second list is the first example of AAIP's description, for “lisa” and “toolies”.
    @Test func `AAIP's attributes and access control lists have the form of Linux`() throws {
        let split: [UInt8] = [0, 20] + [UInt8](repeating: 0x78, count: 12)
        let image = Self.volume([
            Self.file([
                Image.px(0o100644), Image.nm("file"),
                Self.al([
                    Self.component([3] + Array("note".utf8)),
                    Self.component(Array("a ".utf8), goesOn: true), Self.component([0xFF, 0]),
                    Self.component([4] + Array("cx".utf8)), Self.component([1, 2, 3, 4]),
                ]),
            ]),
            Self.file(
                [
                    Image.px(0o100664), Image.nm("list"),
                    Self.al([
                        Self.component([]),
                        Self.component([
                            0x16, 0xAE, 1, 123, 0x34, 0xCE, 2, 255, 254, 0x54, 0x64,
                        ]),
                    ]),
                ],
                name: "G.;1"
            ),
            // The bytes of a component go on in the next entry without a head.
            Self.file(
                [
                    Image.px(0o100644), Image.nm("split"),
                    Self.al([Self.component(Array("plain".utf8)), split], goesOn: true),
                    Self.al([[UInt8](repeating: 0x79, count: 8)]),
                ],
                name: "H.;1"
            ),
            Self.file(
                [Image.px(0o100644), Image.nm("torn"), Self.al([Self.component([3, 0x61])])],
                name: "I.;1"
            ),
        ])
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(
            reading.entries["file"]?.attributes == [
                FileAttribute(name: "user.note", value: Array("a ".utf8) + [0xFF, 0])
            ]
        )
        // posix_acl_xattr.h: version 2, and tag, permissions and number of each entry.
        let list: [UInt8] = [
            2, 0, 0, 0, 0x01, 0, 6, 0, 255, 255, 255, 255, 0x02, 0, 6, 0, 123, 0, 0, 0,
            0x04, 0, 4, 0, 255, 255, 255, 255, 0x08, 0, 6, 0, 0xFE, 0xFF, 0, 0,
            0x10, 0, 4, 0, 255, 255, 255, 255, 0x20, 0, 4, 0, 255, 255, 255, 255,
        ]
        #expect(
            reading.entries["list"]?.attributes == [
                FileAttribute(name: "system.posix_acl_access", value: list)
            ]
        )
        #expect(reading.entries["list"]?.attributes.map(\.isAccessControl) == [true])
        #expect(AccessControlList.groupPermissions(in: list) == 4)
        #expect(AccessControlList.groupPermissions(in: Array(list.dropLast())) == nil)
        let value = [UInt8](repeating: 0x78, count: 12) + [UInt8](repeating: 0x79, count: 8)
        #expect(
            reading.entries["split"]?.attributes == [FileAttribute(name: "plain", value: value)]
        )
        #expect(reading.entries["torn"]?.attributes == [])
        #expect(reading.problems.map(\.loss) == [.attributes])
    }

    @Test func `Attributes with names that nothing can have are left out and told`() throws {
        let image = Self.volume([
            Self.file([
                Image.px(0o100644), Image.nm("file"),
                Self.al([
                    Self.component([3]), Self.component([0x31]),
                    Self.component([3, 0x61, 0, 0x62]), Self.component([0x32]),
                    Self.component([3, 0x63]), Self.component([0x33]),
                ]),
            ])
        ])
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(
            reading.entries["file"]?.attributes == [FileAttribute(name: "user.c", value: [0x33])]
        )
        #expect(reading.problems.map(\.loss) == [.attributes])
    }

    @Test func `Areas that go on in a circle, too far or too long are told`() throws {
        var image = Self.volume([
            Self.file(
                [Image.px(0o100644), Image.suspContinuation(block: 40, offset: 0, count: 28)],
                name: "A.;1"
            ),
            Self.file(
                [Image.px(0o100644), Image.suspContinuation(block: 4000, offset: 0, count: 28)],
                name: "B.;1"
            ),
            Self.file(
                [Image.px(0o100644), Image.suspContinuation(block: 4, offset: 0, count: 1 << 30)],
                name: "C.;1"
            ),
        ])
        image.put(Image.suspContinuation(block: 40, offset: 0, count: 28), at: 40 * 2048)
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["A", "B", "C"])
        #expect(reading.problems.count == 3)
    }

    /// SUSP §4.1: an entry's length counts its head, and ends within its area.
    @Test(
        arguments: [
            (0, 0, "F", .entries), (0, 3, "F", .entries), (44, 2, "F", .entries),
            (44, 200, "F", .entries), (53, 0, "name", .contents), (53, 200, "name", .contents),
            (63, 3, "name", .attributes), (63, 250, "name", .attributes),
        ] as [(Int, UInt8, String, FileTreeProblem.Loss)]
    )
    func `Attributes that break off are told`(
        place: Int,
        length: UInt8,
        path: String,
        loss: FileTreeProblem.Loss
    ) throws {
        var use = Image.px(0o120777) + Image.nm("name") + Image.sl([(0, "abc")])
        use += Image.tf(["2001020304050607", "2011121314151617"])
        use[place + 2] = length
        let reading = try TreeReading(Self.volume([Self.file([use])]).bytes, .rockRidge)
        #expect(reading.paths == [path])
        #expect(reading.problems.map(\.loss) == [loss])
        #expect(reading.problems.first?.sentence.contains("“\(path)”") ?? false)
    }

    @Test func `Zeros, and what CD-ROM XA has, may follow attributes`() throws {
        let owner: [UInt8] = [0, 0, 0, 0, 0x0D, 0x55] + Array("XA".utf8) + [0, 0, 0, 0, 0, 0]
        let image = Self.volume([
            Self.file([Image.px(0o100644), Image.nm("padded"), [0, 0, 0, 0, 0, 0, 0, 0]]),
            Self.file([Image.px(0o100644), Image.nm("with XA."), owner], name: "G.;1"),
        ])
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["padded", "with XA."])
        #expect(reading.problems.isEmpty)
    }

    @Test func `A directory for Rock Ridge alone may lack entries`() throws {
        let image = Self.volume([Self.file([Image.px(0o040755), Image.nm("sub")])])
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["sub"])
        #expect(reading.problems.map(\.loss) == [.entries])
    }

    @Test func `Relocated directories are shown where they belong`() throws {
        var image = Self.volume([
            Image.record("RR_MOVED", block: 21, size: 2048, flags: 2, use: Image.nm("rr_moved")),
            Self.file([Image.px(0o100644), Image.nm("deep"), Image.cl(22)], name: "DEEP"),
            Self.file([Image.px(0o100644), Image.nm("lost"), Image.cl(5000)], name: "LOST"),
        ])
        let relocated = Image.px(0o040700) + Image.nm("deep") + Image.entry("RE", [])
        image.putDirectory(
            at: 21,
            parent: 20,
            [Image.record("DEEP", block: 22, size: 2048, flags: 2, use: relocated)]
        )
        image.putDirectory(
            at: 22,
            parent: 21,
            use: Image.px(0o040711),
            [Self.file([Image.px(0o100600), Image.nm("inside")])]
        )
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["deep/", "deep/inside", "lost/", "rr_moved/"])
        #expect(reading.entries["deep"]?.mode == 0o040711)
        #expect(reading.problems.count == 1)
        // Plain ISO 9660 knows nothing of that.
        let plain = try TreeReading(image.bytes, .iso)
        #expect(plain.paths == ["DEEP", "LOST", "RR_MOVED/", "RR_MOVED/DEEP/", "RR_MOVED/DEEP/F"])
    }

    /// hdiutil of macOS gives the root only `SP` and `ER`, and Apple's own entries.
    @Test(arguments: [true, false])
    func `Rock Ridge is known though the root has no rights`(hasName: Bool) throws {
        var image = Self.volume([
            Self.file([Image.px(0o100640), Image.nm("A long Name"), Image.entry("AA", [0, 0])])
        ])
        image.put([UInt8](repeating: 0, count: 2048), at: 20 * 2048)
        image.putDirectory(
            at: 20,
            use: Image.suspIndicator + Image.entry("AA", [0, 0])
                + (hasName ? Image.suspExtension("RRIP_1991A") : []),
            [Self.file([Image.px(0o100640), Image.nm("A long Name"), Image.entry("AA", [0, 0])])]
        )
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["A long Name"])
        #expect(reading.entries["A long Name"]?.modeText == "-rw-r-----")
        let content = try DiscContent.examine(MemorySource(image.bytes))
        #expect(content.iso9660?.rockRidge == (hasName ? "RRIP_1991A" : "RR"))
    }

    /// makefs of NetBSD and FreeBSD writes `PL` and no `RE`.
    @Test(arguments: [true, false], [true, false])
    func `A relocated directory is shown once, where something refers to it`(
        hasMark: Bool,
        isReferredTo: Bool
    ) throws {
        var image = Self.volume([
            Image.record("RR_MOVED", block: 21, size: 2048, flags: 2, use: Image.nm("rr_moved")),
            Self.file([Image.px(0o100644), Image.nm("deep"), Image.cl(isReferredTo ? 22 : 23)]),
        ])
        let use = Image.px(0o040700) + Image.nm("deep") + (hasMark ? Image.entry("RE", []) : [])
        image.putDirectory(
            at: 21,
            parent: 20,
            [Image.record("DEEP", block: 22, size: 2048, flags: 2, use: use)]
        )
        image.putDirectory(
            at: 22,
            parent: 21,
            use: Image.px(0o040711),
            [Self.file([Image.px(0o100600), Image.nm("inside")])]
        )
        // The second record says where it belongs; RRIP §4.1.5.2.
        let own = Int(image.bytes[22 * 2048])
        let parent = Image.record(
            [1],
            block: 21,
            size: 2048,
            flags: 2,
            use: Image.entry("PL", Array(Image.cl(20)[4...]))
        )
        let file = Self.file([Image.px(0o100600), Image.nm("inside")])
        image.put(parent + file + [0], at: 22 * 2048 + own)
        let reading = try TreeReading(image.bytes, .rockRidge)
        if isReferredTo {
            #expect(reading.paths == ["deep/", "deep/inside", "rr_moved/"])
            #expect(reading.problems.isEmpty)
        } else {
            #expect(
                reading.paths == ["deep/", "rr_moved/", "rr_moved/deep/", "rr_moved/deep/inside"]
            )
            #expect(reading.problems.contains { $0.sentence.contains("it is shown here") })
        }
    }

    @Test func `Bytes before the entries are skipped, but for the root's own record`() throws {
        let extra = [UInt8](repeating: 0x58, count: 14)
        let image = Self.volume(
            skip: 14,
            [Self.file([extra, Image.px(0o100600), Image.nm("behind")])]
        )
        #expect(try TreeReading(image.bytes, .rockRidge).paths == ["behind"])
    }

    /// SUSP §5.3: on a disc of CD-ROM XA the indicator stands after XA's attributes, as genisoimage puts it.
    @Test func `XA's attributes stand before the indicator, too`() throws {
        let attributes: [UInt8] = [0, 0, 0, 0, 0x8D, 0x55, 0x58, 0x41, 0, 0, 0, 0, 0, 0]
        let image = Self.volume(
            skip: 14,
            before: attributes,
            [Self.file([attributes, Image.px(0o100600), Image.nm("a long name")])]
        )
        let reading = try TreeReading(image.bytes, .rockRidge)
        #expect(reading.paths == ["a long name"])
        #expect(reading.entries["a long name"]?.modeText == "-rw-------")
        #expect(reading.problems.isEmpty)
        // At other places there is no indicator.
        let other = Self.volume(
            skip: 14,
            before: attributes + [0],
            [Self.file([attributes, Image.px(0o100600), Image.nm("a long name")])]
        )
        #expect(try DiscTrees(MemorySource(other.bytes)).available == [.iso])
    }

    @Test func `Packed files have their size and are named`() throws {
        let image = Self.volume([Self.file([Image.px(0o100644), Image.nm("z"), Image.zf(70_000)])])
        let entry = try #require(try TreeReading(image.bytes, .rockRidge).entries["z"])
        #expect(entry.size == 70_000)
        #expect(entry.compression == "zisofs")
        #expect(entry.extents == [FileExtent(offset: 30 * 2048, length: 8)])
    }

    @Test func `Names that are no UTF-8 are Latin-1`() throws {
        let name = Image.entry("NM", [0, 0x47, 0xFC])
        let image = Self.volume([Self.file([Image.px(0o100644), name])])
        #expect(try TreeReading(image.bytes, .rockRidge).paths == ["Gü"])
    }

    @Test func `Without the indicator there is no Rock Ridge`() throws {
        var image = Self.volume([])
        image.put([0], at: 20 * 2048 + 34)
        #expect(try DiscTrees(MemorySource(image.bytes)).available == [.iso])
    }
}

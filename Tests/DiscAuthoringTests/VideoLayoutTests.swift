import DiscAuthoring
import DiscFiles
import TestSupport
import Testing

/// Where players of DVD-Video and Blu-ray find their files.
@Suite struct VideoLayoutTests {
    /// An information file: what it says of its set, and further sectors.
    private func information(
        _ mark: String,
        sectors: Int,
        lastOfSet: Int,
        menu: Int = 0,
        titles: Int = 0,
        sets: [(number: Int, start: Int)] = []
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: sectors * 2048)
        func put(_ value: Int, _ offset: Int, _ count: Int = 4) {
            for index in 0..<count {
                bytes[offset + index] = UInt8(
                    truncatingIfNeeded: value >> ((count - 1 - index) * 8)
                )
            }
        }
        for (index, byte) in mark.utf8.enumerated() { bytes[index] = byte }
        put(lastOfSet, 0x0C)
        put(sectors - 1, 0x1C)
        put(menu, 0xC0)
        put(mark.hasSuffix("VMG") ? 1 : titles, 0xC4)
        if mark.hasSuffix("VMG") {
            put(sets.count, 2048, 2)
            for (index, set) in sets.enumerated() {
                put(set.number, 2048 + 8 + index * 12 + 6, 1)
                put(set.start, 2048 + 8 + index * 12 + 8)
            }
        }
        return bytes
    }

    private static let folder = "VIDEO_TS"

    /// A disc of a menu and two title sets, with gaps that only the information files tell.
    private func dvd(
        without missing: Set<String> = [],
        replacing: [String: [UInt8]] = [:],
        adding: [String] = []
    ) throws -> AuthoredTree {
        func objects(_ sectors: Int) -> [UInt8] { SampleTree.bytes(sectors * 2048) }
        // Sectors from the first information file on: 2 of it, 20 of its menu, a gap, its copy; then a
        // set from 64 on; then one from 200 on.
        let manager = information(
            "DVDVIDEO-VMG",
            sectors: 2,
            lastOfSet: 33,
            menu: 4,
            sets: [(1, 64), (2, 200)]
        )
        let first = information(
            "DVDVIDEO-VTS",
            sectors: 3,
            lastOfSet: 102,
            menu: 3,
            titles: 13
        )
        let second = information("DVDVIDEO-VTS", sectors: 3, lastOfSet: 52, titles: 10)
        var files: [String: [UInt8]] = [
            "VIDEO_TS.IFO": manager, "VIDEO_TS.VOB": objects(20), "VIDEO_TS.BUP": manager,
            "VTS_01_0.IFO": first, "VTS_01_0.VOB": objects(10), "VTS_01_1.VOB": objects(50),
            "VTS_01_2.VOB": objects(37), "VTS_01_0.BUP": first, "VTS_02_0.IFO": second,
            "VTS_02_1.VOB": objects(40), "VTS_02_0.BUP": second,
        ]
        files.merge(replacing) { $1 }
        var tree = SampleTree.empty()
        try tree.addDirectory("AUDIO_TS", SampleTree.attributes(0o755))
        try tree.addFile("AAA.TXT", BytesContent([1]), SampleTree.attributes())
        let folder = try tree.addDirectory(Self.folder, SampleTree.attributes(0o755))
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) where !missing.contains(name) {
            try tree.addFile(name, BytesContent(bytes), in: folder, SampleTree.attributes())
        }
        for name in adding {
            try tree.addFile(name, BytesContent([1]), in: folder, SampleTree.attributes())
        }
        return tree
    }

    private func image(_ tree: AuthoredTree, _ video: UDFImageOptions.Video) throws -> UDFImage {
        try UDFImage(tree, UDFImageOptions(label: "VIDEO", time: SampleTree.time, video: video))
    }

    private func fatal(_ image: UDFImage) -> [String] {
        image.findings.filter(\.isFatal).map { "\($0.path): \($0.sentence)" }
    }

    @Test func `DVD-Video's files lie where its information files say`() throws {
        let image = try image(try dvd(), .dvd)
        #expect(image.findings.isEmpty)
        let start = try #require(image.firstSector(of: "VIDEO_TS/VIDEO_TS.IFO"))
        #expect(start % 16 == 0)
        let places = [
            ("VIDEO_TS.VOB", 4), ("VIDEO_TS.BUP", 32), ("VTS_01_0.IFO", 64), ("VTS_01_0.VOB", 67),
            ("VTS_01_1.VOB", 77), ("VTS_01_2.VOB", 127), ("VTS_01_0.BUP", 164),
            ("VTS_02_0.IFO", 200), ("VTS_02_1.VOB", 210), ("VTS_02_0.BUP", 250),
        ]
        for (name, place) in places {
            #expect(image.firstSector(of: "VIDEO_TS/" + name) == start + place, "\(name)")
        }
        // Both file systems lead there.
        for kind in [FileTreeKind.udf, .iso] {
            let listing = try Listing(image, kind)
            #expect(listing.problems.isEmpty)
            for (name, place) in places {
                let entry = try #require(
                    listing.entries["VIDEO_TS/" + name] ?? listing.entries[
                        "video_ts/" + name.lowercased()
                    ]
                        ?? listing.entries["VIDEO_TS/\(name);1"]
                )
                #expect(entry.extents.first?.offset == (start + place) * 2048, "\(kind) \(name)")
                #expect(entry.extents.count == 1)
            }
        }
    }

    @Test func `What a DVD player would refuse is reported`() throws {
        let cases: [(tree: AuthoredTree, sentence: String)] = [
            (SampleTree.empty(), "VIDEO_TS: There is no folder VIDEO_TS in the root."),
            (try dvd(without: ["VIDEO_TS.IFO"]), "VIDEO_TS/VIDEO_TS.IFO: It is missing."),
            (try dvd(without: ["VTS_02_0.IFO"]), "VIDEO_TS/VTS_02_0.IFO: It is missing."),
            (
                try dvd(without: ["VTS_01_1.VOB"]),
                "VIDEO_TS/VTS_01_1.VOB: A file is missing among the set's titles."
            ),
            (
                try dvd(without: ["VIDEO_TS.VOB"]),
                "VIDEO_TS/VIDEO_TS.VOB: It is missing, though VIDEO_TS.IFO leads to it."
            ),
            (
                try dvd(adding: ["vts_03_0.ifo"]),
                "VIDEO_TS/vts_03_0.ifo: Its name must be in capital letters."
            ),
            (
                try dvd(replacing: ["VTS_01_1.VOB": SampleTree.bytes(50 * 2048 - 1)]),
                "VIDEO_TS/VTS_01_1.VOB: Its size is not a multiple of 2048 bytes."
            ),
            (
                try dvd(replacing: ["VTS_01_0.IFO": SampleTree.bytes(4096)]),
                "VIDEO_TS/VTS_01_0.IFO: It is no information file of DVD-Video."
            ),
            (
                try dvd(replacing: ["VTS_01_0.VOB": SampleTree.bytes(12 * 2048)]),
                "VIDEO_TS/VTS_01_1.VOB: It must begin 13 sectors after the start of VIDEO_TS/VTS_01_0.IFO, but the files before it end 2 sectors later."
            ),
        ]
        for (tree, sentence) in cases {
            let image = try image(tree, .dvd)
            #expect(fatal(image).contains(sentence), "\(fatal(image))")
        }
    }

    @Test func `A damaged information file never makes a disc of terabytes`() throws {
        for seed in 1...Soak.count(50, long: 2000) {
            var random = SeededGenerator(seed: UInt64(seed))
            var bytes = information("DVDVIDEO-VMG", sectors: 2, lastOfSet: 33, menu: 4)
            for _ in 0..<random.roll(8) {
                bytes[12 + random.roll(200)] = UInt8(random.roll(256))
                bytes[2048 + random.roll(40)] = UInt8(random.roll(256))
            }
            let image = try image(try dvd(replacing: ["VIDEO_TS.IFO": bytes]), .dvd)
            #expect(image.byteCount < 100 << 20, "seed \(seed)")
            #expect(try Listing(image).problems.isEmpty, "seed \(seed)")
        }
    }

    @Test func `Without usable information files a copy lies in another ECC block`() throws {
        let bytes = SampleTree.bytes(4096)
        let tree = try dvd(
            without: ["VIDEO_TS.VOB"],
            replacing: ["VIDEO_TS.IFO": bytes, "VIDEO_TS.BUP": bytes]
        )
        let image = try image(tree, .dvd)
        let file = try #require(image.firstSector(of: "VIDEO_TS/VIDEO_TS.IFO"))
        let copy = try #require(image.firstSector(of: "VIDEO_TS/VIDEO_TS.BUP"))
        #expect(file / 16 != copy / 16)
    }

    @Test func `A copy beside its information file is reported`() throws {
        let manager = information("DVDVIDEO-VMG", sectors: 2, lastOfSet: 3, sets: [(1, 64)])
        let tree = try dvd(
            without: ["VIDEO_TS.VOB"],
            replacing: ["VIDEO_TS.IFO": manager, "VIDEO_TS.BUP": manager]
        )
        let findings = try image(tree, .dvd).findings
        #expect(findings.map(\.path) == ["VIDEO_TS/VIDEO_TS.BUP"])
        #expect(findings.allSatisfy { !$0.isFatal })
    }

    private func bluRay(
        without missing: Set<String> = [],
        stream: Int = 6144 * 5,
        certificate: String = "CERTIFICATE"
    ) throws -> AuthoredTree {
        var tree = SampleTree.empty()
        try tree.addDirectory(certificate, SampleTree.attributes(0o755))
        let root = try tree.addDirectory("BDMV", SampleTree.attributes(0o755))
        let backup = try tree.addDirectory("BACKUP", in: root, SampleTree.attributes(0o755))
        for name in ["index.bdmv", "MovieObject.bdmv"] where !missing.contains(name) {
            let content = BytesContent(SampleTree.bytes(300))
            try tree.addFile(name, content, in: root, SampleTree.attributes())
            try tree.addFile(name, content, in: backup, SampleTree.attributes())
        }
        for (folder, name, size) in [
            ("PLAYLIST", "00000.mpls", 200), ("CLIPINF", "00000.clpi", 500),
            ("CLIPINF", "00001.clpi", 500), ("STREAM", "00000.m2ts", stream),
            ("STREAM", "00001.m2ts", 6144),
        ] where !missing.contains(name) {
            let known = tree.node(AuthoredName(folder), in: root)
            let node =
                try known ?? tree.addDirectory(folder, in: root, SampleTree.attributes(0o755))
            try tree.addFile(
                name,
                BytesContent(SampleTree.bytes(size)),
                in: node,
                SampleTree.attributes()
            )
        }
        return tree
    }

    @Test func `Blu-ray's streams are aligned and its copies lie last`() throws {
        let image = try image(try bluRay(), .bluRay)
        #expect(image.options.revision == .v2_50)
        #expect(image.findings.isEmpty)
        for name in ["00000.m2ts", "00001.m2ts"] {
            #expect(try #require(image.firstSector(of: "BDMV/STREAM/" + name)) % 32 == 0)
        }
        let copy = try #require(image.firstSector(of: "BDMV/BACKUP/index.bdmv"))
        #expect(copy > (try #require(image.firstSector(of: "BDMV/STREAM/00001.m2ts"))))
        #expect(try Listing(image).problems.isEmpty)
    }

    @Test func `What a Blu-ray player would refuse is reported`() throws {
        let cases: [(tree: AuthoredTree, sentence: String)] = [
            (SampleTree.empty(), "BDMV: There is no folder BDMV in the root."),
            (try bluRay(without: ["index.bdmv"]), "BDMV/index.bdmv: It is missing."),
            (
                try bluRay(without: ["00000.mpls"]),
                "BDMV/PLAYLIST: There is no playlist in it."
            ),
            (
                try bluRay(without: ["00001.clpi"]),
                "BDMV/CLIPINF/00001.clpi: It is missing, though there is 00001.m2ts."
            ),
            (
                try bluRay(stream: 6144 * 5 - 192),
                "BDMV/STREAM/00000.m2ts: Its size is not a multiple of 6144 bytes: its last packets are missing."
            ),
            (
                try bluRay(certificate: "Certificate"),
                "Certificate: Its name must be in capital letters."
            ),
        ]
        for (tree, sentence) in cases {
            let image = try image(tree, .bluRay)
            #expect(fatal(image).contains(sentence), "\(fatal(image))")
        }
        let options = UDFImageOptions(
            revision: .v2_01,
            label: "VIDEO",
            time: SampleTree.time,
            video: .bluRay
        )
        #expect(fatal(try UDFImage(try bluRay(), options)) == [": Players want UDF 2.50."])
    }
}

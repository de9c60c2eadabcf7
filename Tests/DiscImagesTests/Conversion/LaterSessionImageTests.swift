import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Sessions of DVD and BD, which lie apart as their recorder left them, and discs that are longer than a CD.
struct LaterSessionImageTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// Where the second session begins: right behind the first, as on BD-R, or with a gap, as on DVD-R.
    static let starts = [24, 300]

    private static let content = (0..<48).flatMap { SampleDisc.user($0, of: 48, 3) }

    /// A disc of two sessions of 24 sectors.
    private func disc(_ medium: MediumKind, second start: Int) throws -> ImageDisc {
        let layout = DiscLayout(
            sessions: [(1, 0), (2, start)].map { number, start in
                DiscLayout.Session(
                    number: number,
                    tracks: [
                        Track(
                            number: number,
                            session: number,
                            mode: .mode1,
                            start: LBA(start),
                            length: 24
                        )
                    ],
                    leadOut: LBA(start + 24)
                )
            }
        )
        return try ImageDisc(
            medium: medium,
            layout: layout,
            files: [ArrayBytes(Self.content)],
            placements: [
                Placement(0..<24, .user, offset: 0),
                Placement(start..<start + 24, .user, offset: 24 * 2048),
            ]
        )
    }

    private func expectContent(_ image: DiscImage, second start: Int) throws {
        #expect(image.layout.sessions.map(\.number) == [1, 2])
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, start])
        #expect(image.layout.tracks.map(\.length) == [24, 24])
        for sector in 0..<24 {
            for (address, place) in [(sector, sector), (start + sector, 24 + sector)] {
                let wanted = Array(Self.content[place * 2048..<(place + 1) * 2048])
                #expect(try image.disc.user(address) == wanted, "sector \(address)")
            }
        }
    }

    @Test(arguments: ["nrg", "mds", "cdi", "ccd"], starts)
    func `sessions come back where they are`(_ format: String, _ start: Int) throws {
        let source = try disc(start == 24 ? .bdR : .dvdR, second: start)
        let inventory = try DiscInventory(of: source, reading: true)
        #expect(inventory.features[.positions] == [2])
        let target = try #require(ImageFormat.named(format))
        #expect(DiscLoss.losses(of: inventory, in: target).isEmpty)
        let image = try Target(name: format, format: format).write(source, in: folder, as: "a")
        try expectContent(image, second: start)
        guard format != "ccd" else { return }
        #expect(image.medium.facts.family != .cd)
        #expect(image.layout.tracks.allSatisfy { $0.pregap == 0 })
    }

    @Test(arguments: ["ETN2", "ETNF"], starts)
    func `an image of Nero of a DVD has no pauses`(_ name: String, _ start: Int) throws {
        let isOld = name == "ETNF"
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            SampleDisc.number(value, count, big: true)
        }
        func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
            Array(name.utf8) + number(body.count, 4) + body
        }
        let width = isOld ? 4 : 8
        var bytes = Self.content
        for (index, start) in [0, start].enumerated() {
            let entry =
                number(index * 24 * 2048, width) + number(24 * 2048, width) + number(0, 4)
                + number(start, 4) + number(0, width)
            bytes += chunk(name, entry) + chunk("SINF", number(1, 4))
        }
        bytes += chunk("MTYP", number(0x800, 4)) + chunk("END!", [])
        bytes += Array((isOld ? "NERO" : "NER5").utf8) + number(Self.content.count, width)
        let image = try DiscImage(try folder.write("a.nrg", bytes))
        #expect(image.warnings.isEmpty)
        #expect(image.layout.tracks.allSatisfy { $0.pregap == 0 })
        try expectContent(image, second: start)
    }

    @Test(arguments: starts)
    func `formats without addresses tell that they lose where sessions begin`(_ start: Int) throws {
        let source = try disc(.dvdR, second: start)
        let inventory = try DiscInventory(of: source, reading: true)
        let cue = DiscLoss.losses(of: inventory, in: .cue)
        #expect(cue == [DiscLoss(feature: .positions, tracks: [2])])
        #expect(DiscFeature.positions.needsConsent(hasAudio: false))
        for format in [ImageFormat.toc, .chd, .iso] {
            let losses = DiscLoss.losses(of: inventory, in: format).map(\.feature)
            #expect(Set(losses).isSuperset(of: [.sessions, .positions]), "\(format.name)")
        }
        // Who allows it gets a sheet that gives no lengths that are a CD's.
        _ = try Target(name: "cue", format: "cue").write(source, in: folder, as: "a")
        let sheet = String(decoding: try folder.read("a.cue"), as: UTF8.self)
        #expect(sheet.contains("REM SESSION 02"))
        #expect(!sheet.contains("LEAD-OUT") && !sheet.contains("LEAD-IN"))
    }

    @Test(arguments: ["ccd", "toc"])
    func `a disc longer than a CD does not fit into times of a CD`(_ format: String) throws {
        for (length, fits) in [(449_849, true), (449_850, false), (2_295_104, false)] {
            let source = try ImageDisc(
                medium: .dvdR,
                layout: DiscLayout(
                    sessions: [
                        DiscLayout.Session(
                            number: 1,
                            tracks: [
                                Track(
                                    number: 1,
                                    session: 1,
                                    mode: .mode1,
                                    start: .zero,
                                    length: length
                                )
                            ],
                            leadOut: LBA(length)
                        )
                    ]
                ),
                files: [ArrayBytes([])],
                placements: [Placement(0..<length, .user, offset: 0)]
            )
            let path = folder.path("\(length).\(format)")
            let writer = try #require(ImageFormat.named(format)?.writer)
            if fits {
                _ = try writer(source, path, ImageOptions())
            } else {
                let error = #expect(throws: (any Error).self) {
                    _ = try writer(source, path, ImageOptions())
                }
                let text = error.map { "\($0)" } ?? ""
                #expect(text.contains("can't describe a disc of \(length) sectors"), "\(text)")
            }
        }
    }

    @Test func `a sheet of one track of user data may be about a whole DVD`() throws {
        let sectors = 2_295_104
        try Programs.run(
            ["truncate", "-s", "\(sectors * 2048)", folder.path("a.bin").string],
            in: folder
        )
        let image = try DiscImage(
            try folder.write(
                "a.cue",
                "FILE a.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n"
            )
        )
        #expect(image.warnings.isEmpty)
        #expect(image.medium.facts.family != .cd)
        #expect(image.layout.tracks.map(\.length) == [sectors])
    }
}

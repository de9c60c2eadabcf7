import DiscImages
import DiscModel
import TestSupport
import Testing
import Transfer

struct CifReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func open(_ bytes: [UInt8]) throws -> DiscImage {
        let image = try DiscImage(try folder.write("image.cif", bytes))
        #expect(image.format?.name == "cif")
        #expect(image.warnings.isEmpty)
        return image
    }

    /// The sample with the pauses that Easy CD Creator makes: two seconds where sound follows data,
    /// and no others.
    private func paused(_ sample: SampleDisc) -> SampleDisc {
        var disc = sample
        disc.catalog = nil
        for s in disc.sessions.indices {
            var end: Int?
            for t in disc.sessions[s].tracks.indices {
                var track = disc.sessions[s].tracks[t]
                track.sectors.removeFirst(track.pregap)
                track.pregap = 0
                track.flags = []
                track.indexes = []
                let before = t > 0 ? disc.sessions[s].tracks[t - 1] : nil
                if let end, let before {
                    let isApart = before.mode.isData != track.mode.isData
                    let silence = [[UInt8]](
                        repeating: [UInt8](repeating: 0, count: 2352),
                        count: isApart ? 150 : 0
                    )
                    track.pregap = silence.count
                    track.sectors = silence + track.sectors
                    track.start = end + silence.count
                } else if s == 0 {
                    track.start = 0
                }
                end = track.end
                disc.sessions[s].tracks[t] = track
            }
        }
        return disc
    }

    @Test(arguments: ["data", "xa", "mixed", "audio", "sessions"], [false, true])
    func `tracks of every kind`(_ name: String, _ describesFirst: Bool) throws {
        let disc = try #require(SampleDisc.all.first { $0.name == name }).disc
        let image = try open(disc.cif(describesFirst: describesFirst))
        try expectSame(image.disc, paused(disc))
    }

    @Test func `sectors of form 1`() throws {
        var disc = SampleDisc.sessions
        disc.sessions = [disc.sessions[0], disc.sessions[1]]
        disc.sessions[1].tracks[0].mode = .mode2Form1
        try expectSame(try open(disc.cif()).disc, paused(disc))
    }

    @Test func `titles become CD-TEXT where there is sound`() throws {
        let text = CDText(packs: try open(SampleDisc.audio.cif()).layout.cdText)
        #expect(text.blocks.first?.text(.performer, track: 0) == "Die Kapelle")
        #expect(try open(SampleDisc.data.cif()).layout.cdText.isEmpty)
    }

    @Test func `a track has four seconds at least where the file has them`() throws {
        #expect(try open(SampleDisc.data.cif(padsTo300: true)).layout.tracks[0].length == 300)
        #expect(try open(SampleDisc.data.cif()).layout.tracks[0].length == 40)
    }

    @Test func `sound in a file of RIFF is no image`() throws {
        let wave = SampleDisc.wave(SampleDisc.noise(2352, 1), extra: true)
        #expect(try ImageFormat.cif.reader(ImageFile(wave)) == nil)
    }

    @Test func `what can't be right is named`() throws {
        let whole = SampleDisc.data.cif(describesFirst: true)
        // The root's block, the head of the other, eight bytes.
        let disc = 16 + 12 + 8
        let length = disc + 16 + 14
        let cases: [(place: Int, bytes: [UInt8], field: String)] = [
            (disc + 2, [0, 0], "the number of sessions"),
            (disc, [255, 255], "the length of the disc's descriptor"),
            (length + 2, [100, 0], "the number of tracks of session 1"),
            (length + 18 + 10, [9, 0], "the type of track 1"),
            (length + 18 + 4, [0, 0, 0, 0x7F], "the length of track 1"),
            (16, [0], "the mark of a block"),
        ]
        for (place, bytes, field) in cases {
            var image = whole
            image.replaceSubrange(place..<(place + bytes.count), with: bytes)
            let error = try #require(throws: ImageFormatError.self) {
                _ = try ImageFormat.cif.reader(ImageFile(image))
            }
            #expect(error.field == field)
            #expect(error.offset == place)
        }
    }

    @Test func `descriptors cut off at every byte`() throws {
        let whole = SampleDisc.sessions.cif()
        let data = whole.count - 1500
        for count in data..<whole.count {
            let error = #expect(throws: ImageFormatError.self, "\(count) bytes") {
                _ = try ImageFormat.cif.reader(ImageFile(Array(whole.prefix(count))))
            }
            #expect(error?.field.isEmpty == false)
        }
    }
}

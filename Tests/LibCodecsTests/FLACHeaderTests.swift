import LibCodecs
import TestSupport
import Testing

/// What the header of a FLAC file says besides its form.
@Suite struct FLACHeaderTests {
    /// A file of silence with a header.
    private func encode(
        sectors: Int,
        tags: [FLACTag] = [],
        sheet: FLACCueSheet? = nil,
        room: Int = 0
    ) throws -> [UInt8] {
        let sound = [UInt8](repeating: 0, count: sectors * 2352)
        var stream: [UInt8] = []
        let encoder = try FLACEncoder(
            samples: sectors * 588,
            tags: tags,
            cueSheet: sheet,
            room: room,
            verifies: true
        ) { bytes, offset in
            for i in 0..<bytes.count {
                if offset + i < stream.count {
                    stream[offset + i] = bytes[i]
                } else {
                    stream.append(bytes[i])
                }
            }
        }
        try encoder.append(sound.span)
        try encoder.finish()
        return stream
    }

    /// Two tracks with what a block can say of them.
    private static let sheet = FLACCueSheet(
        catalog: "1234567890123",
        tracks: [
            FLACCueSheet.Track(
                number: 1,
                isrc: "USABC0512345",
                hasPreEmphasis: false,
                indexes: [
                    FLACCueSheet.Index(number: 0, sample: 0),
                    FLACCueSheet.Index(number: 1, sample: 33 * 588),
                ]
            ),
            FLACCueSheet.Track(
                number: 2,
                isrc: nil,
                hasPreEmphasis: true,
                indexes: [
                    FLACCueSheet.Index(number: 1, sample: 250 * 588),
                    FLACCueSheet.Index(number: 2, sample: 300 * 588),
                ]
            ),
        ],
        leadOut: 400 * 588
    )

    @Test(.enabled(if: Programs.has("flac") && Programs.has("metaflac")))
    func `metaflac reads the tracks`() throws {
        let folder = try Folder()
        try folder.write("a.flac", try encode(sectors: 400, sheet: Self.sheet))
        #expect(try Programs.run(["flac", "-ts", "a.flac"], in: folder).status == 0)
        let sheet = try Programs.run(
            ["metaflac", "--export-cuesheet-to=-", "a.flac"],
            in: folder
        ).said
        for line in [
            "CATALOG 1234567890123\n", "    ISRC USABC0512345\n    INDEX 00 00:00:00\n",
            "    INDEX 01 00:00:33\n",
            "  TRACK 02 AUDIO\n    FLAGS PRE\n    INDEX 01 00:03:25\n    INDEX 02 00:04:00\n",
            "REM FLAC__lead-in 88200\n", "REM FLAC__lead-out 170 \(400 * 588)\n",
        ] {
            #expect(sheet.contains(line), "\(line): \(sheet)")
        }
        let list = try Programs.run(
            ["metaflac", "--list", "--block-type=CUESHEET", "a.flac"],
            in: folder
        ).said
        #expect(list.contains("is CD: true"), "\(list)")
    }

    @Test(arguments: [0, 1, 2, 3, 4])
    func `tracks that no block can say are left out`(_ kind: Int) throws {
        var sheet = Self.sheet
        switch kind {
        case 0: sheet.tracks = []
        case 1: sheet.tracks[1].number = 1
        case 2: sheet.tracks[0].indexes[1].sample += 1
        case 3: sheet.leadOut = 200 * 588
        default: sheet.tracks[1].indexes[1].number = 3
        }
        #expect(try encode(sectors: 400, sheet: sheet) == encode(sectors: 400))
    }

    @Test func `room is kept right behind the tags`() throws {
        // The blocks are those of RFC 9639 §8: comments are 4, padding is 1, the last one has its high bit set.
        let stream = try encode(sectors: 2, tags: [], room: 500)
        var (at, kinds): (Int, [UInt8]) = (4, [])
        while at + 4 <= stream.count {
            kinds.append(stream[at])
            let length = Int(stream[at + 1]) << 16 | Int(stream[at + 2]) << 8 | Int(stream[at + 3])
            if kinds.last == 0x81 { #expect(length == 500) }
            guard stream[at] & 0x80 == 0 else { break }
            at += 4 + length
        }
        #expect(kinds == [0, 4, 0x81])
    }
}

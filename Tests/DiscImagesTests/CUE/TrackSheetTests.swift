import DiscImages
import DiscModel
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Discs with a file for each track, as people listen to them, in each of the layouts that EAC's sheets have.
struct TrackSheetTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private static func target(
        _ gaps: ImageOptions.Gaps,
        _ audio: ImageOptions.AudioFile = .wave
    ) -> Target {
        Target(name: gaps.rawValue, format: "cue") {
            $0.naming = .usual
            $0.audioFile = audio
            $0.gaps = gaps
        }
    }

    /// Audio before track 1, and before track 2 and 3 after that, silent or not.
    private static func gapped(isSilent: Bool) -> SampleDisc {
        func pause(_ count: Int, _ seed: Int) -> [[UInt8]] {
            isSilent
                ? Array(repeating: [UInt8](repeating: 0, count: 2352), count: count)
                : SampleDisc.sound(count, seed: seed)
        }
        func track(_ number: Int, _ start: Int, _ pregap: [[UInt8]], _ count: Int)
            -> SampleDisc.SampleTrack
        {
            SampleDisc.SampleTrack(
                number: number,
                mode: .audio,
                start: start,
                pregap: pregap.count,
                sectors: pregap + SampleDisc.sound(count, seed: 20 + number)
            )
        }
        var second = track(2, 100, pause(20, 31), 50)
        second.indexes = [110, 140]
        second.isrc = "DEABC0312345"
        second.flags = [.preEmphasis]
        return SampleDisc(
            sessions: [
                SampleDisc.SampleSession(tracks: [
                    // What is hidden there stays, also where pauses are left out.
                    track(1, 33, SampleDisc.sound(33, seed: 30), 47), second,
                    track(3, 151, pause(1, 32), 30),
                ])
            ],
            catalog: "4012345678901"
        )
    }

    /// The lines of a sheet about files, tracks and places, without what both have in all layouts.
    private func lines(_ name: String) throws -> [String] {
        String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\r\n").map {
            $0.trimmingPrefix { $0 == " " }
        }
        .filter { line in
            ["FILE", "TRACK", "PREGAP", "INDEX"].contains { line.hasPrefix($0) }
        }
        .map { $0.hasPrefix("FILE") ? String($0.prefix(8).suffix(2)) : String($0) }
    }

    private static let first = [
        "00", "TRACK 01 AUDIO", "INDEX 00 00:00:00", "01", "INDEX 01 00:00:00",
    ]

    @Test func `pauses are at the end of the file before, and so is what the files have`() throws {
        let disc = Self.gapped(isSilent: false)
        let image = try Self.target(.appended).write(
            try folder.image(of: disc).disc,
            in: folder,
            as: "b"
        )
        try expectSame(image.disc, disc)
        #expect(
            try lines("b.cue") == Self.first + [
                "TRACK 02 AUDIO", "INDEX 00 00:00:47", "02", "INDEX 01 00:00:00",
                "INDEX 02 00:00:10", "INDEX 03 00:00:40", "TRACK 03 AUDIO", "INDEX 00 00:00:50",
                "03", "INDEX 01 00:00:00",
            ]
        )
        #expect(try folder.read("01 - Track 01.wav").count == 44 + 67 * 2352)
        #expect(try folder.read("03 - Track 03.wav").count == 44 + 30 * 2352)
    }

    @Test func `pauses are at the beginning of a track's own file`() throws {
        let disc = Self.gapped(isSilent: false)
        let image = try Self.target(.prepended).write(
            try folder.image(of: disc).disc,
            in: folder,
            as: "b"
        )
        try expectSame(image.disc, disc)
        #expect(
            try lines("b.cue") == Self.first + [
                "02", "TRACK 02 AUDIO", "INDEX 00 00:00:00", "INDEX 01 00:00:20",
                "INDEX 02 00:00:30", "INDEX 03 00:00:60", "03", "TRACK 03 AUDIO",
                "INDEX 00 00:00:00", "INDEX 01 00:00:01",
            ]
        )
        #expect(try folder.read("01 - Track 01.wav").count == 44 + 47 * 2352)
        #expect(try folder.read("03 - Track 03.wav").count == 44 + 31 * 2352)
    }

    @Test func `silent pauses are left out, and are there again`() throws {
        let disc = Self.gapped(isSilent: true)
        let image = try Self.target(.leftOut).write(
            try folder.image(of: disc).disc,
            in: folder,
            as: "b"
        )
        #expect(
            try lines("b.cue") == Self.first + [
                "02", "TRACK 02 AUDIO", "PREGAP 00:00:20", "INDEX 01 00:00:00",
                "INDEX 02 00:00:10", "INDEX 03 00:00:40", "03", "TRACK 03 AUDIO",
                "PREGAP 00:00:01", "INDEX 01 00:00:00",
            ]
        )
        #expect(try folder.read("01 - Track 01.wav").count == 44 + 47 * 2352)
        #expect(try folder.read("03 - Track 03.wav").count == 44 + 30 * 2352)
        // An image with a pause in it is the same disc.
        let other = try Folder()
        let whole = try Self.target(.prepended).write(
            try folder.image(of: disc).disc,
            in: other,
            as: "c"
        )
        #expect(image.layout.tracks == whole.layout.tracks)
        #expect(image.layout.leadOut == whole.layout.leadOut)
        #expect(image.disc.storage(at: 85).form == .absent)
        for track in disc.tracks {
            for (i, sector) in track.sectors.enumerated()
            where track.number == 1 || i >= track.pregap {
                #expect(try image.disc.raw(track.first + i) == sector)
            }
        }
    }

    @Test(arguments: ImageOptions.Gaps.allCases, [ImageOptions.AudioFile.wave, .flac])
    func `data have a file in each layout`(
        _ gaps: ImageOptions.Gaps,
        _ audio: ImageOptions.AudioFile
    ) throws {
        let disc = SampleDisc.mixed
        let image = try Self.target(gaps, audio).write(
            try folder.image(of: disc).disc,
            in: folder,
            as: "b"
        )
        let names = Set(try folder.names())
        #expect(names.contains("01 - data.bin"))
        #expect(names.contains("00 - Before track 2.\(audio.rawValue)") == (gaps == .appended))
        guard gaps == .leftOut else { return try expectSame(image.disc, disc) }
        let lines = try lines("b.cue")
        #expect(lines.contains("PREGAP 00:00:30") && lines.contains("PREGAP 00:00:10"))
        for (track, wanted) in zip(image.layout.tracks, disc.tracks) {
            #expect(track.start.rawValue == wanted.start)
            #expect(track.end.rawValue == wanted.end)
            #expect(track.laterIndexes.map(\.rawValue) == wanted.indexes)
        }
    }

    @Test func `a track without a sector has a file that is read`() throws {
        try folder.write("image.bin", SampleDisc.sound(40, seed: 40).flatMap { $0 })
        let sheet = """
            FILE image.bin BINARY
              TRACK 01 AUDIO
                INDEX 01 00:00:00
              TRACK 02 AUDIO
                INDEX 01 00:00:20
              TRACK 03 AUDIO
                INDEX 01 00:00:20
            """
        let source = try DiscImage(try folder.write("image.cue", sheet))
        var options = ImageOptions()
        options.naming = .usual
        options.audioFile = .flac
        options.measuresLoudness = true
        let path = folder.path.appending("b.cue")
        let format = try #require(ImageFormat.named("cue"))
        let sink = try #require(try format.writer?(source.disc, path, options))
        _ = try DiscCopy.run(from: source.disc, to: sink)
        let image = try DiscImage(path)
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 20, 20])
        #expect(image.layout.tracks.map(\.length) == [20, 0, 20])
    }

    // MARK: Loudness

    /// The tags of a file, by metaflac.
    private func tags(_ name: String) throws -> [String] {
        try Programs.run(["metaflac", "--export-tags-to=-", name], in: folder).said
            .split(separator: "\n").map(String.init)
    }

    @Test(.enabled(if: Programs.has("flac") && Programs.has("metaflac")))
    func `files say how loud they are, and their audio stays what it is`() throws {
        var disc = Self.gapped(isSilent: true)
        // A long silent track has no loudness, and a short one none that could be measured.
        disc.sessions[0].tracks[0].sectors =
            disc.sessions[0].tracks[0].sectors.prefix(33)
            + Array(repeating: [UInt8](repeating: 0, count: 2352), count: 47)
        let source = try folder.image(of: disc)
        let plain = Self.target(.appended, .flac)
        _ = try plain.write(source.disc, in: folder, as: "plain")
        func sums() throws -> [String] {
            try folder.names().filter { $0.hasSuffix(".flac") }.map { name in
                #expect(try Programs.run(["flac", "-ts", name], in: folder).status == 0)
                return try Programs.run(["metaflac", "--show-md5sum", name], in: folder).said
            }
        }
        let before = try sums()
        #expect(try tags("02 - Track 02.flac").contains { $0.hasPrefix("REPLAYGAIN") } == false)
        for name in try folder.names() where name.hasSuffix(".flac") {
            try Programs.run(["rm", name], in: folder)
        }
        try Programs.run(["rm", "plain.m3u8", "plain.cue"], in: folder)
        var options = ImageOptions()
        options.naming = .usual
        options.audioFile = .flac
        options.measuresLoudness = true
        let format = try #require(ImageFormat.named("cue"))
        let path = folder.path.appending("b.cue")
        let sink = try #require(
            try format.writer?(source.disc, path, options) as? PlannedImage
        )
        _ = try DiscCopy.run(from: source.disc, to: sink)
        #expect(try sums() == before)
        try expectSame(try DiscImage(path).disc, disc)
        // Of noise of two bytes nothing is louder than full scale by much, and all of it is loud.
        let loudness = try #require(sink.loudness)
        let album = try #require(loudness.album.gainText)
        #expect(loudness.album.peak > 0.9)
        #expect((loudness.album.lufs ?? -99) > -15 && (loudness.album.lufs ?? 99) < 5)
        #expect(Set(loudness.tracks.keys) == [0, 1, 2, 3])
        #expect(loudness.tracks[1]?.lufs == nil && loudness.tracks[1]?.peak == 0)
        let gain = try #require(loudness.tracks[2]?.gainText)
        let second = try tags("02 - Track 02.flac")
        for tag in [
            "REPLAYGAIN_TRACK_GAIN=\(gain)", "REPLAYGAIN_ALBUM_GAIN=\(album)",
            "REPLAYGAIN_TRACK_PEAK=\(loudness.tracks[2]?.peakText ?? "")",
            "REPLAYGAIN_ALBUM_PEAK=\(loudness.album.peakText)", "TRACKNUMBER=2",
            "ISRC=DEABC0312345",
        ] {
            #expect(second.contains(tag), "\(tag): \(second)")
        }
        let first = try tags("01 - Track 01.flac")
        #expect(first.contains("REPLAYGAIN_ALBUM_GAIN=\(album)"), "\(first)")
        #expect(!first.contains { $0.hasPrefix("REPLAYGAIN_TRACK") }, "\(first)")
    }

    // MARK: Names

    @Test(.enabled(if: Programs.has("metaflac")))
    func `audio before track 1 has tags, blanks are no name, and a sign is no comment`() throws {
        try folder.write("image.bin", SampleDisc.sound(60, seed: 3).flatMap { $0 })
        let sheet = """
            TITLE "Album "
            PERFORMER "Singer"
            FILE image.bin BINARY
              TRACK 01 AUDIO
                TITLE "  "
                PERFORMER " "
                INDEX 00 00:00:00
                INDEX 01 00:00:20
              TRACK 02 AUDIO
                TITLE "#1"
                INDEX 01 00:00:40
            """
        let source = try DiscImage(try folder.write("image.cue", sheet))
        var options = ImageOptions()
        options.naming = TrackNaming(template: "%t %n")
        options.audioFile = .flac
        options.gaps = .appended
        let format = try #require(ImageFormat.named("cue"))
        let sink = try #require(
            try format.writer?(source.disc, folder.path.appending("b.cue"), options)
        )
        _ = try DiscCopy.run(from: source.disc, to: sink)
        let common = ["ALBUM=Album", "ALBUMARTIST=Singer", "ARTIST=Singer", "TRACKTOTAL=2"]
        for (name, own) in [
            ("Hidden track 00.flac", ["TITLE=Hidden track", "TRACKNUMBER=0"]),
            ("Track 01 01.flac", ["TRACKNUMBER=1"]),
            ("#1 02.flac", ["TITLE=#1", "TRACKNUMBER=2"]),
        ] {
            #expect(try tags("./\(name)").sorted() == (common + own).sorted(), "\(name)")
        }
        let list = try DiscImage(folder.path("b.m3u8"))
        #expect(list.layout.tracks.map(\.length) == [20, 20, 20])
    }

    // MARK: One file

    private static let one = Target(name: "cue-one-flac", format: "cue") {
        $0.splitsTracks = false
        $0.audioFile = .flac
    }

    @Test func `one file of FLAC has the sheet in it, and is the disc without it`() throws {
        let disc = SampleDisc.audio
        let image = try Self.one.write(try folder.image(of: disc).disc, in: folder, as: "b")
        try expectSame(image.disc, disc)
        #expect(try folder.names() == ["b.cue", "b.flac", "image.bin", "image.cue"])
        try Programs.run(["rm", "b.cue"], in: folder)
        let alone = try DiscImage(folder.path("b.flac"))
        #expect(alone.warnings.isEmpty, "\(alone.warnings)")
        try expectSame(alone.disc, disc)
    }

    @Test(.enabled(if: Programs.has("flac") && Programs.has("metaflac")))
    func `its block alone has the tracks`() throws {
        let disc = Self.gapped(isSilent: false)
        _ = try Self.one.write(try folder.image(of: disc).disc, in: folder, as: "b")
        #expect(try Programs.run(["flac", "-ts", "b.flac"], in: folder).status == 0)
        #expect(try tags("b.flac").contains { $0.hasPrefix("CUESHEET=") })
        let list = try Programs.run(
            ["metaflac", "--list", "--block-type=CUESHEET", "b.flac"],
            in: folder
        ).said
        for line in [
            "media catalog number: 4012345678901", "lead-in: 88200", "is CD: true",
            "ISRC: DEABC0312345", "pre-emphasis: true", "number: 170 (LEAD-OUT)",
            "offset: \(181 * 588)",
        ] {
            #expect(list.contains(line), "\(line): \(list)")
        }
        try Programs.run(["metaflac", "--remove-tag=CUESHEET", "b.flac"], in: folder)
        #expect(try tags("b.flac").contains { $0.hasPrefix("CUESHEET=") } == false)
        try expectSame(try DiscImage(folder.path("b.flac")).disc, disc)
    }

    @Test func `one file of WAVE is the disc, and data have no place in one`() throws {
        let disc = SampleDisc.audio
        let target = Target(name: "cue-one-wave", format: "cue") {
            $0.splitsTracks = false
            $0.audioFile = .wave
        }
        let image = try target.write(try folder.image(of: disc).disc, in: folder, as: "b")
        try expectSame(image.disc, disc)
        #expect(try folder.read("b.wav").count == 44 + 83 * 2352)
        let mixed = try folder.image(of: SampleDisc.mixed)
        let error = #expect(throws: (any Error).self) {
            try target.write(mixed.disc, in: folder, as: "c")
        }
        #expect(error.map { "\($0)" }?.contains("Track 1 is data") == true)
    }
}

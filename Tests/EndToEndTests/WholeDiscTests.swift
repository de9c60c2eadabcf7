import Foundation
import TestSupport
import Testing

/// Discs with audio and sessions in a drive: ripped, compared and copied with all that they have.
@Suite struct WholeDiscTests {
    static let sheets = [
        ("audio", Album.audio), ("mixed", Album.mixed), ("extra", Album.extra),
    ]

    @Test(arguments: sheets.indices)
    func `A disc that was burned is ripped into every kind of image and compared`(_ index: Int)
        async throws
    {
        let (name, sheet) = Self.sheets[index]
        try await Scratch.use { scratch in
            try Album.place(sheet, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue", "--allow-loss")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    set -e
                    for format in cue toc ccd nrg cdi mds chd; do
                        "$SPINDLE" rip $format.$format --allow-loss
                        "$SPINDLE" verify $SPINDLE_DRIVE $format.$format
                    done
                    "$SPINDLE" verify $SPINDLE_DRIVE album.cue
                    "$SPINDLE" verify toc.toc cue.cue
                    """
            )
            #expect(outcome.status == 0, "\(name): \(outcome)")
            #expect(outcome.output.components(separatedBy: "Verified").count == 10, "\(outcome)")
            if name == "audio" {
                #expect(try scratch.bytes("cue.bin") == Album.sound)
                let ripped = try scratch.text("cue.cue").split(whereSeparator: \.isNewline)
                let original = sheet.split(whereSeparator: \.isNewline)
                #expect(
                    Set(ripped.map { $0.trimmingCharacters(in: .whitespaces) })
                        .subtracting(original.map { $0.trimmingCharacters(in: .whitespaces) })
                        == ["FILE \"cue.bin\" BINARY"]
                )
            }
        }
    }

    /// The drive's lists count such a pregap to no track, as what a recorder leaves between two.
    @Test func `Data in the pregap between two tracks of data are ripped`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(1_000 * 2048, seed: 7), to: "one.bin")
            try scratch.write(Noise.bytes(150 * 2048, seed: 8), to: "gap.bin")
            let sheet = """
                CD_ROM
                TRACK MODE1
                DATAFILE "one.bin"
                TRACK MODE1
                DATAFILE "gap.bin"
                DATAFILE "one.bin"
                START 00:02:00

                """
            try scratch.write(Data(sheet.utf8), to: "two.toc")
            let outcome = try await scratch.withDrive(
                "two.toc",
                run: "\"$SPINDLE\" rip rip.cue && exec \"$SPINDLE\" verify two.toc rip.cue"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(!outcome.said.contains("a track at a time"), "\(outcome)")
        }
    }

    @Test func `Data in pregaps are ripped like all others`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.dataInPregaps, in: scratch)
            try scratch.write(Noise.bytes(450 * 2048, seed: 6), to: "more.bin")
            let outcome = try await scratch.withDrive(
                "album.cue",
                run: """
                    set -e
                    for format in cue toc nrg; do
                        "$SPINDLE" rip $format.$format
                        "$SPINDLE" verify $SPINDLE_DRIVE $format.$format
                        "$SPINDLE" verify album.cue $format.$format
                    done
                    "$SPINDLE" verify $SPINDLE_DRIVE album.cue
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.components(separatedBy: "Verified").count == 8, "\(outcome)")
            #expect(!outcome.output.contains("what is in pregaps"), "\(outcome)")
        }
    }

    @Test func `Audio before data is nothing that can't be read`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.extra, in: scratch)
            let info = try await scratch.withDrive("album.cue", run: "exec \"$SPINDLE\" info")
            #expect(info.status == 0, "\(info)")
            #expect(info.output.contains("holds     ISO 9660"), "\(info)")
            for words in ["too many sectors can't be read", "What lies there"] {
                #expect(!info.output.contains(words), "\(info)")
            }
        }
    }

    @Test func `Pregaps and indexes are found after ninety minutes, too`() async throws {
        try await Scratch.use { scratch in
            let sheet = """
                FILE "sound.bin" BINARY
                  TRACK 01 AUDIO
                    INDEX 01 00:00:00
                  TRACK 02 AUDIO
                    INDEX 00 90:04:00
                    INDEX 01 90:06:00
                    INDEX 02 90:10:00

                """
            try Album.place(sheet, in: scratch)
            let outcome = try await scratch.run([
                "/usr/bin/truncate", "-s", "957264000", "sound.bin",
            ])
            #expect(outcome.status == 0, "\(outcome)")
            let rip = try await scratch.withDrive(
                "album.cue",
                run: "exec \"$SPINDLE\" rip rip.cue --track 2"
            )
            #expect(rip.status == 0, "\(rip)")
            #expect(!rip.errors.contains("does not tell"), "\(rip)")
            let ripped = try scratch.text("rip.cue")
            #expect(ripped.contains("INDEX 02 00:04:00"), "\(ripped)")
        }
    }

    @Test func `A disc of data keeps its catalogue number`() async throws {
        try await Scratch.use { scratch in
            let sheet = """
                CATALOG 8466180358004
                FILE "data.iso" BINARY
                  TRACK 01 MODE1/2048
                    INDEX 01 00:00:00

                """
            try Album.place(sheet, in: scratch)
            let outcome = try await scratch.withDrive(
                "album.cue",
                run: """
                    "$SPINDLE" rip rip.cue && "$SPINDLE" verify $SPINDLE_DRIVE rip.cue &&
                        "$SPINDLE" verify album.cue rip.cue
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("rip.cue").contains("CATALOG 8466180358004"))
            // Whoever wants the data alone is told of the number, and not asked.
            let plain = try await scratch.withDrive(
                "album.cue",
                run: "\"$SPINDLE\" rip plain.iso && exec \"$SPINDLE\" rip plain.chd"
            )
            #expect(plain.status == 0, "\(plain)")
            #expect(plain.said.contains("the media catalogue number"), "\(plain)")
            // A drive that does not tell it costs no sector.
            let silent = try await scratch.withDrive(
                "album.cue",
                faults: ["refuse command=42 sense=5/20/00"],
                run: "exec \"$SPINDLE\" rip silent.cue"
            )
            #expect(silent.status == 0, "\(silent)")
        }
    }

    /// A change in an image of the album, as a shell's command, and what then is said.
    static let changes: [(name: String, change: String)] = [
        ("a sample", "printf x | dd of=rip.bin bs=1 seek=1000001 conv=notrunc status=none"),
        ("an index", "sed -i 's/INDEX 02 00:11:00/INDEX 02 00:11:01/' rip.cue"),
        ("no index", "sed -i '/INDEX 02/d' rip.cue"),
        ("a pregap", "sed -i 's/INDEX 00 00:15:00/INDEX 00 00:15:01/' rip.cue"),
        ("a recording code", "sed -i 's/USABC0512346/USABC0512347/' rip.cue"),
        ("no recording code", "sed -i '/USABC0512346/d' rip.cue"),
        ("a catalogue number", "sed -i 's/CATALOG 1234567890123/CATALOG 1234567890124/' rip.cue"),
        ("a title", "sed -i 's/Second/Fourth/' rip.cue"),
        ("a flag", "sed -i 's/FLAGS DCP PRE/FLAGS DCP/' rip.cue"),
        ("a track", "sed -i '/TRACK 03/,$d' rip.cue"),
    ]

    @Test func `Whatever is changed in an image differs from the disc`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let scripts = Self.changes.map { _, change in
                """
                cp good.cue rip.cue; cp good.bin rip.bin
                \(change)
                "$SPINDLE" verify $SPINDLE_DRIVE rip.cue >>said; echo $?
                """
            }
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    "$SPINDLE" rip rip.cue >&2 || exit
                    cp rip.cue good.cue; cp rip.bin good.bin
                    \(scripts.joined(separator: "\n"))
                    """
            )
            let codes = outcome.output.split(whereSeparator: \.isNewline).map { String($0) }
            #expect(codes.count == Self.changes.count, "\(outcome)")
            let said = try scratch.text("said")
            for (change, code) in zip(Self.changes, codes) {
                #expect(code == "2", "\(change.name): \(outcome) \(said)")
            }
        }
    }

    @Test func `What no sector shows is put down neither to dirt nor to how the disc was written`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip part.cue --track 2 --quiet >&2
                    "$SPINDLE" verify $SPINDLE_DRIVE part.cue
                    """
            )
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.errors.contains("one has 3 tracks, the other 1 track"), "\(outcome)")
            #expect(outcome.errors.contains("Look whether these two belong together"))
            #expect(!outcome.errors.contains("Clean the disc"), "\(outcome)")
            #expect(!outcome.errors.contains("a track at a time"), "\(outcome)")
        }
    }

    @Test func `Which of two discs was written a track at a time does not matter`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.mixed, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue", "--allow-loss")
            for pair in ["$SPINDLE_DRIVE_1 $SPINDLE_DRIVE_2", "$SPINDLE_DRIVE_2 $SPINDLE_DRIVE_1"] {
                let outcome = try await scratch.withDrive(
                    "album.cue",
                    "disc",
                    run: "exec \"$SPINDLE\" verify \(pair) --json"
                )
                #expect(outcome.status == 0, "\(outcome)")
                let sentences = try outcome.result().sentences ?? []
                let said = sentences.contains { $0.hasSuffix("that writes a track at a time.") }
                #expect(said, "\(outcome)")
            }
        }
    }

    @Test func `Audio that can't be read is named, and so is what the drive guessed`() async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let bad = try await scratch.withDrive(
                "disc",
                faults: ["read lba=700-701", "read lba=900"],
                run: "exec \"$SPINDLE\" rip bad.cue --json"
            )
            #expect(bad.status == 3, "\(bad)")
            let result = try bad.result()
            #expect(result.status == "incomplete")
            #expect(result.unreadableRuns?.map(\.start) == [700, 900])
            #expect(result.unreadableRuns?.map(\.count) == [2, 1])
            #expect(result.tracks?.contains { $0.reading == "unreadable" } == true, "\(bad)")
            var expected = Album.sound
            for sector in [700, 701, 900] {
                let place = sector * 2352..<(sector + 1) * 2352
                expected.replaceSubrange(place, with: Data(count: 2352))
            }
            #expect(try scratch.bytes("bad.bin") == expected)

            let doubtful = try await scratch.withDrive(
                "disc",
                faults: ["c2 lba=333"],
                run: "exec \"$SPINDLE\" rip doubtful.cue --json"
            )
            #expect(doubtful.status == 3, "\(doubtful)")
            let doubts = try doubtful.result()
            #expect(doubts.status == "incomplete")
            #expect(doubts.doubtfulSectors == 1)
            #expect(doubts.doubtfulRuns?.first?.start == 333)
        }
    }

    @Test func `The EDC decides on whole sectors, whatever the drive says`() async throws {
        try await Scratch.use { scratch in
            let image = try Image.ipxe.place(in: scratch)
            try scratch.write(image, to: "data.iso")
            let script = "exec \"$SPINDLE\" rip rip.cue --raw --force --json"
            let good = try await scratch.withDrive("data.iso", run: script)
            #expect(good.status == 0, "\(good)")
            let right = try scratch.bytes("rip.bin")
            // Other bytes are wrong in each read: several of them together are right.
            let varied = try await scratch.withDrive(
                "data.iso",
                faults: ["flip lba=100-102 bytes=3 seed=7"],
                run: script
            )
            #expect(varied.status == 0, "\(varied)")
            #expect(try scratch.bytes("rip.bin") == right)
            let said = try #require(try varied.result().sentences).joined(separator: " ")
            #expect(said.contains("3 sectors, the first of them 100"), "\(said)")
            // The same are: the disc may have been made so, and nothing is mended in silence.
            let same = try await scratch.withDrive(
                "data.iso",
                faults: ["flip lba=100-102 bytes=3"],
                run: script
            )
            #expect(same.status == 3, "\(same)")
            #expect(try same.result().status == "incomplete")
            #expect(try scratch.bytes("rip.bin") != right)
        }
    }

    @Test func `Parts of a disc are ripped, and what can't be had is refused`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.extra, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue", "--allow-loss")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip track.cue --track 2; echo $?
                    "$SPINDLE" rip session.iso --session 2; echo $?
                    "$SPINDLE" rip whole.cue --session 2 --raw; echo $?
                    "$SPINDLE" rip none.cue --track 9; echo $?
                    "$SPINDLE" rip none.iso; echo $?
                    "$SPINDLE" rip none.iso --raw; echo $?
                    "$SPINDLE" rip none.cue --subchannel; echo $?
                    "$SPINDLE" rip side.ccd --subchannel; echo $?
                    """
            )
            let codes = outcome.output.split(whereSeparator: \.isNewline)
                .map { String($0) }.filter { $0.count < 4 }
            #expect(codes == ["0", "0", "0", "4", "4", "64", "4", "0"], "\(outcome)")
            #expect(try scratch.bytes("track.bin") == Album.sound.suffix(850 * 2352))
            let data = try scratch.bytes("data.iso")
            #expect(try scratch.bytes("session.iso").prefix(data.count) == data)
            #expect(try scratch.bytes("whole.bin").count % 2352 == 0)
            #expect(!scratch.has("none.iso") && !scratch.has("none.cue"))
            #expect(try scratch.bytes("side.sub").count % 96 == 0)
        }
    }

    @Test func `Checksums of tracks and files, and a log, belong to a rip`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip rip.cue --sum md5,crc32 --sum sha3-256 --sum-file --log log --log log.json --json
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let peers = try await scratch.run([
                "sh", "-c", "sha256sum -c rip.cue.sha256 && md5sum -c rip.cue.md5",
            ])
            #expect(peers.status == 0, "\(peers)")
            let tracks = try #require(try outcome.result().tracks)
            // A track's pregap counts to it.
            let parts = [(0, 0..<500), (650, 500..<1125), (1200, 1125..<1600)]
            #expect(tracks.map(\.start) == parts.map(\.0))
            for (track, part) in zip(tracks, parts.map(\.1)) {
                let bytes = part.lowerBound * 2352..<part.upperBound * 2352
                try scratch.write(Album.sound[bytes], to: "part")
                #expect(try await track.sha256 == scratch.sha256("part"))
            }
            let log = try scratch.text("log")
            for words in [
                "rip rip.cue", "Done: ", tracks[2].sha256 ?? "-", "exit code 0",
                "400 sectors: done, no-c2-errors",
            ] {
                #expect(log.contains(words), "\(log)")
            }
            #expect(log.hasPrefix("spindle ") && !log.hasPrefix("spindle spindle"), "\(log)")
            // Each log ends with the checksum of what is before.
            let sums = try await scratch.run([
                "sh", "-c",
                "for log in log log.json; do head -n -1 $log | sha256sum; tail -n 1 $log; done",
            ])
            for (sum, line) in [(sums.lines[0], sums.lines[1]), (sums.lines[2], sums.lines[3])] {
                #expect(line.contains(sum.prefix(64)), "\(sums)")
            }
            let events = try scratch.text("log.json").split(separator: "\n").map(String.init)
            #expect(events.first?.hasPrefix("{\"event\":\"begin\",\"version\":1,\"time\":") == true)
            #expect(events.last?.hasPrefix("{\"event\":\"checksum\",\"version\":1,") == true)
            #expect(!events.contains { $0.hasPrefix("{\"event\":\"progress\"") })
            let told = try outcome.result()
            let kept = try #require(events.dropLast().last)
            let result = try JSONDecoder.snake.decode(Event.self, from: Data(kept.utf8))
            #expect(result.status == told.status && result.sha256 == told.sha256, "\(kept)")
            for name in ["log", "rip.cue.sfv"] {
                let again = try await scratch.withDrive(
                    "disc",
                    run: "exec \"$SPINDLE\" rip \(name == "log" ? "a.cue --log log" : "rip.cue")"
                )
                #expect(again.status == 1, "\(again)")
            }
            #expect(!scratch.has("a.cue") && scratch.has("rip.cue.sfv"))
            let twice = try await scratch.spindle("rip", "b.cue", "--log", "b", "--report", "./b")
            #expect(twice.status == 64, "\(twice)")
            // That a log can't be written is no news for the end; one in the folder that is made can.
            let places = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip c.cue --log nowhere/log; echo $?
                    "$SPINDLE" rip tracks --tracks wav --log tracks/log --quiet >&2; echo $?
                    """
            )
            #expect(places.lines == ["1", "0"], "\(places)")
            #expect(!scratch.has("c.cue") && scratch.has("tracks/log"))
        }
    }

    @Test func `The checksums of a plain image are written beside it`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Image.ipxe.place(in: scratch), to: "data.iso")
            let outcome = try await scratch.withDrive(
                "data.iso",
                run: """
                    "$SPINDLE" rip rip.iso --sum md5 --sum-file
                    rm rip.iso
                    "$SPINDLE" rip rip.iso --sum-file; [ $? = 1 ] || exit 9
                    "$SPINDLE" rip rip.iso --sum-file --force
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let peers = try await scratch.run([
                "sh", "-c", "sha256sum -c rip.iso.sha256 && md5sum -c rip.iso.md5",
            ])
            #expect(peers.status == 0, "\(peers)")
        }
    }

    @Test(arguments: sheets.indices, ["--folder .", "--direct"])
    func `A disc is copied from one drive to another`(_ index: Int, _ way: String)
        async throws
    {
        let (name, sheet) = Self.sheets[index]
        try await Scratch.use { scratch in
            try Album.place(sheet, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.makeDisc(.cdR, "copy")
            try await scratch.burn("album.cue", "--allow-loss")
            let outcome = try await scratch.withDrive(
                "disc",
                "copy",
                run: """
                    "$SPINDLE" copy \(way) --json &&
                    "$SPINDLE" verify $SPINDLE_DRIVE_1 $SPINDLE_DRIVE_2 >&2
                    """
            )
            #expect(outcome.status == 0, "\(name): \(outcome)")
            #expect(try outcome.result().status == "verified", "\(name): \(outcome)")
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path)
            #expect(!left.contains { $0.hasPrefix("spindle-copy") })
        }
    }

    @Test func `Nothing is written where the disc can't be read whole`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.makeDisc(.cdR, "copy")
            try await scratch.burn("album.cue")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--disc", "disc", "--fault",
                    "read lba=700", "--disc", "copy", "--", "sh", "-c",
                    "exec \"$SPINDLE\" copy --folder . --json",
                ],
                within: 60
            )
            #expect(outcome.status == 3, "\(outcome)")
            #expect(try await scratch.info("copy").state == "blank")
        }
    }

    @Test(arguments: [("--folder .", nil), ("--image k.iso", "“spindle rip k.iso --resume”")])
    func `A copy whose disc is taken out says so, and what goes on with its image`(
        _ way: String,
        _ resumption: String?
    ) async throws {
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(4000 * 2048, seed: 9), to: "data.img")
            try await scratch.makeDisc(.cdR, "copy")
            let outcome = try await scratch.run(
                [
                    Products.spindle, "virtual", "run", "--disc", "data.img", "--fault",
                    "remove lba=3000", "--disc", "copy", "--", "sh", "-c",
                    "exec \"$SPINDLE\" copy \(way) --json",
                ],
                within: 60
            )
            #expect(outcome.status == 1, "\(outcome)")
            let sentences = try #require(try outcome.result().sentences)
            #expect(sentences.first?.contains("taken out") == true, "\(sentences)")
            #expect(sentences.last == "Nothing was written to a disc.")
            let isTold = sentences.contains { $0.contains(resumption ?? ".part") }
            #expect(isTold == (resumption != nil), "\(sentences)")
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch.directory.path)
            #expect(!left.contains { $0.hasPrefix("spindle-copy") })
            #expect(try await scratch.info("copy").state == "blank")
        }
    }

    @Test func `A direct copy asks again for a sector, and ends where it can't be read`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            for (fault, name) in [("read lba=700 times=1/2", "good"), ("read lba=700", "cut")] {
                try await scratch.makeDisc(.cdR, name)
                let outcome = try await scratch.run(
                    [
                        Products.spindle, "virtual", "run", "--disc", "disc", "--fault", fault,
                        "--disc", name, "--", "sh", "-c",
                        "exec \"$SPINDLE\" copy --direct --json",
                    ],
                    within: 60
                )
                let result = try outcome.result()
                if name == "good" {
                    #expect(outcome.status == 0 && result.status == "verified", "\(outcome)")
                } else {
                    #expect(outcome.status == 1 && result.status == "failed", "\(outcome)")
                    #expect(
                        result.sentences?.first?.contains("700") == true,
                        "\(outcome)"
                    )
                }
            }
            let alone = try await scratch.withDrive(
                "disc",
                run: "\"$SPINDLE\" copy $SPINDLE_DRIVE $SPINDLE_DRIVE --direct --json"
            )
            #expect(alone.status == 64, "\(alone)")
        }
    }
}

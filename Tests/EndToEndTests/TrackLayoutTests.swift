import Foundation
import TestSupport
import Testing

/// Discs that are ripped a file for each track in each layout of the pauses, with their loudness, and into one file
/// of FLAC with its tracks in it.
@Suite struct TrackLayoutTests {
    /// The album with sound before track 1.
    private static let hidden = Album.audio.replacing(
        "    INDEX 01 00:00:00\n",
        with: "    INDEX 00 00:00:00\n    INDEX 01 00:02:00\n",
        maxReplacements: 1
    )
    /// The sectors of the pauses before tracks 2 and 3.
    private static let pauses = [500..<650, 1125..<1200]

    /// Puts the album into a test's directory, with silence in the pauses.
    private func placeSilent(_ sheet: String, in scratch: Scratch) throws {
        try Album.place(sheet, in: scratch)
        var sound = Album.sound
        for pause in Self.pauses {
            sound.replaceSubrange(
                pause.lowerBound * 2352..<pause.upperBound * 2352,
                with: Data(count: pause.count * 2352)
            )
        }
        try scratch.write(sound, to: "sound.bin")
    }

    @Test func `Each layout is the disc, and is burned as it again`() async throws {
        try await Scratch.use { scratch in
            try placeSilent(Self.hidden, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            for gaps in ["appended", "prepended", "left-out"] {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: """
                        set -e
                        "$SPINDLE" rip \(gaps) --tracks flac --gaps \(gaps) >&2
                        "$SPINDLE" verify $SPINDLE_DRIVE \(gaps)/\(gaps).cue
                        """
                )
                #expect(outcome.status == 0, "\(gaps): \(outcome)")
                #expect(outcome.output.contains("Verified"), "\(gaps): \(outcome)")
                #expect(scratch.has("\(gaps)/00 - Hidden track.flac"))
                try await scratch.makeDisc(.cdR, "\(gaps).disc")
                let again = try await scratch.withDrive(
                    "\(gaps).disc",
                    run: """
                        set -e
                        "$SPINDLE" burn \(gaps)/\(gaps).cue >&2
                        "$SPINDLE" verify $SPINDLE_DRIVE album.cue
                        """
                )
                #expect(again.status == 0, "\(gaps): \(again)")
                #expect(again.output.contains("Verified"), "\(gaps): \(again)")
            }
            #expect(
                try scratch.text("prepended/prepended.cue").contains("    INDEX 01 00:02:00\r\n")
            )
            let sheet = try scratch.text("left-out/left-out.cue")
            #expect(sheet.contains("    PREGAP 00:02:00\r\n    INDEX 01 00:00:00\r\n"), "\(sheet)")
        }
    }

    @Test func `Pauses that are not silent are left out only if they may be lost`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip out --tracks wav --gaps left-out; echo $?
                    "$SPINDLE" rip out --gaps left-out >&2; echo $?
                    "$SPINDLE" rip out --tracks wav --gaps left-out --allow-loss >&2; echo $?
                    """
            )
            #expect(outcome.lines.suffix(3) == ["4", "64", "0"], "\(outcome)")
            #expect(outcome.errors.contains("leave pauses out that are not silent"), "\(outcome)")
            #expect(outcome.errors.contains("of tracks 2 and 3"), "\(outcome)")
            #expect(scratch.has("out/out.cue.loss.txt"))
            #expect(try scratch.bytes("out/02 - Second.wav").count == 44 + 475 * 2352)
        }
    }

    @Test func `Discs with data keep them in each layout`() async throws {
        for (name, sheet) in [("mixed", Album.mixed), ("extra", Album.extra)] {
            try await Scratch.use { scratch in
                try Album.place(sheet, in: scratch)
                try await scratch.makeDisc(.cdR)
                try await scratch.burn("album.cue", "--allow-loss")
                let outcome = try await scratch.withDrive(
                    "disc",
                    within: 120,
                    run: """
                        set -e
                        for gaps in prepended left-out; do
                            "$SPINDLE" rip $gaps --tracks wav --gaps $gaps --allow-loss >&2
                            "$SPINDLE" verify $SPINDLE_DRIVE $gaps/$gaps.cue
                        done
                        """
                )
                #expect(outcome.status == 0, "\(name): \(outcome)")
                #expect(
                    outcome.output.components(separatedBy: "Verified").count == 3,
                    "\(name): \(outcome)"
                )
            }
        }
    }

    @Test func `cdrdao sees the same tracks where pauses are prepended or left out`() async throws {
        try await Scratch.use { scratch in
            try placeSilent(
                Album.plainAudio.replacing(
                    "    INDEX 01 00:16:00",
                    with: "    INDEX 00 00:15:00\n    INDEX 01 00:16:00"
                ),
                in: scratch
            )
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    set -e
                    for gaps in prepended left-out; do
                        "$SPINDLE" rip $gaps --tracks wav --gaps $gaps >&2
                        (cd $gaps && cdrdao show-toc $gaps.cue)
                    done
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            for line in [
                "START  00:00:00(     0)", "START  00:08:50(   650)", "START  00:16:00(  1200)",
                "PREGAP 00:02:00(   150)", "PREGAP 00:01:00(    75)", "END    00:21:25(  1600)",
            ] {
                let count = (outcome.output + outcome.errors).components(separatedBy: line).count
                #expect(count == 3, "\(line): \(outcome)")
            }
        }
    }

    @Test func `Files say how loud they and the album are, and keep their sound`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Self.hidden, in: scratch)
            // The third track is silent.
            try scratch.write(
                Album.sound.prefix(1125 * 2352) + Data(count: 475 * 2352),
                to: "sound.bin"
            )
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" rip waves --tracks wav --replaygain >&2; test $? = 64 || exit 9
                    set -e
                    "$SPINDLE" rip plain --tracks flac >&2
                    "$SPINDLE" rip tagged --tracks flac --replaygain --sum-file --json
                    (cd tagged && sha256sum -c --quiet tagged.cue.sha256) >&2
                    for track in plain/*.flac; do
                        other="tagged/${track#plain/}"
                        flac -st "$other"
                        test "$(metaflac --show-md5sum "$track")" = "$(metaflac --show-md5sum "$other")"
                    done
                    metaflac --export-tags-to=first "tagged/01 - First.flac"
                    metaflac --export-tags-to=third "tagged/03 - Third.flac"
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "done", "\(outcome)")
            let album = try #require(result.loudness?.gain)
            let tracks = try #require(result.tracks)
            #expect(tracks.map { $0.loudness?.gain == nil } == [false, false, true])
            #expect(tracks.last?.loudness?.peak == 0)
            let own = try #require(tracks.first?.loudness)
            let gain = try #require(own.gain)
            // Noise of full scale is louder than -18 LUFS.
            #expect(album < 0 && gain < 0)
            let first = try scratch.text("first").split(separator: "\n").map(String.init)
            for (tag, value) in [
                ("REPLAYGAIN_TRACK_GAIN", gain), ("REPLAYGAIN_ALBUM_GAIN", album),
            ] {
                let text = String(format: "%.2f dB", value)
                #expect(first.contains("\(tag)=\(text)"), "\(first)")
            }
            #expect(first.contains("REPLAYGAIN_TRACK_PEAK=\(String(format: "%.6f", own.peak))"))
            #expect(first.contains("TITLE=First"), "\(first)")
            let third = try scratch.text("third")
            #expect(third.contains("REPLAYGAIN_ALBUM_GAIN="), "\(third)")
            #expect(!third.contains("REPLAYGAIN_TRACK"), "\(third)")
        }
    }

    @Test func `One file of FLAC has the tracks in it, and is burned without its sheet`()
        async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Self.hidden, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.makeDisc(.cdR, "again")
            try await scratch.burn("album.cue")
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    set -e
                    "$SPINDLE" rip one.cue --audio flac --no-split >&2
                    flac -st one.flac
                    metaflac --list --block-type=CUESHEET one.flac
                    metaflac --show-tag=CUESHEET one.flac
                    "$SPINDLE" verify $SPINDLE_DRIVE one.cue
                    rm one.cue
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            for text in [
                "is CD: true", "lead-in: 88200", "number: 170 (LEAD-OUT)",
                "media catalog number: 1234567890123", "ISRC: USABC0512346", "pre-emphasis: true",
                "offset: \(1600 * 588)", "CUESHEET=CATALOG 1234567890123",
                "FILE \"one.flac\" WAVE", "Verified",
            ] {
                #expect(outcome.output.contains(text), "\(text): \(outcome)")
            }
            let again = try await scratch.withDrive(
                "again",
                run: """
                    set -e
                    "$SPINDLE" burn one.flac >&2
                    "$SPINDLE" verify $SPINDLE_DRIVE album.cue
                    "$SPINDLE" verify one.flac $SPINDLE_DRIVE
                    "$SPINDLE" verify album.cue one.flac
                    head -c 1000000 one.flac >cut.flac
                    ! "$SPINDLE" verify cut.flac $SPINDLE_DRIVE
                    "$SPINDLE" verify one.flac one.flac
                    """
            )
            #expect(again.status == 0, "\(again)")
            #expect(again.output.components(separatedBy: "Verified").count == 5, "\(again)")
            #expect(again.errors.contains("cut.flac"), "\(again)")
            #expect(!again.errors.contains("Differs"), "\(again)")
        }
    }

    @Test func `Data have no place in one file of audio`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.mixed, in: scratch)
            let outcome = try await scratch.spindle(
                "convert",
                "album.cue",
                "one.cue",
                "--audio",
                "flac",
                "--no-split"
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("Track 1 is data"), "\(outcome)")
            #expect(!scratch.has("one.cue") && !scratch.has("one.flac"))
        }
    }
}

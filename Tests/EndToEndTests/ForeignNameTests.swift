import TestSupport
import Testing

/// Files whose names are not UTF-8.
@Suite struct ForeignNameTests {
    private func shell(_ script: String, in scratch: Scratch) async throws -> Outcome {
        try await scratch.run(
            ["bash", "-c", "set -e; export LC_ALL=C.UTF-8; n=$(printf 'caf\\351')\n\(script)"],
            within: 60
        )
    }

    @Test func `Images are made, read, converted and checked`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await shell(
                """
                mkdir "$n"; seq 50000 >"$n/$n.txt"
                "$SPINDLE" create -q "$n.iso" "$n"
                "$SPINDLE" info --json "$n.iso" | grep -q "\\"caf$(printf '\\357\\277\\275').iso\\""
                # What a format keeps beside it has its name, and a sheet names that.
                for format in cue 2.toc ccd mds nrg cdi; do
                    "$SPINDLE" convert -q "$n.iso" "$n.$format"
                    "$SPINDLE" verify -q "$n.$format" "$n.iso"
                done
                [ -f "$n.img" ] && [ -f "$n.mdf" ] && [ -f "$n.bin" ] && [ -f "$n.2.bin" ]
                ! ls | grep -aq "$(printf '\\357\\277\\275')"
                grep -aqF "FILE \\"$n.bin\\" BINARY" "$n.cue"
                grep -aq "$n.cdi" "$n.cdi"
                "$SPINDLE" list "$n.nrg" | grep -q txt
                "$SPINDLE" extract -q "$n.ccd" "$n.txt" --to "$n.files"
                cmp "$n.files/café.txt" "$n/$n.txt"
                "$SPINDLE" verify -q --files "$n" "$n.iso"
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `A sheet is of one encoding`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await shell(
                """
                head -c 2352000 /dev/zero >a.bin
                sheet() {
                    printf 'TITLE "%s"\nFILE "a.bin" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n' "$1"
                }
                sheet Plain >plain.cue
                sheet Größe >wide.cue
                "$SPINDLE" convert -q plain.cue "$n.cue"
                "$SPINDLE" verify -q plain.cue "$n.cue"
                [ -f "$n.bin" ] && rm "$n.bin"
                code=0; "$SPINDLE" convert -q wide.cue "$n.2.cue" 2>said || code=$?
                [ $code = 64 ]
                grep -q 'not UTF-8' said
                [ ! -e "$n.2.cue" ] && [ ! -e "$n.2.bin" ]
                # Octal digits take any name.
                "$SPINDLE" convert -q wide.cue "$n.toc"
                [ -f "$n.bin" ]
                grep -qF 'caf\\351.bin' "$n.toc"
                "$SPINDLE" verify -q wide.cue "$n.toc"
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `Tracks are ripped into folders of such names`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await shell(
                """
                head -c 2352000 /dev/urandom >a.bin
                printf 'FILE "a.bin" BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n' >a.cue
                "$SPINDLE" virtual run --disc a.cue -- bash -c '
                    "$SPINDLE" rip -q --tracks wav $SPINDLE_DRIVE "$1"' rip "$n"
                [ -f "$n/$n.cue" ] && [ -f "$n/$n.m3u8" ]
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `Lists of checksums name them as they are`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await shell(
                """
                mkdir tree; seq 50000 >tree/numbers
                "$SPINDLE" create -q "$n.iso" tree
                for tag in '' --tag; do
                    "$SPINDLE" sum $tag "$n.iso" >SHA256SUMS
                    sha256sum --strict -c SHA256SUMS
                    "$SPINDLE" verify SHA256SUMS
                    "$SPINDLE" verify "$n.iso" SHA256SUMS
                done
                "$SPINDLE" verify "$n.iso"
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `What is said of them is text`() async throws {
        try await Scratch.use { scratch in
            let unknown = try await shell("\"$SPINDLE\" \"$n\"", in: scratch)
            #expect(unknown.status == 64, "\(unknown)")
            #expect(unknown.errors.contains("“caf\\xE9”"), "\(unknown)")
            let option = try await shell("\"$SPINDLE\" info --\"$n\"", in: scratch)
            #expect(option.status == 64, "\(option)")
            #expect(option.errors.contains("--caf\\xE9"), "\(option)")
        }
    }

    @Test func `Discs are ripped into them, and burned from them`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            let outcome = try await shell(
                """
                mkdir tree; seq 50000 >tree/numbers
                "$SPINDLE" create -q "$n.iso" tree
                "$SPINDLE" virtual run --disc disc -- bash -c '
                    "$SPINDLE" burn -q "$1.iso" && "$SPINDLE" rip -q --sum md5 --sum-file "$1.2.iso"' burn "$n"
                cmp "$n.iso" "$n.2.iso"
                md5sum --strict -c "$n.2.iso.md5"
                [ -z "$(ls | grep -a part)" ]
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
    @Test func `Folders of tracks are called so, and so are their sheets`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let outcome = try await shell(
                """
                "$SPINDLE" virtual run --disc album.cue -- bash -c '
                    "$SPINDLE" rip -q "$1" --tracks wav && "$SPINDLE" verify -q $SPINDLE_DRIVE "$1"' rip "$n"
                [ -f "$n/$n.cue" ] && [ -f "$n/$n.m3u8" ] && [ "$(ls "$n" | wc -l)" = 5 ]
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}

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
                for format in ccd mds nrg; do
                    "$SPINDLE" convert -q "$n.iso" "$n.$format"
                    "$SPINDLE" verify -q "$n.$format" "$n.iso"
                done
                [ -f "$n.img" ] && [ -f "$n.mdf" ]
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

import Foundation
import TestSupport
import Testing

/// Discs that are mounted with an overlay that takes changes; the tests need `/dev/fuse`.
@Suite(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/fuse")))
struct OverlayTests {
    private static let edits = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixture/tree-edits.py").path

    /// What the scripts begin with: images of a tree, and words for what they do often.
    private static let beginning = """
        set -e
        export XDG_STATE_HOME="$PWD/state"
        edits() { python3 "\(edits)" "$@"; }
        serving() { "$SPINDLE" mount --list --json | tr '{' '\\n' | grep "$PWD/mnt\\"" | grep -o '"process":[0-9]*' | cut -d: -f2; }
        reason() { grep -o '"reason":"[a-z-]*"' | cut -d'"' -f4; }
        mkdir -p tree/folder/deep tree/empty mnt
        echo hello >tree/hello.txt
        ln tree/hello.txt tree/hard.txt
        seq 100000 >tree/folder/numbers
        head -c 700001 /dev/urandom >tree/folder/deep/noise
        ln -s ../hello.txt tree/folder/link
        printf y >tree/größe
        for i in 1 2 3 4 5 6; do mkdir tree/dir$i; seq $i >tree/dir$i/a; seq $i$i >tree/dir$i/b.txt; done
        find tree -exec touch -h -d @1000000000 {} +
        xorriso -as mkisofs -quiet -R -J -o plain.iso tree 2>/dev/null
        rm -rf plain && cp -a tree plain
        mount() { "$SPINDLE" mount -q --writable "$@" plain.iso mnt; }

        """

    /// Runs a script, and leaves nothing mounted behind.
    private func run(_ script: String, within seconds: Double = 120) async throws -> Outcome {
        let found = FoundOutcome()
        try await Scratch.use { scratch in
            try scratch.write(Data((Self.beginning + script).utf8), to: "script.sh")
            let outcome = try await scratch.run(["sh", "script.sh"], within: seconds)
            _ = try await scratch.run(
                ["sh", "-c", "umount -l mnt || fusermount3 -u -z mnt; true"],
                within: 10
            )
            await found.set(outcome)
        }
        return try #require(await found.outcome)
    }

    @Test func `Random edits make the same of a mount and of a directory, and so does the image`()
        async throws
    {
        let (rounds, count) = Soak.isOn ? (10, 100) : (4, 50)
        let outcome = try await run(
            """
            before=$(sha256sum <plain.iso)
            mount
            edits compare plain mnt
            for round in $(seq \(rounds)); do
                edits edit $round \(count) plain mnt
                edits compare plain mnt
                # A process that is killed has lost nothing, and the next mount goes on.
                kill -9 $(serving)
                mount
                edits compare plain mnt
            done
            "$SPINDLE" overlay diff mnt >diff
            test -s diff
            "$SPINDLE" overlay commit -q mnt --output new.iso --allow-loss
            "$SPINDLE" unmount -q mnt
            [ "$(sha256sum <plain.iso)" = "$before" ]
            "$SPINDLE" extract -q plain.iso --to old && diff -r --no-dereference tree old
            "$SPINDLE" mount -q new.iso mnt
            edits shown plain mnt
            """,
            within: Soak.isOn ? 900 : 240
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Directories within one whose name is not UTF-8 are committed`() async throws {
        let outcome = try await run(
            """
            mount
            for place in plain mnt; do
                odd="$place/$(printf '\\377')"
                mkdir -p "$odd/deep/er" && echo x >"$odd/deep/er/file"
                touch -d @1100000000 "$odd/deep/er/file" "$odd/deep/er" "$odd/deep" "$odd" $place
            done
            "$SPINDLE" overlay commit -q mnt --output new.iso
            "$SPINDLE" unmount -q mnt
            "$SPINDLE" mount -q new.iso mnt
            edits shown plain mnt
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Reads, writes and truncations of one file give what they give elsewhere`()
        async throws
    {
        let outcome = try await run(
            """
            mount
            edits write 1 \(Soak.isOn ? 5000 : 400) plain/folder/numbers mnt/folder/numbers
            edits write 2 200 plain/new mnt/new
            "$SPINDLE" unmount -q mnt
            mount
            cmp plain/folder/numbers mnt/folder/numbers
            cmp plain/new mnt/new
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Changes are listed, and dropped with consent`() async throws {
        let outcome = try await run(
            """
            mount
            "$SPINDLE" overlay diff mnt
            echo new >mnt/new.txt
            mkdir mnt/made && echo x >mnt/made/x
            echo more >>mnt/hello.txt
            chmod 600 mnt/folder/numbers
            mv mnt/dir1 mnt/made/dir1
            rm -r mnt/dir2
            rm mnt/größe
            "$SPINDLE" overlay diff mnt
            "$SPINDLE" overlay diff mnt --json >diff.json
            python3 - <<'END'
            import json
            found = json.load(open("diff.json"))
            assert [(f["path"], f["kind"], f.get("size")) for f in found["added"]] == [("made", "directory", None), ("made/x", "file", 2), ("new.txt", "file", 4)], found
            assert [(f["from"], f["path"]) for f in found["moved"]] == [("dir1", "made/dir1")], found
            assert [f["path"] for f in found["removed"]] == ["dir2", "größe"], found
            END
            code=0; "$SPINDLE" overlay discard mnt --json >out || code=$?
            [ $code = 4 ] && [ $(reason <out) = consent ]
            grep -q more mnt/hello.txt
            "$SPINDLE" overlay discard mnt --yes -q
            ! grep -q "$PWD/mnt " /proc/mounts
            code=0; "$SPINDLE" overlay diff mnt 2>/dev/null || code=$?
            [ $code = 1 ]
            mount
            diff -r --no-dereference tree mnt
            [ -z "$(ls state/spindle/overlays/*/files)" ]
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.lines.first == "Nothing was changed.")
        let told = [
            "added    new.txt", "added    made/", "removed  dir2/", "moved    dir1/ to made/dir1/",
            "changed  folder/numbers (permissions)",
        ]
        for line in told { #expect(outcome.lines.contains(line), "\(outcome)") }
    }

    @Test func `The disc's own image is replaced with consent, and the overlay is empty then`()
        async throws
    {
        let outcome = try await run(
            """
            mount
            echo new >mnt/new.txt; echo new >plain/new.txt
            rm mnt/hello.txt plain/hello.txt
            for place in mnt plain; do touch -d @1100000000 $place/new.txt $place; done
            code=0; "$SPINDLE" overlay commit mnt --json >out || code=$?
            [ $code = 4 ] && [ $(reason <out) = consent ]
            "$SPINDLE" overlay commit mnt --yes --json >out
            grep -q '"status":"verified"' out
            ! grep -q "$PWD/mnt " /proc/mounts
            [ -z "$(ls state/spindle/overlays)" ]
            mount
            edits shown plain mnt
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Changes become a further session of an image, a new one or the disc's own`()
        async throws
    {
        let outcome = try await run(
            """
            cp plain.iso old.iso; size=$(stat -c %s old.iso)
            mount
            echo new >mnt/new.txt; echo new >plain/new.txt
            echo more >>mnt/folder/numbers; echo more >>plain/folder/numbers
            rm mnt/hello.txt plain/hello.txt
            "$SPINDLE" overlay commit mnt --session --output new.iso --json >out
            grep -q '"status":"verified"' out
            cmp -n $size old.iso new.iso
            cmp old.iso plain.iso
            "$SPINDLE" extract -q new.iso --to first
            diff -r --no-dereference plain first
            # The mount is there still.
            echo second >mnt/second.txt; echo second >plain/second.txt
            code=0; "$SPINDLE" overlay commit mnt --session --json >out || code=$?
            [ $code = 4 ] && [ $(reason <out) = consent ] && [ -f mnt/second.txt ]
            "$SPINDLE" overlay commit mnt --session --yes --json >out
            grep -q '"status":"verified"' out
            ! grep -q "$PWD/mnt " /proc/mounts
            [ -z "$(ls state/spindle/overlays)" ]
            cmp -n $size old.iso plain.iso
            "$SPINDLE" extract -q plain.iso --to second
            diff -r --no-dereference plain second
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A commit that can't be made leaves the disc mounted`() async throws {
        let outcome = try await run(
            """
            refused() {
                code=0; "$SPINDLE" overlay commit mnt "$@" --yes --json >out || code=$?
                [ $code = 1 ]
                grep -q "$PWD/mnt " /proc/mounts
                [ "$(cat mnt/new.txt)" = new ]
            }
            mount
            # Nothing was changed yet.
            code=0; "$SPINDLE" overlay commit mnt --yes --json >out || code=$?
            [ $code = 1 ]
            grep -q "$PWD/mnt " /proc/mounts
            echo new >mnt/new.txt
            mv plain.iso away.iso
            refused
            [ "$(reason <out)" = no-source ]
            mv away.iso plain.iso
            cp -p plain.iso kept.iso; touch plain.iso
            refused
            [ "$(reason <out)" = source-changed ]
            refused --session
            touch -r kept.iso plain.iso
            "$SPINDLE" overlay commit mnt --yes -q
            ! grep -q "$PWD/mnt " /proc/mounts
            "$SPINDLE" unmount -q mnt 2>/dev/null && exit 9
            mkdir simple; echo x >simple/x; genisoimage -quiet -R -J -udf -o plain.iso simple
            mount --tree rock-ridge
            echo new >mnt/new.txt
            refused
            grep -q 'UDF tree' out
            "$SPINDLE" unmount -q mnt
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Changes of plain ISO 9660 beside Rock Ridge are refused, and nothing is unmounted`()
        async throws
    {
        let outcome = try await run(
            """
            mkdir -p small/docs; echo 1 >small/docs/one; genisoimage -quiet -R -J -o plain.iso small
            mount --tree iso
            echo new >mnt/DOCS/NEW.TXT
            for where in "--output new.iso" --yes; do
                code=0; "$SPINDLE" overlay commit mnt $where --json >out || code=$?
                [ $code = 1 ]
                [ "$(reason <out)" = loss ]
                grep -q 'not by those of its ISO 9660 tree' out
                [ ! -e new.iso ]
                [ -f mnt/DOCS/NEW.TXT ]
            done
            "$SPINDLE" overlay discard mnt --yes >/dev/null
            mount --tree joliet
            echo new >mnt/docs/new.txt
            "$SPINDLE" overlay commit mnt --output new.iso -q
            [ "$("$SPINDLE" list new.iso --tree rock-ridge | tr '\\n' ' ')" = "docs/ docs/new.txt docs/one " ]
            "$SPINDLE" unmount -q mnt
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A disc in a drive gets the changes as a further session`() async throws {
        let outcome = try await run(
            """
            "$SPINDLE" virtual create disc --medium dvd+r >/dev/null
            cat >inside.sh <<'END'
            set -e
            "$SPINDLE" burn plain.iso -q --keep-open
            "$SPINDLE" mount -q --writable $SPINDLE_DRIVE mnt
            echo new >mnt/new.txt; echo more >>mnt/folder/numbers; rm mnt/hello.txt
            code=0; "$SPINDLE" overlay commit mnt --output image.iso --json >out || code=$?
            [ $code = 1 ]
            [ ! -e image.iso ]
            code=0; "$SPINDLE" overlay commit mnt --json >out || code=$?
            [ $code = 4 ] && grep -q '"reason":"consent"' out && [ -f mnt/new.txt ]
            "$SPINDLE" overlay commit mnt --yes --json >out
            grep -q '"status":"verified"' out
            ! grep -q "$PWD/mnt " /proc/mounts
            [ -z "$(ls state/spindle/overlays)" ]
            END
            "$SPINDLE" virtual run --disc disc -- sh inside.sh
            echo new >plain/new.txt; echo more >>plain/folder/numbers; rm plain/hello.txt
            "$SPINDLE" extract -q disc --to out-disc
            diff -r --no-dereference plain out-disc
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    /// What burns an image onto a disc that stays open, and finds the sector that its next session begins with.
    private static let openDisc = """
        "$SPINDLE" virtual create disc --medium dvd+r >/dev/null
        "$SPINDLE" virtual run --disc disc -- sh -ec '"$SPINDLE" burn plain.iso -q --keep-open
            "$SPINDLE" info $SPINDLE_DRIVE --json >info'
        next=$(tr -d ' \\n' <info | grep -o '"next_writable":[0-9]*' | cut -d: -f2)
        [ "$next" -gt 0 ]

        """

    @Test func `A session that was found to differ is compared again`() async throws {
        let outcome = try await run(
            Self.openDisc + """
                cat >first.sh <<'END'
                set -e
                "$SPINDLE" mount -q --writable $SPINDLE_DRIVE mnt
                echo new >mnt/new.txt; echo more >>mnt/folder/numbers; rm mnt/hello.txt
                code=0; "$SPINDLE" overlay commit mnt --yes --json >out || code=$?
                cat out
                [ $code = 2 ] && grep -q '"status":"differs"' out
                grep -q "no longer mounted on $PWD/mnt" out
                grep -q "spindle mount --writable $SPINDLE_DRIVE $PWD/mnt" out
                ! grep -q "$PWD/mnt " /proc/mounts
                "$SPINDLE" overlay diff mnt >diff
                grep -q new.txt diff
                # It is no better now, and nothing is written without leave.
                code=0; "$SPINDLE" overlay commit mnt --yes --json >out || code=$?
                cat out
                [ $code = 1 ] && grep -q '"reason":"loss"' out
                END
                "$SPINDLE" virtual run --disc disc --fault "flip lba=$((next + 40)) bytes=3" -- sh first.sh
                cp disc bad
                cat >second.sh <<'END'
                set -e
                # The files that the overlay changes are those of before, with the changes.
                "$SPINDLE" mount -q --writable $SPINDLE_DRIVE mnt
                [ "$(cat mnt/new.txt)" = new ] && [ ! -e mnt/hello.txt ]
                "$SPINDLE" create -q image.iso mnt
                "$SPINDLE" overlay commit mnt --json >out
                cat out
                grep -q '"status":"verified"' out && grep -q '"session":2' out
                ! grep -q "$PWD/mnt " /proc/mounts
                [ -z "$(ls state/spindle/overlays)" ]
                END
                cp -a state kept
                "$SPINDLE" virtual run --disc disc -- sh second.sh
                ! "$SPINDLE" list disc --session 3 >/dev/null 2>&1
                echo new >plain/new.txt; echo more >>plain/folder/numbers; rm plain/hello.txt
                "$SPINDLE" extract -q disc --to out-disc
                diff -r --no-dereference plain out-disc
                "$SPINDLE" extract -q image.iso --to out-image
                diff -r --no-dereference plain out-image
                # Where it stays wrong, a further session takes its place.
                rm -rf state && mv kept state
                cat >third.sh <<'END'
                set -e
                "$SPINDLE" overlay commit mnt --yes --allow-loss --json >out
                cat out
                grep -q '"status":"verified"' out && grep -q '"session":3' out
                [ -z "$(ls state/spindle/overlays)" ]
                END
                "$SPINDLE" virtual run --disc bad --fault "flip lba=$((next + 40)) bytes=3" -- sh third.sh
                "$SPINDLE" extract -q bad --to out-bad
                diff -r --no-dereference plain out-bad
                """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A disc that held the changes at first is not written to without consent`()
        async throws
    {
        let outcome = try await run(
            Self.openDisc + """
                cat >first.sh <<'END'
                set -e
                "$SPINDLE" mount -q --writable $SPINDLE_DRIVE mnt
                echo new >mnt/new.txt; seq 5000 >mnt/folder/numbers
                "$SPINDLE" unmount -q mnt
                cp -a state kept
                "$SPINDLE" overlay commit $SPINDLE_DRIVE -q --yes
                rm -rf state; mv kept state
                END
                "$SPINDLE" virtual run --disc disc -- sh first.sh
                # The session is read once before the question would be asked, and once after it.
                cat >second.sh <<'END'
                code=0; "$SPINDLE" overlay commit $SPINDLE_DRIVE --allow-loss --json >out || code=$?
                cat out
                [ $code = 4 ] && grep -q '"reason":"consent"' out
                END
                "$SPINDLE" virtual run --disc disc --fault "read lba=$((next + 40)) after=1" -- sh second.sh
                ! "$SPINDLE" list disc --session 3 >/dev/null 2>&1
                # Where it is right both times, there is nothing to agree to.
                cat >third.sh <<'END'
                set -e
                "$SPINDLE" overlay commit $SPINDLE_DRIVE --allow-loss --json >out
                cat out
                grep -q 'Nothing was written' out
                END
                "$SPINDLE" virtual run --disc disc -- sh third.sh
                """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A burn that fails says that the mount is gone, and how it comes back`() async throws
    {
        let outcome = try await run(
            Self.openDisc + """
                cat >inside.sh <<'END'
                set -e
                "$SPINDLE" mount -q --writable --overlay changes $SPINDLE_DRIVE mnt
                echo new >mnt/new.txt
                code=0; "$SPINDLE" overlay commit mnt --yes --json >out || code=$?
                cat out
                [ $code != 0 ]
                grep -q "no longer mounted on $PWD/mnt" out
                grep -q "spindle mount --writable --overlay $PWD/changes $SPINDLE_DRIVE $PWD/mnt" out
                ! grep -q "$PWD/mnt " /proc/mounts
                [ -s changes/journal ]
                END
                "$SPINDLE" virtual run --disc disc --fault "write lba=$((next + 40))" -- sh inside.sh
                """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Changes of an earlier session of an image don't become changes of the last one`()
        async throws
    {
        let outcome = try await run(
            """
            echo more >more.txt
            "$SPINDLE" add -q --session plain.iso more.txt
            mount --session 1
            [ ! -e mnt/more.txt ]
            echo new >mnt/new.txt
            for option in --session --allow-loss; do
                code=0; "$SPINDLE" overlay commit mnt $option --output new.iso --json >out || code=$?
                cat out
                [ $code = 1 ] && [ ! -e new.iso ]
            done
            "$SPINDLE" unmount -q mnt
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `An overlay is mounted once, and only with the disc that it belongs to`()
        async throws
    {
        let outcome = try await run(
            """
            mkdir other
            mount --overlay changes
            echo new >mnt/new.txt
            code=0; "$SPINDLE" mount --writable --overlay changes plain.iso other --json >out || code=$?
            [ $code = 4 ] && [ $(reason <out) = in-use ]
            code=0; "$SPINDLE" overlay discard changes --yes --json >out || code=$?
            [ $code = 0 ]
            mount --overlay changes
            echo new >mnt/new.txt
            "$SPINDLE" unmount -q mnt
            code=0; "$SPINDLE" mount --writable --overlay tree plain.iso mnt --json >out || code=$?
            [ $code = 1 ] && [ $(reason <out) = output-exists ]
            code=0; "$SPINDLE" mount --writable --overlay changes --tree joliet plain.iso mnt --json >out || code=$?
            [ $code = 1 ] && [ $(reason <out) = source-changed ]
            touch plain.iso
            code=0; "$SPINDLE" mount --writable --overlay changes plain.iso mnt --json >out || code=$?
            [ $code = 1 ] && [ $(reason <out) = source-changed ]
            code=0; "$SPINDLE" mount --overlay changes plain.iso mnt 2>/dev/null || code=$?
            [ $code = 64 ]
            code=0; "$SPINDLE" mount --writable --tracks plain.iso mnt 2>/dev/null || code=$?
            [ $code = 64 ]
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A journal that was damaged is refused, and one that was cut off is gone on with`()
        async throws
    {
        let outcome = try await run(
            """
            mount --overlay changes
            for i in 1 2 3; do mkdir mnt/made$i; done
            "$SPINDLE" unmount -q mnt
            printf '0123456 half a li' >>changes/journal
            mount --overlay changes
            [ -d mnt/made3 ] && mkdir mnt/made4
            "$SPINDLE" unmount -q mnt
            mount --overlay changes
            [ -d mnt/made4 ]
            "$SPINDLE" unmount -q mnt
            sed -i 2s/made1/madeX/ changes/journal
            code=0; "$SPINDLE" mount --writable --overlay changes plain.iso mnt --json >out || code=$?
            [ $code = 1 ] && [ $(reason <out) = bad-source ]
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(.enabled(if: getuid() == 0))
    func `A full disk is told to the writer, and nothing is lost`() async throws {
        let outcome = try await run(
            """
            mkdir small
            /bin/mount -t tmpfs -o size=2m none small || exit 77
            trap 'umount -l mnt small' EXIT
            mount --overlay small/changes
            echo kept >mnt/kept.txt
            ! dd if=/dev/zero of=mnt/large bs=64k count=100 conv=fsync 2>error
            grep -q 'No space' error
            # A file of the disc that can't be copied stays as it was.
            ! dd if=/dev/zero of=mnt/folder/deep/noise bs=1 count=1 conv=notrunc 2>error
            grep -q 'No space' error
            cmp tree/folder/deep/noise mnt/folder/deep/noise
            [ "$(cat mnt/kept.txt)" = kept ]
            # What makes room can be done.
            rm mnt/large
            sync; sleep 1
            printf x | dd of=mnt/folder/deep/noise bs=1 conv=notrunc 2>/dev/null
            [ "$(head -c 1 mnt/folder/deep/noise)" = x ]
            kill -9 $(serving)
            mount --overlay small/changes
            [ "$(cat mnt/kept.txt)" = kept ] && [ ! -e mnt/large ]
            """
        )
        #expect(outcome.status == 0 || outcome.status == 77, "\(outcome)")
    }

    @Test func `Files that share their bytes are committed as the files that they are`()
        async throws
    {
        let outcome = try await run(
            """
            mkdir -p shared/p shared/q
            for name in p/one p/two q/three; do echo same >shared/$name; done
            chmod 600 shared/q/three
            xorriso -as mkisofs -quiet -R -o shared.iso shared 2>/dev/null
            python3 - <<'END'
            data = bytearray(open("shared.iso", "rb").read())
            # A directory record has its file's place 31 bytes before its name.
            one, two, three = (data.index(name) for name in (b"ONE.;1", b"TWO.;1", b"THREE.;1"))
            for record in (two, three):
                data[record - 31:record - 23] = data[one - 31:one - 23]
            open("shared.iso", "wb").write(data)
            END
            "$SPINDLE" mount -q --writable shared.iso mnt --uid 0 --gid 0 --umask 022
            echo changed >mnt/p/one
            [ "$(cat mnt/p/two)" = same ]
            rm mnt/p/one mnt/p/two
            echo 'work of a day' >mnt/q/three
            sync mnt/q/three
            "$SPINDLE" unmount -q mnt
            "$SPINDLE" mount -q --writable shared.iso mnt
            [ "$(cat mnt/q/three)" = 'work of a day' ]
            "$SPINDLE" overlay commit -q mnt --yes
            "$SPINDLE" mount -q shared.iso mnt
            [ "$(cat mnt/q/three)" = 'work of a day' ]
            [ -z "$(ls mnt/p)" ]
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `Power that fails takes nothing that was synced`() async throws {
        let outcome = try await run(
            """
            mount --overlay changes
            seq 1000 >mnt/kept; echo old >mnt/new; echo more >>mnt/folder/numbers
            sync mnt/kept mnt/new mnt/folder/numbers
            cp mnt/folder/numbers numbers
            size=$(stat -c %s changes/journal)
            mkdir mnt/made1 mnt/made2
            kill -9 $(serving)
            cp -a changes torn
            # The journal ends where it was synced; or a part after that did not reach the storage.
            truncate -s $size changes/journal
            printf '\\0\\0\\0\\0' | dd of=torn/journal bs=1 seek=$size conv=notrunc 2>/dev/null
            for overlay in changes torn; do
                "$SPINDLE" mount --writable --overlay $overlay plain.iso mnt >>said 2>&1
                seq 1000 | cmp - mnt/kept
                cmp numbers mnt/folder/numbers
                [ "$(cat mnt/new)" = old ] && [ ! -e mnt/made1 ] && [ ! -e mnt/made2 ]
                "$SPINDLE" unmount -q mnt
            done
            [ $(grep -c 'torn end' said) = 1 ] || { cat said; exit 3; }
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test(.enabled(if: getuid() == 0))
    func `A mount that a container has, too, is told of`() async throws {
        let outcome = try await run(
            """
            mount --overlay changes
            # It has this mount, and none of other tests.
            unshare -m sh -c 'cut -d" " -f2 /proc/mounts | grep "/spindle-test-.*/mnt$" |
                grep -v "^$PWD/" | xargs -r umount -l; exec sleep 60' &
            holder=$!
            sleep 1
            code=0; "$SPINDLE" unmount mnt --json >out || code=$?
            kill $holder
            cat out
            [ $code = 4 ] && [ $(reason <out) = in-use ]
            wait || true
            for try in 1 2 3 4 5 6 7 8; do
                if mount --overlay changes; then exit; fi
                sleep 0.5
            done
            exit 1
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `A journal that no mount wrote is refused, and nobody waits for it`() async throws {
        let outcome = try await run(
            """
            mount --overlay changes
            mkdir mnt/made
            "$SPINDLE" unmount -q mnt
            truncate -s 4T changes/journal
            code=0; mount --overlay changes --json >out || code=$?
            [ $code = 1 ] && [ $(reason <out) = bad-source ]
            """,
            within: 60
        )
        #expect(outcome.status == 0, "\(outcome)")
    }

    @Test func `What an open file was stays as long as it is open`() async throws {
        let outcome = try await run(
            """
            mount
            python3 - <<'END'
            import errno, os
            def fails(number, body):
                try:
                    body()
                except OSError as error:
                    assert error.errno == number, error
                else:
                    raise AssertionError(number)
            for name in ("mnt/hello.txt", "mnt/folder/numbers", "mnt/new"):
                file = os.open(name, os.O_RDWR | os.O_CREAT)
                os.pwrite(file, b"first", 0)
                for path in (name, "mnt/hard.txt"):
                    if os.path.exists(path):
                        os.unlink(path)
                os.pwrite(file, b"more", 5)
                assert os.pread(file, 9, 0) == b"firstmore"
                os.ftruncate(file, 3)
                assert os.fstat(file).st_size == 3 and os.fstat(file).st_nlink == 0
                os.close(file)
            os.mkdir("mnt/full")
            for i in range(3000):
                os.close(os.open(f"mnt/full/{i}", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            for entry in os.scandir("mnt/full"):
                os.unlink(entry.path)
            os.rmdir("mnt/full")
            fails(errno.ENAMETOOLONG, lambda: os.mkdir("mnt/" + "x" * 256))
            fails(errno.EPERM, lambda: os.mkfifo("mnt/pipe"))
            fails(errno.ENOTEMPTY, lambda: os.rmdir("mnt/folder"))
            fails(errno.EINVAL, lambda: os.rename("mnt/folder", "mnt/folder/deep/in"))
            fails(errno.EEXIST, lambda: os.open("mnt/größe", os.O_CREAT | os.O_EXCL))
            sparse = os.open("mnt/sparse", os.O_CREAT | os.O_WRONLY)
            os.pwrite(sparse, b"end", 1 << 34)
            os.fsync(sparse)
            assert os.fstat(sparse).st_blocks < 1000 and os.fstat(sparse).st_size == (1 << 34) + 3
            END
            sync
            sleep 1
            ls state/spindle/overlays/*/files | wc -l
            """
        )
        #expect(outcome.status == 0, "\(outcome)")
        #expect(outcome.lines.last?.trimmingCharacters(in: .whitespaces) == "1", "\(outcome)")
    }
}

/// An outcome that a closure hands out.
private actor FoundOutcome {
    private(set) var outcome: Outcome?

    func set(_ outcome: Outcome) { self.outcome = outcome }
}

import Foundation
import TestSupport
import Testing

/// Discs that are mounted with FUSE; the tests need `/dev/fuse`.
@Suite(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/fuse")))
struct MountTests {
    /// Makes a tree with what trees have, images of it, and an empty directory.
    private func make(in scratch: Scratch) async throws {
        let made = try await scratch.run(
            [
                "sh", "-c",
                """
                set -e
                mkdir -p tree/folder/deep tree/empty mnt
                echo hello >tree/hello.txt
                ln tree/hello.txt tree/hard.txt
                seq 100000 >tree/folder/numbers
                : >tree/folder/nothing
                head -c 3000000 /dev/zero >tree/zeros
                head -c 700001 /dev/urandom >tree/folder/deep/noise
                ln -s ../hello.txt tree/folder/link
                printf y >tree/größe
                chmod 750 tree/folder; chmod 640 tree/hello.txt
                genisoimage -quiet -R -J -udf -V T -o udf.iso tree
                xorriso -as mkisofs -quiet -R -J -o plain.iso tree 2>/dev/null
                xorriso -outdev zisofs.iso -zisofs level=6:block_size=32k -map tree / -set_filter_r --zisofs / -- -commit >/dev/null 2>&1
                """,
            ],
            within: 60
        )
        try #require(made.status == 0, "\(made)")
    }

    /// Runs a shell's script, and leaves nothing mounted behind.
    private func run(_ script: String, in scratch: Scratch, within seconds: Double = 90)
        async throws -> Outcome
    {
        let outcome = try await scratch.run(["sh", "-c", script], within: seconds)
        _ = try await scratch.run(
            ["sh", "-c", "umount -l mnt 2>/dev/null || fusermount3 -u -z mnt 2>/dev/null; true"],
            within: 10
        )
        return outcome
    }

    @Test func `A disc and a directory whose names are not UTF-8 are mounted and unmounted`()
        async throws
    {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                n=$(printf 'caf\\351'); mkdir "$n"; mv plain.iso "$n.iso"
                "$SPINDLE" mount -q "$n.iso" "$n" || exit 1
                diff -r --no-dereference tree "$n" || { umount -l "$n"; exit 2; }
                "$SPINDLE" mount --list >list
                "$SPINDLE" unmount "$n" || { umount -l "$n"; exit 3; }
                [ -z "$(ls -A "$n")" ] || exit 4
                grep -F 'caf\\xE9.iso on ' list || exit 5
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test(arguments: ["plain.iso", "udf.iso", "zisofs.iso", "raw.cue"])
    func `A mounted disc has the files that went in`(_ image: String) async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                [ \(image) != raw.cue ] || "$SPINDLE" convert -q plain.iso raw.cue || exit 1
                "$SPINDLE" mount --json \(image) mnt || exit 2
                diff -r --no-dereference tree mnt || exit 3
                [ "$(stat -c %i mnt/hello.txt)" = "$(stat -c %i mnt/hard.txt)" ] || exit 4
                [ "$(stat -c '%h %a' mnt/hello.txt) $(stat -c %a mnt/folder)" = "2 640 750" ] || exit 5
                for i in 1 2 3 4; do tar -C mnt -cf - . | tar -xf - -C "$(mktemp -d -p .)" & done; wait
                for copy in tmp.*; do diff -r --no-dereference tree "$copy" || exit 6; done
                "$SPINDLE" extract -q \(image) --to out && diff -r --no-dereference out mnt || exit 7
                ! touch mnt/new 2>/dev/null || exit 8
                "$SPINDLE" mount --list --json | grep -q '"state":"mounted"' || exit 9
                "$SPINDLE" unmount -q mnt || exit 10
                ! grep -q "$PWD/mnt " /proc/mounts
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("\"status\":\"done\""))
        }
    }

    @Test func `Random reads give what sequential reads give`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                "$SPINDLE" mount -q udf.iso mnt || exit 2
                python3 - <<'END'
                import os, random
                wanted = open("tree/folder/deep/noise", "rb").read()
                file = os.open("mnt/folder/deep/noise", os.O_RDONLY)
                random.seed(1)
                for _ in range(3000):
                    place, count = random.randrange(len(wanted) + 10), random.randrange(9000)
                    assert os.pread(file, count, place) == wanted[place:place + count], (place, count)
                END
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `A disc in use stays, and who uses it is named`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                "$SPINDLE" mount -q plain.iso mnt || exit 20
                tail -f mnt/hello.txt >/dev/null & user=$!
                sleep 0.5
                "$SPINDLE" unmount mnt --json; code=$?
                [ "$code" = 4 ] || exit 21
                "$SPINDLE" unmount -q --force mnt || exit 22
                kill $user
                ! grep -q "$PWD/mnt " /proc/mounts
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("\"reason\":\"in-use\""))
            #expect(outcome.output.contains("tail (process "))
        }
    }

    @Test func `A killed process leaves nothing behind after the next command`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                serving() { "$SPINDLE" mount --list --json | tr '{' '\\n' | grep "$PWD/mnt\\"" | grep -o '"process":[0-9]*' | cut -d: -f2; }
                "$SPINDLE" mount -q plain.iso mnt || exit 20
                ls -R mnt >/dev/null
                kill -9 $(serving); sleep 0.3
                ! cat mnt/hello.txt 2>/dev/null || exit 21
                # The next mount finds it, and takes its place.
                "$SPINDLE" mount udf.iso mnt || exit 22
                diff -r --no-dereference tree mnt || exit 23
                kill -9 $(serving); sleep 0.3
                "$SPINDLE" mount --list || exit 24
                ! grep -q "$PWD/mnt " /proc/mounts || exit 25
                "$SPINDLE" mount -q plain.iso mnt || exit 26
                kill $(serving); sleep 1
                ! grep -q "$PWD/mnt " /proc/mounts
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `A sector that can't be read is an error there, and nowhere else`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let listed = try await scratch.spindle("list", "plain.iso", "--json")
            let pattern = #/"path":"folder/deep/noise","sectors":\[\{"count":\d+,"start":(\d+)/#
            let start = try #require(
                listed.output.firstMatch(of: pattern).flatMap { Int($0.1) },
                "\(listed.output)"
            )
            try scratch.write(
                Data(
                    """
                    "$SPINDLE" mount -q $SPINDLE_DRIVE mnt || exit 20
                    cmp tree/folder/numbers mnt/folder/numbers || exit 21
                    python3 - <<'END' || exit 22
                    import os
                    wanted = open("tree/folder/deep/noise", "rb").read()
                    file = os.open("mnt/folder/deep/noise", os.O_RDONLY)
                    bad = []
                    for place in range(0, len(wanted), 2048):
                        try:
                            assert os.pread(file, 2048, place) == wanted[place:place + 2048]
                        except OSError:
                            bad.append(place // 2048)
                    # The kernel reads pages of 4096 bytes.
                    assert bad == [32, 33], bad
                    END
                    "$SPINDLE" unmount -q mnt
                    "$SPINDLE" eject -q
                    """.utf8
                ),
                to: "inside.sh"
            )
            let outcome = try await run(
                """
                exec "$SPINDLE" virtual run --disc plain.iso --fault "read lba=\(start + 33)" -- sh inside.sh
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `Tracks are files, and all trees are beside them`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            try Album.place(Album.mixed, in: scratch)
            let outcome = try await run(
                """
                "$SPINDLE" mount -q --tracks album.cue mnt || exit 20
                cmp data.iso mnt/session-1/track-01.iso || exit 21
                (cd mnt && find . -maxdepth 2 | sort)
                "$SPINDLE" extract -q album.cue --tree iso --to out || exit 22
                diff -r out mnt/session-1/iso || exit 23
                cp mnt/session-1/track-02.wav mnt/session-1/track-03.wav . || exit 24
                "$SPINDLE" unmount -q mnt
                "$SPINDLE" mount -q --tracks udf.iso mnt || exit 25
                cmp udf.iso mnt/session-1/track-01.iso || exit 26
                for tree in rock-ridge udf joliet iso; do
                    "$SPINDLE" extract -q udf.iso --tree $tree --to out-$tree || exit 27
                    diff -r --no-dereference out-$tree mnt/session-1/$tree || exit 28
                done
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines.contains("./session-1/track-02.wav"), "\(outcome)")
            let first = try scratch.bytes("track-02.wav")
            let second = try scratch.bytes("track-03.wav")
            #expect(first.prefix(4) == Data("RIFF".utf8))
            #expect(Int(first[40]) | Int(first[41]) << 8 | Int(first[42]) << 16 == first.count - 44)
            // Its pause of two seconds is in no file: the samples follow it.
            #expect(first.dropFirst(44) + second.dropFirst(44) == Album.sound)
        }
    }

    @Test func `What can't be mounted, or not there, is told in one sentence`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            func reason(_ arguments: String...) async throws -> (Int, String) {
                let outcome = try await scratch.run(
                    [Products.spindle] + arguments + ["--json"],
                    within: 20
                )
                let event = outcome.lines.last ?? ""
                let found = event.firstMatch(of: #/"reason":"([a-z-]+)"/#).map { String($0.1) }
                return (outcome.status, found ?? event)
            }
            #expect(try await reason("mount", "plain.iso", "nowhere") == (1, "output-error"))
            #expect(try await reason("mount", "plain.iso", "plain.iso") == (1, "output-error"))
            #expect(try await reason("mount", "plain.iso", "tree") == (1, "output-exists"))
            #expect(try await reason("mount", "nothing.iso", "mnt") == (1, "no-source"))
            #expect(try await reason("mount", "tree/zeros", "mnt") == (1, "bad-source"))
            #expect(try await reason("mount", "plain.iso", "mnt", "--tree", "hfs") == (64, "usage"))
            #expect(try await reason("unmount", "mnt") == (1, "not-mounted"))
            #expect(try await reason("unmount", "/proc") == (1, "not-mounted"))
            let usage = try await scratch.spindle("mount")
            #expect(usage.status == 64)
        }
    }

    @Test func `Each mount is told with its own process, wherever that was started`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                process() { "$SPINDLE" mount --list --json | tr '{' '\\n' | grep "$1\\"" | grep -o '"process":[0-9]*' | cut -d: -f2; }
                mkdir other other/mnt
                "$SPINDLE" mount -q plain.iso mnt || exit 20
                first=$(process $PWD/mnt)
                cd other
                "$SPINDLE" mount --foreground --json ../plain.iso mnt >events & server=$!
                for i in $(seq 100); do grep -q '"event":"result"' events && break; sleep 0.1; done
                cd ..
                [ "$(process $PWD/mnt)" = "$first" ] || exit 21
                [ "$(process $PWD/other/mnt)" = $server ] || exit 22
                "$SPINDLE" unmount other/mnt && wait $server && "$SPINDLE" unmount mnt
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `A process that is killed while it is asked leaves nothing behind`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                "$SPINDLE" mount -q plain.iso mnt || exit 20
                server=$("$SPINDLE" mount --list --json | tr '{' '\\n' | grep "$PWD/mnt\\"" | grep -o '"process":[0-9]*' | cut -d: -f2)
                # It no longer answers; the list asks it, and the question ends with it.
                kill -STOP $server
                "$SPINDLE" mount --list >list & list=$!
                sleep 1
                kill -9 $server
                wait $list || exit 21
                ! grep -q "$PWD/mnt " /proc/mounts
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test func `In the foreground it serves until a signal comes`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                "$SPINDLE" mount --foreground --json plain.iso mnt >events & server=$!
                for i in $(seq 100); do grep -q '"event":"result"' events && break; sleep 0.1; done
                cmp tree/folder/numbers mnt/folder/numbers || exit 21
                kill -TERM $server; wait $server || exit 22
                ! grep -q "$PWD/mnt " /proc/mounts
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }

    @Test(.enabled(if: getuid() == 0)) func `Users other than root mount as well`() async throws {
        try await Scratch.use { scratch in
            try await make(in: scratch)
            let outcome = try await run(
                """
                chmod 755 . ; chmod 644 plain.iso; chown nobody mnt
                as() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
                as "$SPINDLE" mount -q plain.iso mnt || exit 20
                [ "$(as stat -c '%U %a' mnt/hello.txt)" = "nobody 640" ] || exit 21
                [ "$(as cat mnt/hello.txt)" = hello ] || exit 22
                as "$SPINDLE" unmount -q mnt || exit 23
                as "$SPINDLE" mount -q --allow-other plain.iso mnt && exit 24
                ! grep -q "$PWD/mnt " /proc/mounts
                """,
                in: scratch
            )
            #expect(outcome.status == 0, "\(outcome)")
        }
    }
}

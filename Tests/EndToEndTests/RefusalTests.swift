import Foundation
import TestSupport
import Testing

/// What must not be written is not written, and the sentence names the cause.
@Suite struct RefusalTests {
    /// Something that can't be burned, and what is said about it.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        /// The disc in the drive; none where absent.
        var disc: Disc?
        /// What happens first in the drive.
        var before = "true"
        /// The arguments of `burn`.
        var arguments = "/usr/lib/ipxe/ipxe.iso"
        /// The exit code.
        var status = 4
        /// Words of the sentence.
        var words: [String]
        /// What the disc is afterwards.
        var state: String?

        enum Disc: Sendable {
            case blank(Medium)
            case pressed
        }

        var testDescription: String { name }
    }

    private static let refusals = [
        Refusal(name: "No disc", words: ["no disc", "/dev/sr0"], state: "none"),
        Refusal(
            name: "A closed CD-R",
            disc: .blank(.cdR),
            before: "cdrskin dev=$SPINDLE_DRIVE -sao /usr/lib/ipxe/ipxe.iso >log 2>&1",
            words: ["closed"],
            state: "complete"
        ),
        Refusal(
            name: "A closed DVD+R",
            disc: .blank(.dvdPlusR),
            before: "growisofs -dvd-compat -Z $SPINDLE_DRIVE=/usr/lib/ipxe/ipxe.iso >log 2>&1",
            words: ["closed"],
            state: "complete"
        ),
        Refusal(
            name: "An appendable CD-R",
            disc: .blank(.cdR),
            before: "cdrskin dev=$SPINDLE_DRIVE -multi -tao /usr/lib/ipxe/ipxe.iso >log 2>&1",
            words: ["already holds data", "made for sector 0", "Nothing was written"],
            state: "appendable"
        ),
        Refusal(
            name: "A pressed disc",
            disc: .pressed,
            words: ["can't be written"],
            state: "complete"
        ),
        Refusal(
            name: "A rehearsal on DVD+R",
            disc: .blank(.dvdPlusR),
            arguments: "--simulate /usr/lib/ipxe/ipxe.iso",
            words: ["simulate", "DVD+R"],
            state: "blank"
        ),
        Refusal(
            name: "A rehearsal on DVD+RW",
            disc: .blank(.dvdPlusRW),
            arguments: "--simulate /usr/lib/ipxe/ipxe.iso",
            words: ["simulate", "DVD+RW"],
            state: "blank"
        ),
        Refusal(
            name: "More than a CD-R takes",
            disc: .blank(.cdR),
            before: "truncate -s 900M big.img",
            arguments: "big.img",
            words: ["460800", "359846"],
            state: "blank"
        ),
        Refusal(
            name: "One sector more than a DVD+R takes",
            disc: .blank(.dvdPlusR),
            before: "truncate -s \(2048 * (Medium.dvdSectors + 1)) big.img",
            arguments: "big.img",
            words: ["\(Medium.dvdSectors + 1)", "\(Medium.dvdSectors)"],
            state: "blank"
        ),
        Refusal(
            name: "More than a DVD+RW takes",
            disc: .blank(.dvdPlusRW),
            before: "truncate -s 5G big.img",
            arguments: "big.img --yes",
            words: ["2621440", "\(Medium.dvdSectors)"],
            state: "blank"
        ),
        Refusal(
            name: "A source that is not there",
            disc: .blank(.cdR),
            arguments: "nowhere.iso",
            status: 1,
            words: ["nowhere.iso", "No such file"],
            state: "blank"
        ),
        Refusal(
            name: "An empty directory",
            disc: .blank(.cdR),
            before: "mkdir empty",
            arguments: "empty",
            status: 1,
            words: ["nothing to put", "a directory that holds something"],
            state: "blank"
        ),
        Refusal(
            name: "An empty file",
            disc: .blank(.cdR),
            before: ": >empty.iso",
            arguments: "empty.iso",
            status: 1,
            words: ["empty.iso", "is empty"],
            state: "blank"
        ),
        Refusal(
            name: "A truncated ISO",
            disc: .blank(.cdR),
            before: "head -c 1000000 /usr/lib/ipxe/ipxe.iso >cut.iso",
            arguments: "cut.iso",
            status: 1,
            words: ["truncated", "730560"],
            state: "blank"
        ),
        Refusal(
            name: "An unknown drive",
            disc: .blank(.cdR),
            arguments: "--drive /dev/sr7 /usr/lib/ipxe/ipxe.iso",
            words: ["no drive", "/dev/sr7"],
            state: "blank"
        ),
        Refusal(
            name: "A file as a drive",
            disc: .blank(.cdR),
            arguments: "--drive /etc/passwd /usr/lib/ipxe/ipxe.iso",
            words: ["/etc/passwd", "drive"],
            state: "blank"
        ),
        Refusal(
            name: "A device that is no drive",
            disc: .blank(.cdR),
            arguments: "--drive /dev/null /usr/lib/ipxe/ipxe.iso",
            words: ["/dev/null", "drive"],
            state: "blank"
        ),
    ]

    @Test(arguments: refusals)
    func `A burn is refused at once, and the cause is named`(refusal: Refusal) async throws {
        try Peers.require("cdrskin", "growisofs")
        try await Scratch.use { scratch in
            let script = """
                \(refusal.before) || exit 99
                timeout 10 "$SPINDLE" burn --json \(refusal.arguments)
                status=$?
                timeout 10 "$SPINDLE" info --json >info.json
                exit $status
                """
            let outcome: Outcome
            switch refusal.disc {
            case .blank(let medium):
                try await scratch.makeDisc(medium)
                outcome = try await scratch.withDrive("disc", run: script)
            case .pressed:
                outcome = try await scratch.withDrive("/usr/lib/ipxe/ipxe.iso", run: script)
            case nil:
                outcome = try await scratch.withDrive(run: script)
            }
            #expect(outcome.status == refusal.status, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "refused")
            #expect(result.exitCode == refusal.status)
            let sentences = try #require(result.sentences).joined(separator: " ")
            for word in refusal.words {
                #expect(sentences.contains(word), "“\(word)” is not in “\(sentences)”")
            }
            let info = try JSONDecoder.snake.decode(
                InfoDocument.self,
                from: scratch.bytes("info.json")
            )
            #expect(info.state == refusal.state)
        }
    }

    @Test(arguments: [Medium.cdR, .dvdPlusR, .dvdPlusRW])
    func `A dry run plans, refuses and names the question, and the disc stays as it is`(
        medium: Medium
    ) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn --json --dry-run /usr/lib/ipxe/ipxe.iso >plan || exit 91
                    "$SPINDLE" info --json >before.json || exit 92
                    "$SPINDLE" burn --quiet /usr/lib/ipxe/ipxe.iso || exit 93
                    sum=$(sha256sum <disc)
                    "$SPINDLE" burn --json --dry-run /usr/lib/ipxe/ipxe.iso >again
                    status=$?
                    [ "$sum" = "$(sha256sum <disc)" ] || exit 94
                    truncate -s 60G big.img
                    "$SPINDLE" burn --dry-run big.img && exit 95
                    exit $status
                    """
            )
            // A closed disc is refused by the plan; what can be overwritten is asked about.
            #expect(outcome.status == (medium == .dvdPlusRW ? 0 : 4), "\(outcome)")
            let plan = String(decoding: try scratch.bytes("plan"), as: UTF8.self)
            #expect(plan.contains(#""event":"plan""#))
            #expect(plan.contains("nothing was written"))
            #expect(!plan.contains(#""phase""#))
            let again = String(decoding: try scratch.bytes("again"), as: UTF8.self)
            #expect(again.contains("Overwrite them?") == (medium == .dvdPlusRW), "\(again)")
            let info = try JSONDecoder.snake.decode(
                InfoDocument.self,
                from: scratch.bytes("before.json")
            )
            #expect(info.state == "blank")
        }
    }

    @Test func `A busy drive is refused at once, and its holder is named`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    perl -e 'use Fcntl;
                        sysopen(F, $ENV{SPINDLE_DRIVE}, O_RDONLY|O_EXCL|O_NONBLOCK) or die $!;
                        open(G, ">holds"); close(G); sleep 30' &
                    holder=$!
                    until [ -e holds ]; do sleep 0.05; done
                    echo $holder
                    timeout 10 "$SPINDLE" burn --json /usr/lib/ipxe/ipxe.iso
                    status=$?
                    # A drive that burns must not be asked anything, and not be read.
                    for verb in info list "rip rip.iso --drive"; do
                        timeout 10 "$SPINDLE" $verb "$SPINDLE_DRIVE" 2>said && exit 96
                        grep -q busy said || exit 97
                    done
                    timeout 10 "$SPINDLE" drives | grep -q busy || exit 95
                    kill $holder
                    wait $holder
                    timeout 10 "$SPINDLE" info --json >info.json || exit 98
                    exit $status
                    """
            )
            #expect(outcome.status == 4, "\(outcome)")
            let holder = try #require(outcome.lines.first)
            let sentence = try #require(outcome.result().sentences?.first)
            #expect(sentence.contains("busy"))
            #expect(sentence.contains("perl (process \(holder))"), "\(sentence)")
            let info = try JSONDecoder.snake.decode(
                InfoDocument.self,
                from: scratch.bytes("info.json")
            )
            #expect(info.state == "blank")
        }
    }

    /// The command is copied, since the build's folder may be closed to that user.
    @Test func `Missing rights are named`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let program = URL(fileURLWithPath: Products.spindle).deletingLastPathComponent()
                .path
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    cp '\(program)/spindle' '\(program)/libCDriveInterposer.so' .
                    if [ "$(id -u)" = 0 ]; then
                        LD_PRELOAD=$PWD/libCDriveInterposer.so timeout 10 \
                            setpriv --reuid=65534 --regid=65534 --clear-groups \
                            ./spindle burn --json /usr/lib/ipxe/ipxe.iso
                    else
                        : >node
                        chmod 0 node
                        timeout 10 ./spindle burn --json --drive $PWD/node /usr/lib/ipxe/ipxe.iso
                    fi
                    """
            )
            #expect(outcome.status == 4, "\(outcome)")
            let sentence = try #require(outcome.result().sentences?.first)
            #expect(sentence.contains("may not use the drive"), "\(sentence)")
            #expect(sentence.contains("Permission denied"), "\(sentence)")
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test func `A truncated ISO is burned where that is wished`() async throws {
        try await Scratch.use { scratch in
            let cut = try Image.ipxe.place(in: scratch).prefix(1_000_000)
            try scratch.write(cut, to: "cut.iso")
            try await scratch.makeDisc(.cdR)
            let result = try await scratch.burn("cut.iso", "--allow-truncated")
            #expect(result.bytes == cut.count)
            #expect(try await result.sha256 == scratch.sha256("cut.iso"))
        }
    }

    @Test func `An image that fits to the last sector fits`() async throws {
        try await Scratch.use { scratch in
            try scratch.makeSparse(
                "full.img",
                size: 359_846 * 2048,
                beginning: Noise.bytes(2048, seed: 9)
            )
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: "exec \"$SPINDLE\" burn full.img --no-verify --json --progress none"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let info = try await scratch.info()
            #expect(info.state == "complete")
            #expect(info.sessions?.last?.leadOut == 359_846)
        }
    }

    /// libburn calls a DVD+RW blank whatever it holds.
    @Test func `Data on a DVD+RW are overwritten with consent only`() async throws {
        try await Scratch.use { scratch in
            let first = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.dvdPlusRW)
            try await scratch.burn(Image.ipxe.rawValue)
            let refused = try await scratch.withDrive(
                "disc",
                run: "exec timeout 10 \"$SPINDLE\" burn --json '\(Image.memtest64.rawValue)'"
            )
            #expect(refused.status == 4, "\(refused)")
            #expect(try refused.result().status == "refused")
            #expect(try refused.result().sentences?.first?.contains("holds data") == true)
            try await scratch.rip()
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: first) == nil)

            let second = try Image.memtest64.place(in: scratch)
            try await scratch.burn(Image.memtest64.rawValue, "--yes")
            try await scratch.rip(to: "second.iso")
            let owed = try #require(
                Image.memtest64.owed(second, Recording(medium: .dvdPlusRW))
            )
            #expect(try firstDifference(of: scratch.bytes("second.iso"), from: owed) == nil)
        }
    }

    /// Noise has no file system that would show that there are data.
    @Test func `Data without a file system are data too`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeNoiseDisc("dvd+rw")
            let refused = try await scratch.withDrive(
                "disc",
                run: "exec timeout 10 \"$SPINDLE\" burn --json /usr/lib/ipxe/ipxe.iso"
            )
            #expect(refused.status == 4, "\(refused)")
        }
    }

    @Test func `A rip without a disc, and of a blank one, is refused`() async throws {
        try await Scratch.use { scratch in
            let empty = try await scratch.withDrive(
                run: "exec timeout 10 \"$SPINDLE\" rip x.iso --json"
            )
            #expect(empty.status == 4, "\(empty)")
            #expect(try empty.result().sentences?.first?.contains("no disc") == true)
            try await scratch.makeDisc(.dvdPlusR)
            let blank = try await scratch.withDrive(
                "disc",
                run: "exec timeout 10 \"$SPINDLE\" rip x.iso --json"
            )
            #expect(blank.status == 4, "\(blank)")
            #expect(try blank.result().sentences?.first?.contains("blank") == true)
            #expect(!scratch.has("x.iso"))
            #expect(!scratch.has("x.iso.part"))
        }
    }

    @Test func `A rip replaces no file unasked`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Data("precious".utf8), to: "x.iso")
            let refused = try await scratch.withDrive(
                "/usr/lib/ipxe/ipxe.iso",
                run: "exec \"$SPINDLE\" rip x.iso --json"
            )
            #expect(refused.status == 1, "\(refused)")
            #expect(try scratch.text("x.iso") == "precious")
            let agreed = try await scratch.withDrive(
                "/usr/lib/ipxe/ipxe.iso",
                run: "exec \"$SPINDLE\" rip x.iso --force --json"
            )
            #expect(agreed.status == 0, "\(agreed)")
            #expect(
                try firstDifference(of: scratch.bytes("x.iso"), from: Image.ipxe.place(in: scratch))
                    == nil
            )
        }
    }

    @Test func `A file is no drive, and says so`() async throws {
        try await Scratch.use { scratch in
            try scratch.makeSparse("a.img", size: 1 << 20, beginning: Noise.bytes(4096, seed: 1))
            let outcome = try await scratch.spindle("rip", "b.iso", "--drive", "a.img")
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.errors.contains("a.img is not a drive"))
        }
    }

    @Test func `What is verified has to be there`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle("verify", "nothing.iso")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("can't be found"))
        }
    }

    @Test func `Options for files are not passed over where an image is burned`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.dvdPlusR)
            for option in ["--volume NAME", "--exclude x", "--boot x", "--udf 1.02", "--acls"] {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: "exec \"$SPINDLE\" burn \(Image.ipxe.rawValue) \(option) --dry-run"
                )
                #expect(outcome.status == 64, "\(outcome)")
                let words = "\(option.prefix { $0 != " " }) is for directories and files"
                #expect(outcome.errors.contains(words), "\(outcome)")
            }
            let gap = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn \(Image.ipxe.rawValue) --gap 2 --dry-run"
            )
            #expect(gap.status == 0 && gap.errors.contains("--gap changes nothing"), "\(gap)")
        }
    }
}

import Foundation
import TestSupport
import Testing

/// Sessions behind others, by Spindle and by its peers, on every kind of disc that has them.
@Suite struct SessionTests {
    /// A disc that takes sessions, and how its first one is written.
    struct Disc: Sendable, CustomTestStringConvertible {
        var medium: String
        var options = ""
        /// The mode of the first session.
        var mode: String

        var testDescription: String { "\(medium) \(mode)" }
    }

    static let discs = [
        Disc(medium: "cd-r", mode: "sao"),
        Disc(medium: "cd-rw", options: "--mode tao", mode: "tao"),
        Disc(medium: "dvd-r", mode: "incremental"), Disc(medium: "dvd-rw", mode: "incremental"),
        Disc(medium: "dvd+r", mode: "incremental"), Disc(medium: "dvd+r-dl", mode: "incremental"),
        Disc(medium: "bd-r", mode: "incremental"),
    ]

    /// The shell's words that make two trees, and an image of the first.
    private static let trees = """
        set -e
        mkdir -p one two
        head -c 300000 /dev/urandom >one/first.bin
        head -c 500000 /dev/urandom >two/second.bin
        xorriso -as mkisofs -quiet -R -V ONE -o one.iso one 2>log

        """

    /// The words that make an image of both for the place that Spindle names.
    private static let appendix = """
        "$SPINDLE" info --json >open.json
        next=$(sed 's/.*"next_writable":\\([0-9]*\\).*/\\1/' open.json)
        last=$(sed 's/.*"start":\\([0-9]*\\).*/\\1/' open.json)
        genisoimage -quiet -R -V TWO -C $last,$next -M $SPINDLE_DRIVE -o two.iso two 2>>log

        """

    @Test(arguments: discs)
    func `A session is added, and all tools see both`(disc: Disc) async throws {
        try Peers.require("xorriso", "cdrskin", "genisoimage", "cd-info")
        try await Scratch.use { scratch in
            try await scratch.make(disc.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: Self.trees + """
                    "$SPINDLE" burn one.iso --json --keep-open \(disc.options) >one.json

                    """ + Self.appendix + """
                        "$SPINDLE" burn two.iso --json >two.json
                        "$SPINDLE" info --json >closed.json
                        xorriso -indev $SPINDLE_DRIVE -toc -find / -type f >toc 2>&1
                        cdrskin dev=$SPINDLE_DRIVE -minfo >minfo 2>&1
                        xorriso -osirrox on -indev $SPINDLE_DRIVE -extract / out >>log 2>&1
                        cmp one/first.bin out/first.bin
                        cmp two/second.bin out/second.bin
                        """
            )
            let log = try scratch.text("log")
            try #require(outcome.status == 0, "\(outcome) \(log)")
            let first = try Self.events(scratch, "one.json")
            #expect(first.first?.writeMode == disc.mode)
            #expect(first.first?.writeModeReason?.isEmpty == false)
            #expect(first.first?.keepsOpen == true)
            #expect(first.last?.status == "verified")
            #expect(first.last?.discState == "appendable")
            #expect(first.last?.sentences?.contains { $0.contains("stays open") } == true)
            let open = try Self.document(scratch, "open.json")
            #expect(open.state == "appendable")
            #expect(open.sessions?.count == 1)
            let second = try Self.events(scratch, "two.json")
            let result = try #require(second.last)
            #expect(result.status == "verified")
            #expect(result.discState == "complete")
            #expect(result.session == 2)
            #expect(result.start == open.nextWritable)
            #expect(second.first?.start == open.nextWritable)
            #expect(try await result.sha256 == scratch.sha256("two.iso"))
            let closed = try Self.document(scratch, "closed.json")
            #expect(closed.sessions?.map(\.number) == [1, 2])
            #expect(closed.sessions?.last?.tracks.first?.start == open.nextWritable)
            let toc = try scratch.text("toc")
            #expect(toc.contains("'/first.bin'") && toc.contains("'/second.bin'"))
            let sessions = toc.split(separator: "\n").filter { $0.hasPrefix("ISO session  :") }
            #expect(sessions.count == 2, "\(toc)")
            #expect(
                sessions.last?.contains(" \(open.nextWritable ?? -1) ") == true,
                "\(sessions)"
            )
        }
    }

    /// A disc that a peer began, Spindle goes on with; and a peer goes on with Spindle's.
    @Test(arguments: ["cd-r", "dvd-rw", "dvd+r", "bd-r"], [true, false])
    func `Spindle and cdrskin add to each other's discs`(medium: String, peerIsFirst: Bool)
        async throws
    {
        try Peers.require("cdrskin", "genisoimage")
        try await Scratch.use { scratch in
            try await scratch.make(medium)
            let peer = "cdrskin dev=$SPINDLE_DRIVE -multi -tao"
            let spindle = "\"$SPINDLE\" burn --keep-open --json"
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: Self.trees + """
                    \(peerIsFirst ? peer : spindle) one.iso >one.out 2>>log

                    """ + Self.appendix + """
                        cdrskin dev=$SPINDLE_DRIVE -msinfo >msinfo 2>>log
                        \(peerIsFirst ? spindle : peer) two.iso >two.out 2>>log
                        "$SPINDLE" info --json >after.json
                        "$SPINDLE" extract $SPINDLE_DRIVE --to out >>log 2>&1
                        cmp one/first.bin out/first.bin
                        cmp two/second.bin out/second.bin
                        """
            )
            let log = try scratch.text("log")
            try #require(outcome.status == 0, "\(outcome) \(log)")
            if peerIsFirst {
                let result = try #require(try Self.events(scratch, "two.out").last)
                #expect(result.status == "verified")
                #expect(result.session == 2)
            }
            let after = try Self.document(scratch, "after.json")
            #expect(after.sessions?.map(\.number) == [1, 2])
            #expect(after.state == "appendable")
        }
    }

    /// A third session, and one of an image that has no addresses: noise.
    @Test(arguments: ["cd-r", "dvd-r", "bd-r"])
    func `Noise is added without a question, again and again`(medium: String) async throws {
        try await Scratch.use { scratch in
            _ = try Image.noise.place(in: scratch)
            try await scratch.make(medium)
            for session in 1...3 {
                let options = session < 3 ? "--keep-open" : ""
                let result = try await scratch.burn(Image.noise.rawValue, options)
                #expect(result.session == (session > 1 ? session : nil))
                #expect(result.discState == (session < 3 ? "appendable" : "complete"))
            }
            #expect(try await scratch.info().sessions?.count == 3)
        }
    }

    /// An image whose addresses count from sector 0 is of no use behind others, and the other way round.
    @Test func `An image for another place needs a yes, from a pipe, too`() async throws {
        try Peers.require("xorriso", "genisoimage")
        try await Scratch.use { scratch in
            try await scratch.make("cd-r")
            try await scratch.make("dvd+r", "other")
            let outcome = try await scratch.withDrive(
                "disc",
                "other",
                within: 120,
                run: Self.trees + """
                    "$SPINDLE" burn one.iso --quiet --keep-open --drive $SPINDLE_DRIVE_1
                    export SPINDLE_DRIVE=$SPINDLE_DRIVE_1

                    """ + Self.appendix + """
                        set +e
                        "$SPINDLE" burn one.iso --json >refused.json
                        echo $? >codes
                        "$SPINDLE" burn - --json <one.iso >piped.json
                        echo $? >>codes
                        "$SPINDLE" burn two.iso --json --drive $SPINDLE_DRIVE_2 >lone.json
                        echo $? >>codes
                        "$SPINDLE" info --json >between.json
                        "$SPINDLE" burn - --json --yes <one.iso >agreed.json
                        echo $? >>codes
                        """
            )
            try #require(outcome.status == 0, "\(outcome)")
            #expect(try scratch.text("codes") == "4\n4\n4\n0\n")
            for name in ["refused.json", "piped.json", "lone.json"] {
                let result = try #require(try Self.events(scratch, name).last)
                #expect(result.status == "refused" && result.reason == "consent", "\(name)")
            }
            #expect(try Self.document(scratch, "between.json").sessions?.count == 1)
            #expect(try Self.events(scratch, "agreed.json").last?.status == "verified")
        }
    }

    /// What can be written anywhere is grown by a volume that was made for a place on it.
    @Test(arguments: ["dvd+rw", "dvd-ram", "bd-re"])
    func `A rewritable disc is grown in place`(medium: String) async throws {
        try Peers.require("xorriso", "genisoimage")
        try await Scratch.use { scratch in
            try await scratch.make(medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: Self.trees + """
                    "$SPINDLE" burn one.iso --quiet
                    genisoimage -quiet -R -V TWO -C 0,4096 -M $SPINDLE_DRIVE -o two.iso two 2>>log
                    "$SPINDLE" burn two.iso --json >two.json
                    "$SPINDLE" info --json >info.json
                    xorriso -osirrox on -indev $SPINDLE_DRIVE -extract / out >>log 2>&1
                    cmp one/first.bin out/first.bin
                    cmp two/second.bin out/second.bin
                    rm -r out
                    "$SPINDLE" extract $SPINDLE_DRIVE --to out >>log 2>&1
                    cmp one/first.bin out/first.bin
                    cmp two/second.bin out/second.bin
                    dd if=$SPINDLE_DRIVE bs=2048 count=16 of=area 2>>log
                    cmp -n 32768 one.iso area
                    """
            )
            let log = try scratch.text("log")
            try #require(outcome.status == 0, "\(outcome) \(log)")
            let result = try #require(try Self.events(scratch, "two.json").last)
            #expect(result.status == "verified")
            #expect(result.start == 4096)
            #expect(result.sentences?.contains { $0.contains("shows the new volume") } == true)
            #expect(try Self.document(scratch, "info.json").content?.volumeIdentifier == "TWO")
        }
    }

    /// A disc with a file, to which another one is added in a drive with a fault, and then once more.
    private func addTwice(_ medium: String, fault: String, in scratch: Scratch) async throws -> (
        sentences: String, again: Outcome
    ) {
        try scratch.write(Noise.bytes(1400 * 2048, seed: 3), to: "one")
        try scratch.write(Noise.bytes(4000 * 2048, seed: 4), to: "two")
        try await scratch.make(medium)
        let first = try await scratch.withDrive(
            "disc",
            run: "exec \"$SPINDLE\" burn one --no-audio --keep-open --no-verify --quiet"
        )
        try #require(first.status == 0, "\(first)")
        let again = try await scratch.withDrive(
            "disc",
            faults: [fault],
            within: 120,
            run: """
                "$SPINDLE" add $SPINDLE_DRIVE two --json >failed
                test $? = 1 || exit 98
                exec "$SPINDLE" add $SPINDLE_DRIVE two --json
                """
        )
        let failed = try #require(try Self.events(scratch, "failed").last)
        return ((failed.sentences ?? []).joined(separator: " "), again)
    }

    @Test func `A session of which nothing came to the disc costs no disc`() async throws {
        try await Scratch.use { scratch in
            let (said, again) = try await addTwice(
                "dvd+r",
                fault: "hang command=2A count=1",
                in: scratch
            )
            #expect(said.contains("another one can follow") && !said.contains("spoilt"), "\(said)")
            #expect(again.status == 0, "\(again)")
        }
    }

    @Test func `No session is said to be able to follow one that was begun`() async throws {
        try await Scratch.use { scratch in
            let (said, again) = try await addTwice(
                "dvd+r",
                fault: "hang command=2A after=60 count=1",
                in: scratch
            )
            #expect(!said.contains("another one can follow"), "\(said)")
            #expect(again.status == 4, "\(again)")
        }
    }

    @Test func `A volume that came to the disc and is not shown is not called ready`()
        async throws
    {
        try await Scratch.use { scratch in
            let (said, again) = try await addTwice("dvd+rw", fault: "close count=1", in: scratch)
            #expect(said.contains("shows what it showed before"), "\(said)")
            #expect(again.status == 0, "\(again)")
        }
    }

    @Test func `Data are put at a sector that is asked for, and the rest stays`() async throws {
        try await Scratch.use { scratch in
            let noise = try Image.noise.place(in: scratch)
            try await scratch.make("dvd+rw")
            try await scratch.burn(Image.ipxe.rawValue)
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn noise.img --at 1001 --json; test $? = 4 || exit 1
                    "$SPINDLE" burn noise.img --at 32 --json >held; test $? = 4 || exit 2
                    grep -q '"reason":"consent"' held || exit 3
                    "$SPINDLE" burn noise.img --at 8000 --json || exit 4
                    dd if=$SPINDLE_DRIVE bs=2048 skip=8000 count=1500 of=there 2>/dev/null
                    dd if=$SPINDLE_DRIVE bs=2048 count=512 of=before 2>/dev/null
                    """
            )
            try #require(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().start == 8000)
            #expect(try firstDifference(of: scratch.bytes("there"), from: noise) == nil)
            let image = try Image.ipxe.place(in: scratch).prefix(512 * 2048)
            #expect(
                try firstDifference(of: scratch.bytes("before").prefix(image.count), from: image)
                    == nil
            )
        }
    }

    static func events(_ scratch: Scratch, _ name: String) throws -> [Event] {
        try scratch.text(name).split(separator: "\n").map { try Event(String($0)) }
    }

    static func document(_ scratch: Scratch, _ name: String) throws -> InfoDocument {
        try JSONDecoder.snake.decode(InfoDocument.self, from: scratch.bytes(name))
    }
}

/// Modes are used or refused, and explained.
@Suite struct ModeTests {
    /// A disc, a mode that is asked for, and what becomes of it.
    struct Wish: Sendable, CustomTestStringConvertible {
        var medium: String
        var options: String
        /// What is done in the drive first.
        var before = "true"
        /// The plan's mode; `nil` if it is refused.
        var mode: String?
        /// A word of the reason, or of the refusal.
        var word: String

        var testDescription: String { "\(medium) \(options)" }
    }

    private static let wishes = [
        Wish(medium: "cd-r", options: "--mode auto", mode: "sao", word: "ends with the data"),
        Wish(medium: "cd-r", options: "--mode dao", mode: "sao", word: "asked for"),
        Wish(medium: "cd-r", options: "--mode tao", mode: "tao", word: "asked for"),
        Wish(medium: "cd-r", options: "--mode incremental", word: "packets"),
        Wish(medium: "cd-r", options: "--mode dao --keep-open", word: "can't stay open"),
        Wish(medium: "dvd-r", options: "", mode: "incremental", word: "drive offers it"),
        Wish(medium: "dvd-r", options: "--mode dao", mode: "dao", word: "asked for"),
        Wish(medium: "dvd-r", options: "--mode sao --keep-open", word: "can't stay open"),
        Wish(medium: "dvd-r-dl", options: "--keep-open", word: "can't stay open"),
        Wish(
            medium: "dvd-rw",
            options: "",
            before: "\"$SPINDLE\" burn noise.img --quiet && \"$SPINDLE\" blank --yes --quiet",
            mode: "dao",
            word: "quick blank"
        ),
        Wish(
            medium: "dvd-rw",
            options: "--mode incremental",
            before: "\"$SPINDLE\" burn noise.img --quiet && \"$SPINDLE\" blank --yes --quiet",
            word: "quick blank"
        ),
        Wish(medium: "dvd+r", options: "--mode dao", word: "disc at once"),
        Wish(medium: "dvd+rw", options: "--mode tao", word: "no write modes"),
        Wish(medium: "dvd+rw", options: "", mode: "overwrite", word: "any order"),
        Wish(medium: "bd-r", options: "--mode incremental", mode: "incremental", word: "no other"),
        Wish(medium: "bd-re", options: "--defect-management off", mode: "overwrite", word: "any"),
        Wish(medium: "bd-re", options: "--defect-management on", mode: "overwrite", word: "any"),
        Wish(medium: "dvd-r", options: "--defect-management on", word: "no defect management"),
        Wish(medium: "bd-r", options: "--defect-management on", word: "no spare area"),
        Wish(medium: "cd-r", options: "--at 1000", word: "written in order"),
    ]

    @Test(arguments: wishes)
    func `A mode is used or refused`(wish: Wish) async throws {
        try await Scratch.use { scratch in
            let noise = try Image.noise.place(in: scratch)
            try await scratch.make(wish.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    \(wish.before) || exit 99
                    "$SPINDLE" burn noise.img --json \(wish.options)
                    code=$?
                    dd if=$SPINDLE_DRIVE bs=2048 count=1500 of=back 2>/dev/null
                    exit $code
                    """
            )
            let events = try outcome.events()
            let result = try #require(events.last)
            guard let mode = wish.mode else {
                #expect(outcome.status == 4, "\(outcome)")
                #expect(result.status == "refused")
                #expect(result.sentences?.joined().contains(wish.word) == true, "\(outcome)")
                return
            }
            #expect(outcome.status == 0, "\(outcome)")
            #expect(events.first?.writeMode == mode)
            #expect(events.first?.writeModeReason?.contains(wish.word) == true, "\(outcome)")
            #expect(result.status == "verified")
            #expect(try firstDifference(of: scratch.bytes("back"), from: noise) == nil)
        }
    }
}

import Foundation
import TestSupport
import Testing

/// Other people's readers: what Spindle burned, they read.
@Suite struct PeerReadTests {
    /// A reader.
    struct Reader: Sendable, CustomTestStringConvertible {
        var program: String
        /// What it is told, to read all; the image goes to `read.img`.
        var command: String
        /// What it is told to read the front of a disc alone; absent where it reads CDs only.
        var front: String?

        var testDescription: String { command }
    }

    private static let readers = [
        Reader(
            program: "dd",
            command: "dd if=$SPINDLE_DRIVE of=read.img bs=64k",
            front: "dd if=$SPINDLE_DRIVE of=read.img bs=64k count=32"
        ),
        Reader(
            program: "dd",
            command: "dd if=$SPINDLE_DRIVE of=read.img bs=2048",
            front: "dd if=$SPINDLE_DRIVE of=read.img bs=2048 count=1024"
        ),
        Reader(
            program: "dd",
            command: "dd if=$SPINDLE_DRIVE of=read.img bs=2048 iflag=direct",
            front: "dd if=$SPINDLE_DRIVE of=read.img bs=2048 iflag=direct count=1024"
        ),
        Reader(
            program: "cat",
            command: "cat $SPINDLE_DRIVE >read.img",
            front: "head -c 2097152 $SPINDLE_DRIVE >read.img"
        ),
        Reader(
            program: "cat",
            command: "cat <$SPINDLE_DRIVE >read.img",
            front: "head -c 2097152 <$SPINDLE_DRIVE >read.img"
        ),
        Reader(
            program: "ddrescue",
            command: "ddrescue -b 2048 $SPINDLE_DRIVE read.img read.map",
            front: "ddrescue -b 2048 -s 2097152 $SPINDLE_DRIVE read.img read.map"
        ),
        Reader(
            program: "ddrescue",
            command: "ddrescue -d -b 2048 $SPINDLE_DRIVE read.img read.map",
            front: "ddrescue -d -b 2048 -s 2097152 $SPINDLE_DRIVE read.img read.map"
        ),
        Reader(
            program: "readom",
            command: "readom dev=$SPINDLE_DRIVE f=read.img",
            front: "readom dev=$SPINDLE_DRIVE f=read.img sectors=0-1024"
        ),
        Reader(
            program: "cdrdao",
            command: "cdrdao read-cd --device $SPINDLE_DRIVE --datafile read.img read.toc"
        ),
        Reader(
            program: "xorriso",
            command: xorriso,
            front: xorriso
        ),
    ]

    private static let xorriso =
        "xorriso -indev $SPINDLE_DRIVE "
        + "-check_media data_to=read.img use=indev min_lba=0 max_lba=1023 --"

    @Test(arguments: readers, Medium.allCases)
    func `What Spindle burned, peers read`(reader: Reader, medium: Medium) async throws {
        try Peers.require(reader.program)
        let isFrontOnly = medium == .dvdPlusRW
        guard medium.isCD || reader.front != nil else { return }
        let command = isFrontOnly ? reader.front ?? "" : reader.command
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(medium)
            try await scratch.burn(Image.ipxe.rawValue, "--no-verify", status: "done")
            let outcome = try await scratch.withDrive("disc", run: "exec \(command)")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try firstDifference(of: scratch.bytes("read.img"), from: source) == nil)
        }
    }

    /// The system sees a rewritable disc as large as its format is.
    @Test func `A whole DVD+RW is read to its end`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusRW)
            try await scratch.burn(Image.ipxe.rawValue, "--no-verify", status: "done")
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: "dd if=$SPINDLE_DRIVE bs=1M | wc -c"
            )
            #expect(
                outcome.output == "\(Medium.dvdSectors * 2048)\n",
                "\(outcome)"
            )
        }
    }

    /// Run-out lies at the end, and the system's read-ahead runs into it.
    @Test(arguments: [
        "dd if=$SPINDLE_DRIVE of=read.img bs=2048 count=1024",
        "ddrescue -b 2048 $SPINDLE_DRIVE read.img read.map",
        "readom dev=$SPINDLE_DRIVE f=read.img sectors=0-1024",
    ])
    func `A track written at once is read up to its run-out`(command: String) async throws {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn(Image.ipxe.rawValue, "--mode tao")
            let outcome = try await scratch.withDrive("disc", run: "exec \(command)")
            #expect(outcome.status == 0, "\(outcome)")
            #expect(
                try firstDifference(
                    of: scratch.bytes("read.img").prefix(source.count),
                    from: source
                ) == nil
            )
        }
    }

    /// A question that a peer answers, with what its answer has to contain.
    struct Question: Sendable, CustomTestStringConvertible {
        var medium: Medium
        var command: String
        var answers: [String]

        var testDescription: String { "\(medium.rawValue): \(command)" }
    }

    private static let questions = [
        Question(
            medium: .cdR,
            command: "cd-info -C $SPINDLE_DRIVE --no-device-info --no-cddb",
            answers: [
                "Disc mode is listed as: CD-DATA (Mode 1)", "ISO 9660: 845 blocks", "ISOIMAGE",
            ]
        ),
        Question(
            medium: .cdRW,
            command: "cd-info -C $SPINDLE_DRIVE --no-device-info --no-cddb",
            answers: ["ISO 9660: 845 blocks", "ISOIMAGE"]
        ),
        Question(
            medium: .cdR,
            command: "cdrdao disk-info --device $SPINDLE_DRIVE",
            answers: [
                "CD-RW                : no", "CD-R empty           : no",
                "Sessions             : 1", "Appendable           : no",
            ]
        ),
        Question(
            medium: .cdRW,
            command: "cdrdao disk-info --device $SPINDLE_DRIVE",
            answers: ["CD-RW                : yes", "Sessions             : 1"]
        ),
        Question(
            medium: .cdR,
            command: "cdrdao read-toc --device $SPINDLE_DRIVE read.toc && cat read.toc",
            answers: ["TRACK MODE1", "00:13:49"]
        ),
        Question(
            medium: .cdR,
            command: "wodim dev=$SPINDLE_DRIVE -toc",
            answers: ["first: 1 last 1", "lba:      1024"]
        ),
        Question(
            medium: .cdR,
            command: "cdrskin dev=$SPINDLE_DRIVE -minfo",
            answers: ["Mounted media type:       CD-R", "disk status:              complete"]
        ),
        Question(
            medium: .dvdPlusR,
            command: "dvd+rw-mediainfo $SPINDLE_DRIVE",
            answers: [
                "Mounted Media:         1Bh, DVD+R", "Disc status:           complete",
                "1024*2048=2097152",
            ]
        ),
        Question(
            medium: .dvdPlusRW,
            command: "dvd+rw-mediainfo $SPINDLE_DRIVE",
            answers: ["Mounted Media:         1Ah, DVD+RW"]
        ),
        Question(
            medium: .dvdPlusR,
            command: "xorriso -outdev $SPINDLE_DRIVE -toc",
            answers: ["Media current: DVD+R", "is written , is closed"]
        ),
        Question(
            medium: .dvdPlusRW,
            command: "xorriso -indev $SPINDLE_DRIVE -toc -lsl /",
            answers: ["Media current: DVD+RW"]
        ),
    ]

    @Test(arguments: questions)
    func `Peers see the disc that Spindle burned as what it is`(question: Question) async throws {
        try Peers.require(
            "cd-info",
            "cdrdao",
            "wodim",
            "cdrskin",
            "dvd+rw-mediainfo",
            "xorriso"
        )
        try await Scratch.use { scratch in
            try await scratch.makeDisc(question.medium)
            try await scratch.burn(Image.ipxe.rawValue, "--no-verify", status: "done")
            let outcome = try await scratch.withDrive("disc", run: question.command)
            #expect(outcome.status == 0, "\(outcome)")
            let told = outcome.output + outcome.errors
            for answer in question.answers {
                #expect(told.contains(answer), "“\(answer)” is not in:\n\(told)")
            }
        }
    }

    /// The run-out of a session that was written track at once belongs to no data.
    @Test(arguments: ["-tao", "-sao"])
    func `A disc of two sessions is ripped and verified whole`(mode: String) async throws {
        try Peers.require("cdrskin")
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let image = Image.ipxe.rawValue
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    cdrskin dev=$SPINDLE_DRIVE -multi \(mode) \(image) >log 2>&1 || exit 97
                    cdrskin dev=$SPINDLE_DRIVE -tao \(image) >log 2>&1 || exit 98
                    "$SPINDLE" rip --quiet rip.iso || exit
                    exec "$SPINDLE" verify --json $SPINDLE_DRIVE rip.iso
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified")
            let original = try Data(contentsOf: URL(fileURLWithPath: image))
            let rip = try Data(contentsOf: URL(fileURLWithPath: scratch.path("rip.iso")))
            #expect(rip.prefix(original.count) == original)
            #expect(rip.suffix(original.count) == original)
        }
    }
}

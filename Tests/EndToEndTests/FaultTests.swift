import Foundation
import TestSupport
import Testing

/// Discs and drives that fail.
@Suite struct FaultTests {
    private static let readFault = "read lba=500-503 sense=3/11/05"

    @Test(arguments: Recording.all)
    func `A rip of a damaged disc keeps all but the bad sectors, and its map names them`(
        recording: Recording
    ) async throws {
        try Peers.require("ddrescuelog")
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(recording.medium)
            try await scratch.burn(Image.ipxe.rawValue, recording.options)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [Self.readFault],
                run: "exec \"$SPINDLE\" rip rip.iso --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete")
            #expect(result.unreadableSectors == 4)
            #expect(result.firstUnreadableSector == 500)
            #expect(result.map == "rip.iso.map")
            let listed = try await scratch.run(
                ["/usr/bin/ddrescuelog", "-b2048", "-l-", "rip.iso.map"])
            #expect(listed.lines == ["500", "501", "502", "503"])
            let finished = try await scratch.run(
                ["/usr/bin/ddrescuelog", "-b2048", "-l?*/", "rip.iso.map"])
            #expect(finished.lines == [])
            var expected = source
            expected.replaceSubrange(500 * 2048..<504 * 2048, with: Data(count: 4 * 2048))
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: expected) == nil)
            #expect(try await result.sha256 == scratch.sha256("rip.iso"))
            #expect(!scratch.has("rip.iso.part"))
        }
    }

    /// Each command in which the sector lies fails once; tried again, it comes.
    @Test func `A sector that comes at another try is no damage`() async throws {
        try Peers.require("ddrescue")
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn(Image.ipxe.rawValue)
            let damaged = try await scratch.withDrive(
                "disc",
                faults: [Self.readFault],
                run: "exec \"$SPINDLE\" rip rip.iso --json"
            )
            #expect(damaged.status == 3, "\(damaged)")
            // The map is for ddrescue, too: it reads what is missing, and nothing else.
            let rescued = try await scratch.withDrive(
                "disc",
                run: "ddrescue -b 2048 -r 1 $SPINDLE_DRIVE rip.iso rip.iso.map >ddrescue.log"
            )
            #expect(rescued.status == 0, "\(rescued)")
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }

    @Test
    func `A disc that ends before its file system is not whole`()
        async throws
    {
        try Peers.require("ddrescue")
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            let there = source.prefix(600 * 2048)
            try there.write(to: URL(filePath: scratch.path("short.iso")))
            let outcome = try await scratch.withDrive(
                "short.iso",
                run: "exec \"$SPINDLE\" rip rip.iso --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete" && result.unreadableSectors == 0)
            #expect(result.missingSectors == 245)
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: there) == nil)
            // A drive that gives the rest fills it in, with what lies behind the file system, too.
            let rescued = try await scratch.withDrive(
                Image.ipxe.rawValue,
                run: "ddrescue -b 2048 $SPINDLE_DRIVE rip.iso rip.iso.map >ddrescue.log"
            )
            #expect(rescued.status == 0, "\(rescued)")
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }

    @Test func `A pipe that ends before its own file system is no success`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusR)
            try await scratch.makeDisc(.dvdPlusR, "other")
            // What ends early is not begun; what ends later has cost a disc by then.
            for (bytes, status) in [(700_000, "refused"), (1_500_000, "failed")] {
                let short = try await scratch.withDrive(
                    "disc",
                    run: "head -c \(bytes) \(Image.ipxe.rawValue) | \"$SPINDLE\" burn - --json"
                )
                #expect(short.status == 1, "\(short)")
                let result = try short.result()
                // One that ends while the drive is made ready is not begun either.
                let isRefused = result.status == "refused"
                #expect(isRefused || result.status == status)
                #expect(result.sentences?.first?.contains("file system") == true)
                #expect(try await scratch.info().state == (isRefused ? "blank" : "complete"))
            }
            let allowed = try await scratch.withDrive(
                "other",
                run:
                    "head -c 700000 \(Image.ipxe.rawValue) | \"$SPINDLE\" burn - --json --allow-truncated"
            )
            #expect(allowed.status == 0, "\(allowed)")
            #expect(try allowed.result().status == "verified")
        }
    }

    @Test func `The first sector that is read may be one that the drive hangs at`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(
                Image.ipxe.rawValue,
                faults: ["hang command=read(10) count=2"],
                within: 120,
                run: "exec \"$SPINDLE\" rip rip.iso --json"
            )
            // Hung at while the disc is looked at; all of it can be read then.
            #expect(outcome.status == 0, "\(outcome)")
            let source = try Image.ipxe.place(in: scratch)
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }

    /// Each read that hangs takes a minute, and there would be hundreds.
    @Test func `A drive that hangs at the subchannel is soon asked for no more of it`() async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            try await scratch.makeDisc(.cdR)
            try await scratch.burn("album.cue")
            let outcome = try await scratch.run([
                Products.spindle, "virtual", "run", "--clock", "counted", "--disc", "disc",
                "--fault", "hang command=be lba=700-1590", "--trace", "trace", "--", "sh", "-c",
                "exec \"$SPINDLE\" rip rip.cue --json --track 1",
            ])
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("does not tell where all pregaps and indexes begin"))
            let hangs = try scratch.text("trace").split(separator: "\n").filter {
                $0.contains("\"cdb\":\"be00") && $0.contains("timed-out")
            }
            #expect((1...6).contains(hangs.count), "\(hangs.count)")
        }
    }

    @Test func `A drive that reads nothing at all gives no image that looks whole`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(
                "/usr/lib/ipxe/ipxe.iso",
                faults: ["read lba=0-1023 sense=3/11/05"],
                within: 120,
                run: "exec \"$SPINDLE\" rip rip.iso --json"
            )
            #expect(outcome.status == 3, "\(outcome)")
            #expect(try outcome.result().status == "incomplete")
        }
    }

    @Test(arguments: Recording.all)
    func `A write error fails the burn, and the disc is not called good`(recording: Recording)
        async throws
    {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(recording.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["write lba=500-503 sense=3/0C/00"],
                run: "exec \"$SPINDLE\" burn --json \(recording.options) /usr/lib/ipxe/ipxe.iso"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed")
            let sentences = try #require(result.sentences).joined(separator: " ")
            #expect(sentences.contains("(3/0C/00, a write error)"), "\(sentences)")
            #expect(outcome.output.contains("\"sense\":\"3/0C/00\""))
            // libburn's own words are told as well.
            #expect(outcome.output.contains("Write error"))
            // Whether the disc can be used again is a matter of its kind.
            #expect(
                result.discUsable == (recording.medium == .cdRW || recording.medium == .dvdPlusRW)
            )
            _ = try await scratch.info()
        }
    }

    @Test(arguments: Recording.all)
    func `A disc that can't be read back is not verified`(recording: Recording) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(recording.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [Self.readFault],
                run: "exec \"$SPINDLE\" burn --json \(recording.options) /usr/lib/ipxe/ipxe.iso"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete")
            #expect(result.firstUnreadableSector == 500)
            #expect(result.unreadableSectors == 4)
            let sentences = try #require(result.sentences).joined(separator: " ")
            #expect(sentences.contains("500"), "\(sentences)")
            let unread = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify --json $SPINDLE_DRIVE /usr/lib/ipxe/ipxe.iso"
            )
            #expect(unread.status == 0, "\(unread)")
        }
    }

    @Test(arguments: ["read", "write lba=5-", "erase lba=5", "read lba=1 sense=9"])
    func `A fault that can't be understood is a usage error`(fault: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(faults: [fault], run: "touch ran")
            #expect(outcome.status == 64, "\(outcome)")
            #expect(!scratch.has("ran"))
        }
    }
}

/// Burns that fail late, or by no fault of the disc: what is known is said.
@Suite struct FailedBurnTests {
    /// A disc, what goes wrong, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var medium: Medium
        var fault: String
        var options = ""
        var words: [String]
        /// Whether the sum of what was read back is that of the image.
        var isRead = false

        var testDescription: String { "\(medium.rawValue): \(fault) \(options)" }
    }

    private static let cases = [
        Case(
            medium: .dvdPlusR,
            fault: "close",
            words: ["they are right", "appendable"],
            isRead: true
        ),
        Case(medium: .cdR, fault: "flush", words: ["they are right", "complete"], isRead: true),
        Case(
            medium: .cdR,
            fault: "close done",
            options: "--mode tao",
            words: ["they are right", "complete"],
            isRead: true
        ),
        Case(medium: .cdR, fault: "gone command=2A lba=500", words: ["has power and is connected"]),
        Case(medium: .dvdPlusR, fault: "remove lba=512", words: ["Put the disc in again"]),
        Case(medium: .dvdPlusR, fault: "power lba=512 lost=64", words: ["power and cable"]),
    ]

    @Test(arguments: cases)
    func `A failed burn says what is known`(example: Case) async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(example.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: [example.fault],
                run: "exec \"$SPINDLE\" burn --json \(example.options) \(Image.ipxe.rawValue)"
            )
            #expect(outcome.status == 1, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "failed")
            #expect((result.bytes ?? 0) > 500 * 2048)
            let sentences = try #require(result.sentences).joined(separator: " ")
            for word in example.words {
                #expect(sentences.contains(word), "\(sentences)")
            }
            if example.isRead {
                #expect(result.bytes == 1024 * 2048)
                let sum = try await scratch.run(["/usr/bin/sha256sum", Image.ipxe.rawValue])
                #expect(result.sha256.map { sum.output.hasPrefix($0) } == true)
            }
        }
    }

    @Test func `Of several drives the one with a disc that suits is taken`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR, "blank")
            let outcome = try await scratch.withDrive(
                Image.ipxe.rawValue,
                "blank",
                run: "unset SPINDLE_DRIVE; exec \"$SPINDLE\" burn --json \(Image.ipxe.rawValue)"
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try outcome.result().status == "verified")
            let unclear = try await scratch.withDrive(
                Image.ipxe.rawValue,
                "blank",
                run: "unset SPINDLE_DRIVE; exec \"$SPINDLE\" burn --json \(Image.ipxe.rawValue)"
            )
            #expect(unclear.status == 4, "\(unclear)")
            #expect(try unclear.result().sentences?.first?.contains("/dev/sr0, /dev/sr1") == true)
        }
    }
}

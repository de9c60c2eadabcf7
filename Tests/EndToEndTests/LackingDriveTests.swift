import Foundation
import TestSupport
import Testing

/// Drives that lack a command which others have.
@Suite struct LackingDriveTests {
    /// A medium, and an optional command by its code.
    struct Lack: Sendable, CustomTestStringConvertible {
        let medium: Medium
        let command: String

        var testDescription: String { "\(command) on \(medium.rawValue)" }
    }

    /// SET STREAMING, GET PERFORMANCE, GET EVENT STATUS NOTIFICATION, READ BUFFER CAPACITY, SET CD
    /// SPEED, READ CD and READ DISC STRUCTURE.
    static let lacks =
        ["B6", "AC", "4A", "5C", "BB", "AD"].map { Lack(medium: .dvdPlusRW, command: $0) }
        + ["AC", "4A", "BB", "BE"].map { Lack(medium: .cdR, command: $0) }
        + [Lack(medium: .dvdPlusR, command: "B6")]

    @Test(arguments: lacks)
    func `An optional command is not missed`(lack: Lack) async throws {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(lack.medium)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["refuse command=\(lack.command) sense=5/20/00"],
                run: """
                    "$SPINDLE" burn \(Image.ipxe.rawValue) --quiet && exec "$SPINDLE" rip rip.iso --quiet
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }

    /// What is odd in a drive's answer: no kind of disc, that of any removable disk, or a capacity that wrapped
    /// around.
    static let odd = [
        "46 set=6:0000", "46 set=6:0002", "46 set=6:FFFF", "25 set=0:FFFFFFF0", "25 set=0:FFFFFFFF",
    ]

    @Test(arguments: odd, [Medium.cdR, .dvdPlusR])
    func `A good disc is ripped whatever the drive calls it`(reply: String, medium: Medium)
        async throws
    {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(medium)
            try await scratch.burn(Image.ipxe.rawValue)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["reply command=\(reply)"],
                run: "exec \"$SPINDLE\" rip rip.iso --quiet"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let rip = try scratch.bytes("rip.iso")
            #expect(firstDifference(of: rip.prefix(source.count), from: source) == nil)
            #expect(rip.count >= source.count)
            #expect(rip.dropFirst(source.count).allSatisfy { $0 == 0 })
        }
    }

    /// Which question the drive no longer answers is not the same in each version: after some of them the
    /// disc is written.
    @Test(arguments: 5...10)
    func `A drive that falls silent after its work is not said to have left the disc alone`(
        questions: Int
    ) async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["hang command=51 after=\(questions)"],
                within: 120,
                run: "exec \"$SPINDLE\" burn \(Image.ipxe.rawValue) --quiet"
            )
            let state = try await scratch.info().state
            guard outcome.status != 0, state != "blank" else { return }
            #expect(!outcome.errors.contains("not touched"), "\(outcome)")
            #expect(!outcome.errors.contains("Nothing was written"), "\(outcome)")
        }
    }

    @Test(arguments: ["", "--no-verify"])
    func `A disc of which the drive no longer says what it is is not called complete`(
        option: String
    ) async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            var isUnknown = false
            for questions in 6...9 {
                try? FileManager.default.removeItem(atPath: scratch.path("disc"))
                try await scratch.makeDisc(.dvdPlusR)
                let outcome = try await scratch.withDrive(
                    "disc",
                    faults: ["refuse command=51 sense=5/20/00 after=\(questions)"],
                    within: 120,
                    run: "exec \"$SPINDLE\" burn \(Image.ipxe.rawValue) --json \(option)"
                )
                let result = try outcome.result()
                guard result.discState == "unknown", result.status != "refused" else { continue }
                isUnknown = true
                let said = result.sentences?.joined(separator: " ") ?? ""
                #expect(said.contains("does not say how far it is recorded"), "\(said)")
                #expect(result.status == (option.isEmpty ? "verified" : "not-verified"))
            }
            #expect(isUnknown)
        }
    }

    @Test(arguments: 7...12)
    func `A disc that was blanked before a burn is not said to have been left alone`(
        questions: Int
    ) async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdRW)
            try await scratch.burn(Image.ipxe.rawValue)
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["hang command=51 after=\(questions)"],
                within: 120,
                run: "exec \"$SPINDLE\" burn \(Image.ipxe.rawValue) --blank auto --yes --quiet"
            )
            let state = try await scratch.info().state
            guard outcome.status != 0, state == "blank" else { return }
            #expect(!outcome.errors.contains("not touched"), "\(outcome)")
        }
    }

    @Test func `A disc that is write-protected is not said to be of use`() async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.make("dvd-ram")
            let outcome = try await scratch.withDrive(
                "disc",
                faults: ["refuse command=2A,AA sense=7/27/00"],
                run: "exec \"$SPINDLE\" burn \(Image.ipxe.rawValue) --quiet"
            )
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors.contains("Nothing was written"), "\(outcome)")
            #expect(!outcome.errors.contains("can be used"), "\(outcome)")
        }
    }

    /// What reads by the list of tracks; an image of data is found without it.
    static let readers = ["rip rip.cue", "rip rip --tracks flac", "sum", "sum --tracks", "list"]

    /// A lead-in that is scratched: nobody knows what is on the disc, and it is not blank.
    @Test(arguments: readers)
    func `A disc whose table of contents can't be read is not called blank`(verb: String)
        async throws
    {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            let faults = ["43", "52"].map { "refuse command=\($0) sense=3/11/05" }
            let outcome = try await scratch.withDrive(
                Image.ipxe.rawValue,
                faults: faults,
                run: "exec \"$SPINDLE\" \(verb)"
            )
            #expect(outcome.status == 4, "\(outcome)")
            #expect(outcome.output.isEmpty, "\(outcome)")
            #expect(outcome.errors.contains("lists no track"), "\(outcome)")
            #expect(!outcome.errors.contains("is blank"), "\(outcome)")
            let info = try await scratch.withDrive(
                Image.ipxe.rawValue,
                faults: faults,
                run: "exec \"$SPINDLE\" info"
            )
            #expect(info.said.contains("it lists no track"), "\(info)")
            let rip = try await scratch.withDrive(
                Image.ipxe.rawValue,
                faults: faults,
                run: "exec \"$SPINDLE\" rip rip.iso --quiet"
            )
            #expect(rip.status == 0, "\(rip)")
            let bytes = try scratch.bytes("rip.iso")
            #expect(firstDifference(of: bytes.prefix(source.count), from: source) == nil)
        }
    }

    /// No disc, a blank one, and one that the drive can't use have no sums.
    @Test(arguments: ["sum", "sum --tracks"])
    func `Nothing to be summed is no success`(verb: String) async throws {
        try await Scratch.use { scratch in
            _ = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(.cdR)
            let drives = ["", "--disc disc", "--disc \(Image.ipxe.rawValue) --quirk rejects-disc"]
            for drive in drives {
                let outcome = try await scratch.run([
                    "sh", "-c",
                    "exec \(Products.spindle) virtual run \(drive) -- \(Products.spindle) \(verb)",
                ])
                #expect(outcome.status == 4, "\(outcome)")
                #expect(outcome.output.isEmpty, "\(outcome)")
            }
        }
    }

    /// Bytes 16 to 19 of the list are where the second track begins, and bytes 24 to 27 where the third does.
    @Test(arguments: ["18:FFFF", "26:0001", "8:00FF"])
    func `A list of tracks that are not in order ends no program`(bytes: String) async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.plainAudio, in: scratch)
            let verbs = [
                "info", "rip rip.cue --allow-loss", "rip rip --tracks wav", "sum --tracks",
                "verify \"$SPINDLE_DRIVE\" album.cue",
            ]
            for verb in verbs {
                let outcome = try await scratch.withDrive(
                    "album.cue",
                    faults: ["reply command=43 set=\(bytes)"],
                    run: "exec \"$SPINDLE\" \(verb)"
                )
                #expect((0...4).contains(outcome.status), "\(outcome)")
                if verb == "info" {
                    #expect(outcome.said.contains("begins before the one before it"), "\(outcome)")
                }
            }
        }
    }
}

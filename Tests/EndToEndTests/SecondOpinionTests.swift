import Foundation
import TestSupport
import Testing

/// `list --check`, and what `info` says of libcdio's view.
@Suite struct SecondOpinionTests {
    private static let image = "/usr/lib/ipxe/ipxe.iso"

    private struct Check: Decodable {
        struct Difference: Decodable {
            var path: String
            var subject: String
            var spindle: String
            var other: String
        }
        var version: Int
        var status: String
        var tree: String
        var files: Int
        var filesSummed: Int
        var bytesSummed: Int
        var mostBytesSummed: Int
        var differences: [Difference]
    }

    private struct Info: Decodable {
        struct Opinion: Decodable {
            struct Disagreement: Decodable {
                var aspect: String
                var track: Int?
                var spindle: String
                var other: String
            }
            var library: String
            var compared: [String]
            var disagreements: [Disagreement]
            var problem: String?
        }
        var secondOpinion: Opinion?
        var warnings: [String]?
    }

    private func decode<Document: Decodable>(_ outcome: Outcome) throws -> Document {
        try JSONDecoder.snake.decode(Document.self, from: Data(outcome.output.utf8))
    }

    @Test(arguments: ["rock-ridge", "joliet"])
    func `Files that libiso9660 reads the same are verified`(tree: String) async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle("list", "--check", "--tree", tree, Self.image)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(
                outcome.output.hasPrefix("Verified: Spindle and libiso9660 agree about 6 files")
            )
            let json = try await scratch.spindle(
                "list",
                "--check",
                "--json",
                "--tree",
                tree,
                Self.image
            )
            let check: Check = try decode(json)
            #expect(check.version == 1 && check.status == "verified" && check.tree == tree)
            #expect(check.files == 6 && check.filesSummed == 6)
            #expect(check.bytesSummed == 2048 + 884_736 + 306_521 + 38912 + 145 + 119_524)
            #expect(check.mostBytesSummed == 4 << 30)
        }
    }

    @Test func `Other images, virtual discs and drives are checked, too`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            for arguments in [["disc.cue"], ["disc.nrg", "--allow-loss"]] {
                let made = try await scratch.run(
                    [Products.spindle, "convert", Self.image] + arguments
                )
                #expect(made.status == 0, "\(made)")
                let outcome = try await scratch.spindle("list", "--check", arguments[0])
                #expect(outcome.output.hasPrefix("Verified: "), "\(outcome)")
            }
            let outcome = try await scratch.withDrive(
                "disc",
                run: """
                    "$SPINDLE" burn \(Self.image) --no-verify >log && exec "$SPINDLE" list --check
                    """
            )
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains("Verified: "), "\(outcome)")
        }
    }

    /// libiso9660 takes an extended attribute record for the file's first sector.
    @Test func `Files that libiso9660 reads otherwise end in 2, and both sides are named`()
        async throws
    {
        try await Scratch.use { scratch in
            try scratch.write(Data("abc".utf8), to: "a.txt")
            let made = try await scratch.run([
                "/usr/bin/genisoimage", "-quiet", "-o", "x.iso", "-graft-points", "a.txt=a.txt",
            ])
            #expect(made.status == 0, "\(made)")
            var bytes = try scratch.bytes("x.iso")
            let record = try #require(bytes.range(of: Data("A.TXT;1".utf8))).lowerBound - 33
            // The record in the sector before it, and the text behind that.
            bytes[record + 1] = 1
            try scratch.write(bytes, to: "x.iso")
            let outcome = try await scratch.spindle("list", "--check", "x.iso")
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.output.hasPrefix("Differs: "), "\(outcome)")
            let json = try await scratch.spindle("list", "--check", "--json", "x.iso")
            #expect(json.status == 2)
            let check: Check = try decode(json)
            #expect(check.status == "differs")
            let difference = try #require(check.differences.first)
            #expect(difference.path == "A.TXT" && difference.subject == "content")
            #expect(
                difference.other
                    == "SHA-256 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            )
            #expect(
                difference.spindle.hasPrefix("SHA-256 ") && difference.spindle != difference.other
            )
        }
    }

    @Test func `Without the other program nothing is claimed`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let script = """
                cp "$SPINDLE" alone && ./alone list --check \(Self.image)
                echo $?; ./alone info album.cue --json
                """
            let outcome = try await scratch.run(["/bin/sh", "-c", script])
            #expect(outcome.output.hasPrefix("1\n"), "\(outcome)")
            #expect(
                outcome.errors.hasPrefix(
                    "spindle-second-opinion, which asks libiso9660, is not installed.\n"
                ),
                "\(outcome)"
            )
            let info = try JSONDecoder.snake.decode(
                Info.self,
                from: Data(outcome.output.dropFirst(2).utf8)
            )
            #expect(info.secondOpinion == nil)
            // It is found where it is installed.
            let installed = """
                mkdir -p p/bin p/lib/spindle && cp alone p/bin/spindle
                cp "$(dirname "$SPINDLE")/spindle-second-opinion" p/lib/spindle
                exec p/bin/spindle list --check \(Self.image)
                """
            let found = try await scratch.run(["/bin/sh", "-c", installed])
            #expect(found.status == 0, "\(found)")
        }
    }

    @Test func `Trees that libiso9660 does not read are not verified`() async throws {
        try await Scratch.use { scratch in
            let plain = try await scratch.spindle("list", "--check", "--tree", "iso", Self.image)
            #expect(plain.status == 1, "\(plain)")
            #expect(plain.errors.contains("gives Rock Ridge's names wherever there are any"))
            let made = try await scratch.run([
                "/bin/sh", "-c", "truncate -s 20M u.img && mkudffs -b 2048 u.img >/dev/null",
            ])
            #expect(made.status == 0, "\(made)")
            let udf = try await scratch.spindle("list", "--check", "u.img")
            #expect(udf.status == 1, "\(udf)")
            #expect(udf.errors.contains("libiso9660 does not read the UDF tree."), "\(udf)")
        }
    }

    @Test func `A file that can't be read whole ends in 3`() async throws {
        try await Scratch.use { scratch in
            let whole = try Data(contentsOf: URL(fileURLWithPath: Self.image))
            try scratch.write(whole.prefix(650 * 2048), to: "cut.iso")
            let outcome = try await scratch.spindle("list", "--check", "cut.iso")
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.output.contains("can't be read, such as ldlinux.c32"), "\(outcome)")
        }
    }

    @Test(arguments: [Album.audio, Album.plainAudio, Album.mixed, Album.extra])
    func `Images that libcdio reads make no warnings`(sheet: String) async throws {
        try await Scratch.use { scratch in
            try Album.place(sheet, in: scratch)
            for name in ["one.cue", "two.nrg", "three.toc"] {
                let made = try await scratch.spindle("convert", "album.cue", name, "--allow-loss")
                #expect(made.status == 0, "\(made)")
                for image in ["album.cue", name] {
                    let outcome = try await scratch.spindle("info", image, "--json")
                    let info: Info = try decode(outcome)
                    #expect(info.secondOpinion?.disagreements.isEmpty == true, "\(outcome)")
                    #expect(info.warnings?.contains { $0.contains("libcdio") } != true)
                }
            }
        }
    }

    @Test func `Of an image with all that a sheet can say, all is compared`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let made = try await scratch.spindle("convert", "album.cue", "one.cue")
            #expect(made.status == 0, "\(made)")
            let info: Info = try decode(try await scratch.spindle("info", "one.cue", "--json"))
            #expect(
                Set(info.secondOpinion?.compared ?? [])
                    == ["tracks", "starts", "modes", "lead-out", "catalog", "isrc", "titles"]
            )
        }
    }

    @Test func `A disc in a drive is compared, and each disagreement is one warning`() async throws
    {
        try await Scratch.use { scratch in
            try Album.place(Album.audio, in: scratch)
            let same = try await scratch.withDrive(
                "album.cue",
                run: "exec \"$SPINDLE\" info --json"
            )
            let agreed: Info = try decode(same)
            #expect(agreed.secondOpinion?.disagreements.isEmpty == true, "\(same)")
            #expect(agreed.secondOpinion?.compared.contains("catalog") == true, "\(same)")
            #expect(agreed.warnings == nil, "\(same)")
            // The drive's answers about codes, which Spindle reads from the Q channel itself.
            let other = try await scratch.withDrive(
                "album.cue",
                faults: ["reply command=42 set=9:39"],
                run: "exec \"$SPINDLE\" info --json"
            )
            let info: Info = try decode(other)
            #expect(
                info.warnings?.contains(
                    "The media catalogue number is 1234567890123 as Spindle reads it, and 9234567890123 as libcdio does."
                ) == true,
                "\(other)"
            )
            let disagreements = info.secondOpinion?.disagreements ?? []
            #expect(info.warnings?.count == disagreements.count)
            #expect(
                disagreements.contains { $0.aspect == "catalog" && $0.other == "9234567890123" }
            )
        }
    }

    @Test func `libcdio giving up is no warning`() async throws {
        try await Scratch.use { scratch in
            try Album.place(Album.extra, in: scratch)
            let made = try await scratch.spindle("convert", "album.cue", "x.nrg", "--allow-loss")
            #expect(made.status == 0, "\(made)")
            let outcome = try await scratch.spindle("info", "x.nrg", "--json")
            let info: Info = try decode(outcome)
            #expect(info.secondOpinion?.compared == [])
            #expect(
                info.secondOpinion?.problem == "libcdio gave up: its process ended with code 3."
            )
            #expect(info.warnings?.contains { $0.contains("libcdio") } != true, "\(outcome)")
        }
    }
}

import Foundation
import TestSupport
import Testing

/// Settings of the configuration file, and what they do to verbs.
@Suite struct ConfigurationTests {
    private struct Shown: Decodable {
        struct Entry: Decodable {
            var name: String
            var value: String?
            var origin: String
            var place: String?
            var line: Int?
        }
        struct Model: Decodable {
            var model: String
            var settings: [Entry]
        }
        var version: Int
        var file: String
        var exists: Bool
        var settings: [Entry]
        var models: [Model]
    }

    private static let image = "/usr/lib/ipxe/ipxe.iso"

    private func configure(
        _ scratch: Scratch,
        _ text: String,
        in folder: String = "config"
    ) throws {
        try FileManager.default.createDirectory(
            atPath: scratch.path("\(folder)/spindle"),
            withIntermediateDirectories: true
        )
        try scratch.write(Data(text.utf8), to: "\(folder)/spindle/config")
    }

    @Test func `each setting is shown with its origin`() async throws {
        try await Scratch.use { scratch in
            try configure(scratch, "# mine\nprogress = plain\n[ACME DRIVE]\noffset = 6\n")
            let shown = try await scratch.run([
                "/usr/bin/env", "-u", "SPINDLE_DRIVE", "XDG_CONFIG_HOME=\(scratch.path("config"))",
                Products.spindle, "config", "show", "--json", "--drive", "/dev/sr7",
            ])
            #expect(shown.status == 0, "\(shown)")
            let document = try JSONDecoder.snake.decode(Shown.self, from: Data(shown.output.utf8))
            let file = scratch.path("config/spindle/config")
            #expect(document.file == file && document.exists)
            let drive = try #require(document.settings.first { $0.name == "drive" })
            #expect(drive.value == "/dev/sr7" && drive.origin == "flag")
            let progress = try #require(document.settings.first { $0.name == "progress" })
            #expect(progress.value == "plain" && progress.origin == "file")
            #expect(progress.place == file && progress.line == 2)
            let verify = try #require(document.settings.first { $0.name == "verify" })
            #expect(verify.value == "yes" && verify.origin == "default")
            #expect(document.models.map(\.model) == ["ACME DRIVE"])
            #expect(document.models.first?.settings.first?.value == "6")
            let text = try await scratch.run([
                "/usr/bin/env", "XDG_CONFIG_HOME=\(scratch.path("config"))",
                "SPINDLE_DRIVE=/dev/sr5",
                Products.spindle, "config", "show",
            ])
            #expect(text.output.contains("\(file):2"), "\(text)")
            #expect(text.output.contains("/dev/sr5"), "\(text)")
            #expect(text.output.contains("SPINDLE_DRIVE"), "\(text)")
        }
    }

    @Test func `settings change a burn, and its plan says so; options win`() async throws {
        try await Scratch.use { scratch in
            try configure(
                scratch,
                "verify = no\nwrite-speed = 2x\n[PLAIN DRIVE]\nwrite-speed = 4x\n"
            )
            try await scratch.makeDisc(.dvdPlusRW)
            let run = { (options: String) in
                try await scratch.withDrive(
                    "disc",
                    run: """
                        export XDG_CONFIG_HOME=\(scratch.path("config"))
                        exec "$SPINDLE" burn --json --yes \(Self.image) \(options)
                        """
                )
            }
            let set = try await run("")
            #expect(set.status == 0, "\(set)")
            let file = scratch.path("config/spindle/config")
            let notes = try #require(try set.events().first?.notes)
            #expect(notes.contains("verify is no, as set in \(file):1."), "\(notes)")
            #expect(notes.contains("write-speed is 2x, as set in \(file):2."), "\(notes)")
            #expect(try set.result().status == "done")
            let given = try await run("--verify --speed 3x")
            #expect(try given.result().status == "verified", "\(given)")
            #expect(try given.events().first?.notes?.contains { $0.contains("as set") } == false)
        }
    }

    @Test func `what is set for a model holds for its drives`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusRW)
            let drives = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" drives --json"
            )
            let drive = try #require(
                (JSONSerialization.jsonObject(with: Data(drives.output.utf8)) as? [[String: Any]])?
                    .first
            )
            let name = "\(drive["vendor"] ?? "") \(drive["product"] ?? "")"
            try configure(scratch, "write-speed = 2x\n[\(name)]\nwrite-speed = 4x\n")
            let burn = try await scratch.withDrive(
                "disc",
                run: """
                    export XDG_CONFIG_HOME=\(scratch.path("config"))
                    exec "$SPINDLE" burn --json --yes \(Self.image)
                    """
            )
            let notes = try #require(try burn.events().first?.notes, "\(burn)")
            let file = scratch.path("config/spindle/config")
            #expect(notes.contains("write-speed is 4x, as set in \(file):3."), "\(notes)")
        }
    }

    @Test func `a wrong line ends each verb before it begins`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.dvdPlusRW)
            try configure(scratch, "progress = plain\nyes = yes\n", in: "broken")
            let before = try scratch.bytes("disc")
            let environment = ["/usr/bin/env", "XDG_CONFIG_HOME=\(scratch.path("broken"))"]
            for arguments in [["info", "disc"], ["config", "show"], ["verify", "disc", "disc"]] {
                let outcome = try await scratch.run(environment + [Products.spindle] + arguments)
                #expect(outcome.status == 64, "\(outcome)")
                #expect(outcome.output.isEmpty)
                let place = scratch.path("broken/spindle/config") + ":2: "
                #expect(outcome.errors.hasPrefix(place), "\(outcome)")
            }
            let burn = try await scratch.withDrive(
                "disc",
                run: """
                    export XDG_CONFIG_HOME=\(scratch.path("broken"))
                    exec "$SPINDLE" burn --json \(Self.image)
                    """
            )
            #expect(burn.status == 64, "\(burn)")
            let result = try burn.result()
            #expect(result.status == "refused" && result.reason == "usage")
            #expect(result.exitCode == 64 && result.verb == "burn")
            #expect(try scratch.bytes("disc") == before)
            // Help is there all the same.
            let help = try await scratch.run(environment + [Products.spindle, "burn", "--help"])
            #expect(help.status == 0, "\(help)")
        }
    }

    @Test func `the format that is set is that of names without one`() async throws {
        try await Scratch.use { scratch in
            try configure(scratch, "format = nrg\n")
            let environment = ["/usr/bin/env", "XDG_CONFIG_HOME=\(scratch.path("config"))"]
            for (name, isNrg) in [("made", true), ("made.iso", false)] {
                let outcome = try await scratch.run(
                    environment + [Products.spindle, "convert", Self.image, name]
                )
                #expect(outcome.status == 0, "\(outcome)")
                let end = try scratch.bytes(name).suffix(12).prefix(4)
                #expect((end == Data("NER5".utf8)) == isNrg)
            }
        }
    }
}

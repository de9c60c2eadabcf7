import Foundation
import TestSupport
import Testing

/// The files inside discs and images, as the command lists them.
@Suite struct ListTests {
    private static let image = "/usr/lib/ipxe/ipxe.iso"
    private static let names = [
        "boot.cat", "efi.img", "ipxe.krn", "isolinux.bin", "isolinux.cfg", "ldlinux.c32",
    ]

    @Test func `An image's files are listed, a path a line`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle("list", Self.image)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.lines == Self.names)
            let long = try await scratch.spindle("list", "--long", Self.image)
            #expect(long.lines.count == 6)
            #expect(long.lines.last?.hasPrefix("-r--r--r--        119524  2021-02-07T") == true)
            #expect(long.lines.last?.hasSuffix("  ldlinux.c32") == true)
        }
    }

    @Test func `A drive's files are those of the disc in it`() async throws {
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdR)
            let burn = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn \(Self.image)"
            )
            #expect(burn.status == 0, "\(burn)")
            for arguments in ["list", "list $SPINDLE_DRIVE"] {
                let outcome = try await scratch.withDrive(
                    "disc",
                    run: "exec \"$SPINDLE\" \(arguments)"
                )
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.lines == Self.names)
            }
            let virtual = try await scratch.spindle("list", "disc")
            #expect(virtual.lines == Self.names)
        }
    }

    private struct Document: Decodable {
        struct Entry: Decodable {
            struct Run: Decodable {
                var start: Int
                var count: Int
            }
            var path: String
            var kind: String
            var size: Int?
            var mode: String?
            var sectors: [Run]?
        }
        var version: Int
        var tree: String
        var trees: [String]
        var entries: [Entry]
        var is_complete: Bool
    }

    @Test func `The JSON is one document`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle("list", "--json", Self.image)
            #expect(outcome.status == 0, "\(outcome)")
            let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
            #expect(document.version == 1)
            #expect(document.tree == "rock-ridge")
            #expect(document.trees == ["rock-ridge", "joliet", "iso"])
            #expect(document.entries.map(\.path) == Self.names)
            #expect(document.entries.last?.size == 119_524)
            #expect(document.entries.last?.mode == "100444")
            #expect(document.entries.last?.sectors?.map(\.count) == [59])
            #expect(document.is_complete)
        }
    }

    @Test func `Trees and sessions that are not there are named`() async throws {
        try await Scratch.use { scratch in
            let tree = try await scratch.spindle("list", "--tree", "udf", Self.image)
            #expect(tree.status == 64)
            #expect(tree.errors.contains("rock-ridge, joliet, iso"))
            #expect(tree.output.isEmpty)
            let session = try await scratch.spindle("list", "--session", "2", Self.image)
            #expect(session.status == 64)
            #expect(session.errors.contains("no session 2"))
        }
    }

    /// The image of a disc with two sessions is one run of sectors, with a gap between them.
    @Test(arguments: [true, false])
    func `A later session's files are listed, and the other one is named`(isSession: Bool)
        async throws
    {
        try await Scratch.use { scratch in
            let made = try await scratch.run([
                "/bin/sh", "-ec",
                """
                mkdir a b && echo 1 >a/ONE.TXT && echo 2 >b/TWO.TXT
                genisoimage -quiet -R -V FIRST -o 1.iso a
                start=$(($(stat -c %s 1.iso) / 2048 + 11400))
                genisoimage -quiet -R -V SECOND \(isSession ? "-C 0,$start -M 1.iso" : "") -o 2.iso b
                truncate -s $((start * 2048)) 1.iso
                cat 1.iso 2.iso >two.iso
                """,
            ])
            #expect(made.status == 0, "\(made)")
            let list = try await scratch.spindle("list", "two.iso")
            #expect(list.status == 0, "\(list)")
            #expect(list.lines == (isSession ? ["ONE.TXT", "TWO.TXT"] : ["ONE.TXT"]))
            #expect(
                list.errors.contains(isSession ? "has 2 sessions" : "“SECOND” begins at sector")
            )
            let first = try await scratch.spindle("list", "--session", "1", "two.iso")
            #expect(first.lines == ["ONE.TXT"])
            let info = try await scratch.spindle("info", "two.iso")
            #expect(info.output.contains("“SECOND”"), "\(info)")
            #expect(info.output.contains(isSession ? "a later session" : "not a session of it"))
        }
    }

    @Test func `A disc of sound has no files`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(Data(count: 2352 * 600), to: "sound.bin")
            let sheet = """
                FILE "sound.bin" BINARY
                  TRACK 01 AUDIO
                    INDEX 01 00:00:00
                  TRACK 02 AUDIO
                    INDEX 01 00:04:00
                """
            try scratch.write(Data(sheet.utf8), to: "sound.cue")
            let outcome = try await scratch.spindle("list", "sound.cue")
            #expect(outcome.status == 1, "\(outcome)")
            #expect(outcome.errors == "sound.cue has 2 tracks of audio and no files.\n")
            #expect(outcome.output.isEmpty)
        }
    }

    @Test func `A list with holes says so and ends with 3`() async throws {
        try await Scratch.use { scratch in
            var bytes = try Data(
                contentsOf: URL(fileURLWithPath: "/usr/lib/memtest86+/memtest86+x64.iso")
            )
            let whole = try await scratch.spindle("list", "/usr/lib/memtest86+/memtest86+x64.iso")
            #expect(whole.lines.contains("EFI/"))
            // The records of the root directory behind the first two are broken.
            let root = Int(bytes[16 * 2048 + 158]) | Int(bytes[16 * 2048 + 159]) << 8
            let first = Int(bytes[root * 2048])
            let second = Int(bytes[root * 2048 + first])
            bytes[root * 2048 + first + second] = 0x20
            try scratch.write(bytes, to: "broken.iso")
            let outcome = try await scratch.spindle("list", "--tree", "rock-ridge", "broken.iso")
            #expect(outcome.status == 3, "\(outcome)")
            #expect(outcome.errors.contains("is broken."))
            #expect(outcome.errors.contains("The list is not complete."))
        }
    }
}

import Foundation
import TestSupport
import Testing

/// What `info` says of files, in the words that a person reads, and what `burn` refuses.
@Suite struct IdentificationTests {
    private static let image = "/usr/lib/ipxe/ipxe.iso"

    private func document(_ outcome: Outcome) throws -> [String: Any] {
        #expect(outcome.status == 0, "\(outcome)")
        return try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        )
    }

    @Test func `A stick's image is no disc, and is not burned`() async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.run([
                "/bin/sh", "-c",
                "truncate -s 8M stick.img && echo '2048,,c,*' | /usr/sbin/sfdisk -q stick.img",
            ])
            #expect(made.status == 0)
            let info = try await scratch.spindle("info", "stick.img")
            #expect(info.status == 1)
            #expect(info.output == "")
            #expect(info.errors.split(separator: "\n").count == 1)
            #expect(info.errors.contains("a stick or hard disk, not of a disc"))
            try await scratch.makeDisc(.cdR)
            let burn = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" burn stick.img"
            )
            #expect(burn.status == 1)
            #expect(burn.errors.contains("a stick or hard disk, not of a disc"))
            #expect(try await scratch.info().state == "blank")
        }
    }

    @Test func `A truncated image under another format's name is told to be both`() async throws {
        try await Scratch.use { scratch in
            try scratch.write(
                try Data(contentsOf: URL(fileURLWithPath: Self.image)).prefix(1_000_000),
                to: "disc.mdf"
            )
            let text = try await scratch.spindle("info", "disc.mdf")
            #expect(text.status == 0)
            #expect(text.output.contains("is truncated"))
            #expect(text.output.contains("named .mdf"))
            #expect(text.output.contains("is a plain ISO image"))
            #expect(text.output.contains("\nboots     "))
            let json = try document(await scratch.spindle("info", "--json", "disc.mdf"))
            let end = try #require(json["end"] as? [String: Any])
            #expect(end["missing_bytes"] as? Int == 730_560)
            #expect((json["trees"] as? [String])?.first == "iso9660")
            let geometry = try #require((json["geometry"] as? [[String: Any]])?.first)
            #expect(geometry["stride"] as? Int == 2048)
        }
    }

    /// The last 512 bytes have the checksum of the packed data at 88, and the master checksum at 360, which
    /// is over the partitions' checksums alone: those say whether the content is right.
    @Test(arguments: [88, 360])
    func
        `A damaged Apple image is used for nothing, one with a wrong master checksum with a warning`(
            place: Int
        ) async throws
    {
        try await Scratch.use { scratch in
            let made = try await scratch.spindle("convert", Self.image, "a.dmg")
            #expect(made.status == 0, "\(made)")
            var bytes = try scratch.bytes("a.dmg")
            bytes[bytes.count - 512 + place] ^= 1
            try scratch.write(bytes, to: "a.dmg")
            try await scratch.makeDisc(.cdR)
            let outcomes = [
                try await scratch.spindle("convert", "a.dmg", "a.iso"),
                try await scratch.spindle("verify", "a.dmg", Self.image),
                try await scratch.withDrive("disc", run: "exec \"$SPINDLE\" burn a.dmg"),
            ]
            for outcome in outcomes {
                #expect(outcome.status == (place == 88 ? 1 : 0), "\(outcome)")
                #expect(
                    outcome.errors.contains(
                        place == 88
                            ? "the checksum of the packed data" : "The master checksum at byte "
                    ),
                    "\(outcome)"
                )
            }
            #expect(try await scratch.info().state == (place == 88 ? "blank" : "complete"))
        }
    }

    @Test func `A directory is named once`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle("info", "/usr")
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix("/usr is a directory, not an image of a disc.\n"))
        }
    }

    @Test func `A reply that makes no sense is told`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(
                Self.image,
                faults: ["reply command=46"],
                run: "exec \"$SPINDLE\" info"
            )
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("answer to GET CONFIGURATION is unusable"))
        }
    }
}

import Foundation
import TestSupport
import Testing

/// Other people's burners on the virtual drive: what they wrote, Spindle rips and verifies.
@Suite struct PeerBurnTests {
    /// A burner, and what it is told.
    struct Burn: Sendable, CustomTestStringConvertible {
        var medium: Medium
        var program: String
        /// The arguments, in front of the image's path.
        var command: String

        var testDescription: String { "\(medium.rawValue): \(command)" }

        init(_ medium: Medium, _ command: String) {
            self.medium = medium
            self.command = command
            program = command.split(separator: " ").first.map(String.init) ?? ""
        }
    }

    private static let burns = [
        Burn(.cdR, "cdrskin -v dev=$SPINDLE_DRIVE -tao"),
        Burn(.cdR, "cdrskin -v dev=$SPINDLE_DRIVE -sao"),
        Burn(.cdR, "cdrskin -v dev=$SPINDLE_DRIVE -sao padsize=150s"),
        Burn(.cdR, "cdrskin -v dev=$SPINDLE_DRIVE -multi -tao"),
        Burn(.cdR, "wodim -v dev=$SPINDLE_DRIVE -tao"),
        Burn(.cdR, "wodim -v dev=$SPINDLE_DRIVE -tao -pad"),
        Burn(.cdR, "wodim -v dev=$SPINDLE_DRIVE -sao"),
        Burn(.cdR, "xorriso -as cdrecord -v dev=$SPINDLE_DRIVE -sao"),
        Burn(.cdRW, "cdrskin -v dev=$SPINDLE_DRIVE -tao"),
        Burn(.cdRW, "cdrskin -v dev=$SPINDLE_DRIVE -sao"),
        Burn(.cdRW, "wodim -v dev=$SPINDLE_DRIVE -tao"),
        Burn(.cdRW, "wodim -v dev=$SPINDLE_DRIVE -sao"),
        Burn(.dvdPlusR, "growisofs -Z $SPINDLE_DRIVE="),
        Burn(.dvdPlusR, "growisofs -dvd-compat -Z $SPINDLE_DRIVE="),
        Burn(.dvdPlusR, "xorriso -as cdrecord -v dev=$SPINDLE_DRIVE"),
        Burn(.dvdPlusR, "cdrskin -v dev=$SPINDLE_DRIVE"),
        Burn(.dvdPlusR, "wodim -v dev=$SPINDLE_DRIVE"),
        Burn(.dvdPlusRW, "growisofs -Z $SPINDLE_DRIVE="),
        Burn(.dvdPlusRW, "growisofs -use-the-force-luke=notray -Z $SPINDLE_DRIVE="),
        Burn(.dvdPlusRW, "xorriso -as cdrecord -v dev=$SPINDLE_DRIVE"),
        Burn(.dvdPlusRW, "cdrskin -v dev=$SPINDLE_DRIVE"),
        // wodim formats no DVD+RW within a burn.
        Burn(.dvdPlusRW, "dvd+rw-format $SPINDLE_DRIVE && wodim -v dev=$SPINDLE_DRIVE"),
    ]

    @Test(arguments: burns)
    func `What a peer burned, Spindle rips`(burn: Burn) async throws {
        try Peers.require(burn.program)
        try await Scratch.use { scratch in
            try await scratch.makeDisc(burn.medium)
            let space = burn.command.hasSuffix("=") ? "" : " "
            let outcome = try await scratch.withDrive(
                "disc",
                run: "\(burn.command)\(space)\(Image.ipxe.rawValue)"
            )
            try #require(outcome.status == 0, "\(outcome)")
            try await expectImage(.ipxe, scratch)
        }
    }

    /// What was ripped is the image, and behind it nothing but zeros, which burners add.
    private func expectImage(_ image: Image, _ scratch: Scratch) async throws {
        let source = try image.place(in: scratch)
        try await scratch.rip()
        let rip = try scratch.bytes("rip.iso")
        #expect(firstDifference(of: rip.prefix(source.count), from: source) == nil)
        #expect(rip.dropFirst(source.count).allSatisfy { $0 == 0 })
        #expect(rip.count - source.count <= 300 * 2048)
        let verified = try await scratch.withDrive(
            "disc",
            run: "exec \"$SPINDLE\" verify --json $SPINDLE_DRIVE \(image.rawValue)"
        )
        #expect(verified.status == 0, "\(verified)")
    }

    /// The zeros that libburn and wodim put behind a track are no part of an image whose end is known.
    @Test(arguments: [
        Burn(.cdR, "cdrskin dev=$SPINDLE_DRIVE -tao padsize=150s"),
        Burn(.cdR, "wodim dev=$SPINDLE_DRIVE -tao -pad"),
        Burn(.dvdPlusR, "growisofs -Z $SPINDLE_DRIVE="),
    ])
    func `Padding that burning adds is left out`(burn: Burn) async throws {
        try await Scratch.use { scratch in
            let source = try Image.ipxe.place(in: scratch)
            try await scratch.makeDisc(burn.medium)
            let space = burn.command.hasSuffix("=") ? "" : " "
            let outcome = try await scratch.withDrive(
                "disc",
                run: "\(burn.command)\(space)\(Image.ipxe.rawValue)"
            )
            try #require(outcome.status == 0, "\(outcome)")
            try await scratch.rip()
            #expect(try firstDifference(of: scratch.bytes("rip.iso"), from: source) == nil)
        }
    }

    @Test(
        arguments: [
            "cdrskin -v dev=$SPINDLE_DRIVE -sao", "cdrskin -v dev=$SPINDLE_DRIVE -tao",
            "wodim -v dev=$SPINDLE_DRIVE -sao", "wodim -v dev=$SPINDLE_DRIVE -tao",
        ],
        ["fast", "all"]
    )
    func `A CD-RW is blanked and burned again`(command: String, blanking: String) async throws {
        try Peers.require("cdrskin", "wodim")
        try await Scratch.use { scratch in
            try scratch.write(Noise.bytes(2000 * 2048, seed: 11), to: "noise.img")
            try await scratch.makeDisc(.cdRW)
            let blank = "\(command.split(separator: " ").first ?? "") -v dev=$SPINDLE_DRIVE"
            let outcome = try await scratch.withDrive(
                "disc",
                within: 120,
                run: """
                    \(command) noise.img || exit 1
                    \(blank) blank=\(blanking) || exit 2
                    "$SPINDLE" info --json >blanked.json || exit 3
                    exec \(command) \(Image.ipxe.rawValue)
                    """
            )
            try #require(outcome.status == 0, "\(outcome)")
            let blanked = try JSONDecoder.snake.decode(
                InfoDocument.self,
                from: scratch.bytes("blanked.json")
            )
            #expect(blanked.state == "blank")
            try await expectImage(.ipxe, scratch)
        }
    }

    /// What a peer blanked, Spindle burns.
    @Test func `Spindle burns a CD-RW that a peer blanked`() async throws {
        try Peers.require("wodim")
        try await Scratch.use { scratch in
            try await scratch.makeDisc(.cdRW)
            try await scratch.burn(Image.memtest32.rawValue)
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec wodim -v dev=$SPINDLE_DRIVE blank=fast"
            )
            try #require(outcome.status == 0, "\(outcome)")
            try await scratch.burn(Image.ipxe.rawValue)
            try await expectImage(.ipxe, scratch)
        }
    }

    /// Files into an image on the disc, as xorriso and growisofs author it.
    @Test(
        arguments: [Medium.cdR, .cdRW, .dvdPlusR, .dvdPlusRW],
        [
            "xorriso -outdev $SPINDLE_DRIVE -blank as_needed -map tree / -commit",
            "growisofs -Z $SPINDLE_DRIVE -R -J tree",
        ]
    )
    func `A disc that a peer authored from files is ripped and its files are there`(
        medium: Medium,
        command: String
    ) async throws {
        // growisofs writes DVDs only.
        guard !(medium.isCD && command.hasPrefix("growisofs")) else { return }
        try Peers.require("xorriso", "growisofs", "genisoimage")
        try await Scratch.use { scratch in
            let noise = Noise.bytes(300_000, seed: 12)
            try await scratch.makeDisc(medium)
            try FileManager.default.createDirectory(
                atPath: scratch.path("tree"),
                withIntermediateDirectories: true
            )
            try scratch.write(noise, to: "tree/noise")
            let outcome = try await scratch.withDrive("disc", run: "exec \(command)")
            try #require(outcome.status == 0, "\(outcome)")
            try await scratch.rip()
            let extracted = try await scratch.run([
                "/usr/bin/xorriso", "-osirrox", "on", "-indev", "rip.iso", "-extract", "/noise",
                "extracted",
            ])
            #expect(extracted.status == 0, "\(extracted)")
            #expect(try firstDifference(of: scratch.bytes("extracted"), from: noise) == nil)
        }
    }
}

import Foundation
import TestSupport
import Testing

/// `verify`, on discs that hold what they should and discs that do not.
@Suite struct VerifyTests {
    @Test(arguments: Medium.allCases)
    func `One byte that changed on the disc is found, and its sector named`(medium: Medium)
        async throws
    {
        try await Scratch.use { scratch in
            let bytes = try await scratch.makeNoiseDisc(medium.rawValue)
            try change(byte: 700 * 2048 + 1234, of: bytes, in: scratch.path("disc"))

            let inDrive = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify --json $SPINDLE_DRIVE noise.img"
            )
            let asFile = try await scratch.spindle("verify", "--json", "disc", "noise.img")
            for outcome in [inDrive, asFile] {
                #expect(outcome.status == 2, "\(outcome)")
                let result = try outcome.result()
                #expect(result.status == "differs")
                #expect(result.firstDifferingSector == 700)
                #expect(result.differingSectors == 1)
                let sentences = try #require(result.sentences).joined(separator: " ")
                #expect(sentences.contains("700"), "\(sentences)")
            }
        }
    }

    @Test func `A disc without the end of its image is not said to differ nowhere`() async throws {
        try await Scratch.use { scratch in
            let bytes = try await scratch.makeNoiseDisc(Medium.cdR.rawValue)
            try scratch.write(bytes + Noise.bytes(50 * 2048, seed: 3), to: "noise.img")
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify $SPINDLE_DRIVE noise.img"
            )
            #expect(outcome.status == 2, "\(outcome)")
            #expect(outcome.errors.contains("50 sectors more, and they are not all zeros"))
            #expect(outcome.errors.contains("burn another disc"), "\(outcome)")
            #expect(!outcome.errors.contains("no sector that was compared differs"))
        }
    }

    /// Changes a byte of a payload, which is found in a virtual disc's file by what is there.
    private func change(byte: Int, of payload: Data, in path: String) throws {
        let sector = byte / 2048 * 2048
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        let place = try #require(file.range(of: payload[sector..<sector + 2048]))
        file[place.lowerBound + byte - sector] ^= 0x10
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try handle.seek(toOffset: UInt64(place.lowerBound))
        try handle.write(contentsOf: file[place])
        try handle.close()
    }

    @Test(arguments: Recording.all, [Image.ipxe, .memtest32, .oddNoise])
    func `A disc that was burned holds its image`(recording: Recording, image: Image) async throws {
        try await Scratch.use { scratch in
            _ = try image.place(in: scratch)
            try await scratch.makeDisc(recording.medium)
            try await scratch.burn(
                image.rawValue,
                "--no-verify",
                recording.options,
                status: "done"
            )
            let outcome = try await scratch.withDrive(
                "disc",
                run: "exec \"$SPINDLE\" verify --json $SPINDLE_DRIVE '\(image.rawValue)'"
            )
            #expect(outcome.status == 0, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "verified")
            #expect(try await result.sha256 == scratch.sha256(image.rawValue))
            // The other way round it is the same question.
            let other = try await scratch.spindle("verify", "--json", image.rawValue, "disc")
            #expect(other.status == 0, "\(other)")
        }
    }

    @Test(arguments: ["sha256sum", "md5sum"])
    func `Published sums are checked`(program: String) async throws {
        try await Scratch.use { scratch in
            let list = program == "md5sum" ? "MD5SUMS" : "SHA256SUMS"
            let bytes = try Image.ipxe.place(in: scratch)
            try scratch.write(bytes, to: "ipxe.iso")
            try await scratch.makeDisc(.dvdPlusR)
            try await scratch.burn("ipxe.iso")
            let right = try await scratch.withDrive(
                "disc",
                run: """
                    \(program) ipxe.iso >\(list)
                    "$SPINDLE" verify --json ipxe.iso \(list) || exit 1
                    "$SPINDLE" verify --json ipxe.iso || exit 2
                    exec "$SPINDLE" verify --json $SPINDLE_DRIVE \(list)
                    """
            )
            #expect(right.status == 0, "\(right)")
            #expect(try right.result().status == "verified")
            let wrong = try await scratch.withDrive(
                "disc",
                run: """
                    printf x | dd of=ipxe.iso bs=1 seek=1000000 conv=notrunc 2>dd.log
                    "$SPINDLE" verify --json ipxe.iso \(list) && exit 99
                    \(program) ipxe.iso >\(list)
                    exec "$SPINDLE" verify --json $SPINDLE_DRIVE \(list)
                    """
            )
            #expect(wrong.status == 2, "\(wrong)")
            #expect(try wrong.result().status == "differs")
        }
    }

    @Test func `A list has files whose names differ only in how letters are composed`() async throws
    {
        try await Scratch.use { scratch in
            let outcome = try await scratch.shell(
                """
                set -e
                one=$(printf '\\303\\251'); two=$(printf 'e\\314\\201')
                printf 1 >$one; printf 22 >$two; sha256sum $one $two >SHA256SUMS
                \(Products.spindle) verify SHA256SUMS
                printf 3 >$two; exec \(Products.spindle) verify --json SHA256SUMS
                """
            )
            #expect(outcome.status == 2, "\(outcome)")
            #expect(try outcome.result().status == "differs")
        }
    }

    @Test func `Sectors that can't be read are no proof`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.withDrive(
                Image.ipxe.rawValue,
                faults: ["read lba=500-503 sense=3/11/05"],
                run: "exec \"$SPINDLE\" verify --json $SPINDLE_DRIVE '\(Image.ipxe.rawValue)'"
            )
            #expect(outcome.status == 3, "\(outcome)")
            let result = try outcome.result()
            #expect(result.status == "incomplete")
            #expect(result.firstUnreadableSector == 500)
            #expect(result.unreadableSectors == 4)
        }
    }

    @Test func `A longer image differs, and padding is told apart`() async throws {
        try await Scratch.use { scratch in
            let noise = Noise.bytes(100 * 2048, seed: 5)
            try scratch.write(noise, to: "a.img")
            try scratch.write(noise + Data(count: 10 * 2048), to: "padded.img")
            try scratch.write(noise + Noise.bytes(2048, seed: 6), to: "longer.img")
            let padded = try await scratch.spindle("verify", "--json", "a.img", "padded.img")
            #expect(try padded.result().onlyPaddingDiffers == true, "\(padded)")
            let longer = try await scratch.spindle("verify", "--json", "a.img", "longer.img")
            #expect(longer.status == 2, "\(longer)")
            #expect(try longer.result().firstDifferingSector == 100)
            #expect(try longer.result().onlyPaddingDiffers != true)
        }
    }

    @Test func `What is not there can't be compared`() async throws {
        try await Scratch.use { scratch in
            let outcome = try await scratch.spindle(
                "verify",
                "--json",
                Image.ipxe.rawValue,
                "nowhere.iso"
            )
            #expect(outcome.status != 0 && outcome.status != 2, "\(outcome)")
            let empty = try await scratch.withDrive(
                run: "exec \"$SPINDLE\" verify --json $SPINDLE_DRIVE '\(Image.ipxe.rawValue)'"
            )
            #expect(empty.status == 4, "\(empty)")
        }
    }
}

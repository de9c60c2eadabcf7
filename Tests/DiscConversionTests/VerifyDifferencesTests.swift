import DiscConversion
import DiscImages
import DiscModel
import DiscVerification
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// `verify` on images of every format that is written: what differs in what both store is found, and
/// nothing else is.
struct VerifyDifferencesTests {
    /// A disc, and the same with one thing changed.
    struct Change: Sendable {
        var name: String
        var base: SampleDisc
        var changed: SampleDisc
        /// What only one of two formats may hold, which is named then.
        var feature: DiscFeature?

        init(
            _ name: String,
            of base: SampleDisc,
            _ feature: DiscFeature? = nil,
            _ change: (inout SampleDisc) -> Void
        ) {
            self.name = name
            self.base = base
            self.feature = feature
            changed = base
            change(&changed)
        }
    }

    private static let album: SampleDisc = {
        var disc = SampleDisc.mixed
        disc.title = "Album"
        disc.sessions[0].tracks[1].title = "First"
        disc.sessions[0].tracks[2].title = "Second"
        return disc
    }()

    private static func sectors(_ base: SampleDisc, _ kind: String) -> [Change] {
        [("data", 500), ("EDC", 2065), ("ECC", 2200), ("header", 13)].map { part, place in
            Change("\(part) of \(kind)", of: base) {
                $0.sessions[0].tracks[0].sectors[25][place] ^= 1
            }
        }
    }

    static let changes: [Change] =
        sectors(album, "an album") + sectors(.data, "data") + [
            Change("shorter data", of: .data) { $0.sessions[0].tracks[0].sectors.removeLast() },
            Change("audio", of: album) { $0.sessions[0].tracks[1].sectors[45][77] ^= 4 },
            Change("pregap's content", of: album) { $0.sessions[0].tracks[2].sectors[3][9] ^= 4 },
            Change("an index", of: album, .indexes) {
                $0.sessions[0].tracks[1].indexes = [80, 86]
            },
            Change("no index", of: album, .indexes) { $0.sessions[0].tracks[1].indexes = [] },
            Change("pregap", of: album) {
                $0.sessions[0].tracks[2].start += 1
                $0.sessions[0].tracks[2].pregap += 1
            },
            Change("ISRC", of: album, .isrc) { $0.sessions[0].tracks[1].isrc = "DEABC0312346" },
            Change("no ISRC", of: album, .isrc) { $0.sessions[0].tracks[1].isrc = nil },
            Change("catalogue number", of: album, .catalog) { $0.catalog = "4012345678918" },
            Change("text", of: album, .cdText) { $0.sessions[0].tracks[1].title = "Fist" },
            Change("flags", of: album) { $0.sessions[0].tracks[1].flags = [.preEmphasis] },
            Change("missing track", of: album) { $0.sessions[0].tracks.removeLast() },
            Change("shorter track", of: album) {
                $0.sessions[0].tracks[2].sectors.removeLast()
            },
            Change("missing session", of: .sessions) { $0.sessions.removeLast() },
        ]

    /// An image in a folder of its own.
    private struct Made {
        let folder: Folder
        let image: DiscImage

        /// What an image of the same disc has byte by byte.
        var bytes: [String: [UInt8]] {
            get throws {
                let names = try folder.names().filter { !$0.hasSuffix(".loss.txt") }
                return Dictionary(
                    uniqueKeysWithValues: try names.map { ($0, try folder.read($0)) }
                )
            }
        }

        var operand: VerifyOperand {
            var operand = VerifyOperand(
                image.path.string,
                DataDisc(image.source, byteCount: image.byteCount)
            )
            operand.whole = WholeDisc(image.disc, holds: image.holds)
            return operand
        }

        /// Whether there is audio in it.
        var hasAudio: Bool { image.layout.tracks.contains { !$0.mode.isData } }
    }

    private func convert(_ source: DiscImage, to format: ImageFormat) throws -> Made? {
        let folder = try Folder()
        var options = ConversionOptions(output: folder.path("out.\(format.endings[0])"))
        options.format = format.name
        options.allowsLoss = true
        do {
            _ = try ConversionJob(source, options: options).run(cancellation: Cancellation()) { _ in
            }
        } catch {
            #expect(error.status == .refused, "\(format.name): \(error)")
            return nil
        }
        return Made(folder: folder, image: try DiscImage(options.output))
    }

    private func verify(_ a: Made, _ b: Made) throws -> JobResult {
        // Each side is read on a thread of its own, and a source by one thread at a time.
        let isOne = a.image === b.image
        let other = isOne ? Made(folder: b.folder, image: try DiscImage(b.image.path)) : b
        return try VerifyJob(a.operand, other.operand).run(cancellation: Cancellation()) { _ in }
    }

    private func source(_ disc: SampleDisc) throws -> (Folder, DiscImage) {
        let folder = try Folder()
        return (folder, try folder.image(of: disc))
    }

    /// What a DMG stores can't be told by its bytes, for each has an identifier of its own.
    private func stores(_ format: ImageFormat, _ base: Made, _ changed: Made, _ name: String) throws
        -> Bool
    {
        format.name == "dmg"
            ? name.hasPrefix("data") || name == "shorter data" || name == "missing session"
            : try base.bytes != changed.bytes
    }

    @Test(arguments: changes.indices)
    func `a change is found where both formats store it, and nowhere else`(_ index: Int) throws {
        let change = Self.changes[index]
        let (one, other) = (try source(change.base), try source(change.changed))
        try check(one.1, other.1, change.name, change.feature)
        withExtendedLifetime((one.0, other.0)) {}
    }

    @Test func `subchannel that differs is found where both formats store it`() throws {
        let (folder, image) = try source(Self.album)
        let ccd = try #require(ImageFormat.named("ccd"))
        let a = try #require(try convert(image, to: ccd))
        let b = try #require(try convert(image, to: ccd))
        for made in [a, b] {
            var side = try made.folder.read("out.sub")
            // R of a sector of the first track, which no program makes.
            for i in 30..<40 { side[33 * 96 + i] = 0x5A }
            if made.folder === b.folder { side[33 * 96 + 35] = 0x5B }
            try made.folder.write("out.sub", side)
        }
        let first = try DiscImage(a.image.path)
        try check(first, try DiscImage(b.image.path), "subchannel", .subchannel)
        withExtendedLifetime((folder, a, b)) {}
    }

    private func check(
        _ base: DiscImage,
        _ changed: DiscImage,
        _ name: String,
        _ feature: DiscFeature?
    ) throws {
        let formats = ImageFormat.writable
        let made = try formats.compactMap { format in
            try convert(base, to: format).flatMap { one in
                try convert(changed, to: format).map { (format, one, $0) }
            }
        }
        for (i, (format, one, other)) in made.enumerated() {
            let isStored = try stores(format, one, other, name)
            let same = try verify(one, one)
            #expect(same.status == .verified, "\(name), \(format.name): \(same.sentences)")
            #expect(same.differingSectors == 0, "\(name), \(format.name)")
            let found = try verify(one, other)
            #expect(
                found.status == (isStored ? .differs : .verified),
                "\(name), \(format.name): \(found.sentences)"
            )
            for _ in 0..<Soak.count(1, long: 100) {
                #expect(try verify(one, other) == found, "\(name), \(format.name)")
            }
            // Two other formats, or all.
            for step in 1...Soak.count(2, long: made.count - 1) {
                let (second, twin, third) = made[(i + step) % made.count]
                let pair = "\(name), \(format.name) and \(second.name)"
                // Formats without sessions lay the tracks of later ones elsewhere, each in its own way: what
                // two of them hold are two discs.
                let areSessionsHeld = [format, second].allSatisfy { $0.holds.contains(.sessions) }
                guard name != "missing session" || areSessionsHeld else { continue }
                let isAlike = one.hasAudio == twin.hasAudio
                let whole = try verify(one, twin)
                #expect(
                    whole.status == (isAlike ? .verified : .differs),
                    "\(pair): \(whole.sentences)"
                )
                let isStoredTwice = try stores(second, twin, third, name)
                let isFound = isStored && isStoredTwice || one.hasAudio != third.hasAudio
                let crossed = try verify(one, third)
                #expect(
                    crossed.status == (isFound ? .differs : .verified),
                    "\(pair): \(crossed.sentences)"
                )
                guard let feature, feature != .subchannel, !isFound,
                    format.holds.contains(feature) != second.holds.contains(feature)
                else { continue }
                #expect(
                    whole.losses?.contains { $0.feature == feature.rawValue } == true,
                    "\(pair): \(whole.sentences)"
                )
            }
        }
    }
}

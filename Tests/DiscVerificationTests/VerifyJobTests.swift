import DiscChecksums
import DiscDrives
import DiscModel
import DiscVerification
import LibCrypto
import LinuxCalls
import MMC
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

@Suite struct VerifyJobTests {
    private let payload = data(sectors: 700)

    /// Runs a job, and holds it to what every job owes: a plan first, and no result of its own.
    private func run(
        _ a: VerifyOperand,
        _ b: VerifyOperand,
        payload: Int? = nil,
        padding: Int = 0
    ) throws -> JobResult {
        let (a, b) = (with(a, payload, padding), with(b, payload, padding))
        var events: [JobEvent] = []
        let result = try VerifyJob(a, b).run(cancellation: Cancellation()) { events.append($0) }
        guard case .plan(let plan) = events.first else {
            Issue.record("The plan does not come first.")
            return result
        }
        #expect(plan.verb == "verify" && result.verb == "verify")
        #expect(!events.contains { if case .result = $0 { true } else { false } })
        #expect(!result.sentences.isEmpty)
        #expect(result.sentences.allSatisfy { $0.hasSuffix(".") })
        return result
    }

    private func with(_ operand: VerifyOperand, _ payload: Int?, _ padding: Int) -> VerifyOperand {
        var operand = operand
        guard operand.surplus != .nothing else { return operand }
        operand.payloadSectors = payload
        operand.usualPadding = padding
        return operand
    }

    private func image(_ bytes: [UInt8], bad: Set<Int> = [], count: Int? = nil) -> VerifyOperand {
        VerifyOperand("disc.iso", DataDisc(MemorySource(bytes, bad: bad), byteCount: count))
    }

    private func disc(_ bytes: [UInt8], bad: Set<Int> = [], profile: Int = 0x1B) -> VerifyOperand {
        let report = DiscReport(profile: Profile(rawValue: profile), state: .complete)
        var operand = VerifyOperand("/dev/sr0", DataDisc(MemorySource(bytes, bad: bad)))
        operand.report = report
        operand.surplus = report.isOverwritable ? .anything : .zeros
        return operand
    }

    @Test func `The same is verified, in either order`() throws {
        for (a, b) in [
            (disc(payload), image(payload)), (image(payload), disc(payload)),
            (image(payload), image(payload)),
        ] {
            let result = try run(a, b)
            #expect(result.status == .verified && result.exitCode == 0)
            #expect(result.bytes == payload.count && result.differingSectors == 0)
            let expected = try sum(payload).hexadecimal
            #expect(result.sha256 == expected)
            #expect(result.onlyPaddingDiffers == nil && result.unreadableSectors == nil)
        }
    }

    @Test func `A changed byte differs, and its sector is named`() throws {
        var changed = payload
        changed[333 * 2048 + 17] ^= 1
        let result = try run(disc(changed), image(payload))
        #expect(result.status == .differs && result.exitCode == 2)
        #expect(result.firstDifferingSector == 333 && result.differingSectors == 1)
        #expect(result.onlyPaddingDiffers == false)
        #expect(
            result.sentences.first
                == "The disc in /dev/sr0 and disc.iso differ in 1 of 700 sectors: sector 333."
        )
    }

    @Test func `Zeros behind a disc's image are no difference, behind an image's they are`() throws
    {
        let padded = payload + zeros(sectors: 4)
        var virtual = VerifyOperand("my.vdisc", DataDisc(MemorySource(padded)))
        virtual.surplus = .zeros
        for longer in [disc(padded), virtual] {
            let result = try run(longer, image(payload), padding: 15)
            #expect(result.status == .verified && result.exitCode == 0)
            #expect(result.onlyPaddingDiffers == true && result.paddingSectors == 4)
            #expect(result.differingSectors == 0 && result.firstDifferingSector == nil)
            #expect(result.sentences.contains { $0.hasSuffix("as burning adds them.") })
            let expected = try sum(payload).hexadecimal
            #expect(result.sha256 == expected)
        }
        for (a, b) in [
            (image(padded), image(payload)), (image(payload), image(padded)),
            (disc(payload), image(padded)),
        ] {
            let result = try run(a, b)
            #expect(result.status == .differs && result.exitCode == 2)
            #expect(result.onlyPaddingDiffers == true && result.paddingSectors == 4)
            #expect(result.differingSectors == 4 && result.firstDifferingSector == 700)
        }
    }

    @Test func `Data behind a disc's image are a difference, but not on an overwritable disc`()
        throws
    {
        let longer = payload + zeros(sectors: 4) + data(sectors: 30)
        let once = try run(disc(longer), image(payload))
        #expect(once.status == .differs && once.onlyPaddingDiffers == false)
        #expect(once.firstDifferingSector == 700 && once.paddingSectors == nil)
        let again = try run(disc(longer, profile: 0x1A), image(payload))
        #expect(again.status == .verified && again.onlyPaddingDiffers == nil)
        #expect(again.sentences.contains { $0.contains("left over from earlier use") })
    }

    @Test func `Unreadable sectors make it incomplete, unless others differ`() throws {
        let result = try run(disc(payload, bad: [5, 6, 90]), image(payload))
        #expect(result.status == .incomplete && result.exitCode == 3)
        #expect(result.unreadableSectors == 3 && result.firstUnreadableSector == 5)
        #expect(result.sha256 == nil)
        var changed = payload
        changed[2048 * 400] ^= 1
        let both = try run(disc(changed, bad: [5]), image(payload))
        #expect(both.status == .differs && both.firstDifferingSector == 400)
        #expect(both.unreadableSectors == 1 && both.onlyPaddingDiffers == false)
        // Behind the image nothing is owed, but said.
        let behind = try run(disc(payload + zeros(sectors: 2), bad: [700, 701]), image(payload))
        #expect(behind.status == .verified && behind.onlyPaddingDiffers == false)
        #expect(behind.sentences.contains { $0.contains("is not known") })
        let dead = try run(
            disc(data(sectors: 5_000), bad: Set(200..<5_000)),
            image(data(sectors: 5_000))
        )
        #expect(dead.status == .incomplete && dead.unreadableSectors == 1_000)
        #expect(dead.sentences.contains { $0.contains("nothing is known of the rest") })
    }

    @Test func `Images of other lengths within a sector`() throws {
        let odd = Array(payload.prefix(payload.count - 100))
        let padded = odd + Array(repeating: 0, count: 100)
        let images = try run(image(odd, count: odd.count), image(padded))
        #expect(images.status == .differs && images.onlyPaddingDiffers == true)
        let burned = try run(disc(padded), image(odd, count: odd.count))
        let expected = try sum(odd).hexadecimal
        #expect(burned.status == .verified && burned.sha256 == expected)
        #expect(burned.bytes == odd.count)
    }

    // MARK: Lists of sums

    private func list(_ lines: String...) -> VerifyOperand {
        VerifyOperand(
            ChecksumManifest(parsing: Array(lines.joined(separator: "\n").utf8), name: "SUMS")
        )
    }

    private func line(
        _ bytes: [UInt8],
        _ name: String = "disc.iso",
        _ algorithm: DigestAlgorithm = .sha256
    ) throws -> String {
        "\(try sum(bytes, algorithm).hexadecimal)  \(name)"
    }

    @Test func `An image with its sum is verified`() throws {
        let odd = Array(payload.dropLast(321))
        for bytes in [payload, odd] {
            let result = try run(
                list(try line(bytes), try line(data(sectors: 1), "other.iso")),
                image(bytes, count: bytes.count)
            )
            let expected = try sum(bytes).hexadecimal
            #expect(result.status == .verified && result.exitCode == 0)
            #expect(result.sha256 == expected && result.sums?["sha256"] == expected)
            #expect(result.bytes == bytes.count)
        }
        for algorithm in DigestAlgorithm.allCases {
            // Families of checksums have the same numbers of digits; a tag names the one that is meant.
            let expected = try sum(odd, algorithm).hexadecimal
            let result = try run(
                image(odd, count: odd.count),
                list("\(algorithm.displayName) (disc.iso) = \(expected)")
            )
            #expect(result.status == .verified && result.sums == [algorithm.rawValue: expected])
        }
        let md5 = try run(image(payload), list(try line(payload, "renamed.iso", .md5)))
        let expected = try sum(payload).hexadecimal
        #expect(md5.status == .verified && md5.sums?.keys.sorted() == ["md5"])
        #expect(md5.sha256 == expected)
        #expect(md5.sentences.contains("SUMS calls the image renamed.iso."))
    }

    @Test func `An image must have every kind of sum that is given`() throws {
        let both = try run(
            image(payload),
            list(try line(payload), try line(payload, "disc.iso", .sha512))
        )
        #expect(both.status == .verified && both.sums?.count == 2)
        let one = try run(
            image(payload),
            list(try line(payload), try line([1], "disc.iso", .sha512))
        )
        #expect(one.status == .differs)
        #expect(one.sentences.first?.contains("the SHA-256 checksum") == true)
        #expect(one.sentences.first?.contains("but not the SHA-512 checksum") == true)
    }

    @Test func `A checksum is that of the file, not of the data in it`() throws {
        let folder = try Folder()
        let packed = Array("not the payload at all".utf8)
        let path = try folder.write("disc.cso", packed)
        let operand = VerifyOperand(path.string, DataDisc(MemorySource(payload)))
        let own = try run(operand, list(try line(packed, "disc.cso")))
        #expect(own.status == .verified && own.bytes == packed.count)
        #expect(try run(operand, list(try line(payload, "disc.cso"))).status == .differs)
        // A list of the image before it was packed is about the data.
        #expect(try run(operand, list(try line(payload, "disc.iso"))).status == .verified)
    }

    @Test func `What has nothing to compare is not verified`() throws {
        let result = try run(image([]), image([]))
        #expect(result.status == .notVerified && result.exitCode == 1)
    }

    @Test func `An image that was cut off within a sector lacks data`() throws {
        let cut = Array(payload.dropLast(1_900))
        for (a, b) in [(payload, cut), (cut, payload)] {
            let result = try run(image(a, count: a.count), image(b, count: b.count))
            #expect(result.status == .differs && result.onlyPaddingDiffers == false)
            #expect(result.differingSectors == 1 && result.firstDifferingSector == 699)
            #expect(result.sha256 == nil)
        }
    }

    @Test func `Numbers are the same in every run`() throws {
        let long = payload + data(sectors: 3_000, seed: 9)
        var seen: Set<JobResult> = []
        for _ in 0..<100 { seen.insert(try run(image(payload), image(long))) }
        #expect(seen.count == 1)
        #expect(seen.first?.differingSectors == 3_000 && seen.first?.sha256 == nil)
    }

    @Test func `A file that changes while it is read verifies nothing`() throws {
        let folder = try Folder()
        let path = try folder.write("disc.iso", payload)
        let watch = FileWatch([path])
        func verify(_ change: @escaping @Sendable () -> Void) throws -> JobResult {
            let source = MemorySource(payload) { if $0 > 0 { change() } }
            var operand = VerifyOperand(path.string, DataDisc(source))
            operand.watch = watch
            return try VerifyJob(operand, image(payload)).run(cancellation: Cancellation()) { _ in }
        }
        #expect(try verify {}.status == .verified)
        let changed = try verify { _ = try? folder.write("disc.iso", [1, 2, 3]) }
        #expect(changed.status == .notVerified && changed.exitCode == 1)
        #expect(changed.sentences.first?.contains("changed") == true)
    }

    @Test func `An image with another sum differs, one with zeros behind in padding only`() throws {
        var changed = payload
        changed[9] ^= 1
        let result = try run(image(changed), list(try line(payload)))
        let expected = try sum(changed).hexadecimal
        #expect(result.status == .differs && result.exitCode == 2)
        #expect(result.sha256 == expected && result.firstDifferingSector == nil)
        #expect(result.onlyPaddingDiffers == nil)
        let padded = try run(image(payload + zeros(sectors: 150)), list(try line(payload)))
        #expect(padded.status == .differs && padded.onlyPaddingDiffers == true)
        #expect(padded.paddingSectors == 150)
        let unread = try run(image(payload, bad: [3]), list(try line(payload)))
        #expect(unread.status == .incomplete && unread.firstUnreadableSector == 3)
        #expect(unread.sha256 == nil)
    }

    @Test func `A list without the image is refused`() throws {
        let other = list(try line([1], "a.iso"), try line([2], "b.iso"))
        let failure = #expect(throws: Failure.self) { try run(image(payload), other) }
        #expect(failure?.exitCode == .failed)
        let lists = #expect(throws: Failure.self) { try run(other, other) }
        #expect(lists?.exitCode == .usage)
    }

    @Test(arguments: [700, 650, 704, nil])
    func `A disc's image is found in a list, wherever the disc says that it ends`(claim: Int?)
        throws
    {
        let sums = list(
            try line(data(sectors: 9), "a.iso"),
            try line(payload, "b.iso", .sha512),
            try line(payload, "b.iso")
        )
        let result = try run(disc(payload + zeros(sectors: 4)), sums, payload: claim)
        #expect(result.status == .verified && result.bytes == payload.count)
        let expected = try sum(payload).hexadecimal
        #expect(result.sha256 == expected && result.paddingSectors == 4)
        #expect(result.onlyPaddingDiffers == true)
        #expect(result.sentences.first?.contains("b.iso") == true)
    }

    @Test func `A disc whose image ends within a sector is found by the size that is given`() throws
    {
        let odd = Array(payload.dropLast(2_000))
        let sums = list("# disc.iso: \(odd.count) bytes", try line(odd))
        let result = try run(disc(odd + Array(repeating: 0, count: 2_000)), sums)
        #expect(result.status == .verified && result.bytes == odd.count)
    }

    @Test func `A disc with no sum of the list differs; data behind are told`() throws {
        let none = try run(disc(payload), list(try line([1], "a.iso"), try line([2], "b.iso")))
        #expect(none.status == .differs && none.exitCode == 2)
        let expected = try sum(payload).hexadecimal
        #expect(none.sha256 == expected)
        let longer = payload + data(sectors: 20)
        let more = try run(disc(longer), list(try line(payload)), payload: 700)
        #expect(more.status == .differs && more.onlyPaddingDiffers == false)
        let rewritten = try run(
            disc(longer, profile: 0x1A),
            list(try line(payload)),
            payload: 700
        )
        #expect(rewritten.status == .verified)
        // A beginning of what the disc takes for its image is not the image.
        let part = try run(
            disc(longer, profile: 0x1A),
            list(try line(data(sectors: 5))),
            payload: 700
        )
        #expect(part.status == .differs)
    }

    @Test func `A disc that can't be read says nothing of sums, run-out apart`() throws {
        let sums = list(try line(payload))
        let lost = try run(disc(payload, bad: [600]), sums, payload: 700)
        #expect(lost.status == .incomplete && lost.unreadableSectors == 1)
        #expect(lost.firstUnreadableSector == 600 && lost.sha256 == nil)
        let runOut = try run(
            disc(payload + zeros(sectors: 2), bad: [700, 701], profile: 0x09),
            sums,
            payload: 700
        )
        #expect(runOut.status == .verified && runOut.onlyPaddingDiffers == false)
        let other = try run(
            disc(payload + zeros(sectors: 2), bad: [700, 701]),
            list(try line([1])),
            payload: 700
        )
        #expect(other.status == .differs)
        let hidden = try run(
            disc(payload + zeros(sectors: 20), bad: [705]),
            list(try line([1])),
            payload: 700
        )
        #expect(hidden.status == .incomplete && hidden.firstUnreadableSector == 705)
    }

    @Test func `Zeros that were put for an unreadable sector prove nothing`() throws {
        var bytes = payload
        bytes.replaceSubrange(5 * 2048..<6 * 2048, with: zeros(sectors: 1))
        for operand in [disc(bytes, bad: [5]), image(bytes, bad: [5])] {
            let result = try run(operand, list(try line(bytes)))
            #expect(result.status == .incomplete && result.sha256 == nil && result.sums == nil)
        }
    }

    @Test func `A disc must have every kind of sum that is given for a file`() throws {
        let half = list(try line(payload), try line([1], "disc.iso", .md5))
        let mixed = try run(disc(payload), half)
        #expect(mixed.status == .differs)
        #expect(mixed.sentences.first?.contains("but not the MD5 checksum") == true)
        let whole = list(try line(payload), try line(payload, "disc.iso", .md5))
        #expect(try run(disc(payload), whole).sums?.count == 2)
    }
}

import DiscConversion
import DiscImages
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What the job refuses, tells, keeps and takes away.
struct ConversionJobTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func options(_ name: String, _ set: (inout ConversionOptions) -> Void = { _ in })
        -> ConversionOptions
    {
        var options = ConversionOptions(output: folder.path.appending(name))
        set(&options)
        return options
    }

    private func convert(
        _ source: DiscImage,
        _ options: ConversionOptions,
        _ cancellation: Cancellation = Cancellation()
    ) throws -> (result: JobResult, events: [JobEvent]) {
        var events: [JobEvent] = []
        let job = try ConversionJob(source, options: options)
        let result = try job.run(cancellation: cancellation) { events.append($0) }
        return (result, events)
    }

    private var names: Set<String> {
        get throws { Set(try FileSystem.names(in: folder.path)) }
    }

    @Test func `an image that is shorter than its file system is incomplete`() throws {
        var volume = [UInt8](repeating: 0, count: 30 * 2048)
        let descriptor: [(Int, [UInt8])] = [
            (32768, [1] + Array("CD001".utf8) + [1]), (32848, [40, 0, 0, 0, 0, 0, 0, 40]),
            (32896, [0, 8, 8, 0]), (32924, [34, 0, 20, 0, 0, 0, 0, 0, 0, 20]),
            (34816, [255] + Array("CD001".utf8) + [1]),
        ]
        for (place, bytes) in descriptor {
            volume.replaceSubrange(place..<(place + bytes.count), with: bytes)
        }
        let source = try DiscImage(try folder.write("cut.iso", volume))
        let (result, events) = try convert(source, options("out.cso"))
        #expect(result.status == .incomplete)
        #expect(result.exitCode == 3)
        #expect(result.sentences.contains { $0.contains("not all of its file system") })
        let told = events.contains { event in
            if case .message(let message) = event { return message.text.contains("20480 of them") }
            return false
        }
        #expect(told)
    }

    @Test func `data is converted without audio that can't be read`() throws {
        try folder.write("data", SampleDisc.data.bytes)
        try folder.write("2.ogg", Array("OggS".utf8) + SampleDisc.noise(5000, 1))
        let path = try folder.write(
            "a.cue",
            "FILE data BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n"
                + "FILE 2.ogg OGG\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n"
        )
        let options = options("out.iso") { $0.allowsLoss = true }
        #expect(try ConversionJob.need(options) == .data)
        #expect(try ConversionJob.need(self.options("out.iso")) == .everything)
        #expect(
            try ConversionJob.need(self.options("out.ccd") { $0.allowsLoss = true }) == .everything
        )
        let (result, _) = try convert(try DiscImage(path, need: .data), options)
        #expect(result.status == .done)
        #expect(result.losses?.contains { $0.feature == "audio" } == true)
        #expect(
            try folder.read("out.iso")
                == SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
        )
    }

    @Test func `what would be lost is told, and nothing is written`() throws {
        let source = try folder.image(of: .mixed)
        var events: [JobEvent] = []
        let job = try ConversionJob(source, options: options("out.iso"))
        let failure = try #require(throws: Failure.self) {
            try job.run(cancellation: Cancellation()) { events.append($0) }
        }
        #expect(failure.status == .refused)
        #expect(failure.exitCode == .failed)
        #expect(failure.what.contains("audio, of tracks 2 and 3"))
        #expect(failure.advice.contains("CloneCD"))
        // Formats that would lose something themselves are not recommended.
        #expect(!failure.advice.contains("ECM") && !failure.advice.contains("Alcohol"))
        #expect(try names == ["image.bin", "image.cue"])
        guard case .plan(let plan) = try #require(events.last) else {
            Issue.record("The last event is no plan.")
            return
        }
        #expect(plan.sourceFormat == "cue" && plan.targetFormat == "iso")
        #expect(plan.losses?.contains { $0.feature == "isrc" && $0.tracks == [2, 3] } == true)
        #expect(plan.files == [folder.path.appending("out.iso").string])
    }

    @Test func `a loss that is allowed is kept in a file`() throws {
        let source = try folder.image(of: .mixed)
        let (result, _) = try convert(source, options("out.iso") { $0.allowsLoss = true })
        #expect(result.status == .done)
        #expect(try names == ["image.bin", "image.cue", "out.iso", "out.iso.loss.txt"])
        let report = String(decoding: try folder.read("out.iso.loss.txt"), as: UTF8.self)
        #expect(report.contains("- audio, of tracks 2 and 3\n"))
        #expect(report.contains("- the media catalogue number\n"))
        #expect(result.losses?.count == report.split(separator: "\n").count { $0.hasPrefix("- ") })
        // A report that is there already is someone's.
        try FileSystem.remove(folder.path.appending("out.iso"))
        let failure = try #require(throws: Failure.self) {
            try convert(source, options("out.iso") { $0.allowsLoss = true })
        }
        #expect(failure.what.contains("out.iso.loss.txt is there already"))
        #expect(try !names.contains("out.iso"))
    }

    @Test func `nothing is lost, and no report is made`() throws {
        let (result, _) = try convert(
            try folder.image(of: .mixed),
            options("out.nrg") { $0.proves = true }
        )
        #expect(result.status == .verified)
        #expect(try names == ["image.bin", "image.cue", "out.nrg"])
        #expect(result.losses?.isEmpty == true)
        #expect(result.lossReport == nil)
    }

    @Test(arguments: ["out.xyz", "out", "out.gz"])
    func `an ending that is not written`(_ name: String) throws {
        let failure = try #require(throws: Failure.self) {
            try ConversionJob.check(options(name))
        }
        #expect(failure.exitCode == .usage)
        #expect(failure.advice.contains(".cue") && failure.advice.contains(".nrg"))
    }

    @Test func `a choice that the format does not leave`() throws {
        let failure = try #require(throws: Failure.self) {
            try ConversionJob.check(options("out.nrg") { $0.choices = [.files] })
        }
        #expect(failure.exitCode == .usage)
        #expect(failure.advice.contains(".cue"))
        try ConversionJob.check(options("out.cue") { $0.choices = [.files] })
    }

    @Test func `files that are there stay, unless they are to be replaced`() throws {
        let source = try folder.image(of: .data)
        try folder.write("out.bin", "mine")
        let failure = try #require(throws: Failure.self) {
            try convert(source, options("out.cue"))
        }
        #expect(failure.what.contains("out.bin is there already"))
        #expect(failure.advice.contains("--force"))
        #expect(try folder.read("out.bin") == Array("mine".utf8))
        #expect(try names == ["image.bin", "image.cue", "out.bin"])
        let (result, _) = try convert(source, options("out.cue") { $0.image.replaces = true })
        #expect(result.status == .done)
        #expect(try folder.read("out.bin") == SampleDisc.data.bytes)
    }

    @Test(arguments: ["image.cue", "link.cue", "hard.cue", "file.cue", "folder.nrg"])
    func `the source is never written over`(_ name: String) throws {
        let source = try folder.image(of: .data)
        // By its own name, by links, and where only the file of sectors would be hit.
        for (target, link) in [("image.cue", "link.cue"), ("image.bin", "file.bin")] {
            _ = try Programs.run(["ln", "-s", target, link], in: folder)
        }
        _ = try Programs.run(["ln", "image.cue", "hard.cue"], in: folder)
        _ = try Programs.run(["ln", "-s", "image.bin", "folder.nrg"], in: folder)
        let failure = try #require(throws: Failure.self) {
            try convert(source, options(name) { $0.image.replaces = true })
        }
        #expect(failure.what.contains("source itself"), "\(failure)")
        #expect(try folder.read("image.bin") == SampleDisc.data.bytes)
    }

    @Test(arguments: ImageFormat.writable.map(\.name))
    func `a conversion that is stopped leaves nothing, and old files as they were`(_ name: String)
        throws
    {
        let source = try folder.image(of: .data)
        let format = try #require(ImageFormat.named(name))
        let output = "out.\(format.endings[0])"
        try folder.write(output, "mine")
        for proves in [false, true] {
            let stop = Cancellation()
            let job = try ConversionJob(
                source,
                options: options(output) {
                    $0.image.replaces = true
                    $0.proves = proves
                }
            )
            let failure = try #require(throws: Failure.self) {
                try job.run(cancellation: stop) { event in
                    if case .plan = event { stop.request() }
                }
            }
            #expect(failure.status == .interrupted && failure.exitCode == .interrupted)
            #expect(try names == ["image.bin", "image.cue", output])
            #expect(try folder.read(output) == Array("mine".utf8))
        }
    }

    @Test func `a conversion that is stopped while it is proved replaces nothing`() throws {
        let source = try folder.image(of: .data)
        try folder.write("out.cue", "mine")
        let stop = Cancellation()
        let job = try ConversionJob(
            source,
            options: options("out.cue") {
                $0.image.replaces = true
                $0.proves = true
            }
        )
        let failure = try #require(throws: Failure.self) {
            try job.run(cancellation: stop) { event in
                guard case .progress(let progress) = event, progress.phase == .verify else {
                    return
                }
                stop.request()
            }
        }
        #expect(failure.status == .interrupted && stop.isRequested)
        #expect(try names == ["image.bin", "image.cue", "out.cue"])
        #expect(try folder.read("out.cue") == Array("mine".utf8))
    }

    @Test func `the sum is that of the data as a plain image has them`() throws {
        for index in SampleDisc.all.indices {
            let source = try folder.image(of: SampleDisc.all[index].disc)
            guard source.layout.tracks.contains(where: \.mode.isData) else {
                let (result, _) = try convert(
                    source,
                    options("out.nrg") { $0.image.replaces = true }
                )
                #expect(result.sha256 == nil)
                continue
            }
            var sums: Set<String> = []
            for name in ["out.iso", "out.nrg", "out.ccd", "out.cso"] {
                let (result, _) = try convert(
                    source,
                    options(name) {
                        $0.allowsLoss = true
                        $0.image.replaces = true
                    }
                )
                sums.insert(try #require(result.sha256))
            }
            let said = try Programs.run(["sha256sum", "out.iso"], in: folder).said
            #expect(sums == [String(said.prefix(64))], "\(SampleDisc.all[index].name)")
        }
    }

    @Test func `sectors that can't be read become zeros, and are told`() throws {
        try folder.write("image.img", Array(SampleDisc.mixed.bytes.dropLast(2352 * 4)))
        let source = try DiscImage(try folder.write("image.ccd", SampleDisc.mixed.ccdFile()))
        let (result, events) = try convert(source, options("out.cue") { $0.proves = true })
        #expect(result.status == .incomplete && result.exitCode == 3)
        #expect(result.unreadableRuns == [SectorRun(122..<126)])
        #expect(result.sentences.joined(separator: " ").contains("122 to 125"))
        #expect(try folder.read("out.bin").suffix(2352 * 4).allSatisfy { $0 == 0 })
        // That the image is cut off is told as well.
        #expect(
            events.contains { event in
                guard case .message(let message) = event else { return false }
                return message.severity == .warning && message.text.contains("truncated")
            }
        )
    }

    @Test func `a damaged block costs its own sectors`() throws {
        var plain = SampleDisc.data.tracks[0].sectors.flatMap { Array($0[16..<2064]) }
        plain += SampleDisc.noise(960 * 2048, 1)
        // A sector that can be packed, in noise that can't, where nobody looks to know the image.
        for i in (700 * 2048)..<(701 * 2048) { plain[i] = UInt8(i % 7) }
        let source = try DiscImage(try folder.write("plain.iso", plain))
        _ = try convert(source, options("packed.cso"))
        var bytes = try folder.read("packed.cso")
        let entry = 24 + 4 * 700
        let start = (0..<4).reduce(0) { $0 | Int(bytes[entry + $1]) << (8 * $1) }
        try #require(start & 0x8000_0000 == 0)
        for i in 0..<8 { bytes[start + i] = 0xFF }
        let damaged = try DiscImage(try folder.write("packed.cso", bytes))
        let (result, _) = try convert(damaged, options("out.iso"))
        #expect(result.status == .incomplete)
        #expect(result.unreadableRuns == [SectorRun(700..<701)])
        for i in (700 * 2048)..<(701 * 2048) { plain[i] = 0 }
        #expect(try folder.read("out.iso") == plain)
    }

    @Test func `zeros take no room`() throws {
        let file = try File(folder.path.appending("image.iso"), .replace)
        try file.write(SampleDisc.user(16, of: 40, 1).span, at: 16 * 2048)
        try file.write(SampleDisc.user(17, of: 40, 1).span, at: 17 * 2048)
        try file.setSize(64 << 20)
        let source = try DiscImage(folder.path.appending("image.iso"))
        for name in ["out.iso", "out.disc"] {
            let (result, _) = try convert(source, options(name) { $0.proves = true })
            #expect(result.status == .verified)
            let room = try #require(FileSystem.allocatedSize(folder.path.appending(name)))
            #expect(room < 4 << 20, "\(name) takes \(room) bytes")
        }
    }

    @Test func `what only some options lose is told, too`() throws {
        let source = try folder.image(of: .errors)
        let cooked = options("out.cue") { $0.image.keepsUserDataOnly = true }
        let failure = try #require(throws: Failure.self) { try convert(source, cooked) }
        #expect(failure.what.contains("errors of their own"))
        try folder.write("side.img", SampleDisc.mixed.bytes)
        try folder.write("side.sub", SampleDisc.mixed.subBytes())
        let sided = try DiscImage(try folder.write("side.ccd", SampleDisc.mixed.ccdFile()))
        let plain = options("out.nrg") { $0.image.keepsSubchannel = false }
        let other = try #require(throws: Failure.self) { try convert(sided, plain) }
        #expect(other.what.contains("subchannel"))
        let (result, _) = try convert(sided, options("out.nrg") { $0.proves = true })
        #expect(result.status == .verified)
    }

    @Test func `pauses are left out only if they are silent, or may be lost`() throws {
        func left(_ name: String, allowsLoss: Bool = false) -> ConversionOptions {
            options(name) {
                $0.image.naming = .usual
                $0.image.audioFile = .wave
                $0.image.gaps = .leftOut
                $0.allowsLoss = allowsLoss
                $0.proves = true
            }
        }
        let noisy = try folder.image(of: .mixed)
        let failure = try #require(throws: Failure.self) { try convert(noisy, left("out.cue")) }
        #expect(failure.what.contains("what is in pregaps, of tracks 2 and 3"), "\(failure.what)")
        #expect(failure.advice.contains("--gaps prepended"), "\(failure.advice)")
        #expect(failure.reason == .loss)
        #expect(try !names.contains("out.cue"))
        let (lossy, _) = try convert(noisy, left("out.cue", allowsLoss: true))
        #expect(lossy.status == .verified)
        #expect(lossy.losses?.map(\.feature) == ["pregap-content"])
        #expect(lossy.losses?.map(\.tracks) == [[2, 3]])
        #expect(try names.contains("out.cue.loss.txt"))

        var silent = SampleDisc.mixed
        for i in silent.sessions[0].tracks.indices {
            for j in 0..<silent.sessions[0].tracks[i].pregap {
                silent.sessions[0].tracks[i].sectors[j] = [UInt8](repeating: 0, count: 2352)
            }
        }
        try folder.write("sub/empty", "")
        let (result, _) = try convert(try folder.image(of: silent), left("sub/out.cue"))
        #expect(result.status == .verified)
        #expect(result.losses?.isEmpty == true)
        let sheet = String(decoding: try folder.read("sub/out.cue"), as: UTF8.self)
        #expect(sheet.contains("    PREGAP 00:00:30\r\n    INDEX 01 00:00:00\r\n"), "\(sheet)")
    }
}

import DiscConversion
import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What a conversion makes of files that are in its way, that change under it, or have odd names.
struct ConversionFilesTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @discardableResult
    private func convert(
        _ source: DiscImage,
        to name: String,
        replaces: Bool = false,
        tell: (JobEvent) -> Void = { _ in }
    ) throws -> JobResult {
        var options = ConversionOptions(output: folder.path(name))
        options.allowsLoss = true
        options.image.replaces = replaces
        return try ConversionJob(source, options: options)
            .run(cancellation: Cancellation(), tell: tell)
    }

    @Test func `the checksums of files say how far they are`() throws {
        let names = ["a.bin", "b.bin"]
        let image = folder.path("a.cue")
        let files = try UnfinishedFiles(names.map { folder.path($0) }, replaces: false)
        let bytes = [UInt8](repeating: 7, count: 5_000_000)
        for file in try files.begin() { try file.write(bytes.span, at: 0) }
        var told: [Int] = []
        try SumFile.add(
            to: files,
            of: files.paths,
            beside: image,
            ConversionOptions(output: image).digests,
            Cancellation()
        ) { done, total in
            #expect(total == 2 * bytes.count)
            told.append(done)
        }
        #expect(told == told.sorted() && told.last == 2 * bytes.count)
        #expect(told.contains { $0 > bytes.count && $0 < 2 * bytes.count }, "\(told)")
        files.abandon()
    }

    /// What is in the way is named as it is called, before anything is written.
    @Test(arguments: ["out.bin", "out.cue"])
    func `a file that has the name of an unfinished one is named`(_ name: String) throws {
        let source = try folder.image(of: .data)
        try folder.write("\(name).part", "mine")
        let failure = try #require(throws: Failure.self) { try convert(source, to: "out.cue") }
        #expect(failure.what.hasSuffix("\(name).part is there already."))
        #expect(failure.status == .refused && failure.exitCode == .failed)
        #expect(failure.advice.contains("--force"))
        #expect(try folder.names() == ["image.bin", "image.cue", "\(name).part"].sorted())
        #expect(try convert(source, to: "out.cue", replaces: true).status == .done)
        #expect(try folder.names() == ["image.bin", "image.cue", "out.bin", "out.cue"])
    }

    @Test(arguments: [false, true])
    func `what a rip has read is named as that`(_ replaces: Bool) throws {
        let source = try folder.image(of: .data)
        try folder.write("out.bin.part", "read")
        try folder.write("out.bin.map", "0 1 +")
        let failure = try #require(throws: Failure.self) {
            try convert(source, to: "out.cue", replaces: replaces)
        }
        #expect(failure.what.contains("out.bin.part is what a rip has read of a disc"))
        #expect(!failure.advice.contains("--force"))
    }

    @Test func `a file that another process is writing is in use`() throws {
        let source = try folder.image(of: .data)
        let other = try UnfinishedFiles([folder.path("out.bin")], replaces: false)
        _ = try other.begin()
        let failure = try #require(throws: Failure.self) { try convert(source, to: "out.cue") }
        #expect(failure.exitCode == .unsuitable)
        #expect(failure.what.contains("out.bin is in use"))
        #expect(failure.meaning == "Nothing was written or replaced.")
    }

    /// A name goes into the sheet, which must lead back to the file.
    @Test(arguments: ["a\"b", "a\\b", "a\\\"", "a\nb", "a\r\nb", "\u{1B}[2J", "né \"q\" 日本"])
    func `a TOC file names files of any name`(_ name: String) throws {
        let source = try folder.image(of: .mixed)
        var options = ConversionOptions(output: folder.path("\(name).toc"))
        options.allowsLoss = true
        options.proves = true
        let result = try ConversionJob(source, options: options)
            .run(cancellation: Cancellation()) { _ in }
        #expect(result.status == .verified, "\(result.sentences)")
    }

    @Test(arguments: ["a\"b", "a\nb", "a\r\nb", "\u{1B}[2J"])
    func `a name that a cue sheet can't spell is refused`(_ name: String) throws {
        let source = try folder.image(of: .mixed)
        let failure = try #require(throws: Failure.self) {
            try convert(source, to: "\(name).cue")
        }
        #expect(failure.exitCode == .usage && failure.status == .refused)
        #expect(failure.what.hasPrefix("A cue sheet can't name files with a "))
        #expect(try folder.names() == ["image.bin", "image.cue"])
    }

    /// The image is opened long before it is copied.
    @Test(arguments: ["image.bin", "image.cue"])
    func `a source that changes once it is open gives nothing`(_ name: String) throws {
        let source = try folder.image(of: .data)
        try folder.write(name, try folder.read(name) + [10])
        let failure = try #require(throws: Failure.self) { try convert(source, to: "out.iso") }
        #expect(failure.what.hasSuffix("\(name) changed while it was read."))
        #expect(try folder.names() == ["image.bin", "image.cue"])
    }

    @Test func `a report of losses has nothing in it that steers a terminal`() throws {
        let source = try folder.image(of: .mixed)
        let name = "\u{1B}[2J\r\nFAKE: Verified\u{202E}.iso"
        try convert(source, to: name)
        let report = String(decoding: try folder.read("\(name).loss.txt"), as: UTF8.self)
        #expect(
            report.hasPrefix(
                "What \\x1B[2J\\x0D\\x0AFAKE: Verified\\u{202E}.iso (ISO image) does not hold of\n"
                    + "image.cue (CUE/BIN), which it was made from:\n\n- audio, of tracks 2 and 3\n"
            )
        )
        #expect(report.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
    }
}

import DiscImages
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What every sink that makes files owes to those who own the files beside it.
struct SinkContractTests {
    private static let formats = ImageFormat.writable.map(\.name)

    private let folder: Folder
    private let sourceFolder: Folder
    private let source: DiscImage

    init() throws {
        folder = try Folder()
        sourceFolder = try Folder()
        try sourceFolder.write("image.bin", SampleDisc.mixed.bytes)
        source = try DiscImage(try sourceFolder.write("image.cue", SampleDisc.mixed.cueSheet()))
    }

    private var names: Set<String> {
        get throws { Set(try FileSystem.names(in: folder.path)) }
    }

    private func path(_ format: String) throws -> FilePath {
        folder.path.appending("out.\(try #require(ImageFormat.named(format)).endings[0])")
    }

    private func sink(_ format: String, replaces: Bool = false) throws -> any DiscSink {
        var options = ImageOptions()
        options.replaces = replaces
        let writer = try #require(ImageFormat.named(format)?.writer)
        return try writer(source.disc, path(format), options)
    }

    /// Writes all of the disc, and leaves the files without their names.
    private func fill(_ sink: any DiscSink) throws {
        _ = try DiscCopy.run(from: source.disc, to: Unnamed(sink))
    }

    private func part(of path: FilePath) throws -> [UInt8] {
        try folder.read("\(path.lastComponent?.string ?? "").part")
    }

    @Test(arguments: formats)
    func `planning makes nothing, and writing nothing with a name`(_ format: String) throws {
        let sink = try sink(format)
        #expect(try names.isEmpty)
        let wanted = Set(sink.files.compactMap { $0.lastComponent?.string })
        #expect(wanted.contains(try path(format).lastComponent?.string ?? ""))
        try fill(sink)
        #expect(try names == Set(wanted.map { "\($0).part" }))
        // All of it is written: what is opened is what will have the name.
        let image = try DiscImage(path(format), unfinished: sink.unfinished)
        #expect(image.formatName == format)
        try sink.finish()
        #expect(try names == wanted)
        #expect(try DiscImage(path(format)).formatName == format)
    }

    @Test(arguments: formats)
    func `a link in the way is not followed`(_ format: String) throws {
        try folder.write("mine", [7])
        for replaces in [false, true] {
            let sink = try sink(format, replaces: replaces)
            let parts = sink.files.map { UnfinishedFiles.unfinished($0).string }
            for part in parts {
                #expect(try Programs.run(["/bin/ln", "-sf", "mine", part]).status == 0)
            }
            if replaces {
                try fill(sink)
                try sink.finish()
            } else {
                #expect(throws: SystemError.self) { try sink.begin() }
                sink.abandon()
            }
            #expect(try folder.read("mine") == [7])
        }
    }

    @Test(arguments: formats)
    func `a second writer is refused`(_ format: String) throws {
        let first = try sink(format)
        try fill(first)
        let before = try first.files.map(part(of:))
        for replaces in [false, true] {
            // Before anything is made, or at the latest when it would be.
            #expect(throws: SystemError.self) {
                let second = try sink(format, replaces: replaces)
                defer { second.abandon() }
                try second.begin()
            }
        }
        let after = try first.files.map(part(of:))
        #expect(before == after)
        try first.finish()
    }

    @Test(arguments: formats)
    func `what is given up or forgotten leaves nothing, and what it was to replace as it was`(
        _ format: String
    ) throws {
        let name = try #require(try path(format).lastComponent?.string)
        try folder.write(name, [9])
        let given = try sink(format, replaces: true)
        try fill(given)
        #expect(try folder.read(name) == [9])
        given.abandon()
        #expect(try names == [name])
        var forgotten: (any DiscSink)? = try sink(format, replaces: true)
        try forgotten?.begin()
        forgotten = nil
        #expect(try names == [name])
        #expect(try folder.read(name) == [9])
    }

    @Test(arguments: formats, [false, true])
    func `all files get their names, or none`(_ format: String, _ replaces: Bool) throws {
        let name = try #require(try path(format).lastComponent?.string)
        let sink = try sink(format, replaces: replaces)
        // Of several files the last one can't have its name.
        let last = try #require(sink.files.last?.lastComponent?.string)
        let others = sink.files.compactMap { $0.lastComponent?.string }.filter { $0 != last }
        if replaces { for other in others { try folder.write(other, [9]) } }
        try fill(sink)
        // A directory is never replaced, and a file only where that was asked for.
        let taken = folder.path.appending(last)
        #expect(
            try Programs.run([replaces ? "/bin/mkdir" : "/bin/touch", taken.string]).status == 0
        )
        #expect(throws: SystemError.self) { try sink.finish() }
        sink.abandon()
        #expect(try names == Set(replaces ? others + [last] : [last]))
        if replaces {
            for other in others { #expect(try folder.read(other) == [9]) }
            try FileSystem.removeDirectory(taken)
        }
        #expect(name == last || !others.isEmpty)
    }
}

/// A sink whose files do not get their names.
private final class Unnamed: DiscSink {
    private let sink: any DiscSink
    var requests: [SectorRequest] { sink.requests }
    var unfinished: UnfinishedFiles? { sink.unfinished }
    var byteCount: Int? { sink.byteCount }

    init(_ sink: any DiscSink) { self.sink = sink }

    func begin() throws { try sink.begin() }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        try sink.write(sectors, subchannel: subchannel, at: address, for: request)
    }

    func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws -> FileRange?
    {
        try sink.copy(bytes, at: address, for: request)
    }

    func complete() throws { try sink.complete() }
    func finish() throws {}
    func abandon() {}
}

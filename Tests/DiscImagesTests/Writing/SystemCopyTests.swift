import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Sectors that the system copies from file to file.
struct SystemCopyTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// Noise, zeros between multiples of 64 KiB, zeros beside them, noise.
    private static let bytes: [UInt8] = {
        var bytes = SampleDisc.noise(600_000, 3)
        for i in 100_000..<400_000 { bytes[i] = 0 }
        return bytes
    }()

    @Test(arguments: [0, 1, 2048, 65536, 100_000, 327_680], [0, 1, 2048, 65536, 70_000])
    func `any place of a file to any place of another`(_ from: Int, _ to: Int) throws {
        let path = try folder.write("a", Self.bytes)
        let target = try File(folder.path.appending("b"), .createNew)
        let range = FileRange(try File(path, .read), offset: from, count: 250_000)
        try #expect(target.copySparsely(range, to: to) == 250_000)
        try target.setSize(to + 250_000)
        let wanted = [UInt8](repeating: 0, count: to) + Self.bytes[from..<(from + 250_000)]
        #expect(try folder.read("b") == wanted)
    }

    @Test func `zeros become holes`() throws {
        let path = try folder.write("a", [UInt8](repeating: 0, count: 1 << 20))
        let target = try File(folder.path.appending("b"), .createNew)
        let range = FileRange(try File(path, .read), offset: 0, count: 1 << 20)
        try #expect(target.copySparsely(range, to: 0) == 1 << 20)
        try target.setSize(1 << 20)
        #expect(FileSystem.allocatedSize(target.path) == 0)
    }

    @Test func `a file that ends early is copied as far as it goes`() throws {
        let path = try folder.write("a", SampleDisc.noise(100_000, 1))
        let target = try File(folder.path.appending("b"), .createNew)
        let range = FileRange(try File(path, .read), offset: 30_000, count: 200_000)
        let copied = try target.copySparsely(range, to: 0)
        #expect(copied <= 70_000)
        #expect(
            try folder.read("b") == Array(SampleDisc.noise(100_000, 1)[30_000..<(30_000 + copied)])
        )
    }

    @Test func `what the system can't copy is left to be written`() throws {
        let path = try folder.write("a", SampleDisc.noise(100_000, 1))
        // One that may not be written.
        let target = try File(path, .read)
        let range = FileRange(try File(path, .read), offset: 0, count: 100_000)
        try #expect(target.copySparsely(range, to: 0) == 0)
    }

    /// A source that counts what is read of it, and hands out its file or not.
    private final class CountingDisc: DiscSource {
        let disc: any DiscSource
        let handsOut: Bool
        var sectorsRead = 0
        var medium: MediumKind { disc.medium }
        var layout: DiscLayout { disc.layout }

        init(_ disc: any DiscSource, handsOut: Bool) {
            self.disc = disc
            self.handsOut = handsOut
        }

        func storage(at address: Int) -> SectorStorage { disc.storage(at: address) }

        func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
            let count = try disc.readStored(at: address, into: &buffer)
            sectorsRead += count
            return count
        }

        func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
            -> Int
        {
            try disc.readStoredSubchannel(at: address, into: &buffer)
        }

        func storedBytes(at address: Int) -> FileRange? {
            handsOut ? disc.storedBytes(at: address) : nil
        }
    }

    /// What a plan makes of sectors that the system copies is what it makes of sectors that are read.
    @Test(arguments: SampleDisc.all.indices, ["cue", "ccd", "nrg", "mds", "toc", "iso", "disc"])
    func `the same images, without reading`(_ index: Int, _ format: String) throws {
        let sample = SampleDisc.all[index].disc
        let raw = try folder.image(of: sample).disc
        var sources = [raw]
        if index == 0 {
            let user = sample.tracks[0].sectors.flatMap { $0[16..<2064] }
            sources.append(try DiscImage(try folder.write("image.iso", user)).disc)
        }
        for disc in sources {
            var made: [[String: [UInt8]]] = []
            var read: [Int] = []
            for handsOut in [false, true] {
                let target = try Folder()
                let source = CountingDisc(disc, handsOut: handsOut)
                let path = target.path.appending("out.\(format)")
                let writable = try #require(ImageFormat.forWriting(path))
                guard let sink = try? writable.writer?(source, path, ImageOptions()) else { return }
                let result = try DiscCopy.run(from: source, to: sink)
                #expect(result.unreadable.isEmpty)
                #expect(result.sectors == DiscCopy.sectors(of: sink))
                read.append(source.sectorsRead)
                var files: [String: [UInt8]] = [:]
                for name in try FileSystem.names(in: target.path) {
                    files[name] = try target.read(name)
                }
                made.append(files)
            }
            // A virtual disc has an identity of its own.
            if format == "disc" {
                #expect(made[0].keys == made[1].keys)
            } else {
                #expect(made[0] == made[1])
            }
            let isSame = sample.tracks.contains { track in
                let address = track.start
                let storage = disc.storage(at: address)
                return storage.form == .raw ? ["cue", "ccd"].contains(format) : format == "iso"
            }
            if isSame { #expect(read[1] < read[0]) }
        }
    }

    /// In another file system, where there is one.
    @Test func `to another file system`() throws {
        let place = FilePath("/dev/shm/spindle-copy-\(folder.path.lastComponent?.string ?? "").iso")
        guard FileSystem.exists("/dev/shm") else { return }
        defer { try? FileSystem.remove(place) }
        let user = SampleDisc.data.tracks[0].sectors.flatMap { $0[16..<2064] }
        let disc = try DiscImage(try folder.write("image.iso", user)).disc
        let sink = try #require(
            try ImageFormat.forWriting(place)?.writer?(disc, place, ImageOptions())
        )
        _ = try DiscCopy.run(from: disc, to: sink)
        let file = try File(place, .read)
        var bytes = [UInt8](repeating: 0, count: try file.status().size)
        var span = bytes.mutableSpan
        _ = try file.read(at: 0, into: &span)
        #expect(bytes == user)
    }
}

import LibISOFS
import LinuxCalls
import Synchronization
import SystemPackage
import TestSupport
import Testing

/// libisofs's traps; it keeps state for the process, so these run one after another.
@Suite(.serialized) struct ISOImageTests {
    /// Bytes of a pattern, which counts how it is used.
    private final class Pattern: ISOContent {
        struct Use {
            var opened = 0
            var closed = 0
            var place = 0
        }

        let byteCount: Int
        private let readable: Int
        private let use = Mutex(Use())

        /// Makes a pattern that can be read up to a place.
        init(_ byteCount: Int, readable: Int? = nil) {
            self.byteCount = byteCount
            self.readable = readable ?? byteCount
        }

        var used: Use { use.withLock { $0 } }

        func open() -> Bool {
            use.withLock {
                $0.opened += 1
                $0.place = 0
            }
            return true
        }

        func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
            let place = use.withLock { $0.place }
            guard place < readable || readable == byteCount else { return nil }
            let count = min(buffer.count, byteCount - place)
            for index in 0..<count { buffer[index] = Self.byte(place + index) }
            use.withLock { $0.place += count }
            return count
        }

        func close() { use.withLock { $0.closed += 1 } }

        static func byte(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: place / 251 ^ place) }
    }

    private static let time = 981_173_106
    private static let attributes = ISOAttributes(permissions: 0o644, time: time)

    private func name(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func bytes(_ stream: ISOImageStream) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: stream.byteCount)
        var span = bytes.mutableSpan
        let count = try stream.read(into: &span)
        #expect(count == stream.byteCount)
        return bytes
    }

    /// Makes a small tree.
    private func sample(_ content: Pattern = Pattern(5000)) throws -> ISOImage {
        let image = try ISOImage(volume: "Sample")
        let root = try image.root()
        let folder = try image.addDirectory(
            name("folder"),
            to: root,
            ISOAttributes(permissions: 0o755, time: Self.time)
        )
        _ = try image.addFile(
            name("ä–日本.txt"),
            to: folder,
            Self.attributes,
            content: content,
            serial: 1
        )
        try image.addLink(
            name("link"),
            leadingTo: name("folder/ä–日本.txt"),
            to: root,
            Self.attributes
        )
        return image
    }

    @Test func `An image is as long as was said, and bsdtar reads what went in`() throws {
        let folder = try Folder()
        let image = try sample()
        let size = try ISOImageStream(
            of: image,
            ISOWriteOptions(time: Self.time),
            forSizeOnly: true
        )
        .byteCount
        let stream = try ISOImageStream(of: image, ISOWriteOptions(time: Self.time))
        #expect(stream.byteCount == size)
        try folder.write("x.iso", try bytes(stream))
        let made = try Programs.run(
            ["sh", "-c", "mkdir out && bsdtar -C out -xf x.iso"],
            in: folder
        )
        #expect(made.status == 0, "\(made)")
        #expect(
            try folder.read("out/folder/ä–日本.txt") == (0..<5000).map(Pattern.byte)
        )
        #expect(FileSystem.linkTarget(folder.path("out/link")) == "folder/ä–日本.txt")
        let facts = try Programs.run(["stat", "-c", "%a %Y", "out/folder/ä–日本.txt"], in: folder)
        #expect(facts.output == "644 981173106\n")
    }

    /// The tests' process has no locale: nothing calls `setlocale`, as in a service.
    @Test func `Joliet's names keep their letters whatever the environment is`() throws {
        let folder = try Folder()
        var options = ISOWriteOptions(time: Self.time)
        options.hasRockRidge = false
        let stream = try ISOImageStream(of: try sample(), options)
        try folder.write("x.iso", try bytes(stream))
        let listed = try Programs.run(
            ["bsdtar", "-tf", "x.iso"],
            in: folder.path,
            variables: ["LC_ALL": "C.UTF-8"]
        )
        #expect(listed.output.contains("folder/ä–日本.txt"), "\(listed)")
    }

    @Test
    func `The tree stays as it is while an image is made of it, and one image has the library`()
        throws
    {
        let image = try sample(Pattern(40 << 20))
        let root = try image.root()
        let stream = try ISOImageStream(of: image, ISOWriteOptions(time: Self.time))
        let busy = #expect(throws: ISOError.self) {
            _ = try image.addDirectory(self.name("late"), to: root, Self.attributes)
        }
        #expect(busy?.code == .busy)
        let second = #expect(throws: ISOError.self) {
            _ = try ISOImageStream(of: image, ISOWriteOptions(time: Self.time))
        }
        #expect(second?.code == .busy)
        let other = #expect(throws: ISOError.self) { _ = try ISOImage(volume: "Other") }
        #expect(other?.code == .unavailable)
        stream.stop()
        stream.waitForEnd()
        _ = try image.addDirectory(name("late"), to: root, Self.attributes)
    }

    @Test func `A stream that nobody reads to its end gives everything back`() throws {
        for _ in 0..<20 {
            let content = Pattern(8 << 20)
            do {
                let stream = try ISOImageStream(
                    of: try sample(content),
                    ISOWriteOptions(time: Self.time)
                )
                var some = [UInt8](repeating: 0, count: 1 << 20)
                var span = some.mutableSpan
                #expect(try stream.read(into: &span) == 1 << 20)
            }
            // The thread of libisofs is joined by now, and it closes what it has opened.
            #expect(content.used.opened == content.used.closed)
        }
        // The library is free again.
        _ = try ISOImage(volume: "Next")
    }

    @Test func `A file that can't be read to its end is told`() throws {
        let content = Pattern(300_000, readable: 100_000)
        let stream = try ISOImageStream(of: try sample(content), ISOWriteOptions(time: Self.time))
        var bytes = [UInt8](repeating: 0, count: stream.byteCount)
        var span = bytes.mutableSpan
        _ = try? stream.read(into: &span)
        stream.waitForEnd()
        let messages = stream.messages().filter { $0.severity >= .warning }
        #expect(!messages.isEmpty)
        #expect(content.used.closed == content.used.opened)
    }

    @Test func `Names that are none, are taken, or are too long are refused`() throws {
        let image = try ISOImage(volume: "Names")
        let root = try image.root()
        _ = try image.addDirectory(name("a"), to: root, Self.attributes)
        for bad in ["", "a", "x/y", ".", "..", String(repeating: "n", count: 256)] {
            #expect(throws: ISOError.self, "\(bad)") {
                _ = try image.addDirectory(self.name(bad), to: root, Self.attributes)
            }
        }
        let content = Pattern(1)
        #expect(throws: ISOError.self) {
            _ = try image.addFile(
                self.name("a"),
                to: root,
                Self.attributes,
                content: content,
                serial: 1
            )
        }
        #expect(content.used.opened == 0)
        #expect(ISOVersion.loaded.hasPrefix("1."))
    }

    @Test func `Content with one number is written once`() throws {
        let image = try ISOImage(volume: "Links")
        let root = try image.root()
        let content = Pattern(1 << 20)
        for index in 0..<4 {
            _ = try image.addFile(
                name("name\(index)"),
                to: root,
                Self.attributes,
                content: content,
                serial: 7
            )
        }
        let stream = try ISOImageStream(of: image, ISOWriteOptions(time: Self.time))
        #expect(stream.byteCount < 2 << 20)
        _ = try bytes(stream)
        #expect(content.used.opened == 1)
    }

    @Test func `A packed file is read by another program`() throws {
        let folder = try Folder()
        let image = try ISOImage(volume: "Packed")
        let file = try image.addFile(
            name("zeros"),
            to: try image.root(),
            Self.attributes,
            content: Zeros(1 << 20),
            serial: 1
        )
        #expect(try image.pack(file))
        let stream = try ISOImageStream(of: image, ISOWriteOptions(time: Self.time))
        #expect(stream.byteCount < 1 << 20)
        try folder.write("x.iso", try bytes(stream))
        let made = try Programs.run(["bsdtar", "-xf", "x.iso", "zeros"], in: folder)
        #expect(made.status == 0, "\(made)")
        #expect(try folder.read("zeros") == [UInt8](repeating: 0, count: 1 << 20))
    }

    private final class Zeros: ISOContent {
        let byteCount: Int
        private let place = Mutex(0)

        init(_ byteCount: Int) { self.byteCount = byteCount }

        func open() -> Bool {
            place.withLock { $0 = 0 }
            return true
        }

        func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
            let count = place.withLock { place in
                let count = min(buffer.count, byteCount - place)
                place += count
                return count
            }
            for index in 0..<count { buffer[index] = 0 }
            return count
        }

        func close() {}
    }
}

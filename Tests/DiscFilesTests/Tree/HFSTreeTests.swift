import DiscFiles
import TestSupport
import Testing

/// The files of HFS and HFS Plus volumes.
@Suite struct HFSTreeTests {
    /// Files in the order of the catalogue: by parent, then by name.
    private static let files: [Image.MacFile] = {
        var files: [Image.MacFile] = [
            .init(name: "A Mac", parent: 1, number: 2, isDirectory: true),
            .init(name: "a/b", parent: 2, number: 16, size: 5000, runs: [(60, 1), (70, 2)]),
            .init(
                name: "forks",
                parent: 2,
                number: 17,
                size: 10,
                runs: [(61, 1)],
                resourceSize: 3000,
                resourceRuns: [(62, 2)]
            ),
            .init(name: "many", parent: 2, number: 18, isDirectory: true),
            .init(name: "scattered", parent: 2, number: 19, size: 2048 * 10),
            .init(name: "zero", parent: 2, number: 20),
        ]
        for index in 0..<20 {
            files.append(
                .init(name: "file \(100 + index)", parent: 18, number: UInt32(100 + index))
            )
        }
        return files
    }()

    /// The scattered file's blocks, every other one from 80 on.
    private static func volume(isPlus: Bool, at start: Int = 0) -> Image {
        var image = Image(sectors: 200)
        var files = files
        let runs = (0..<10).map { (start: 80 + $0 * 2, count: 1) }
        let own = isPlus ? 8 : 3
        files[4].runs = Array(runs[..<own])
        var extents: [Image.MacExtents] = []
        for first in stride(from: own, to: 10, by: own) {
            let part = Array(runs[first..<min(10, first + own)])
            extents.append(.init(number: 19, firstBlock: first, runs: part))
        }
        image.putMacVolume(at: start, isPlus: isPlus, blocks: 150, files, extents)
        let first = start + (isPlus ? 0 : 4096)
        for block in 60..<110 {
            image.put([UInt8](repeating: UInt8(block), count: 2048), at: first + block * 2048)
        }
        return image
    }

    private static func bytes(_ runs: [(block: Int, count: Int)]) -> [UInt8] {
        runs.flatMap { [UInt8](repeating: UInt8($0.block), count: $0.count) }
    }

    @Test(arguments: [false, true])
    func `Files, forks and extents are found`(isPlus: Bool) throws {
        let image = Self.volume(isPlus: isPlus)
        let reading = try TreeReading(image.bytes, .hfs)
        let many = (0..<20).map { "many/file \(100 + $0)" }
        #expect(reading.paths == ["a:b", "forks", "many/"] + many + ["scattered", "zero"])
        #expect(reading.problems.isEmpty)
        #expect(
            try reading.contents("a:b", image.bytes)
                == Self.bytes([(60, 2048), (70, 2048), (71, 904)])
        )
        let forks = try #require(reading.entries["forks"])
        #expect(forks.size == 10)
        #expect(forks.resourceForkSize == 3000)
        let source = MemorySource(image.bytes)
        #expect(try FileContents(source, forks.resourceForkExtents).count == 3000)
        #expect(
            try reading.contents("scattered", image.bytes)
                == Self.bytes((0..<10).map { (80 + $0 * 2, 2048) })
        )
        let zone = isPlus ? "Z" : ""
        #expect(forks.modified?.description == "2018-01-28T16:00:01" + zone)
    }

    @Test(arguments: [false, true])
    func `A volume may be in a partition of Apple's map`(isPlus: Bool) throws {
        let volume = Self.volume(isPlus: isPlus, at: 32 * 512)
        var image = Image(sectors: 200)
        image.bytes = volume.bytes
        image.putAppleMap(
            blockSize: 512,
            [("Apple_partition_map", 1, 2), ("Apple_HFS", 32, 700)]
        )
        #expect(try TreeReading(image.bytes, .hfs).paths.count == 25)
    }

    /// As Disk Utility and hdiutil make them.
    @Test(arguments: [false, true])
    func `A volume may be in a partition of GPT`(isPlus: Bool) throws {
        var image = Self.volume(isPlus: isPlus, at: 64 * 512)
        image.bytes += Self.volume(isPlus: isPlus, at: 0).bytes
        image.putGPT(last: 1599, partitions: [(64, 763), (800, 1590)])
        let reading = try TreeReading(image.bytes, .hfs)
        #expect(reading.paths.contains("many/file 119"))
        #expect(reading.problems.isEmpty)
        let content = try DiscContent.examine(MemorySource(image.bytes))
        #expect(content.hfs?.start == 64 * 512)
        #expect(content.furtherHFS.map(\.start) == [800 * 512])
        #expect(content.hfs?.name == "A Mac")
    }

    /// The catalogue of a disk that was in use for long lies in pieces.
    @Test func `A catalogue in pieces has the volume's name`() throws {
        var image = Self.volume(isPlus: true)
        let catalog = 1024 + 272
        // Twenty blocks on, all but the first node lies elsewhere.
        let size = Int(image.bytes[catalog + 6]) << 8 | Int(image.bytes[catalog + 7])
        let moved = Array(image.bytes[22 * 2048..<20 * 2048 + size])
        image.put([UInt8](repeating: 0xFF, count: moved.count), at: 22 * 2048)
        image.put(moved, at: 120 * 2048)
        image.putBig(UInt32(2), at: catalog + 20)
        image.putBig(UInt32(120), at: catalog + 24)
        image.putBig(UInt32((moved.count + 2047) / 2048), at: catalog + 28)
        #expect(try DiscContent.examine(MemorySource(image.bytes)).hfs?.name == "A Mac")
        #expect(try TreeReading(image.bytes, .hfs).paths.contains("many/file 119"))
    }

    @Test(arguments: [false, true])
    func `A catalogue without a root directory is not complete`(isPlus: Bool) throws {
        var image = Image(sectors: 200)
        image.putMacVolume(at: 0, isPlus: isPlus, blocks: 150, [])
        let reading = try TreeReading(image.bytes, .hfs)
        #expect(reading.paths.isEmpty)
        #expect(reading.isIncomplete)
    }

    /// Inside Macintosh: Files, 2-72 and 2-73; TN1150, “Catalog File Data”.
    @Test(arguments: [false, true])
    func `Entries that the catalogue lost are told`(isPlus: Bool) throws {
        func reading(type: UInt8?, count: Int) throws -> TreeReading {
            var image = Image(sectors: 200)
            image.putMacVolume(
                at: 0,
                isPlus: isPlus,
                blocks: 150,
                [
                    .init(name: "A Mac", parent: 1, number: 2, isDirectory: true, count: 2),
                    .init(name: "file", parent: 2, number: 16, type: type),
                    .init(name: "sub", parent: 2, number: 17, isDirectory: true, count: count),
                    .init(name: "inside", parent: 17, number: 18),
                ]
            )
            return try TreeReading(image.bytes, .hfs)
        }
        let whole = try reading(type: nil, count: 1)
        #expect(whole.paths == ["file", "sub/", "sub/inside"])
        #expect(whole.problems.isEmpty)
        // Hidden directories may be counted or not: only what is missing is told.
        #expect(try reading(type: nil, count: 0).problems.isEmpty)
        let fewer = try reading(type: nil, count: 3)
        #expect(fewer.problems.map(\.path) == ["sub"])
        #expect(
            fewer.problems.map(\.sentence) == [
                "The directory counts 3 entries, and the catalogue has 1 of them."
            ]
        )
        #expect(fewer.isIncomplete)
        // One of no type, and one that is taken for a thread.
        for type: UInt8 in [0x7F, 4] {
            let broken = try reading(type: type, count: 1)
            #expect(broken.paths == ["sub/", "sub/inside"])
            #expect(broken.problems.map(\.loss) == [.entries, .entries])
            #expect(broken.problems.first?.sentence.contains("“file” is left out") ?? false)
        }
    }

    @Test func `HFS Plus may be wrapped in HFS`() throws {
        var image = Self.volume(isPlus: true, at: 16384)
        // The wrapper's blocks begin at sector 8 of 512 bytes, and the volume at its block 6.
        image.put("BD", at: 1024)
        image.putBig(UInt32(2048), at: 1024 + 20)
        image.putBig(UInt16(8), at: 1024 + 28)
        image.put("H+", at: 1024 + 124)
        image.putBig(UInt16(6), at: 1024 + 126)
        #expect(try TreeReading(image.bytes, .hfs).paths.count == 25)
    }

    /// As Mac OS X makes them: the files lie under numbers where nobody looks.
    @Test func `Hard links have what they lead to`() throws {
        var image = Image(sectors: 200)
        let files: [Image.MacFile] = [
            .init(name: "A Mac", parent: 1, number: 2, isDirectory: true),
            .init(name: "\0\0\0\0HFS+ Private Data", parent: 2, number: 16, isDirectory: true),
            .init(
                name: ".HFS+ Private Directory Data\r",
                parent: 2,
                number: 17,
                isDirectory: true
            ),
            .init(name: "alias", parent: 2, number: 20, special: 99, kind: "fdrpMACS"),
            .init(name: "broken", parent: 2, number: 21, special: 77, kind: "hlnkhfs+"),
            .init(name: "one", parent: 2, number: 22, special: 5, kind: "hlnkhfs+"),
            .init(name: "other", parent: 2, number: 23, special: 8, kind: "fdrpMACS"),
            .init(name: "two", parent: 2, number: 24, special: 5, kind: "hlnkhfs+"),
            .init(name: "where", parent: 2, number: 25, special: 8, kind: "fdrpMACS"),
            .init(
                name: "iNode5",
                parent: 16,
                number: 30,
                mode: 0o100640,
                special: 2,
                size: 10,
                runs: [(60, 1)]
            ),
            .init(name: "temp31", parent: 16, number: 31),
            .init(
                name: "dir_8",
                parent: 17,
                number: 32,
                isDirectory: true,
                mode: 0o040750,
                special: 2
            ),
            .init(name: "inside", parent: 32, number: 33, size: 3, runs: [(61, 1)]),
        ]
        image.putMacVolume(at: 0, isPlus: true, blocks: 150, files)
        image.put("0123456789", at: 60 * 2048)
        let reading = try TreeReading(image.bytes, .hfs)
        #expect(
            reading.paths == ["alias", "broken", "one", "other/", "other/inside", "two", "where/"]
        )
        let (one, two) = (try #require(reading.entries["one"]), reading.entries["two"])
        #expect(one.number == two?.number && one.number != nil && one.linkCount == 2)
        #expect(one.size == 10 && one.modeText == "-rw-r-----")
        #expect(try reading.contents("two", image.bytes) == Array("0123456789".utf8))
        #expect(reading.entries["where"]?.modeText == "drwxr-x---")
        // What is in a directory is listed under its first name, and is missing under the second; and so is
        // the file that “broken” leads to.
        #expect(reading.isIncomplete)
        #expect(reading.problems.map(\.path) == ["/", "where"])
        #expect(reading.problems.first?.sentence.contains("“broken” is a hard link") ?? false)
    }

    @Test func `HFS Plus has attributes`() throws {
        var image = Image(sectors: 200)
        let files: [Image.MacFile] = [
            .init(name: "A Mac", parent: 1, number: 2, isDirectory: true),
            .init(name: "file", parent: 2, number: 16),
            .init(name: "sub", parent: 2, number: 17, isDirectory: true),
        ]
        image.putMacVolume(
            at: 0,
            isPlus: true,
            blocks: 150,
            files,
            attributes: [
                .init(number: 16, name: "com.apple.note", value: Array("a value".utf8)),
                .init(number: 16, name: "large", runs: [(60, 2)], size: 3000),
                .init(number: 17, name: "größe", value: []),
            ]
        )
        image.put([UInt8](repeating: 7, count: 4096), at: 60 * 2048)
        let reading = try TreeReading(image.bytes, .hfs)
        #expect(reading.problems.isEmpty)
        let found = try #require(reading.entries["file"]).attributes
        #expect(
            found == [
                FileAttribute(name: "user.com.apple.note", value: Array("a value".utf8)),
                FileAttribute(name: "user.large", value: [UInt8](repeating: 7, count: 3000)),
            ]
        )
        #expect(reading.entries["sub"]?.attributes.map(\.name) == ["user.größe"])
    }

    @Test func `HFS Plus has rights, symlinks and Unicode`() throws {
        var image = Image(sectors: 100)
        image.putMacVolume(
            at: 0,
            isPlus: true,
            blocks: 100,
            [
                .init(
                    name: "link",
                    parent: 2,
                    number: 16,
                    mode: 0o120755,
                    size: 6,
                    runs: [(60, 1)]
                ),
                .init(name: "run ☃", parent: 2, number: 17, mode: 0o104755),
            ]
        )
        image.put("../end", at: 60 * 2048)
        let reading = try TreeReading(image.bytes, .hfs)
        #expect(reading.paths == ["link", "run ☃"])
        #expect(reading.entries["link"]?.target == "../end")
        #expect(reading.entries["link"]?.kind == .symlink)
        #expect(reading.entries["run ☃"]?.modeText == "-rwsr-xr-x")
        #expect(reading.entries["run ☃"]?.userID == 501)
    }

    @Test func `HFS's names are Mac Roman`() throws {
        var image = Image(sectors: 100)
        image.putMacVolume(
            at: 0,
            isPlus: false,
            blocks: 50,
            [.init(name: "Gr\u{9A}\u{A7}e \u{F0}", parent: 2, number: 16)]
        )
        #expect(try TreeReading(image.bytes, .hfs).paths == ["Größe \\u{F8FF}"])
    }

    @Test func `Leaves that go in a circle end`() throws {
        var image = Self.volume(isPlus: false)
        // The catalogue begins at block 20, its leaves with node 2; each names itself as the next.
        let catalog = 4096 + 20 * 2048
        for node in 2..<20 { image.putBig(UInt32(node), at: catalog + node * 512) }
        let reading = try TreeReading(image.bytes, .hfs)
        #expect(reading.isIncomplete)
    }
}

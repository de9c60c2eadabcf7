import DiscExtraction
import DiscFiles
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Trees whose names and links want out of the directory that they are extracted into.
@Suite struct HostileExtractionTests {
    /// Names of twelve bytes in the images of peers, which are then overwritten.
    private static let names = ["victim-a.txt", "victim-b.txt", "folder-c.dir", "folder-d.dir"]
    /// What a link has as its target.
    private static let linkTarget = "outside-the-"
    /// What takes the place of names, in twelve bytes.
    private static let wishes = [
        "../outside/x", "/tmp/outside", "..", ".", "", "a/b/c/d/e/fg", "../../../../",
        "link-to-it.x",
        "victim-a.txt", "folder-c.dir", "out/../../..", "x\0y\0z\0", "\u{1B}]0;x\u{7}\r\n..",
        "..\0\0\0\0\0\0\0\0\0\0", "CON.txt:a:$b",
    ]

    /// Makes a tree, and an image of it with every kind of names.
    private static func image(_ options: [String]) throws -> [UInt8] {
        let folder = try Folder()
        let made = try Programs.run(
            [
                "sh", "-c",
                """
                set -e
                mkdir -p tree/folder-c.dir/folder-d.dir tree/empty-ee.dir
                echo a >tree/victim-a.txt; echo b >tree/folder-c.dir/victim-b.txt
                echo c >tree/folder-c.dir/folder-d.dir/victim-a.txt
                head -c 9000 /dev/zero >tree/folder-c.dir/zeros
                ln -s ../outside-the- tree/link-to-it.x
                ln -s outside-the-/../../outside tree/folder-c.dir/link-to-it.x
                \(options.joined(separator: " ")) -o image tree 2>log
                """,
            ],
            in: folder
        )
        try #require(made.status == 0, "\(made)")
        return try folder.read("image")
    }

    /// An image with names and links that were changed, and a few bytes of its structures.
    private static func hostile(
        _ image: [UInt8],
        _ places: [[UInt8]: [Int]],
        _ random: inout SeededGenerator
    ) -> [UInt8] {
        var bytes = image
        for _ in 0..<1 + random.roll(6) {
            let old = (names + [linkTarget])[random.roll(names.count + 1)]
            let wish = wishes[random.roll(wishes.count)]
            let isWide = random.roll(3) == 0
            var new = Array(wish.utf8.prefix(12))
            new += Array(repeating: random.roll(2) == 0 ? 0 : 0x2E, count: 12 - new.count)
            guard let places = places[form(Array(old.utf8), isWide)], !places.isEmpty else {
                continue
            }
            let place = places[random.roll(places.count)]
            for (offset, byte) in form(new, isWide).enumerated() { bytes[place + offset] = byte }
        }
        for _ in 0..<random.roll(4) {
            let sector = 16 + random.roll(min(300, bytes.count / 2048 - 16))
            bytes[sector * 2048 + random.roll(512)] = UInt8(random.roll(256))
        }
        reseal(&bytes)
        return bytes
    }

    /// UTF-16 with its high byte first, or the bytes as they are.
    private static func form(_ bytes: [UInt8], _ isWide: Bool) -> [UInt8] {
        isWide ? bytes.flatMap { [0, $0] } : bytes
    }

    /// Where the names stand in an image.
    private static func places(in image: [UInt8]) -> [[UInt8]: [Int]] {
        var places: [[UInt8]: [Int]] = [:]
        for name in names + [linkTarget] {
            for isWide in [false, true] {
                let needle = form(Array(name.utf8), isWide)
                places[needle] = find(needle, in: image)
            }
        }
        return places
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8]) -> [Int] {
        bytes.indices.dropLast(needle.count).filter { start in
            bytes[start] == needle[0]
                && bytes[start..<start + needle.count].elementsEqual(needle)
        }
    }

    /// Makes the checksums of UDF's descriptors fit again (ECMA-167 3/7.2), so that what was changed is
    /// taken for true.
    private static func reseal(_ bytes: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count - 2048, by: 4) {
            let kind = Int(bytes[start]) | Int(bytes[start + 1]) << 8
            guard (256...266).contains(kind), bytes[start + 2] == 2 || bytes[start + 2] == 3,
                bytes[start + 3] == 0, bytes[start + 5] == 0
            else { continue }
            let length = Int(bytes[start + 10]) | Int(bytes[start + 11]) << 8
            guard (1...2032).contains(length) else { continue }
            var crc: UInt16 = 0
            for byte in bytes[start + 16..<start + 16 + length] {
                crc ^= UInt16(byte) << 8
                for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
            }
            bytes[start + 8] = UInt8(truncatingIfNeeded: crc)
            bytes[start + 9] = UInt8(truncatingIfNeeded: crc >> 8)
            bytes[start + 4] = 0
            bytes[start + 4] = bytes[start..<start + 16].reduce(0) { $0 &+ $1 }
        }
    }

    @Test(
        .timeLimit(.minutes(60)),
        arguments: [
            ["genisoimage", "-quiet", "-R", "-J", "-udf"],
            ["xorriso", "-as", "mkisofs", "-quiet", "-R", "-J", "-hfsplus"],
        ]
    )
    func `Nothing is made outside, whatever names and links say`(_ maker: [String]) throws {
        let image = try Self.image(maker)
        let places = Self.places(in: image)
        for seed in 0..<Soak.count(30, long: 5000) {
            var random = SeededGenerator(seed: UInt64(seed))
            let bytes = Self.hostile(image, places, &random)
            let place = try Folder()
            try place.write("outside/sentinel", "untouched")
            try place.write("outside-the-", "untouched")
            try FileSystem.makeDirectory(place.path("into"))
            try extractAll(bytes, to: place.path("into"), replaces: seed % 2 == 0)
            #expect(try place.names() == ["into", "outside", "outside-the-"], "seed \(seed)")
            #expect(try FileSystem.names(in: place.path("outside")) == ["sentinel"], "seed \(seed)")
            for name in ["outside/sentinel", "outside-the-"] {
                #expect(try place.read(name) == Array("untouched".utf8), "seed \(seed)")
            }
        }
    }

    /// Extracts each tree that an image has into a directory of its own, and then one over another.
    private func extractAll(_ bytes: [UInt8], to target: FilePath, replaces: Bool) throws {
        let source = MemorySource(bytes)
        let trees = try DiscTrees(source)
        for kind in trees.available {
            guard let tree = trees.tree(kind) else { continue }
            for name in ["\(kind)", "all"] {
                var options = ExtractionOptions(target: target.appending(name))
                options.replaces = replaces
                options.keepsPermissions = replaces
                let job = ExtractionJob(tree, source, named: "image", notes: [], options: options)
                do throws(Failure) {
                    let result = try job.run(cancellation: Cancellation()) { _ in }
                    #expect([.done, .incomplete, .failed].contains(result.status))
                } catch {
                    // A tree may claim more than there is room for.
                    #expect(error.reason == .noSpace, "\(error)")
                }
            }
        }
    }
}

import DiscImages
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// What is packed as LZFSE unpacks again, whatever it is; 7-Zip reads it, too.
struct LZFSEWritingTests {
    private let samples = PackedSamples.shared

    /// Contents that reach the ends of the format: blocks that are full of literals or of triples,
    /// the longest runs and matches, distances beyond the farthest.
    private static let contents: [(name: String, bytes: [UInt8])] = {
        var state: UInt64 = 9
        func random(_ count: Int, _ below: UInt64 = 256) -> [UInt8] {
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: (state >> 33) % below)
            }
        }
        let size = 3 << 19
        let far = random(4096)
        var mixed: [UInt8] = []
        while mixed.count < size {
            let literals = Int(random(1)[0])
            mixed += random(literals)
            let from = Int(random(1)[0]) * mixed.count / 257
            mixed += mixed[from..<min(mixed.count, from + 5 + Int(random(1)[0]) * 20)]
        }
        return [
            ("few", random(size, 3)),
            ("ones", [UInt8](repeating: 1, count: size)),
            ("far", far + random(262_139 - 4096) + far + random(262_149 - 4096) + far),
            ("short", (0..<size / 6).flatMap { _ in Array("abcd".utf8) + random(2, 200) }),
            ("mixed", mixed),
            (
                "words",
                Array(repeating: Array("one two three four, ".utf8), count: size / 20).flatMap {
                    $0
                }
            ),
            ("tail", [UInt8](repeating: 7, count: 2000) + random(48)),
        ]
    }()

    @Test(arguments: contents.indices)
    func `contents of every kind come back`(_ index: Int) throws {
        let (name, bytes) = Self.contents[index]
        let plain = bytes + [UInt8](repeating: 0x55, count: (2048 - bytes.count % 2048) % 2048)
        // An image's mark, so that it is known.
        var image = try Array(samples.bytes("plain.iso")[..<65536])
        image += plain
        let source = samples.path("lzfse-\(name).iso")
        try PackedSamples.write(image, to: source)
        let path = samples.path("lzfse-\(name).dmg")
        var options = ImageOptions()
        options.packing = .lzfse
        options.replaces = true
        let disc = try DiscImage(source)
        let writer = try #require(ImageFormat.named("dmg")?.writer)
        _ = try DiscCopy.run(from: disc.disc, to: writer(disc.disc, path, options))
        #expect(try PackedSamples.userData(DiscImage(path)) == image)
        if FileSystem.exists("/usr/bin/7z") {
            let run = try Programs.run(["7z", "t", "-tdmg", path.string])
            #expect(run.status == 0 && run.said.contains("Everything is Ok"), "\(run)")
        }
    }
}

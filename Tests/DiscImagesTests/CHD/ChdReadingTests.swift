import DiscImages
import DiscModel
import Foundation
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// The images that `make-chd.py` makes, which shares no code with the reader.
final class ChdSamples: Sendable {
    static let shared = ChdSamples()

    let folder: FilePath
    let names: [String]

    private init() {
        let made = try? FileSystem.makeTemporaryDirectory(in: "/tmp", prefix: "spindle-chd-")
        folder = made ?? "/nowhere"
        let script = FilePath(#filePath).removingLastComponent().appending("make-chd.py")
        let run = try? Programs.run(["python3", script.string, folder.string], within: 600)
        if run?.status != 0 { print(run?.said ?? "python3 could not be run") }
        names = ((try? FileSystem.names(in: folder)) ?? []).sorted()
            .filter { $0.hasSuffix(".chd") }.map { String($0.dropLast(4)) }
        atexit { ChdSamples.shared.remove() }
    }

    private func remove() {
        for name in (try? FileSystem.names(in: folder)) ?? [] {
            try? FileSystem.remove(folder.appending(name))
        }
        try? FileSystem.removeDirectory(folder)
    }

    func path(_ name: String) -> FilePath { folder.appending(name) }
}

struct ChdReadingTests {
    private let samples = ChdSamples.shared

    @Test func `there are samples`() {
        #expect(samples.names.count == 20)
    }

    @Test(arguments: ChdSamples.shared.names.filter { $0.hasPrefix("cd") })
    func `every sector of a CD`(_ name: String) throws {
        let image = try DiscImage(samples.path("\(name).chd"))
        #expect(image.format?.name == "chd")
        #expect(image.warnings.isEmpty)
        let isNew = !name.hasPrefix("cd-old")
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 75, isNew ? 111 : 105])
        #expect(image.layout.tracks.map(\.mode) == [.mode1, .mode2Mixed, .audio])
        #expect(image.layout.leadOut?.rawValue == 147)
        let raw = try Folder.contents(samples.path("\(name).raw"))
        for address in [Int](0..<147) + [146, 3, 140, 70, 0] {
            #expect(
                try image.disc.raw(address)
                    == Array(raw[(address * 2352)..<((address + 1) * 2352)]),
                "sector \(address)"
            )
        }
    }

    @Test func `subchannel`() throws {
        let image = try DiscImage(samples.path("cd-side.chd"))
        let sub = try Folder.contents(samples.path("cd-side.sub"))
        for address in 0..<147 {
            #expect(
                try image.disc.subchannel(address)
                    == Array(sub[(address * 96)..<(address * 96 + 96)])
            )
        }
    }

    @Test(arguments: ChdSamples.shared.names.filter { $0.hasPrefix("dvd") })
    func `every sector of a DVD`(_ name: String) throws {
        let image = try DiscImage(samples.path("\(name).chd"))
        #expect(image.format?.name == "chd")
        let iso = try Folder.contents(samples.path("\(name).iso"))
        for pieces in [1, 3, 64] {
            #expect(try PackedSamples.userData(image, pieces: pieces) == iso)
        }
    }

    /// Of hunks 0, 3, 6 and so on a byte of subchannel is wrong, and that of 1, 4, 7 can't be unpacked.
    @Test func `damage to the subchannel leaves the data that prove themselves`() throws {
        let image = try DiscImage(samples.path("bad-side.chd"))
        let raw = try Folder.contents(samples.path("bad-side.raw"))
        let sub = try Folder.contents(samples.path("bad-side.sub"))
        for address in 0..<147 {
            // Each track is filled up to a multiple of four sectors.
            let frame = address + (address < 75 ? 0 : address < 105 ? 1 : 3)
            let isDamaged = frame / 8 % 3 != 2
            if isDamaged, address >= 105 {
                #expect(throws: UnreadableSectors.self) { try image.disc.raw(address) }
            } else {
                #expect(
                    try image.disc.raw(address)
                        == Array(raw[(address * 2352)..<((address + 1) * 2352)]),
                    "sector \(address)"
                )
            }
            if isDamaged {
                #expect(throws: UnreadableSectors.self) { try image.disc.subchannel(address) }
            } else {
                #expect(
                    try image.disc.subchannel(address)
                        == Array(sub[(address * 96)..<(address * 96 + 96)])
                )
            }
        }
    }

    /// In hunks 0, 2, 4 and so on there are the sectors of hunk 0.
    @Test func `sectors that belong elsewhere prove nothing`() throws {
        let image = try DiscImage(samples.path("bad-place.chd"))
        for address in 0..<75 {
            if address / 8 % 2 == 0, address >= 8 {
                #expect(throws: UnreadableSectors.self) { try image.disc.raw(address) }
            } else {
                _ = try image.disc.raw(address)
            }
        }
    }

    @Test func `a damaged hunk makes unreadable sectors`() throws {
        // The hunk is kept as it is: sectors 8 to 15, of which the second is damaged.
        var bytes = try Folder.contents(samples.path("cd-zlib.chd"))
        let raw = try Folder.contents(samples.path("cd-zlib.raw"))
        for i in 4000..<4010 { bytes[i] ^= 0x5A }
        let folder = try Folder()
        let image = try DiscImage(try folder.write("a.chd", bytes))
        let sink = try #require(
            try ImageFormat.cue.writer?(image.disc, folder.path.appending("b.cue"), ImageOptions())
        )
        let result = try DiscCopy.run(from: image.disc, to: sink)
        #expect(result.unreadable == [9..<10])
        #expect(result.reason?.contains("hunk ") ?? false)
        let copy = try folder.read("b.bin")
        let first = try #require(result.unreadable.first)
        for address in 0..<147 where !first.contains(address) {
            let range = (address * 2352)..<((address + 1) * 2352)
            #expect(copy[range] == raw[range], "sector \(address)")
        }
    }

    @Test func `a pregap that is longer than its track is not kept`() throws {
        var bytes = try Folder.contents(samples.path("cd-zlib.chd"))
        let place = try #require(bytes.firstRange(of: Array("FRAMES:42".utf8)))
        bytes.replaceSubrange(place, with: Array("FRAMES:05".utf8))
        let folder = try Folder()
        let image = try DiscImage(try folder.write("a.chd", bytes))
        #expect(image.layout.tracks.map(\.start.rawValue) == [0, 75, 111])
        #expect(image.layout.tracks[2].length == 5)
        #expect(image.warnings.count == 1 && image.warnings[0].contains("pregap of 6"))
        let raw = try Folder.contents(samples.path("cd-zlib.raw"))
        #expect(try image.disc.raw(111) == Array(raw[(105 * 2352)..<(106 * 2352)]))
    }

    @Test func `what is wrong is named with its place`() throws {
        let chd = try Folder.contents(samples.path("cd-zlib.chd"))
        let map = chd[40..<48].reduce(0) { $0 << 8 | Int($1) }
        let all = [UInt8](repeating: 0xFF, count: 8)
        let cases: [(Int, [UInt8], String)] = [
            (12, [0, 0, 0, 4], "the version at byte 12 is 4: only version 5 is read"),
            (12, [0, 0, 0, 9], "the version at byte 12 is 9"),
            (16, Array("avhu".utf8), "a codec at byte 16 is “avhu”"),
            (32, all, "the size of the data at byte 32"),
            (40, [0, 0, 0, 0, 0, 0, 0, 0], "the image was never finished"),
            (40, [0x7F] + all.dropFirst(), "the place of the map at byte 40"),
            (56, [0, 0, 0, 0], "the size of a hunk at byte 56 is 0"),
            (60, [0, 0, 0, 7], "the size of a unit at byte 60 is 7"),
            (124, Array("GDDD".utf8), "the content is of a hard disk"),
            (129, [0xFF], "the length of a piece of metadata at byte 129"),
            (map, [0xFF], "the length of the map at byte \(map)"),
            (map + 10, [0], "the checksum of the map at byte \(map + 10)"),
        ]
        let folder = try Folder()
        for (place, value, words) in cases {
            var changed = chd
            changed.replaceSubrange(place..<(place + value.count), with: value)
            let path = try folder.write("a.chd", changed)
            let error = try #require(throws: (any Error).self, "\(words)") {
                try DiscImage(path)
            }
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    /// Opens an image and reads all of it.
    private func exercise(_ path: FilePath) {
        guard let image = try? DiscImage(path) else { return }
        var buffer = [UInt8](repeating: 0, count: 2352 * 40)
        for track in image.layout.tracks {
            var sector = track.start.rawValue
            let end = min(track.end.rawValue, sector + 500)
            while sector < end {
                var span = buffer.mutableSpan
                let count = try? image.disc.readStored(at: sector, into: &span)
                sector += max(1, count ?? 7)
            }
        }
    }

    @Test(arguments: ["cd-all", "cd-plain-codecs", "cd-side", "cd-none", "cd-child", "dvd-all"])
    func `changed and cut off`(_ name: String) throws {
        let bytes = try Folder.contents(samples.path("\(name).chd"))
        let map = bytes[40..<48].reduce(0) { $0 << 8 | Int($1) }
        let folder = try Folder()
        try folder.write(
            "parent.chd",
            try Folder.contents(samples.path("cd-parent.chd"))
        )
        var state: UInt64 = 7
        func roll(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, below)
        }
        let clock = ContinuousClock()
        for round in 0..<150 {
            var changed = bytes
            for _ in 0...roll(3) {
                let place =
                    switch roll(4) {
                    case 0: roll(124)
                    case 1: 124 + roll(400)
                    case 2: min(changed.count - 1, map + roll(changed.count - map))
                    default: roll(changed.count)
                    }
                changed[place] = [0, 255, 128, 127, UInt8(roll(256))][roll(5)]
            }
            if round % 5 == 0 { changed.removeLast(roll(changed.count)) }
            let path = try folder.write("a.chd", changed)
            let time = clock.measure { exercise(path) }
            #expect(time < .seconds(5), "round \(round) of \(name)")
        }
    }
}

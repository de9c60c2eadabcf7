import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Packed images that are written here hold what went in, for these readers and for others.
struct PackedWritingTests {
    private let samples = PackedSamples.shared

    private func write(_ source: String, as format: String, _ name: String, _ options: ImageOptions)
        throws -> FilePath
    {
        let image = try DiscImage(samples.path(source))
        let path = samples.path(name)
        let writer = try #require(ImageFormat.named(format)?.writer)
        let result = try DiscCopy.run(from: image.disc, to: writer(image.disc, path, options))
        #expect(result.unreadable.isEmpty)
        #expect(!FileSystem.exists(samples.path("\(name).part")))
        return path
    }

    private var options: ImageOptions {
        var options = ImageOptions()
        options.replaces = true
        return options
    }

    @Test(arguments: ["cso", "zso", "dmg", "ecm"])
    func `what is written is read`(_ format: String) throws {
        let path = try write("plain.iso", as: format, "written.\(format)", options)
        let image = try DiscImage(path)
        let plain = try samples.bytes("plain.iso")
        #expect(try PackedSamples.userData(image) == plain)
        let size = try FileSystem.status(path).size
        #expect(size < plain.count + plain.count / 8, "\(size)")
    }

    @Test(arguments: ImageOptions.Packing.allCases)
    func `Apple images are read by 7-Zip and dmg2img`(_ packing: ImageOptions.Packing) throws {
        var options = options
        options.packing = packing
        let name = "peer-\(packing).dmg"
        let path = try write("plain.iso", as: "dmg", name, options)
        let plain = try samples.bytes("plain.iso")
        #expect(try PackedSamples.userData(DiscImage(path)) == plain)
        // Debian's dmg2img writes a wrong image of LZFSE, and says nothing.
        if FileSystem.exists("/usr/bin/dmg2img"), packing != .lzfse {
            let target = samples.path("\(name).img")
            let run = try Programs.run(["dmg2img", path.string, target.string])
            #expect(run.status == 0, "\(run)")
            #expect(try Folder.contents(target) == plain)
        }
        if FileSystem.exists("/usr/bin/7z") {
            let run = try Programs.run(["7z", "t", "-tdmg", path.string])
            #expect(run.status == 0 && run.said.contains("Everything is Ok"), "\(run)")
        }
    }

    @Test func `zeros that follow one another are one run of an Apple image`() throws {
        // The bytes of 40 runs would be in its table, in Base64.
        let plain = try samples.bytes("plain.iso")
        let size = (plain.count / 2048 + 10_240) * 2048
        let path = samples.path("zeros.iso")
        try PackedSamples.write(plain, to: path)
        try File(path, .update).setSize(size)
        let short = try write("plain.iso", as: "dmg", "no-zeros.dmg", options)
        let long = try write("zeros.iso", as: "dmg", "zeros.dmg", options)
        let (before, after) = (try FileSystem.status(short).size, try FileSystem.status(long).size)
        #expect(after < before + 1024, "\(before), \(after)")
        let image = try DiscImage(long)
        #expect(image.byteCount == size)
        let read = try PackedSamples.userData(image)
        #expect(read.count == size && read.starts(with: plain))
        #expect(read[plain.count...].allSatisfy { $0 == 0 })
    }

    @Test(arguments: ["mode1", "mode2"])
    func `ECM keeps raw sectors with their errors`(_ name: String) throws {
        let path = try write("\(name).bin", as: "ecm", "again-\(name).ecm", options)
        let raw = try samples.bytes("\(name).bin")
        let image = try DiscImage(path)
        let count = image.layout.tracks[0].length
        var bytes = [UInt8](repeating: 0, count: count * 2352)
        var done = 0
        while done < count {
            var span = bytes.mutableSpan
            var rest = span._mutatingExtracting((done * 2352)...)
            done += try image.disc.readStored(at: done, into: &rest)
        }
        #expect(bytes == raw)
        #expect(try FileSystem.status(path).size < raw.count - count * 20)
    }

    @Test func `a file that is there stays`() throws {
        let path = samples.path("there.cso")
        try PackedSamples.write([1, 2, 3], to: path)
        #expect(throws: SystemError.self) {
            try write("plain.iso", as: "cso", "there.cso", ImageOptions())
        }
        #expect(try Folder.contents(path) == [1, 2, 3])
    }
}

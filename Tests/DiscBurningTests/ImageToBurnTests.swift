import DiscBurning
import DiscImages
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// A plain image and the same in every format that Spindle writes: what is burned is the same.
@Suite struct ImageToBurnTests {
    private static let formats = ImageFormat.all.filter {
        $0.writer != nil && $0.holds.contains(.mode1)
    }.map(\.name)

    @Test(arguments: formats)
    func `The data of any format are those of the plain image`(name: String) throws {
        let folder = try Folder()
        defer { withExtendedLifetime(folder) {} }
        let plain = try DiscImage("/usr/lib/ipxe/ipxe.iso")
        let format = try #require(ImageFormat.named(name))
        let path = folder.path("image.\(format.endings[0])")
        let sink = try #require(try format.writer?(plain.disc, path, ImageOptions()))
        _ = try DiscCopy.run(from: plain.disc, to: sink)
        let image = try ImageToBurn(path, allowsTruncated: false)
        #expect(image.isPlainData)
        #expect(image.byteCount == plain.byteCount)
        #expect(name == "iso" || image.notes.contains { $0.contains(format.displayName) })
        let count = try #require(image.sectors)
        var expected = [UInt8](repeating: 1, count: count * 2048)
        var found = [UInt8](repeating: 2, count: count * 2048)
        try read(plain.source, into: &expected)
        try read(image.source, into: &found)
        #expect(found.elementsEqual(expected))
    }

    private func read(_ source: any SectorSource, into bytes: inout [UInt8]) throws {
        var done = 0
        while done < bytes.count / 2048 {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting((done * 2048)...)
            let count = try source.read(at: done, into: &part)
            try #require(count > 0)
            done += count
        }
    }

    @Test func `What is no image is refused in a sentence`() throws {
        for path in ["/usr/lib/ipxe", "/dev/null", "/nowhere.iso"] as [FilePath] {
            let failure = #expect(throws: Failure.self) {
                try ImageToBurn(path, allowsTruncated: false)
            }
            #expect(failure?.cause == .source)
            #expect(failure?.exitCode == .failed)
        }
    }
}

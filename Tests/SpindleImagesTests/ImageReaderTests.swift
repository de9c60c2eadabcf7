import SpindleImages
import Testing

/// The library for images as a program uses it, on an ISO that Debian packages.
@Suite struct ImageReaderTests {
    private let path = FilePath("/usr/lib/ipxe/ipxe.iso")

    @Test func `An image tells its format, its tracks and its files`() throws {
        let image = try ImageReader(path)
        #expect(image.format == "ISO image")
        #expect(image.tracks.map(\.sectors) == [0..<1024])
        #expect(!image.tracks[0].isAudio)
        let (files, problems) = try image.files()
        #expect(problems.isEmpty)
        let configuration = try #require(files.first { $0.path == "isolinux.cfg" })
        #expect(configuration.kind == .file && configuration.size == 145)
        let text = try image.bytes(of: configuration, in: 0..<1000)
        #expect(String(decoding: text, as: UTF8.self).contains("SAY iPXE ISO boot image"))
        #expect(try image.bytes(of: configuration, in: 2..<7).elementsEqual(text[2..<7]))
        #expect(try image.bytes(of: configuration, in: 200..<300).isEmpty)
    }

    @Test func `Sectors are read as user data and as whole sectors`() throws {
        let image = try ImageReader(path)
        // The primary volume descriptor (ECMA-119 8.4).
        let descriptor = try image.userData(16..<17)
        #expect(descriptor.prefix(6).elementsEqual([1] + Array("CD001".utf8)))
        #expect(try image.userData(16..<18).count == 4096)
        // Sync, then 00:02:16 in mode 1 (ECMA-130 14.2).
        let whole = try image.wholeSectors(16..<17)
        #expect(whole.count == 2352)
        let sync = [0] + [UInt8](repeating: 0xFF, count: 10) + [0]
        #expect(whole.prefix(16).elementsEqual(sync + [0, 2, 0x16, 1]))
        #expect(whole[16..<2064].elementsEqual(descriptor))
    }

    @Test func `What is not there is an error`() throws {
        let image = try ImageReader(path)
        #expect(throws: ImageError.self) { _ = try image.userData(1020..<1030) }
        #expect(throws: ImageError.self) { _ = try image.userData(0..<Int.max) }
        #expect(throws: ImageError.self) { _ = try image.wholeSectors(Int.min..<Int.max) }
        #expect(throws: ImageError.self) { _ = try image.userData(-5..<0) }
        #expect(try image.userData(1024..<1024).isEmpty)
        #expect(throws: ImageError.self) { _ = try ImageReader("/etc/passwd") }
        #expect(throws: ImageError.self) { _ = try ImageReader("/nothing/there.iso") }
    }
}

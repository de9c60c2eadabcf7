import DiscImages
import DiscModel
import DiscOpening
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

@Suite struct OpenDiscTests {
    private func failure(_ path: FilePath, meaning: String = "") -> Failure? {
        #expect(throws: Failure.self) { try OpenDisc(path, meaning: meaning) }
    }

    @Test func `What is not there is named, with what could be`() throws {
        let folder = try Folder()
        let path = folder.path("none.iso")
        let missing = failure(path, meaning: "Nothing was compared.")
        #expect(missing?.what.hasPrefix("\(path) can't be found: ") == true)
        #expect(missing?.meaning == "Nothing was compared." && missing?.status == .refused)
        #expect(missing?.advice == "Name a drive's device node, an image or a virtual disc.")
        #expect(missing?.exitCode == .failed)
        // A drive that is not there is one that does not suit.
        #expect(failure("/dev/no-such-drive")?.exitCode == .unsuitable)
        let image = #expect(throws: Failure.self) { try OpenDisc.image("/dev/no-such-drive") }
        #expect(image?.exitCode == .failed)
        #expect(image?.advice == "Name an image or a virtual disc.")
    }

    @Test func `A device is no image`() {
        let device = #expect(throws: Failure.self) {
            try OpenDisc.image("/dev/null", meaning: "Nothing was written.")
        }
        #expect(device?.what == "/dev/null is a device, not an image.")
        #expect(device?.exitCode == .usage && device?.meaning == "Nothing was written.")
    }

    @Test func `An image is opened with its data, and nothing else is taken for one`() throws {
        let folder = try Folder()
        let bytes = [UInt8](repeating: 7, count: 20 * 2048)
        let path = try folder.write("a.iso", bytes)
        let opened = try OpenDisc(path)
        #expect(opened.path == path && !opened.isOverwritable)
        #expect(opened.data.sectorCount == 20 && opened.layout.tracks.count == 1)
        #expect(try OpenDisc.image(path).byteCount == bytes.count)
        let text = try folder.write("notes.pdf", "%PDF-1.4\n" + String(repeating: "x", count: 5000))
        #expect(failure(text)?.status == .refused)
        #expect(failure(folder.path)?.status == .refused)
    }
}

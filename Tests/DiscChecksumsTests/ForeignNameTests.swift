import DiscChecksums
import LinuxCalls
import Reports
import SystemPackage
import Testing

/// Names in lists of checksums that are not UTF-8.
@Suite struct ForeignNameTests {
    private static let sum = String(repeating: "0", count: 64)
    private static let name: [UInt8] = [0x63, 0x61, 0x66, 0xE9]

    @Test(arguments: ["\(sum)  NAME\n", "SHA256 (NAME) = \(sum)\n", "\\\(sum)  NAME\n"])
    func `a name is kept byte by byte`(_ line: String) throws {
        let parts = line.split(separator: "NAME", omittingEmptySubsequences: false)
        let bytes = Array(parts[0].utf8) + Self.name + Array(parts[1].utf8)
        let list = ChecksumManifest(parsing: bytes, name: "SHA256SUMS")
        let entry = try #require(list.entries.first)
        let name = try #require(entry.name)
        #expect(PathText.bytes(of: name) == Self.name)
        let choice = try list.choice(for: FilePath(bytes: Array("folder/".utf8) + Self.name))
        #expect(choice.entries == [entry] && choice.otherName == nil)
    }

    @Test func `what is shown has its bytes escaped`() {
        let text = PathText.text(of: Self.name)
        #expect(ShownText.line(text) == "caf\\xE9")
        #expect(ShownText.line("\(text)\n", keepsBytes: true) == "\(text)\\x0A")
        #expect(ShownText.json("\"\(text)\"") == "\"caf\u{FFFD}\"")
        #expect(ShownText.lines("no \(text)", containing: ["x=\(text)"]) == "no caf\\xE9")
    }
}

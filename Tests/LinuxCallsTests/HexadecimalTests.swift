import LinuxCalls
import Testing

/// Bytes in hexadecimal digits.
@Suite struct HexadecimalTests {
    @Test func `bytes are written in lower case, and read in either`() {
        let bytes = (0..<256).map { UInt8($0) }
        let text = Hexadecimal.text(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff") && text.utf8.count == 512)
        #expect(Hexadecimal.bytes(text.utf8) == bytes)
        #expect(Hexadecimal.bytes(text.uppercased().utf8) == bytes)
        #expect(Hexadecimal.text([]) == "" && Hexadecimal.bytes([]) == [])
    }

    @Test(arguments: ["0", "012", "0g", "+1", "-1", " 1", "0x01", "01 02", "ä0"])
    func `anything but pairs of digits is none`(_ text: String) {
        #expect(Hexadecimal.bytes(text.utf8) == nil)
    }
}

import LinuxCalls
import Testing

/// Base64, as RFC 4648 has it.
@Suite struct Base64Tests {
    /// The examples of RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `bytes are written and read`(_ bytes: String, _ text: String) {
        #expect(Base64.encode(Array(bytes.utf8)) == text)
        #expect(Base64.decode(text) == Array(bytes.utf8))
    }

    @Test func `every value has a letter`() {
        let bytes = (0..<256).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Base64.encode([0xFB, 0xFF]) == "+/8=")
    }

    @Test func `blanks are passed over, and nothing else`() {
        #expect(Base64.decode("HI0I8cxL") == [0x1C, 0x8D, 0x08, 0xF1, 0xCC, 0x4B])
        #expect(Base64.decode("Q Q=\n=") == [0x41])
        #expect(Base64.decode("Q*") == nil)
        #expect(Base64.decode("QQ==QQ") == nil)
    }
}

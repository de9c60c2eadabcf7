import DriveNode
import LinuxCalls
import SystemPackage
import Testing

@Suite struct WireTests {
    private func header(_ operation: UInt8, length: UInt32 = 0) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: DriveRequest.length)
        bytes.replaceSubrange(0..<5, with: Array("SPDR".utf8) + [operation])
        for i in 0..<4 { bytes[24 + i] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(i))) }
        return bytes
    }

    @Test func `a request is read as it was sent`() throws {
        var bytes = header(3, length: 4096)
        bytes.replaceSubrange(8..<13, with: Array("0a1b2".utf8))
        bytes[32] = 2
        bytes[33] = 10
        bytes[40] = 0x2A
        let parsed = parse(bytes)
        let request = try #require(parsed)
        #expect(request.operation == .command)
        #expect(request.handle == HandleName(Array("0a1b2".utf8)))
        #expect(request.payloadLength == 4096)
        #expect(request.cdb == [0x2A] + [UInt8](repeating: 0, count: 9))
    }

    @Test func `nonsense is no request`() {
        #expect(parse(header(0)) == nil)
        #expect(parse(header(200)) == nil)
        #expect(parse(header(5, length: 4 << 20 | 1)) == nil)
        #expect(parse(header(5, length: .max)) == nil)
        #expect(parse([UInt8]("SPDR".utf8)) == nil)
        var wrong = header(3)
        wrong[0] = 0
        #expect(parse(wrong) == nil)
        var long = header(3)
        long[33] = 17
        #expect(parse(long) == nil)
    }

    private func parse(_ bytes: [UInt8]) -> DriveRequest? {
        DriveRequest(parsing: bytes.span)
    }

    /// Whoever finds the socket may send what he likes.
    @Test func `the node outlives whatever comes over its socket`() throws {
        let node = try NodeAtWork(FakeDrive(.pressed, bytes: NodeAtWork.sectors(100)))
        let path = node.directory.appending("socket").string
        var generator = SystemRandomNumberGenerator()
        for round in 0..<300 {
            let socket = try StreamSocket(connectingTo: path)
            var bytes: [UInt8] = []
            if round % 3 != 0 { bytes += header(round % 2 == 0 ? 1 : 2) }
            if round % 5 != 0 {
                var request = header(
                    UInt8.random(in: 0...12, using: &generator),
                    length: .random(in: 0...100_000, using: &generator)
                )
                for i in 8..<24 { request[i] = .random(in: 0...255, using: &generator) }
                for i in 32..<56 { request[i] = .random(in: 0...255, using: &generator) }
                bytes += request
            }
            let extra = Int.random(in: 0...70_000, using: &generator)
            bytes += (0..<extra).map { UInt8(truncatingIfNeeded: $0) }
            // The node may hang up in the middle of it.
            try? socket.send(bytes.span)
        }
        try node.expectSuccess("$PEER exclusive $NODE && $PEER sg $NODE")
    }
}

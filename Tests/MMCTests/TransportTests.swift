import MMC
import Testing

@Suite struct TransportTests {
    /// A carrier that says it moved a number of bytes, whatever was asked.
    private final class Carrier: Transport {
        let transferred: Int

        init(transferred: Int) {
            self.transferred = transferred
        }

        func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
            throws(TransportError) -> Completion
        {
            for i in buffer.indices { buffer[i] = UInt8(truncatingIfNeeded: i) }
            return Completion(transferred: transferred)
        }

        func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError)
            -> Completion
        {
            Completion(transferred: data.count)
        }
    }

    @Test(arguments: [(-7, 0), (0, 0), (1, 1), (36, 36), (37, 36), (Int.max, 36)])
    func `what is fetched is no more than what came`(_ said: Int, _ expected: Int) throws {
        let (_, bytes) = try Carrier(transferred: said).fetch(.inquiry)
        #expect(bytes == (0..<36).prefix(expected).map { UInt8($0) })
    }

    @Test func `data are sent as they are`() throws {
        let carrier = Carrier(transferred: 0)
        #expect(try carrier.send(.testUnitReady).transferred == 0)
        #expect(try carrier.send(.testUnitReady, sending: [1, 2, 3]).transferred == 3)
        #expect(try carrier.fetch(.testUnitReady).1.isEmpty)
    }

    @Test func `an error of the carrier is one sentence`() {
        for code: TransportError.Code in [.deviceGone, .timedOut, .notPermitted, .failed] {
            let text = TransportError(code, command: "READ(10)", context: "EIO").description
            #expect(text.contains("READ(10)") && text.contains("EIO") && text.hasSuffix("."))
        }
    }
}

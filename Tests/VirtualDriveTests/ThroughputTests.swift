import DiscModel
import MMC
import Testing
import VirtualDrive

struct ThroughputTests {
    /// A gigabyte a second is the aim in a release build; the bound here only catches work per byte.
    @Test func `reading and writing move data in bulk`() throws {
        let host = try Host(.dvdPlusRW)
        try host.tell(
            [0x04, 0x11, 0, 0, 0, 0],
            FormatParameters(isImmediate: false, type: 0x26, sectors: 0).encoded
        )
        let data = [UInt8](repeating: 0x5A, count: 64 * 2048)
        var buffer = [UInt8](repeating: 0, count: data.count)
        let clock = ContinuousClock()
        let commands = 1024
        let writing = try clock.measure {
            for i in 0..<commands {
                let command = Command(
                    "WRITE(10)",
                    cdb: Host.write10(i * 64, 64),
                    data: .toDrive(64 * 2048)
                )
                let completion = try host.drive.send(command, sending: data.span)
                #expect(completion.status == .good)
            }
        }
        let reading = try clock.measure {
            for i in 0..<commands {
                let command = Command(
                    "READ(10)",
                    cdb: Host.read10(i * 64, 64),
                    data: .fromDrive(64 * 2048)
                )
                var span = buffer.mutableSpan
                let completion = try host.drive.send(command, receiving: &span)
                #expect(completion.status == .good)
            }
        }
        #expect(buffer == data)
        print("128 MiB written in \(writing), read in \(reading)")
        #expect(reading < .seconds(2))
        #expect(writing < .seconds(4))
    }
}

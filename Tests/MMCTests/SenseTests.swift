import MMC
import TestSupport
import Testing

@Suite struct SenseTests {
    @Test(arguments: RecordedSense.all)
    func `recorded sense data are read as the logs decode them`(_ recorded: RecordedSense) throws {
        let sense = try #require(Sense(parsing: recorded.bytes))
        #expect(sense.key.rawValue == recorded.key)
        #expect(sense.asc == recorded.asc)
        #expect(sense.ascq == recorded.ascq)
        #expect(sense.isDeferred == recorded.isDeferred)
        #expect(sense.information == recorded.information)
    }

    @Test func `all recorded sense data are there`() {
        #expect(RecordedSense.all.count == 78)
        #expect(RecordedSense.all.filter(\.isDeferred).count == 5)
        #expect(RecordedSense.all.filter { $0.bytes[0] == 0x72 }.count == 2)
    }

    @Test(arguments: RecordedSense.codes)
    func `recorded codes survive both formats`(_ code: [UInt8]) throws {
        let key = try #require(Sense.Key(rawValue: code[0]))
        let sense = Sense(key, code[1], code[2])
        #expect(Sense(parsing: sense.fixedFormat) == sense)
        #expect(Sense(parsing: [0x72, code[0], code[1], code[2], 0, 0, 0, 0]) == sense)
    }

    @Test func `progress of a format is read where all of it is there`() throws {
        // s-070: REQUEST SENSE while a DVD+RW is formatted.
        let recorded = try #require(RecordedSense.all.first { $0.id == "s-070" })
        let sense = try #require(Sense(parsing: recorded.bytes))
        #expect(sense.progress == 0x03F6)
        #expect(sense.information == 0x241C10)
        // A log, or a bridge, cut the number off: it is unknown, not zero.
        #expect(Sense(parsing: Array(recorded.bytes.prefix(16)))?.progress == nil)
        #expect(Sense(parsing: Array(recorded.bytes.prefix(17)))?.progress == nil)
    }

    @Test func `a field pointer that was cut off is none`() {
        // s-145: READ CD refused, with SKSV and C/D set in the last byte that the log shows.
        let bytes = Hexadecimal.bytes("70 00 05 00 00 00 00 0A BE F8 00 08 24 00 00 C0")
        #expect(Sense(parsing: bytes)?.field == nil)
        #expect(
            Sense(parsing: bytes + [0, 0x0A])?.field == Sense.Field(isInCommand: true, byte: 10)
        )
    }

    @Test func `descriptor sense gives information, progress and field by its key`() throws {
        let information: [UInt8] = [0x00, 0x0A, 0x80, 0, 0, 0, 0, 0, 0x00, 0x05, 0x73, 0xB0]
        let medium = try #require(
            Sense(parsing: [0x72, 0x03, 0x11, 0x05, 0, 0, 0, 12] + information)
        )
        #expect(medium == Sense(.mediumError, 0x11, 0x05, information: 0x573B0))
        let specific: [UInt8] = [0x02, 0x06, 0, 0, 0xCA, 0x00, 0x04, 0]
        let refused = Sense(parsing: [0x73, 0x05, 0x24, 0x00, 0, 0, 0, 8] + specific)
        #expect(
            refused
                == Sense(
                    .illegalRequest,
                    0x24,
                    0,
                    isDeferred: true,
                    field: Sense.Field(isInCommand: true, byte: 4, bit: 2)
                )
        )
        let formatting = Sense(
            parsing: [0x72, 0x02, 0x04, 0x04, 0, 0, 0, 8, 0x02, 0x06, 0, 0, 0x80, 0x12, 0x34, 0])
        #expect(formatting == Sense(.notReady, 0x04, 0x04, progress: 0x1234))
        // On a medium error the same bytes count retries (SPC-4 §4.5.2.4.3).
        let retried = Sense(
            parsing: [0x72, 0x03, 0x11, 0x00, 0, 0, 0, 8, 0x02, 0x06, 0, 0, 0x80, 0x00, 0x05, 0])
        #expect(retried == Sense(.mediumError, 0x11, 0x00))
        // Information that is not said to be valid, and descriptors that run over the end.
        #expect(
            Sense(parsing: [0x72, 3, 0x11, 0, 0, 0, 0, 12, 0, 10, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
                == Sense(.mediumError, 0x11, 0)
        )
        #expect(
            Sense(parsing: [0x72, 3, 0x11, 0, 0, 0, 0, 255, 0x09, 0xFF, 0])
                == Sense(.mediumError, 0x11, 0)
        )
    }

    @Test func `what is no sense data is none`() {
        for code: UInt8 in [0x00, 0x01, 0x20, 0x6F, 0x74, 0x7E, 0x7F, 0x80, 0xFF] {
            #expect(Sense(parsing: [code] + Array(repeating: 0, count: 17)) == nil)
        }
        #expect(Sense(parsing: []) == nil)
        #expect(Sense(parsing: [0x70]) == nil)
        #expect(Sense(parsing: [0x70, 0]) == nil)
        #expect(Sense(parsing: [0x72, 5, 0x24]) == nil)
    }

    @Test func `sense data cut short keep their key`() {
        let whole = Sense(.mediumError, 0x11, 0x05, information: 357_296).fixedFormat
        for count in 3...18 {
            let sense = Sense(parsing: Array(whole.prefix(count)))
            #expect(sense?.key == .mediumError)
            #expect(sense?.information == (count >= 7 ? 357_296 : nil))
            #expect(sense?.asc == (count > 12 ? 0x11 : 0))
            #expect(sense?.ascq == (count > 13 ? 0x05 : 0))
        }
    }

    @Test func `fixed sense data read back what they were made of`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<20_000 {
            var sense = Sense(
                Sense.Key(rawValue: .random(in: 0...15, using: &generator)) ?? .reserved,
                .random(in: 0...255, using: &generator),
                .random(in: 0...255, using: &generator),
                isDeferred: .random(using: &generator)
            )
            if Bool.random(using: &generator) {
                sense.information = .random(in: 0...(.max), using: &generator)
            }
            switch sense.key {
            case .noSense, .notReady: sense.progress = .random(in: 0...(.max), using: &generator)
            case .illegalRequest:
                sense.field = Sense.Field(
                    isInCommand: .random(using: &generator),
                    byte: .random(in: 0...0xFFFF, using: &generator),
                    bit: [nil, 0, 3, 7].randomElement(using: &generator) ?? nil
                )
            default: break
            }
            #expect(Sense(parsing: sense.fixedFormat) == sense)
        }
    }

    @Test func `success is GOOD or a recovered error of this very command`() {
        #expect(Completion(status: .good).succeeded)
        #expect(Completion(Sense(.recoveredError, 0x17, 0x01)).succeeded)
        #expect(!Completion(Sense(.mediumError, 0x11, 0x05)).succeeded)
        #expect(!Completion(status: .checkCondition).succeeded)
        #expect(!Completion(status: .busy).succeeded)
        // A deferred error ends a command that has not been processed (SPC-4 §4.5.7).
        #expect(!Completion(Sense(.recoveredError, 0x0C, 0x01, isDeferred: true)).succeeded)
    }

    @Test func `a sense describes itself by number and by word`() {
        #expect(
            Sense(.mediumError, 0x11, 0x05).description
                == "3/11/05, the sector's errors are too many to correct (L-EC)"
        )
        #expect(Sense(.hardwareError, 0x44, 0xD9).description.hasPrefix("4/44/D9, "))
        #expect(Sense(.vendorSpecific, 0xA0, 0x0B).description == "9/A0/0B")
    }
}

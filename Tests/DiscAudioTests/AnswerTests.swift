import DiscAudio
import TestSupport
import Testing

/// Answers of databases as they come: right ones, cut ones, and what is none.
@Suite struct AnswerTests {
    /// ARver's dBAR-001-000441fd-000883fb-020e8801.bin.
    private static let one: [UInt8] = {
        let id = AccurateRipID(tracks: 1, id1: 0x441FD, id2: 0x883FB, freedb: 0x020E_8801)
        return RipRecord(id: id, slots: [(7, 0x2716_541E, 0x07D5_CA6B)]).bytes
            + RipRecord(id: id, slots: [(6, 0x8034_5486, 0)]).bytes
    }()
    /// whipper's dBAR-002-0000f21c-00027ef8-05021002.bin, without its sums of sector 450.
    private static let two: [UInt8] = {
        let id = AccurateRipID(tracks: 2, id1: 0xF21C, id2: 0x27EF8, freedb: 0x0502_1002)
        return RipRecord(id: id, slots: [(12, 0x284F_C705, 0), (20, 0x9CC1_F32E, 0)]).bytes
            + RipRecord(id: id, slots: [(7, 0xDC77_F9AB, 0), (7, 0xDD97_D2C3, 0)]).bytes
    }()

    @Test func `AccurateRip's answers have records of pressings`() throws {
        #expect(Self.one.count == 44)
        let answer = try AccurateRipAnswer(parsing: Self.one)
        #expect(answer.pressings.count == 2)
        #expect(answer.pressings[0].id.fileName == "dBAR-001-000441fd-000883fb-020e8801.bin")
        #expect(answer.pressings[0].slots[0].confidence == 7)
        #expect(answer.pressings[0].slots[0].sum == 0x2716_541E)
        #expect(answer.pressings[0].slots[0].frame450 == 0x07D5_CA6B)
        #expect(answer.pressings[1].slots[0].sum == 0x8034_5486)
        let other = try AccurateRipAnswer(parsing: Self.two)
        #expect(other.pressings[0].id.description == "002-0000f21c-00027ef8-05021002")
        #expect(other.pressings.map { $0.slots.map(\.confidence) } == [[12, 20], [7, 7]])
        #expect(other.pressings[1].slots[1].sum == 0xDD97_D2C3)
    }

    @Test func `An answer that is cut anywhere but between records is refused`() {
        for count in 1..<Self.two.count where count != Self.two.count / 2 {
            #expect(throws: AnswerProblem.truncated) {
                try AccurateRipAnswer(parsing: Array(Self.two.prefix(count)))
            }
        }
    }

    @Test func `What is no answer is known as what it is`() {
        let pages = [
            "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head><title>404 Not Found",
            "  <html>\n", "<HEAD><TITLE>404</TITLE>",
        ]
        for page in pages {
            #expect(throws: AnswerProblem.webPage) {
                try AccurateRipAnswer(parsing: Array(page.utf8))
            }
            #expect(throws: AnswerProblem.webPage) { try CTDBAnswer(parsing: Array(page.utf8)) }
        }
        #expect(throws: AnswerProblem.notFound) {
            try CTDBAnswer(parsing: Array("Not Found".utf8))
        }
        #expect(throws: AnswerProblem.empty) { try AccurateRipAnswer(parsing: []) }
        #expect(throws: AnswerProblem.empty) { try CTDBAnswer(parsing: []) }
        #expect(throws: AnswerProblem.malformed("record 1 has 0 tracks")) {
            try AccurateRipAnswer(parsing: [0] + Self.one)
        }
        #expect(throws: AnswerProblem.malformed("record 1 has 100 tracks")) {
            try AccurateRipAnswer(parsing: [100] + [UInt8](repeating: 1, count: 2000))
        }
        #expect(throws: AnswerProblem.tooLarge) {
            try AccurateRipAnswer(
                parsing: [UInt8](repeating: 1, count: AccurateRipAnswer.mostBytes + 1)
            )
        }
    }

    /// An answer as the server sends them.
    private static let real = """
        <?xml version="1.0" encoding="UTF-8"?>
        <!-- an answer -->
        <ctdb xmlns="http://db.cuetools.net/ns/mmd-1.0#" xmlns:ext="http://db.cuetools.net/ns/ext-1.0#">
         <entry confidence="896" crc32="13f525de" hasparity="http://p.cuetools.net/113068" id="113068"
                npar="16" stride="5880" syndrome="HI0I8cxLz56i0JeEyXcrAKXVs/JFVwngnkaZ8a3jO58="
                toc="0:24159:127166:278762:309864" trackcrcs="40c5dc10 65dfcc8a 1ef7b539 d21a8789" />
         <entry confidence="1" crc32="81ae880d" id="1867848" npar="8" parity="zqlFbO8Nfi1SnryIl2O2rw=="
                stride="5880" toc="0:24159:127166:278762:309864" trackcrcs="bb450280 c458b0b1 68919243 7569f562"/>
         <entry confidence="2" crc32="00000001" id="../evil" npar="8" hasparity="/parity/1" stride="5880"
                toc="0:1:309864" />
         <metadata source="discogs" artist="A &amp; B &#x2014; &lt;C&gt;"><track name="x"/><extra>a &lt; b</extra></metadata>
        </ctdb>
        """

    @Test func `The CUETools Database's answers have entries`() throws {
        let answer = try CTDBAnswer(parsing: Array(Self.real.utf8))
        #expect(answer.entries.map(\.confidence) == [896, 1, 2])
        let entry = answer.entries[0]
        #expect(entry.crc32 == 0x13F5_25DE)
        #expect(entry.trackCRCs == [0x40C5_DC10, 0x65DF_CC8A, 0x1EF7_B539, 0xD21A_8789])
        #expect(entry.parityRows == 16)
        #expect(entry.syndrome?.count == 16)
        #expect(entry.syndrome?.first == 0x8D1C)
        #expect(entry.parityFileName == "113068")
        #expect(answer.entries[1].parityFileName == nil)
        #expect(answer.entries[1].syndrome == nil)
        // A name that would lead out of the folder is none.
        #expect(answer.entries[2].parityFileName == nil)
        let toc = try table([0, 24_159, 127_166, 278_762], 309_864)
        #expect(answer.entries(of: toc).map(\.id) == ["113068", "1867848"])
        let other = try table([0, 24_159, 127_166, 278_763], 309_864)
        #expect(answer.entries(of: other).isEmpty)
    }

    @Test func `An answer that is cut anywhere is refused`() {
        let bytes = Array(Self.real.utf8)
        for count in 1..<bytes.count - 1 {
            #expect(throws: AnswerProblem.self) {
                try CTDBAnswer(parsing: Array(bytes.prefix(count)))
            }
        }
    }

    @Test func `Answers with anything in them do no harm`() {
        var random = SeededGenerator(seed: 14)
        let (xml, binary) = (Array(Self.real.utf8), Self.two)
        for _ in 0..<3000 {
            var bytes = xml
            for _ in 0...random.roll(6) {
                bytes[random.roll(bytes.count)] = UInt8(random.roll(256))
            }
            _ = try? CTDBAnswer(parsing: bytes)
            var other = binary
            other[random.roll(other.count)] = UInt8(random.roll(256))
            _ = try? AccurateRipAnswer(parsing: other)
        }
        for text in ["<ctdb", "<ctdb a", "<ctdb a=", "<ctdb a='", "<!--", "<![CDATA[", "<", "</"] {
            #expect(throws: AnswerProblem.self) { try CTDBAnswer(parsing: Array(text.utf8)) }
        }
        #expect(throws: AnswerProblem.malformed("it has a document type")) {
            try CTDBAnswer(
                parsing: Array("<!DOCTYPE ctdb [<!ENTITY a \"aaa\">]><ctdb>&a;</ctdb>".utf8)
            )
        }
    }
}

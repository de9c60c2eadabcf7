import MMC
import Testing

/// What sense data mean to a person.
@Suite struct DiagnosisTests {
    /// Those that are no failure: success with a remark, and long work that goes on.
    private static let harmless: Set<UInt8> = [0x0, 0x1]

    @Test func `each failure that a real drive gave while it burned has a cause and advice`() throws
    {
        var seen = 0
        for code in RecordedSense.codes where !Self.harmless.contains(code[0]) {
            let sense = Sense(try #require(Sense.Key(rawValue: code[0])), code[1], code[2])
            // What is told of a disc that is being read has its own test.
            if code[1] == 0x11 || code[1] == 0x6F { continue }
            let phases: [Diagnosis.Phase] = [.preparation, .writing, .closing]
            let found = phases.compactMap { Diagnosis(of: sense, during: $0) }
            #expect(!found.isEmpty, "\(sense)")
            for diagnosis in found {
                #expect(diagnosis.cause.hasSuffix(".") && diagnosis.advice.hasSuffix("."))
                #expect(!diagnosis.cause.contains("["))
            }
            seen += 1
        }
        #expect(seen > 40)
    }

    /// By the commands of sense.json that a phase sends; what is no failure there is left out.
    @Test(arguments: [
        (
            Diagnosis.Phase.recognition,
            "2/04/01 2/04/07 2/04/08 2/30/00 3/02/00 3/11/05 3/31/00"
        ),
        (
            .reading,
            "3/02/00 3/11/00 3/11/05 4/3E/02 5/21/00 5/24/00 5/26/00 5/64/00 5/6F/03"
        ),
        (
            .closing,
            """
            2/04/01 2/04/07 2/04/08 2/3A/00 2/3A/02 3/02/00 3/02/FF 3/0C/00 3/15/02 3/72/00 3/72/01 \
            3/73/03 3/A0/80 4/44/00 4/44/D6 5/24/00 5/2C/00 5/2C/04 5/64/00 5/72/03 5/72/04 6/28/00 \
            B/00/00
            """
        ),
        (.erasing, "5/30/05 5/30/06 5/24/00 3/31/00"),
    ])
    func `each situation has a sentence in its phase`(_ phase: Diagnosis.Phase, _ codes: String)
        throws
    {
        for code in codes.split(separator: " ") {
            let diagnosis = Diagnosis(of: sense(String(code)), during: phase)
            #expect(diagnosis != nil, "\(code)")
            // What is said of writing would be wrong of a disc that is only read.
            guard [.reading, .recognition].contains(phase) else { continue }
            let words = (diagnosis?.cause ?? "") + (diagnosis?.advice ?? "")
            #expect(!words.contains("burn") && !words.contains("--mode"), "\(code): \(words)")
        }
    }

    @Test(arguments: [
        ("3/11/05", Diagnosis.Blame.disc), ("3/11/00", .disc), ("3/02/00", .disc),
        ("4/3E/02", .disc),
        ("5/6F/03", .request), ("5/64/00", .request), ("8/00/00", .request), ("2/30/00", .match),
        ("5/20/00", .match), ("B/00/00", .connection),
    ])
    func `what can't be read is told from what is not given out`(
        _ code: String,
        _ blame: Diagnosis.Blame
    ) throws {
        let diagnosis = try #require(Diagnosis(of: sense(code), during: .reading))
        #expect(diagnosis.blame == blame)
    }

    @Test(arguments: [
        // Calibration: s-004, s-007.
        ("3/73/02", Diagnosis.Phase.writing, Diagnosis.Blame.disc),
        ("3/73/03", .preparation, .match), ("3/73/03", .writing, .match),
        // Cables and power: s-009, s-011, and drives that forget what they were at.
        ("B/00/00", .writing, .connection), ("4/08/03", .writing, .connection),
        ("2/04/01", .writing, .connection), ("6/29/00", .writing, .connection),
        ("5/2C/00", .writing, .connection), ("2/3A/00", .closing, .connection),
        ("2/3A/02", .writing, .connection), ("6/28/00", .writing, .connection),
        // The disc.
        ("3/0C/00", .writing, .disc), ("3/10/00", .writing, .match), ("3/02/00", .writing, .match),
        ("3/72/00", .closing, .disc), ("3/A0/80", .closing, .disc), ("3/31/00", .erasing, .disc),
        ("5/27/00", .writing, .disc),
        // The drive.
        ("4/44/D9", .preparation, .drive), ("4/44/00", .closing, .drive),
        // Data too slow, and what was asked for.
        ("3/0C/09", .writing, .source), ("5/21/02", .writing, .source),
        ("5/63/00", .writing, .request), ("5/21/00", .writing, .request),
        ("5/64/00", .writing, .request), ("5/26/00", .preparation, .request),
        ("5/30/05", .erasing, .match), ("2/30/05", .preparation, .match),
    ])
    func `who is to blame`(
        _ code: String,
        _ phase: Diagnosis.Phase,
        _ blame: Diagnosis.Blame
    ) throws {
        let diagnosis = try #require(Diagnosis(of: sense(code), during: phase))
        #expect(diagnosis.blame == blame, "\(diagnosis.cause)")
    }

    @Test func `a lower speed and another brand are advised only where that can help`() throws {
        for code in RecordedSense.codes where !Self.harmless.contains(code[0]) {
            let sense = Sense(try #require(Sense.Key(rawValue: code[0])), code[1], code[2])
            for phase in Diagnosis.Phase.allCases {
                guard let diagnosis = Diagnosis(of: sense, during: phase),
                    [.connection, .request].contains(diagnosis.blame)
                else { continue }
                #expect(!diagnosis.advice.contains("brand") && !diagnosis.advice.contains("speed"))
            }
        }
    }

    @Test(arguments: [
        ("SCSI error on write(544,16): [3 0C 00] Medium error. Write error.", "3/0C/00"),
        ("SCSI error condition on command 2Ah WRITE(10): [B 00 00] x", "B/00/00"),
        ("Sense Key 6 \"Unit Attention\", ASC 29 ASCQ 00", "6/29/00"),
        ("(libburn) KEY=5, ASC=21h, ASCQ=02h", nil), ("[1 2]", nil), ("[3 0C 00", nil), ("", nil),
        ("[G 0C 00]", nil),
    ])
    func `sense data in libburn's messages`(_ text: String, _ code: String?) {
        #expect(
            Sense(in: text).map { "\($0.key.rawValue)/\($0.asc)/\($0.ascq)" }
                == code.map {
                    let sense = sense($0)
                    return "\(sense.key.rawValue)/\(sense.asc)/\(sense.ascq)"
                }
        )
    }

    private func sense(_ code: String) -> Sense {
        let parts = code.split(separator: "/").map { UInt8($0, radix: 16) ?? 0 }
        return Sense(Sense.Key(rawValue: parts[0]) ?? .noSense, parts[1], parts[2])
    }
}

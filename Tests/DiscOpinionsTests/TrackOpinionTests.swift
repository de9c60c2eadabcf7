import DiscModel
import DiscOpinions
import FoundationEssentials
import SecondOpinion
import Testing

/// Where Spindle and libcdio disagree about tracks, and where libcdio has said nothing.
@Suite struct TrackOpinionTests {
    private let layout: DiscLayout = {
        var first = Track(number: 1, session: 1, mode: .mode1, start: LBA(0), length: 600)
        first.isrc = "USABC0512345"
        let second = Track(number: 2, session: 1, mode: .audio, start: LBA(650), length: 950)
        var session = DiscLayout.Session(number: 1, tracks: [first, second], leadOut: LBA(1600))
        session.catalog = "1234567890123"
        return DiscLayout(sessions: [session])
    }()
    private let titles = [0: "Album", 2: "Second"]

    /// libcdio's table of the same disc, with something changed.
    private func table(_ change: (String, String)...) throws -> OpinionLine.Table {
        var text = """
            {"mode": "cd-mixed", "catalog": "1234567890123",
             "codes": [{"track": 1, "isrc": "USABC0512345"}],
             "text": {"blocks": [{"entries": [
                {"track": 0, "field": "title", "text": "Album"},
                {"track": 2, "field": "title", "text": "Second"}]}]},
             "contents": {"leadOut": 1600, "tracks": [
                {"number": 1, "start": 0, "last": 649, "format": "data", "isGreen": false},
                {"number": 2, "start": 650, "last": 1599, "format": "audio", "isGreen": false}]}}
            """
        for (from, to) in change {
            try #require(text.contains(from))
            text = text.replacing(from, with: to)
        }
        return try JSONDecoder().decode(OpinionLine.Table.self, from: Data(text.utf8))
    }

    private func opinion(_ change: (String, String)...) throws -> TrackOpinion {
        var made = try table()
        for one in change { made = try one == ("", "") ? made : table(one) }
        return TrackOpinion(layout, titles: titles, made, .drive(layout))
    }

    @Test func `Where all is the same, all was compared and nothing differs`() throws {
        let opinion = try opinion()
        #expect(opinion.disagreements.isEmpty)
        #expect(Set(opinion.compared) == Set(TrackOpinion.Aspect.allCases))
        #expect(opinion.problem == nil)
    }

    @Test(arguments: [
        (
            "\"start\": 650", "\"start\": 500",
            "The start of track 2 is sector 650 as Spindle reads it, and sector 500 as libcdio does."
        ),
        (
            "\"leadOut\": 1600", "\"leadOut\": 1750",
            "The start of the lead-out is sector 1600 as Spindle reads it, and sector 1750 as libcdio does."
        ),
        (
            "\"format\": \"data\"", "\"format\": \"audio\"",
            "The mode of track 1 is data as Spindle reads it, and audio as libcdio does."
        ),
        (
            "\"catalog\": \"1", "\"catalog\": \"9",
            "The media catalogue number is 1234567890123 as Spindle reads it, and 9234567890123 as libcdio does."
        ),
        (
            "USABC0512345", "USABC0599999",
            "The recording code of track 1 is USABC0512345 as Spindle reads it, and USABC0599999 as libcdio does."
        ),
        (
            "\"Album\"", "\"Single\"",
            "The title of the disc is “Album” as Spindle reads it, and “Single” as libcdio does."
        ),
        (
            "\"Second\"", "\"First\"",
            "The title of track 2 is “Second” as Spindle reads it, and “First” as libcdio does."
        ),
        (
            "\"tracks\": [",
            "\"tracks\": [{\"number\": 1, \"start\": 0, \"last\": 0, \"format\": \"data\", \"isGreen\": false},",
            "The number of tracks is 2 as Spindle reads it, and 3 as libcdio does."
        ),
    ])
    func `A disagreement names both sides`(_ from: String, _ to: String, _ sentence: String) throws
    {
        let opinion = try opinion((from, to))
        #expect(opinion.disagreements.first?.sentence == sentence)
    }

    /// No code, a code of zeros, one with dashes and small letters, a format or an address that is none.
    @Test(arguments: [
        ("\"1234567890123\"", "null"), ("\"1234567890123\"", "\"0000000000000\""),
        ("\"1234567890123\"", "\"\""), ("USABC0512345", "US-ABC-05-12345"),
        ("USABC0512345", "usabc0512345"), ("USABC0512345", "000000000000"),
        ("\"format\": \"data\"", "\"format\": \"unknown\""), ("\"start\": 650", "\"start\": -150"),
        ("\"text\": \"Album\"", "\"text\": \" Album  \""),
    ])
    func `What libcdio does not answer, or says otherwise, is no disagreement`(
        _ from: String,
        _ to: String
    ) throws {
        #expect(try opinion((from, to)).disagreements.isEmpty)
    }
}

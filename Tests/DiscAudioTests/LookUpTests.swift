import DiscAudio
import SystemPackage
import Testing

/// Addresses of servers, and what MusicBrainz sends: right, cut, hostile, and what is none.
@Suite struct LookUpTests {
    @Test func `An address is one of the web, or none`() throws {
        for text in [
            "http://127.0.0.1:8080/ar/", "https://musicbrainz.org/", "HTTP://Server/x?a=b#c",
            "http://[::1]:80/", "http://server",
        ] {
            #expect(WebAddress(text)?.description == text)
        }
        for text in [
            "http://", "http:///x", "http:/server/x", "ftp://server/", "file:///etc/passwd",
            "http://user@server/", "http://user:word@server/", "http://ser ver/",
            "http://server/\n",
            "http://server/ä", "http://server/\"x", "", "server/x", "http://-K@x/",
            "http://server/" + String(repeating: "x", count: 5000),
        ] {
            #expect(WebAddress(text) == nil, "\(text)")
        }
        #expect(AnswerPlace("answers/http") == .path("answers/http"))
        #expect(AnswerPlace("./http://x") == .path(FilePath("./http://x")))
        #expect(AnswerPlace("http:/x") == nil)
        let address = try #require(WebAddress("https://x/y"))
        #expect(AnswerPlace("https://x/y") == .address(address))
    }

    @Test(
        arguments: [
            ("http://s:1/a/lookup2.php?toc=1/2", "/parity/7", "http://s:1/parity/7"),
            ("http://s:1/a/lookup2.php?toc=1/2", "7.bin", "http://s:1/a/7.bin"),
            ("http://s:1", "7", "http://s:1/7"),
            ("https://s/a", "//t/7", "https://t/7"),
            ("https://s/a", "http://t/7", "http://t/7"),
            ("https://s/a", "file:///etc/passwd", nil),
            ("https://s/a", "ftp://t/7", nil),
            ("https://s/a", "", nil),
            ("https://s/a", "/x y", nil),
        ] as [(String, String, String?)]
    )
    func `A reference is of the address that it came from`(
        _ base: String,
        _ reference: String,
        _ whole: String?
    ) throws {
        #expect(try #require(WebAddress(base)).resolving(reference)?.description == whole)
    }

    @Test func `A path is added to a root alone`() throws {
        let root = try #require(WebAddress("http://s/a/"))
        #expect(root.adding("b?c=d").description == "http://s/a/b?c=d")
        let answer = try #require(WebAddress("http://s/a"))
        #expect(answer.adding("b") == answer)
    }

    // MARK: MusicBrainz

    private static let disc = "IeldkVfIh1wep_M8CMuDvA0nQ7Q-"
    private static let release = "f205627f-b70a-409d-adbe-66289b614e80"

    /// An answer with a release of a disc.
    private func answer(
        release: String = release,
        title: String = "\"Aerial\"",
        disc: String = disc,
        date: String = "\"2007\"",
        track: String = "{\"position\":1,\"title\":\"Prelude\"}"
    ) -> String {
        """
        {"id":"\(Self.disc)","offset-count":2,"releases":[{"id":"\(release)","title":\(title),
        "barcode":null,"date":\(date),"country":null,"quality":"normal","disambiguation":"",
        "cover-art-archive":{"artwork":false,"count":0},
        "artist-credit":[{"name":"Kate","joinphrase":" with ","artist":{"id":"x","name":"K"}},
        {"name":"Rolf","joinphrase":""}],
        "label-info":[{"catalog-number":"X 1","label":{"name":"EMI"}},{"label":null}],
        "media":[{"title":"A Sea","format":"CD","position":1,"track-count":1,"discs":[],
        "tracks":[{"position":1,"title":"Other"}]},
        {"title":"A Sky","format":"CD","position":2,"track-count":2,"discs":[{"id":"\(disc)",
        "sectors":1000}],"tracks":[\(track),{"position":2,"title":"Two","length":null,
        "recording":{"id":"aaaaaaaa-0000-4000-8000-000000000001","title":"R",
        "artist-credit":[{"name":"Else"}]}}]}]}]}
        """
    }

    private func read(_ text: String, tracks: Int = 2) throws -> [MusicBrainzRelease] {
        try MusicBrainzAnswer(parsing: Array(text.utf8), of: Self.disc, tracks: tracks).releases
    }

    @Test func `A release has the names of the disc in it that has the id`() throws {
        let release = try #require(try read(answer()).first)
        #expect(release.id == Self.release && release.title == "Aerial" && release.isExact)
        #expect(release.performer == "Kate with Rolf")
        #expect(release.date == "2007" && release.country == nil && release.barcode == nil)
        #expect(release.label == "EMI" && release.catalogNumber == "X 1" && release.remark == nil)
        #expect(release.disc == 2 && release.discs == 2 && release.discTitle == "A Sky")
        #expect(release.tracks.count == 2)
        #expect(release.tracks[1]?.title == "Prelude" && release.tracks[1]?.performer == nil)
        #expect(release.tracks[2]?.title == "Two" && release.tracks[2]?.performer == "Else")
        #expect(release.tracks[2]?.recording == "aaaaaaaa-0000-4000-8000-000000000001")
        #expect(release.line == "Aerial by Kate with Rolf, 2007, EMI X 1, disc 2 of 2, A Sky")
    }

    @Test func `Without the id the only disc with as many tracks is like it, and proves nothing`()
        throws
    {
        let other = answer(disc: "aa11.sPglQ1x0cybDcDi0OsZw9Q-")
        let like = try #require(try read(other).first)
        #expect(!like.isExact && like.disc == 2)
        #expect(try read(other, tracks: 9).isEmpty)
        // Exact ones come first.
        let first = other.dropLast(2)
        let second = answer().drop { $0 != "[" }.dropFirst()
        let both = try read("\(first),\(second)")
        #expect(both.map(\.isExact) == [true, false])
    }

    @Test func `What is no answer is known as what it is`() throws {
        func problem(_ text: String) -> AnswerProblem? {
            do throws(AnswerProblem) {
                _ = try MusicBrainzAnswer(parsing: Array(text.utf8), of: Self.disc, tracks: 2)
                return nil
            } catch {
                return error
            }
        }
        #expect(problem("") == .empty)
        #expect(problem(" \n ") == .empty)
        #expect(problem("<!DOCTYPE html><html>") == .webPage)
        #expect(problem("{\"error\":\"Not Found\",\"help\":\"x\"}") == .notFound)
        #expect(
            problem("{\"error\":\"Your requests are too many\"}")
                == .malformed("it says “Your requests are too many”")
        )
        #expect(problem("{}") == .malformed("it has no releases"))
        #expect(problem("{\"releases\":[]}") == nil)
        for text in ["null", "[]", "7", "{\"releases\":7}", "{\"releases\":[7]}", "{]}"] {
            guard case .malformed? = problem(text) else {
                Issue.record("\(text): \(String(describing: problem(text)))")
                continue
            }
        }
        // Deep nesting is refused, and does no harm.
        let deep = String(repeating: "[", count: 100_000)
        #expect(problem("{\"releases\":" + deep) == .truncated)
        #expect(problem("{\"x\":\(deep)\(String(repeating: "]", count: 100_000))}") != nil)
        let whole = answer()
        for count in stride(from: 1, to: whole.utf8.count, by: 7) {
            #expect(problem(String(decoding: whole.utf8.prefix(count), as: UTF8.self)) != nil)
        }
        let large = "{\"releases\":[]" + String(repeating: " ", count: 8 << 20) + "}"
        #expect(problem(large) == .tooLarge)
    }

    @Test func `Texts are of one line, and have an end`() throws {
        let texts = try read(answer(title: "\"a\\u0007b\\n\\u001b[2Jc\\u2028d\""))
        #expect(texts.first?.title == "a b [2Jc d")
        let long = try read(answer(title: "\"\(String(repeating: "x", count: 100_000))\""))
        #expect(long.first?.title.count == 300)
        #expect(try read(answer(title: "\" \\u0000 \"")).isEmpty)
        #expect(try read(answer(title: "null")).isEmpty)
        #expect(try read(answer(release: "../../etc")).isEmpty)
        #expect(try read(answer(date: "\"<b>1\"")).first?.date == nil)
        // Tracks that a CD can't have, or that come twice, have no names.
        for position in ["0", "100", "-1", "2"] {
            let track = "{\"position\":\(position),\"title\":\"x\"}"
            let tracks = try #require(try read(answer(track: track)).first).tracks
            #expect(tracks.count == 1, "\(position)")
        }
    }
}

import Foundation
import TestSupport
import Testing

/// A server of databases on loopback, which a test's script starts.
enum AnswerServer {
    private static let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("answer-server.py").path

    /// What a script begins with that asks a server, whose port is then `$port`: the server is started, and set as
    /// that of all databases; it ends with the script.
    ///
    /// It answers from the folder `web` by the rules in `web/rules`, as the server's program says.
    static let start = """
        mkfifo hold && rm -f port
        python3 "\(program)" web port <hold &
        exec 9>hold
        for turn in $(seq 200); do test -s port && break; sleep 0.1; done
        test -s port || exit 99
        port=$(cat port)
        mkdir -p config/spindle
        cat >config/spindle/config <<END
        answers = $PWD/kept
        accuraterip-server = http://127.0.0.1:$port/ar/
        ctdb-server = http://127.0.0.1:$port/ctdb/
        musicbrainz-server = http://127.0.0.1:$port/mb/
        lookup-timeout = 2
        END

        """

    /// Puts the answers about an album, and the rules that send them, into the folder `web`.
    ///
    /// - Returns: The album's names.
    static func place(_ rules: [String], in scratch: Scratch) async throws -> DiscNames {
        try Album.place(Album.audio, in: scratch)
        let names = try await scratch.names(of: "album.cue")
        try FileManager.default.createDirectory(
            atPath: scratch.path("web"),
            withIntermediateDirectories: true
        )
        try scratch.write(try AlbumAnswers.accurateRip(names.accuraterip), to: "web/ar.bin")
        try scratch.write(
            try AlbumAnswers.accurateRip("003-00000001-00000002-00000003"),
            to: "web/other.bin"
        )
        try scratch.write(AlbumAnswers.ctdb(names, parity: "/parity/77"), to: "web/ctdb.xml")
        try scratch.write(AlbumAnswers.parity, to: "web/parity")
        try scratch.write(Data((rules.joined(separator: "\n") + "\n").utf8), to: "web/rules")
        return names
    }

    /// The paths that were asked for, and the names that who asked gave himself.
    static func requests(_ scratch: Scratch) throws -> [(path: String, agent: String)] {
        guard scratch.has("web/requests") else { return [] }
        return try scratch.text("web/requests").split(separator: "\n").map { line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            return (String(parts.first ?? ""), String(parts.last ?? ""))
        }
    }
}

/// A result, as far as it says what databases have.
struct LookUpResult: Decodable {
    struct Audio: Decodable {
        struct Database: Decodable {
            var name: String
            var source: String
            var state: String
            var problem: String?
            var kept: String?
        }

        struct Track: Decodable {
            var verdict: String
        }

        struct Repair: Decodable {
            var isPossible: Bool?
            var problem: String?
        }

        var databases: [Database]
        var tracks: [Track]
        var repair: Repair?
    }

    struct Metadata: Decodable {
        struct Release: Decodable {
            var id: String
            var title: String
            var performer: String?
            var disc: Int
            var discs: Int
        }

        var source: String
        var state: String
        var problem: String?
        var release: Release?
        var candidates: [Release]?
    }

    var status: String
    var exitCode: Int
    var reason: String?
    var repairedSectors: Int?
    var audio: Audio?
    var metadata: Metadata?
    var sentences: [String]

    /// Takes the last line of a job's output that a script put into a file.
    init(_ file: String, in scratch: Scratch) throws {
        let line = try #require(scratch.text(file).split(separator: "\n").last, "\(file)")
        self = try JSONDecoder.snake.decode(LookUpResult.self, from: Data(line.utf8))
    }

    /// All that it says.
    var text: String { sentences.joined(separator: " ") }
}

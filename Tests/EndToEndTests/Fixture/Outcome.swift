import Foundation
import TestSupport
import Testing

extension Outcome {
    /// The lines of its output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The events among its output: every line has to be one.
    func events() throws -> [Event] {
        try lines.map { line in
            do {
                return try Event(line)
            } catch {
                throw NotAnEvent(line: line, cause: "\(error)")
            }
        }
    }

    /// The last line of its output, which has to be a result.
    func result() throws -> Event {
        let event = try Event(try #require(lines.last, "\(self)"))
        try #require(event.event == "result", "\(self)")
        return event
    }

    /// The one document that its output is.
    func document() throws -> InfoDocument {
        try JSONDecoder.snake.decode(InfoDocument.self, from: Data(output.utf8))
    }
}

/// A line of output that should have been an event.
struct NotAnEvent: Error {
    var line: String
    var cause: String
}

extension JSONDecoder {
    /// The decoder for what Spindle prints.
    static var snake: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}

/// An event of a job, with the fields that the tests look at.
struct Event: Decodable, Sendable {
    struct Size: Decodable, Sendable {
        var source: String
        var sectors: Int
        var decides: Bool?
    }

    struct Loss: Decodable, Sendable {
        var feature: String
        var tracks: [Int]
        var text: String
    }

    struct Difference: Decodable, Sendable {
        var track: Int?
        var sector: Int?
        var text: String
    }

    struct Run: Decodable, Sendable {
        var start: Int
        var count: Int
    }

    struct DamagedFile: Decodable {
        var path: String
        var bytes: Int
        var unreadableSectors: Int
    }

    struct TrackEvent: Decodable, Sendable {
        var number: Int
        var session: Int
        var mode: String
        var start: Int
        var sectors: Int
        var status: String?
        var sha256: String?
        var writeMode: String?
        var unreadableSectors: Int?
        var differingSectors: Int?
        var reading: String?
        var loudness: Loudness?
    }

    struct Loudness: Decodable, Sendable {
        var lufs: Double?
        var gain: Double?
        var peak: Double
    }

    struct TreeDifference: Decodable, Sendable {
        var path: String
        var subject: String
    }

    struct SectorReads: Decodable, Sendable {
        var sector: Int
        var reads: Int
        var wrong: Int
    }

    var event: String
    var version: Int
    var verb: String?
    var tracks: [TrackEvent]?
    var loudness: Loudness?
    var status: String?
    var exitCode: Int?
    var bytes: Int?
    var sectors: Int?
    var sha256: String?
    var sums: [String: String]?
    var output: String?
    var map: String?
    var medium: String?
    var phase: String?
    var text: String?
    var writeMode: String?
    var writeModeReason: String?
    var start: Int?
    var session: Int?
    var keepsOpen: Bool?
    var drive: String?
    var model: String?
    var reason: String?
    var sense: String?
    var differences: [TreeDifference]?
    var notCompared: [String]?
    var entries: Int?
    var firstDifferingSector: Int?
    var differingSectors: Int?
    var sectorReads: [SectorReads]?
    var onlyPaddingDiffers: Bool?
    var unreadableSectors: Int?
    var firstUnreadableSector: Int?
    var missingSectors: Int?
    var untriedSectors: Int?
    var resumedSectors: Int?
    var mergedSectors: Int?
    var verifyDrive: String?
    var limit: String?
    var damagedFiles: [DamagedFile]?
    var activity: String?
    var badSectors: Int?
    var secondsSinceRead: Double?
    var secondsLeft: Double?
    var discState: String?
    var discUsable: Bool?
    var sizes: [Size]?
    var notes: [String]?
    var sourceFormat: String?
    var targetFormat: String?
    var files: [String]?
    var losses: [Loss]?
    var lossReport: String?
    var firstDifference: Difference?
    var unreadableRuns: [Run]?
    var doubtfulSectors: Int?
    var doubtfulRuns: [Run]?
    var sentences: [String]?

    init(_ line: String) throws {
        self = try JSONDecoder.snake.decode(Event.self, from: Data(line.utf8))
    }
}

/// The answer of `info --json`, with the fields that the tests look at.
struct InfoDocument: Decodable, Sendable {
    struct Session: Decodable, Sendable {
        struct Track: Decodable, Sendable {
            var number: Int
            var content: String
            var start: Int
            var sectors: Int
        }

        var number: Int
        var leadOut: Int
        var tracks: [Track]
    }

    var version: Int
    var origin: String
    var medium: String?
    var state: String
    var problem: String?
    var sectors: Int?
    var writableSectors: Int?
    var nextWritable: Int?
    var sessions: [Session]?
    var content: Content?

    struct Content: Decodable, Sendable {
        var volumeIdentifier: String?
    }
}

import Foundation
import TestSupport
import Testing

/// Files that claim far more than is of use: what they take in memory has a bound.
@Suite struct HostileSizesTests {
    private static let maker = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixture/hostile-sizes.py").path
    /// MiB that a look at any of them may take; the program itself takes some fifty.
    private static let most = 200

    /// A kind of file, the name that it gets, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var kind: String
        var name: String
        var words: String

        var testDescription: String { kind }
    }

    static let cases = [
        // 400 MB of comments.
        Case(kind: "flac", name: "a.flac", words: ""),
        // 300 MB of items.
        Case(kind: "ape", name: "a.mp3", words: ""),
        // 96 KB that unpack to a map of 400 MB, and a map of one hunk too many for its file.
        Case(kind: "chd-most", name: "a.chd", words: "the size of the data"),
        Case(kind: "chd-many", name: "b.chd", words: "the size of the data"),
        Case(kind: "daa", name: "a.daa", words: "16777216 entries"),
    ]

    @Test(arguments: cases)
    func `A file can't make the program fill the memory`(example: Case) async throws {
        try await Scratch.use { scratch in
            let made = try await scratch.run([
                "python3", Self.maker, "make", example.kind, example.name,
            ])
            #expect(made.status == 0, "\(made)")
            let outcome = try await scratch.run([
                "sh", "-c",
                "python3 '\(Self.maker)' measure \"$SPINDLE\" info \(example.name)",
            ])
            let figures = outcome.lines.last?.split(separator: " ").compactMap { Int($0) } ?? []
            #expect(figures.count == 2 && figures[0] == 1, "\(outcome)")
            #expect((figures.last ?? .max) < Self.most, "\(outcome)")
            if !example.words.isEmpty {
                #expect(outcome.output.contains(example.words), "\(outcome)")
            }
        }
    }
}

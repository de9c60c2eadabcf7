import DiscImages
import Reports
import TestSupport
import Testing

/// A folder of audio files that become a disc.
extension Folder {
    /// The disc that some of its files make, a track each.
    func album(_ names: String...) throws(Failure) -> DiscImage { try album(names) }

    /// The disc that some of its files make, a track each.
    func album(_ names: [String], _ options: SoundOptions = SoundOptions()) throws(Failure)
        -> DiscImage
    {
        try DiscImage(
            sounds: names.map { path($0) },
            named: path(names.first ?? "none"),
            options
        )
    }

    /// Expects that a file makes no disc, and that one sentence says why.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - bytes: What it holds.
    ///   - words: Words of the sentence.
    ///   - place: Where that is expected.
    /// - Throws: The system's error if the file can't be written.
    func expectRefused(
        _ name: String,
        _ bytes: some Sequence<UInt8>,
        _ words: String,
        at place: SourceLocation = #_sourceLocation
    ) throws {
        try write(name, Array(bytes))
        let failure = #expect(throws: Failure.self, sourceLocation: place) { try album(name) }
        let what = failure?.what ?? ""
        #expect(what.contains(words), "\(what)", sourceLocation: place)
        let isOneSentence = what.hasSuffix(".") && !what.dropLast().contains(". ")
        #expect(isOneSentence, "\(what)", sourceLocation: place)
        #expect(failure?.exitCode == .failed, sourceLocation: place)
    }

    /// Makes an audio file with a program.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - name: The file that it makes.
    /// - Returns: What is in the file.
    /// - Throws: If the program fails, or makes no such file.
    @discardableResult
    func make(_ command: [String], _ name: String) throws -> [UInt8] {
        let made = try Programs.run(command, in: self)
        try #require(made.status == 0, "\(made.said)")
        return try read(name)
    }
}

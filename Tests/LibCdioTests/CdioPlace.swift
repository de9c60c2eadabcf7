import LinuxCalls
import SystemPackage
import TestSupport
import Testing

/// A folder with discs, and a drive in software that libcdio is asked about in a process of its own.
struct CdioPlace {
    let folder: Folder

    /// Noise, 1600 sectors of sound.
    static let sound: [UInt8] = {
        var generator = SeededGenerator(seed: 5)
        return (0..<(1600 * 2352)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }()

    /// Three tracks of audio with all that a sheet can say of them.
    static let album = """
        CATALOG 1234567890123
        TITLE "An Album"
        PERFORMER "Some One"
        FILE "sound.bin" BINARY
          TRACK 01 AUDIO
            TITLE "First"
            ISRC USABC0512345
            INDEX 01 00:00:00
          TRACK 02 AUDIO
            TITLE "Second"
            PERFORMER "Other"
            FLAGS DCP PRE
            ISRC USABC0512346
            INDEX 00 00:06:50
            INDEX 01 00:08:50
          TRACK 03 AUDIO
            TITLE "Third"
            INDEX 01 00:16:00
        """

    init() throws {
        folder = try Folder()
        try folder.write("sound.bin", Self.sound)
        try folder.write("album.cue", Self.album)
    }

    /// Asks about the drive that holds a disc.
    ///
    /// - Parameters:
    ///   - disc: The disc's file; an empty drive if `nil`.
    ///   - options: Further options of `virtual run`.
    ///   - arguments: What is asked.
    /// - Returns: What became of the program that asked.
    /// - Throws: An error if it can't be run or failed.
    func ask(_ disc: String?, options: [String] = [], _ arguments: String...) throws -> Outcome {
        let disc = disc.map { ["--disc", $0] } ?? []
        let outcome = try Programs.run(
            [Products.spindle, "virtual", "run"] + disc + options + ["--"]
                + [Products.directory.appending("LibCdioPeer").string] + arguments,
            in: folder.path,
            variables: ["LD_PRELOAD": nil, "SPINDLE_DRIVE": nil],
            within: 60
        )
        withExtendedLifetime(folder) {}
        try #require(outcome.status == 0, "\(outcome)")
        return outcome
    }

    /// The same with several questions, one process after the other.
    func askAll(_ disc: String, _ questions: String...) throws -> Outcome {
        let peer = Products.directory.appending("LibCdioPeer").string
        let script = questions.map { "\(peer) \($0)" }.joined(separator: "; ")
        let outcome = try Programs.run(
            [Products.spindle, "virtual", "run", "--disc", disc, "--", "sh", "-c", script],
            in: folder.path,
            variables: ["LD_PRELOAD": nil, "SPINDLE_DRIVE": nil],
            within: 60
        )
        try #require(outcome.status == 0, "\(outcome)")
        return outcome
    }
}

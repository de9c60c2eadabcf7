import Foundation
import TestSupport
import Testing

/// What the matrix's peers write: small images, trees, sound.
enum MatrixSources {
    /// Sectors of the two images, neither a whole number of a BD's blocks.
    static let images = ["one.img": 320, "two.img": 336]
    /// Sectors of the two pieces of sound.
    static let sound = ["one": 400, "two": 350]
    /// Bytes of each tree's one file.
    private static let fileSize = 300 * 2048
    /// More than half of a disc of two layers: growisofs writes nothing smaller on it.
    private static let largeSectors = 2_320_000

    /// Places all of it in a test's directory.
    ///
    /// - Parameters:
    ///   - scratch: The directory.
    ///   - hasLarge: Whether a large image is among it, which is mostly a hole.
    /// - Throws: What Foundation throws where there is no room.
    static func place(in scratch: Scratch, hasLarge: Bool) async throws {
        for (seed, (name, sectors)) in images.sorted(by: { $0.key < $1.key }).enumerated() {
            try scratch.write(Noise.bytes(sectors * 2048, seed: UInt64(40 + seed)), to: name)
        }
        for (seed, name) in ["one", "two"].enumerated() {
            try FileManager.default.createDirectory(
                atPath: scratch.path(name),
                withIntermediateDirectories: true
            )
            try scratch.write(
                Noise.bytes(fileSize, seed: UInt64(50 + seed)),
                to: "\(name)/\(name).bin"
            )
            let samples = Noise.bytes((sound[name] ?? 0) * 2352, seed: UInt64(60 + seed))
            try scratch.write(wave(samples), to: "\(name).wav")
            try scratch.write(samples, to: "\(name).pcm")
            let toc = "CD_ROM\nTRACK MODE1\nDATAFILE \"\(name).img\"\n"
            try scratch.write(Data(toc.utf8), to: "\(name).toc")
        }
        try scratch.write(Data(audioTOC(hasText: false).utf8), to: "audio.toc")
        try scratch.write(Data(audioTOC(hasText: true).utf8), to: "text.toc")
        let sheet = titles.enumerated().map { number, title in
            number == 0 ? "Album Title = \(title)\n" : "Track 0\(number) Title = \(title)\n"
        }
        try scratch.write(Data(sheet.joined().utf8), to: "text")
        let made = try await scratch.run([
            "/usr/bin/genisoimage", "-quiet", "-R", "-o", "one.iso", "one",
        ])
        try #require(made.status == 0, "\(made)")
        guard hasLarge else { return }
        try scratch.makeSparse(
            "large.iso",
            size: largeSectors * 2048,
            beginning: scratch.bytes("one.iso")
        )
    }

    /// The titles of the disc and its two tracks.
    static let titles = ["Matrix", "First", "Second"]

    private static func audioTOC(hasText: Bool) -> String {
        func text(_ title: String, _ map: String = "") -> String {
            hasText
                ? "CD_TEXT { \(map)LANGUAGE 0 { TITLE \"\(title)\" PERFORMER \"Peers\" } }\n" : ""
        }
        let tracks = ["one", "two"].enumerated().map { number, name in
            "TRACK AUDIO\n\(text(titles[number + 1]))FILE \"\(name).wav\" 0\n"
        }
        return "CD_DA\n\(text(titles[0], "LANGUAGE_MAP { 0 : EN } "))" + tracks.joined()
    }

    /// Samples behind a header of RIFF WAVE: 44.1 kHz, two channels of 16 bits.
    private static func wave(_ samples: Data) -> Data {
        var bytes = Data()
        func put(_ value: Int, _ count: Int) {
            for place in 0..<count {
                bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place)))
            }
        }
        bytes += Data("RIFF".utf8)
        put(36 + samples.count, 4)
        bytes += Data("WAVEfmt ".utf8)
        for (value, count) in [(16, 4), (1, 2), (2, 2), (44100, 4), (176_400, 4), (4, 2), (16, 2)] {
            put(value, count)
        }
        bytes += Data("data".utf8)
        put(samples.count, 4)
        return bytes + samples
    }
}

import DiscModel

/// Cue sheets of the sample discs, written out from what the format says.
extension SampleDisc {
    package static func time(_ frames: Int) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return two(frames / 4500) + ":" + two(frames / 75 % 60) + ":" + two(frames % 75)
    }

    package func cueMode(_ track: SampleTrack) -> String {
        track.mode == .audio ? "AUDIO" : track.mode == .mode1 ? "MODE1/2352" : "MODE2/2352"
    }

    /// The lines that stand before any track.
    package func cueHead() -> String {
        (catalog.map { "CATALOG \($0)\n" } ?? "") + (title.map { "TITLE \"\($0)\"\n" } ?? "")
    }

    package func cueFlags(_ track: SampleTrack) -> String {
        var text = ""
        if let title = track.title { text += "    TITLE \"\(title)\"\n" }
        if let isrc = track.isrc { text += "    ISRC \(isrc)\n" }
        var flags = ""
        if track.flags.contains(.copyPermitted) { flags += " DCP" }
        if track.flags.contains(.fourChannels) { flags += " 4CH" }
        if track.flags.contains(.preEmphasis) { flags += " PRE" }
        if !flags.isEmpty { text += "    FLAGS\(flags)\n" }
        return text
    }

    /// One file that holds everything; sessions follow one another without the gap.
    package func cueSheet(file: String = "image.bin", kind: String = "BINARY") -> String {
        var text = cueHead()
        var frames = 0
        for (number, session) in sessions.enumerated() {
            if sessions.count > 1 { text += "REM SESSION 0\(number + 1)\n" }
            if number > 0 { text += "REM LEAD-IN 01:00:00\nREM PREGAP 00:02:00\n" }
            if number == 0 { text += "FILE \"\(file)\" \(kind)\n" }
            for track in session.tracks {
                text += "  TRACK 0\(track.number) \(cueMode(track))\n" + cueFlags(track)
                if track.pregap > 0 { text += "    INDEX 00 \(Self.time(frames))\n" }
                text += "    INDEX 01 \(Self.time(frames + track.pregap))\n"
                for (i, index) in track.indexes.enumerated() {
                    text += "    INDEX 0\(i + 2) \(Self.time(frames + index - track.first))\n"
                }
                frames += track.sectors.count
            }
            if number < sessions.count - 1 {
                text += "REM LEAD-OUT \(number == 0 ? "01:30:00" : "00:30:00")\n"
            }
        }
        return text
    }

    /// A file for each track.
    package func splitCueSheet(name: (SampleTrack) -> (file: String, kind: String)) -> String {
        var text = cueHead()
        for (number, session) in sessions.enumerated() {
            if sessions.count > 1 { text += "REM SESSION 0\(number + 1)\n" }
            for track in session.tracks {
                let (file, kind) = name(track)
                text += "FILE \"\(file)\" \(kind)\n"
                text += "  TRACK 0\(track.number) \(cueMode(track))\n" + cueFlags(track)
                if track.pregap > 0 { text += "    INDEX 00 00:00:00\n" }
                text += "    INDEX 01 \(Self.time(track.pregap))\n"
                for (i, index) in track.indexes.enumerated() {
                    text += "    INDEX 0\(i + 2) \(Self.time(index - track.first))\n"
                }
            }
        }
        return text
    }

    package static func swapped(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 2).flatMap { [bytes[$0 + 1], bytes[$0]] }
    }

    package static func wave(_ samples: [UInt8], extra: Bool = false) -> [UInt8] {
        func u32(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> (8 * $0) & 255) } }
        let note: [UInt8] = extra ? Array("LIST".utf8) + u32(5) + [1, 2, 3, 4, 5, 0] : []
        let format: [UInt8] =
            Array("fmt ".utf8) + u32(16) + [1, 0, 2, 0] + u32(44100)
            + u32(176_400) + [4, 0, 16, 0]
        let body = Array("WAVE".utf8) + format + note + Array("data".utf8) + u32(samples.count)
        return Array("RIFF".utf8) + u32(body.count + samples.count) + body + samples
    }

    package static func aiff(_ samples: [UInt8]) -> [UInt8] {
        func u32(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(number >> (24 - 8 * $0) & 255) } }
        let rate: [UInt8] = [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]
        let common =
            Array("COMM".utf8) + u32(18) + [0, 2] + u32(samples.count / 4) + [0, 16] + rate
        let sound = Array("SSND".utf8) + u32(samples.count + 8) + u32(0) + u32(0) + swapped(samples)
        let body = Array("AIFF".utf8) + common + sound
        return Array("FORM".utf8) + u32(body.count) + body
    }
}

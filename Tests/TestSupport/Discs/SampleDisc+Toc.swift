import DiscModel

/// TOC files and CloneCD images of the sample discs, written out from what the formats say.
extension SampleDisc {
    /// A TOC file whose tracks lie in one file of raw sectors.
    ///
    /// - Parameter side: Whether each sector has 96 bytes of subchannel.
    /// - Returns: The file's text.
    package func tocFile(side: Bool = false) -> String {
        let kinds: [SessionKind: String] = [.cdROMXA: "CD_ROM_XA", .cdI: "CD_I"]
        let hasData = tracks.contains { $0.mode != .audio }
        var text =
            (kinds[sessions[0].kind] ?? (hasData ? "CD_ROM" : "CD_DA")) + "\n// made by hand\n"
        if let catalog { text += "CATALOG \"\(catalog)\"\n" }
        if let title {
            text += "CD_TEXT { LANGUAGE_MAP { 0 : EN }\n LANGUAGE 0 { TITLE \"\(title)\" } }\n"
        }
        var offset = 0
        for track in tracks {
            let word =
                track.mode == .audio ? "AUDIO" : track.mode == .mode1 ? "MODE1_RAW" : "MODE2_RAW"
            text += "TRACK \(word)\(side ? " RW_RAW" : "")\n"
            text += track.flags.contains(.copyPermitted) ? "COPY\n" : "NO COPY\n"
            if track.flags.contains(.preEmphasis) { text += "PRE_EMPHASIS\n" }
            if track.flags.contains(.fourChannels) { text += "FOUR_CHANNEL_AUDIO\n" }
            if let isrc = track.isrc { text += "ISRC \"\(isrc)\"\n" }
            if let title = track.title {
                var escaped = ""
                for scalar in title.unicodeScalars {
                    if scalar == "\\" {
                        escaped += "\\\\"
                    } else if scalar.value > 126 {
                        escaped += "\\" + String(scalar.value, radix: 8)
                    } else {
                        escaped.unicodeScalars.append(scalar)
                    }
                }
                text += "CD_TEXT { LANGUAGE 0 { TITLE \"\(escaped)\" PERFORMER \"\" } }\n"
            }
            let length = Self.time(track.sectors.count)
            text +=
                track.mode == .audio
                ? "FILE \"image.bin\" #\(offset) 0 \(length)\n"
                : "DATAFILE \"image.bin\" #\(offset) \(length) // in bytes: some\n"
            if track.pregap > 0 { text += "START \(Self.time(track.pregap))\n" }
            for index in track.indexes { text += "INDEX \(Self.time(index - track.start))\n" }
            offset += track.sectors.count * (side ? 2448 : 2352)
        }
        return text
    }

    /// The file of sectors that goes with it: sound has its high byte first.
    package func tocBytes(side: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        for track in tracks {
            for (i, sector) in track.sectors.enumerated() {
                bytes += track.mode == .audio ? Self.swapped(sector) : sector
                if side { bytes += PlainSector.interleaved(linear(track.first + i)) }
            }
        }
        return bytes
    }

    /// The control file of CloneCD.
    package func ccdFile() -> String {
        var text = "[CloneCD]\nVersion=3\n[Disc]\nTocEntries=\(tracks.count + 3 * sessions.count)\n"
        text += "Sessions=\(sessions.count)\nDataTracksScrambled=0\nCDTextLength=0\n"
        if let catalog { text += "CATALOG=\(catalog)\n" }
        var number = 0
        func entry(_ session: Int, _ point: Int, _ control: UInt8, _ m: Int, _ s: Int, _ f: Int) {
            text += "[Entry \(number)]\nSession=\(session)\nPoint=0x\(String(point, radix: 16))\n"
            text += "ADR=0x01\nControl=0x0\(control)\nTrackNo=0\nAMin=0\nASec=0\nAFrame=0\n"
            text += "ALBA=-150\nZero=0\nPMin=\(m)\nPSec=\(s)\nPFrame=\(f)\n"
            text += "PLBA=\((m * 60 + s) * 75 + f - 150)\n"
            number += 1
        }
        for (i, session) in sessions.enumerated() {
            let (first, last) = (session.tracks[0], session.tracks[session.tracks.count - 1])
            entry(i + 1, 0xA0, first.control, first.number, session.kind == .cdROMXA ? 32 : 0, 0)
            entry(i + 1, 0xA1, last.control, last.number, 0, 0)
            let ends = session.tracks.map { ($0.number, $0.control, $0.start) }
            for (point, control, address) in [(0xA2, last.control, session.leadOut)] + ends {
                let frames = address + 150
                entry(i + 1, point, control, frames / 4500, frames / 75 % 60, frames % 75)
            }
        }
        for (i, session) in sessions.enumerated() {
            text += "[Session \(i + 1)]\nPreGapMode=1\nPreGapSubC=0\n"
            let origin = session.tracks[0].first
            for (j, track) in session.tracks.enumerated() {
                text += "[TRACK \(track.number)]\nMODE=\(track.mode == .audio ? 0 : 1)\n"
                if let isrc = track.isrc { text += "ISRC=\(isrc)\n" }
                if track.pregap > 0, j > 0 { text += "INDEX 0=\(track.first - origin)\n" }
                text += "INDEX 1=\(track.start - origin)\n"
                for (k, index) in track.indexes.enumerated() {
                    text += "INDEX \(k + 2)=\(index - origin)\n"
                }
            }
        }
        return text
    }

    /// The subchannel file that goes with it.
    package func subBytes() -> [UInt8] {
        tracks.flatMap { track in (track.first..<track.end).flatMap { linear($0) } }
    }
}

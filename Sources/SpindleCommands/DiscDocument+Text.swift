import SpindleJobs
import TerminalProgress

extension DiscDocument {
    /// The document for a person, in lines.
    var lines: [String] {
        var lines: [String] = []
        if let drive {
            lines.append(
                "drive     \(drive.path)  \(drive.vendor) \(drive.product) \(drive.revision)"
            )
        } else {
            lines.append("file      \(path)")
        }
        lines.append(
            "disc      " + (medium?.displayName ?? (state == .none ? "none" : "of an unknown kind"))
                + stateText
        )
        if let format {
            let name = ImageFormat.named(format)?.displayName ?? format
            lines.append("format    " + ([name] + geometryParts).joined(separator: ", "))
        }
        if let problem { lines.append("problem   \(problem)") }
        for sentence in warnings ?? [] { lines.append("note      \(sentence)") }
        if let sectors {
            let tracks = sessions.flatMap(\.tracks)
            let isAudio = !tracks.isEmpty && tracks.allSatisfy { $0.content == .audio }
            lines.append("size      \(size(sectors, of: isAudio ? .audio : .data))")
        }
        if let writableSectors, writableSectors > 0 {
            let place = nextSession.map { ", as session \($0) from sector \(nextWritable ?? 0) on" }
            lines.append("writable  \(size(writableSectors))\(place ?? "")")
        }
        if !writeSpeeds.isEmpty, let medium {
            let single = Double(DriveSpeed.times(1).kilobytesPerSecond(on: medium))
            let speeds = writeSpeeds.map { Quantity.times(Double($0) / single) }
            lines.append("speeds    \(speeds.joined(separator: ", "))")
        }
        if let title { lines.append("title     \(Self.named(title, performer))") }
        if let catalog { lines.append("catalogue \(catalog)") }
        for session in sessions {
            for track in session.tracks { lines.append(line(track, session: session.number)) }
        }
        lines += identifiers?.lines ?? []
        lines += lookup?.lines ?? []
        if let damage { lines += damageLines(damage) }
        if let content { lines += contentLines(content) }
        for sentence in evidence ?? [] { lines.append("known by  \(sentence)") }
        return lines
    }

    /// The state, as it follows the kind of disc.
    private var stateText: String {
        switch state {
        case .none: ""
        case .unknown: ", in an unknown state"
        default: ", \(state.rawValue)"
        }
    }

    /// How an image keeps its sectors: “2352 bytes a sector and 96 of subchannel”.
    private var geometryParts: [String] {
        (geometry ?? []).map { way in
            let side = way.subchannelBytes > 0 ? " and \(way.subchannelBytes) of subchannel" : ""
            let gap = way.stride - way.sectorBytes - way.subchannelBytes
            let all = gap == 0 ? "" : " of \(way.stride)"
            return "\(way.sectorBytes)\(all) bytes a sector\(side)"
        }
    }

    private func line(_ track: TrackEntry, session: Int) -> String {
        var parts = [
            "session \(session)", track.mode?.displayName ?? track.content.rawValue,
            "from \(track.start)", size(track.sectors, of: track.content),
        ]
        // The pause before the first track is on every CD.
        if let pregap = track.pregap, pregap > CDGaps.firstPause || track.start > 0 {
            parts.append("pregap \(pregap)")
        }
        if let indexes = track.indexes {
            parts.append(indexes.count == 1 ? "index 2" : "indexes 2–\(indexes.count + 1)")
        }
        if let isrc = track.isrc { parts.append("ISRC \(isrc)") }
        if track.preEmphasis ?? false { parts.append("pre-emphasis") }
        if track.copyPermitted ?? false { parts.append("copy permitted") }
        if track.fourChannels ?? false { parts.append("four channels") }
        if let title = track.title { parts.append(Self.named(title, track.performer)) }
        let number = track.number < 10 ? "\(track.number) " : "\(track.number)"
        return "track \(number)  " + parts.joined(separator: ", ")
    }

    /// A title with its performer.
    static func named(_ title: String, _ performer: String?) -> String {
        "“\(title)”" + (performer.map { " by \($0)" } ?? "")
    }

    private func size(_ sectors: Int, of content: Track.Content) -> String {
        content == .data ? size(sectors) : "\(Wording.sectors(sectors)), \(MSF(frames: sectors))"
    }

    private func size(_ sectors: Int) -> String {
        "\(Wording.sectors(sectors)), \(Quantity.bytes(sectors * 2048))"
    }
}

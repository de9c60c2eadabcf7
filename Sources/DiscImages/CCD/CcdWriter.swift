import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes a control file of CloneCD, its image and its subchannel.
struct CcdWriter {
    private let disc: any DiscSource
    private var lines: [String] = []
    private var placements: [Placement] = []

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        try TooLongForCD.check(disc, "A CloneCD image")
        var writer = CcdWriter(disc: disc)
        writer.plan()
        let stem = path.stemText ?? "image"
        let directory = path.removingLastComponent()
        return try PlannedImage(
            paths: [
                directory.appending(text: "\(stem).img"),
                directory.appending(text: "\(stem).sub"), path,
            ],
            placements: writer.placements,
            texts: [
                PlannedImage.Text(
                    file: 2,
                    bytes: Array((writer.lines.joined(separator: "\r\n") + "\r\n").utf8)
                )
            ],
            options: options
        )
    }

    private init(disc: any DiscSource) {
        self.disc = disc
    }

    private mutating func plan() {
        let layout = disc.layout
        let packs = layout.cdText
        lines += ["[CloneCD]", "Version=3", "[Disc]"]
        lines.append("TocEntries=\(layout.tracks.count + 3 * layout.sessions.count)")
        lines.append("Sessions=\(layout.sessions.count)")
        lines += ["DataTracksScrambled=0", "CDTextLength=\(packs.count * CDTextPack.size)"]
        if let catalog = layout.catalog { lines.append("CATALOG=\(catalog)") }
        if !packs.isEmpty {
            lines += ["[CDText]", "Entries=\(packs.count)"]
            for (i, pack) in packs.enumerated() {
                let hex = pack.bytes.prefix(16).map { Self.hex(Int($0)) }.joined(separator: " ")
                lines.append("Entry \(i)=\(hex)")
            }
        }
        for session in layout.sessions {
            let mode: Int =
                switch session.tracks.first?.mode {
                case .audio, nil: 0
                case .mode1: 1
                default: 2
                }
            lines += ["[Session \(session.number)]", "PreGapMode=\(mode)", "PreGapSubC=1"]
        }
        planEntries(layout)
        var index = 0
        for session in layout.sessions { plan(session, &index) }
    }

    private static func hex(_ number: Int) -> String {
        let text = String(number, radix: 16)
        return number < 16 ? "0\(text)" : text
    }

    private mutating func planEntries(_ layout: DiscLayout) {
        var number = 0
        for session in layout.sessions {
            guard let first = session.tracks.first, let last = session.tracks.last else { continue }
            var entries: [(point: Int, control: Int, time: MSF)] = [
                (
                    0xA0, first.control,
                    MSF(minute: first.number, second: Int(session.kind.code), frame: 0)
                ),
                (0xA1, last.control, MSF(minute: last.number, second: 0, frame: 0)),
                (0xA2, last.control, MSF(session.leadOut)),
            ]
            entries += session.tracks.map { ($0.number, $0.control, MSF($0.start)) }
            for entry in entries {
                lines += [
                    "[Entry \(number)]", "Session=\(session.number)",
                    "Point=0x\(Self.hex(entry.point))", "ADR=0x01",
                    "Control=0x\(Self.hex(entry.control))", "TrackNo=0", "AMin=0", "ASec=0",
                    "AFrame=0", "ALBA=-150", "Zero=0", "PMin=\(entry.time.minute)",
                    "PSec=\(entry.time.second)", "PFrame=\(entry.time.frame)",
                    "PLBA=\(entry.time.frames - MSF.offset)",
                ]
                number += 1
            }
        }
    }

    private mutating func plan(_ session: DiscLayout.Session, _ index: inout Int) {
        guard let first = session.tracks.first else { return }
        let origin = first.extent.lowerBound + min(first.pregap, CDGaps.firstPause)
        for (i, track) in session.tracks.enumerated() {
            let begin = i == 0 ? origin : track.extent.lowerBound
            let mode: Int =
                switch track.mode {
                case .audio: 0
                case .mode1: 1
                default: 2
                }
            lines += ["[TRACK \(track.number)]", "MODE=\(mode)"]
            if let isrc = track.isrc { lines.append("ISRC=\(isrc)") }
            if begin < track.start.rawValue { lines.append("INDEX 0=\(begin - origin)") }
            lines.append("INDEX 1=\(track.start.rawValue - origin)")
            for (number, later) in track.laterIndexes.enumerated() {
                lines.append("INDEX \(number + 2)=\(later.rawValue - origin)")
            }
            var place = Placement(
                begin..<track.end.rawValue,
                .raw,
                offset: index * RawSector.size
            )
            place.subchannel = Placement.Subchannel(
                .linear,
                file: 1,
                offset: index * SubchannelQ.interleavedSize,
                stride: SubchannelQ.interleavedSize
            )
            placements.append(place)
            index += track.end.rawValue - begin
        }
    }
}

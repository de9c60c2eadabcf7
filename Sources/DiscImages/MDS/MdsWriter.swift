import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes a descriptor of Alcohol 120%, version 1, and its file of sectors.
struct MdsWriter {
    private let disc: any DiscSource
    private let keepsSubchannel: Bool
    private let keepsUserDataOnly: Bool
    private var placements: [Placement] = []
    private var offset = 0

    private var isCD: Bool { disc.medium.facts.family == .cd }

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        let hasSubchannel = disc.stretches().contains { $0.storage.subchannel == .full }
        var writer = MdsWriter(
            disc: disc,
            keepsSubchannel: options.keepsSubchannel ?? hasSubchannel,
            keepsUserDataOnly: options.keepsUserDataOnly
        )
        let descriptor = writer.plan()
        let name = "\(path.stemText ?? "image").mdf"
        return try PlannedImage(
            paths: [path.removingLastComponent().appending(text: name), path],
            placements: writer.placements,
            texts: [PlannedImage.Text(file: 1, bytes: descriptor)],
            options: options
        )
    }

    private init(disc: any DiscSource, keepsSubchannel: Bool, keepsUserDataOnly: Bool) {
        self.disc = disc
        self.keepsSubchannel = keepsSubchannel
        self.keepsUserDataOnly = keepsUserDataOnly
    }

    /// An entry of a session's table: a track, or a point of the lead-in.
    private struct Entry {
        var point: Int
        var control: Int
        var time: MSF
        var track: Track?
    }

    private static func entries(_ session: DiscLayout.Session, isCD: Bool) -> [Entry] {
        let tracks = session.tracks.map {
            Entry(point: $0.number, control: $0.control, time: MSF($0.start), track: $0)
        }
        guard isCD, let first = session.tracks.first, let last = session.tracks.last else {
            return tracks
        }
        let kind = MSF(minute: first.number, second: Int(session.kind.code), frame: 0)
        return [
            Entry(point: 0xA0, control: first.control, time: kind),
            Entry(
                point: 0xA1,
                control: last.control,
                time: MSF(minute: last.number, second: 0, frame: 0)
            ),
            Entry(point: 0xA2, control: last.control, time: MSF(session.leadOut)),
        ] + tracks
    }

    private mutating func plan() -> [UInt8] {
        let sessions = disc.layout.sessions
        let tables = sessions.map { Self.entries($0, isCD: isCD) }
        let entryCount = tables.reduce(0) { $0 + $1.count }
        let trackCount = isCD ? disc.layout.tracks.count : 0
        // One part follows the other: sessions, entries, extents of tracks, the file's name.
        let entriesAt = 88 + 24 * sessions.count
        let extentsAt = entriesAt + 80 * entryCount
        let footerAt = extentsAt + 8 * trackCount
        var record = BinaryRecord(.little)
        record.add("MEDIA DESCRIPTOR", 16)
        record.add([1, 3])
        record.add(isCD ? 0 : 0x10, 2)
        record.add(sessions.count, 2)
        record.addZeros(58)
        record.add(88, 4)
        record.addZeros(4)
        var place = entriesAt
        for (session, table) in zip(sessions, tables) {
            record.add(session.tracks.first?.extent.lowerBound ?? 0, 4)
            record.add(session.leadOut.rawValue, 4)
            record.add(session.number, 2)
            record.add([UInt8(clamping: table.count), UInt8(isCD ? 3 : 0)])
            record.add(session.tracks.first?.number ?? 1, 2)
            record.add(session.tracks.last?.number ?? 1, 2)
            record.addZeros(4)
            record.add(place, 4)
            place += 80 * table.count
        }
        var extents = BinaryRecord(.little)
        for entry in tables.joined() {
            add(entry, &record, extentAt: extentsAt + extents.bytes.count, footerAt)
            if isCD, let track = entry.track {
                extents.add(track.start.rawValue - track.extent.lowerBound, 4)
                extents.add(track.length, 4)
            }
        }
        record.add(extents.bytes)
        record.add(footerAt + 16, 4)
        record.addZeros(12)
        record.add("*.mdf", 6)
        return record.bytes
    }

    private mutating func add(
        _ entry: Entry,
        _ record: inout BinaryRecord,
        extentAt: Int,
        _ footerAt: Int
    ) {
        guard let track = entry.track else {
            record.add([0, 0, UInt8(0x10 | entry.control), 0, UInt8(entry.point), 0, 0, 0, 0])
            record.add([entry.time.minute, entry.time.second, entry.time.frame].map { UInt8($0) })
            record.addZeros(68)
            return
        }
        let isCooked = !isCD || keepsUserDataOnly && !keepsSubchannel && track.mode == .mode1
        let form: SectorForm = isCooked ? .user : .raw
        let side = keepsSubchannel && isCD ? SubchannelQ.interleavedSize : 0
        let stride = form.size + side
        record.add([UInt8(MdsMode.code(track.mode)), side > 0 ? 8 : 0])
        record.add([UInt8(0x10 | entry.control), 0, UInt8(clamping: entry.point), 0, 0, 0, 0])
        record.add(
            [entry.time.minute, entry.time.second, entry.time.frame].map { UInt8(clamping: $0) }
        )
        record.add(isCD ? extentAt : track.length, 4)
        record.add(stride, 2)
        record.addZeros(18)
        record.add(track.start.rawValue, 4)
        record.add(offset, 8)
        record.add(1, 4)
        record.add(footerAt, 4)
        record.addZeros(24)
        let place = Placement(
            track.start.rawValue..<track.end.rawValue,
            form,
            offset: offset,
            stride: stride,
            with: side > 0 ? .interleaved : nil
        )
        placements.append(place)
        offset += track.length * stride
    }
}

import DiscModel
import SystemPackage
import Transfer

/// Writes NRG images of version 2.
struct NrgWriter {
    private let disc: any DiscSource
    private let keepsSubchannel: Bool
    private let keepsUserDataOnly: Bool
    private var placements: [Placement] = []
    private var descriptor = BinaryRecord(.big)
    private var offset = 0

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        let hasSubchannel = disc.stretches().contains { $0.storage.subchannel == .full }
        var writer = NrgWriter(
            disc: disc,
            keepsSubchannel: options.keepsSubchannel ?? hasSubchannel,
            keepsUserDataOnly: options.keepsUserDataOnly
        )
        writer.plan()
        return try PlannedImage(
            paths: [path],
            placements: writer.placements,
            texts: [
                PlannedImage.Text(
                    file: 0,
                    offset: writer.offset,
                    bytes: writer.descriptor.bytes
                )
            ],
            options: options
        )
    }

    private init(disc: any DiscSource, keepsSubchannel: Bool, keepsUserDataOnly: Bool) {
        self.disc = disc
        self.keepsSubchannel = keepsSubchannel
        self.keepsUserDataOnly = keepsUserDataOnly
    }

    private mutating func add(chunk name: String, _ body: BinaryRecord) {
        descriptor.add(name, 4)
        descriptor.add(body.bytes.count, 4)
        descriptor.add(body.bytes)
    }

    private mutating func plan() {
        let isCD = disc.medium.facts.family == .cd
        for session in disc.layout.sessions {
            if isCD { plan(session) } else { planData(session) }
            var count = BinaryRecord(.big)
            count.add(session.tracks.count, 4)
            add(chunk: "SINF", count)
        }
        if !disc.layout.cdText.isEmpty {
            var packs = BinaryRecord(.big)
            packs.add(disc.layout.cdText.flatMap(\.bytes))
            add(chunk: "CDTX", packs)
        }
        var kind = BinaryRecord(.big)
        // Bit 0 is CD, bit 11 DVD-ROM.
        kind.add(isCD ? 1 : 0x800, 4)
        add(chunk: "MTYP", kind)
        add(chunk: "END!", BinaryRecord(.big))
        descriptor.add("NER5", 4)
        descriptor.add(offset, 8)
    }

    /// A session that was written at once, with the pauses and pregaps.
    private mutating func plan(_ session: DiscLayout.Session) {
        guard let first = session.tracks.first, let last = session.tracks.last else { return }
        var marks = BinaryRecord(.big)
        func mark(_ control: Int, _ track: UInt8, _ index: Int, _ address: Int) {
            marks.add([UInt8(control << 4 | 1), track, RawSector.bcd(index), 0])
            marks.add(address, 4)
        }
        var tracks = BinaryRecord(.big)
        mark(first.control, 0, 0, first.extent.lowerBound)
        for track in session.tracks {
            let number = RawSector.bcd(track.number)
            mark(track.control, number, 0, track.extent.lowerBound)
            mark(track.control, number, 1, track.start.rawValue)
            for (i, index) in track.laterIndexes.enumerated() {
                mark(track.control, number, i + 2, index.rawValue)
            }
            let mode = mode(of: track)
            tracks.add(track.isrc ?? "", 12)
            tracks.add(mode.stride, 2)
            tracks.add(mode.code, 1)
            tracks.add([0, 0, 1])
            let pregap = track.start.rawValue - track.extent.lowerBound
            tracks.add(offset, 8)
            tracks.add(offset + pregap * mode.stride, 8)
            place(track.extent, mode)
            tracks.add(offset, 8)
        }
        mark(last.control, 0xAA, 1, session.leadOut.rawValue)
        add(chunk: "CUEX", marks)
        var body = BinaryRecord(.big)
        body.add(tracks.bytes.count + 22, 4)
        body.add(session.catalog ?? "", 14)
        body.add(Int(session.kind.code) << 8, 2)
        body.add([UInt8(clamping: first.number), UInt8(clamping: last.number)])
        body.add(tracks.bytes)
        add(chunk: "DAOX", body)
    }

    /// The tracks of a disc that is no CD.
    private mutating func planData(_ session: DiscLayout.Session) {
        var body = BinaryRecord(.big)
        for track in session.tracks {
            body.add(offset, 8)
            body.add(track.length * 2048, 8)
            body.add(0, 4)
            body.add(track.start.rawValue, 4)
            body.addZeros(8)
            place(
                track.start.rawValue..<track.end.rawValue,
                NrgMode(code: 0, mode: .mode1, form: .user)
            )
        }
        add(chunk: "ETN2", body)
    }

    private func mode(of track: Track) -> NrgMode {
        let isCooked = keepsUserDataOnly && !keepsSubchannel && track.mode == .mode1
        let side: Placement.Subchannel.Form? = keepsSubchannel ? .interleaved : nil
        let kind: TrackMode = track.mode.isMode2 ? .mode2Mixed : track.mode
        let form: SectorForm = isCooked ? .user : .raw
        return NrgMode.table.first {
            $0.mode == kind && $0.form == form && $0.subchannel == side
        } ?? NrgMode(code: 5, mode: .mode1, form: .raw)
    }

    private mutating func place(_ sectors: Range<Int>, _ mode: NrgMode) {
        placements.append(mode.placement(of: sectors, at: offset))
        offset += sectors.count * mode.stride
    }
}

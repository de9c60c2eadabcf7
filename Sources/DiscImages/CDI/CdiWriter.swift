import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes DiscJuggler images of version 3.5.
struct CdiWriter {
    private let disc: any DiscSource
    private let subchannel: Placement.Subchannel.Form?
    private let keepsUserDataOnly: Bool
    /// The file's name in its bytes, as many as there is room for.
    private let name: [UInt8]
    private var placements: [Placement] = []
    private var descriptor = BinaryRecord(.little)
    private var offset = 0

    private var isCD: Bool { disc.medium.facts.family == .cd }

    /// Begins an image.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        let kept = Set(disc.stretches().map(\.storage.subchannel))
        var subchannel: Placement.Subchannel.Form? =
            kept.contains(.full) ? .interleaved : kept.contains(.q) ? .q : nil
        if let keeps = options.keepsSubchannel {
            subchannel = keeps ? subchannel ?? .interleaved : nil
        }
        var writer = CdiWriter(
            disc: disc,
            subchannel: disc.medium.facts.family == .cd ? subchannel : nil,
            keepsUserDataOnly: options.keepsUserDataOnly,
            name: Array((path.lastComponent?.bytes ?? []).prefix(255))
        )
        writer.plan()
        return try PlannedImage(
            paths: [path],
            placements: writer.placements,
            texts: [
                PlannedImage.Text(file: 0, offset: writer.offset, bytes: writer.descriptor.bytes)
            ],
            options: options
        )
    }

    private init(
        disc: any DiscSource,
        subchannel: Placement.Subchannel.Form?,
        keepsUserDataOnly: Bool,
        name: [UInt8]
    ) {
        self.disc = disc
        self.subchannel = subchannel
        self.keepsUserDataOnly = keepsUserDataOnly
        self.name = name
    }

    private mutating func plan() {
        let layout = disc.layout
        descriptor.add(layout.sessions.count, 2)
        for session in layout.sessions {
            descriptor.add(session.tracks.count, 2)
            for (i, track) in session.tracks.enumerated() {
                add(track, i, of: session)
            }
            let first = session.tracks.first
            descriptor.add(kind(of: session), 4)
            descriptor.addZeros(4)
            descriptor.add(first.map { begin(of: $0) } ?? 0, 4)
            descriptor.addZeros(1)
        }
        // The session that could follow.
        descriptor.addZeros(2)
        addDisc(layout)
    }

    private func kind(of session: DiscLayout.Session) -> Int {
        if session.kind != .cdROM { return 2 }
        return session.tracks.contains { $0.mode.isData } ? 1 : 0
    }

    /// The first sector of a track's pregap, counted from the beginning of the first pause.
    private func begin(of track: Track) -> Int {
        track.start.rawValue - pregap(of: track) + CDGaps.firstPause
    }

    /// DVD and BD have no pause, but the file has.
    private func pregap(of track: Track) -> Int {
        isCD
            ? track.start.rawValue - track.extent.lowerBound
            : track.start.rawValue == 0 ? CDGaps.firstPause : 0
    }

    private mutating func addHeader() {
        descriptor.addZeros(4)
        descriptor.add(CdiDescriptor.mark)
        descriptor.add(CdiDescriptor.mark)
        // What DiscJuggler puts before the number of tracks differs from image to image.
        descriptor.add([0xAB, 0x00, 0x10, UInt8(clamping: disc.layout.tracks.count)])
        descriptor.add([UInt8(clamping: name.count)])
        descriptor.add(name)
        descriptor.addZeros(11)
        descriptor.add(2, 4)
        descriptor.addZeros(4)
        descriptor.add(0x8000_0000, 4)
        // A disc of 80 minutes, or one of DVD's single layer.
        descriptor.add(isCD ? 360_000 : 2_295_104, 4)
        descriptor.addZeros(2)
        descriptor.add(isCD ? 0x98 : 0x38, 2)
    }

    private mutating func add(_ track: Track, _ index: Int, of session: DiscLayout.Session) {
        addHeader()
        let pregap = pregap(of: track)
        let length = pregap + track.length
        let marks = [track.start] + track.laterIndexes + [track.end]
        descriptor.add(marks.count, 2)
        descriptor.add(pregap, 4)
        for (from, to) in zip(marks, marks.dropFirst()) {
            descriptor.add(to.rawValue - from.rawValue, 4)
        }
        // Texts are kept as packs, with the disc.
        descriptor.addZeros(4 + 2)
        let mode = mode(of: track)
        descriptor.add(mode.code, 4)
        descriptor.addZeros(4)
        descriptor.add(session.number - 1, 4)
        descriptor.add(index, 4)
        descriptor.add(begin(of: track), 4)
        descriptor.add(length, 4)
        descriptor.addZeros(16)
        descriptor.add(mode.reading, 4)
        descriptor.add(track.control, 4)
        descriptor.addZeros(1)
        descriptor.add(length, 4)
        descriptor.addZeros(4)
        descriptor.add(track.isrc ?? "", 12)
        descriptor.add(track.isrc == nil ? 0 : 1, 4)
        descriptor.addZeros(1)
        descriptor.add(repeatElement(0xFF, count: 8))
        // How audio is kept: 2 channels, 16 bits, 44100 samples a second.
        for number in [1, 0x80, 2, 16, 44_100] { descriptor.add(number, 4) }
        descriptor.addZeros(42)
        descriptor.add(repeatElement(0xFF, count: 4))
        descriptor.addZeros(12)
        place(track, pregap, mode)
    }

    private mutating func addDisc(_ layout: DiscLayout) {
        addHeader()
        descriptor.add((layout.leadOut?.rawValue ?? 0) + CDGaps.firstPause, 4)
        // The volume's name, which is none of the image's business.
        descriptor.addZeros(1)
        descriptor.add([0, 1, 0, 0, 0, 1, 0, 0, 0])
        descriptor.add(layout.catalog ?? "", 13)
        descriptor.add(layout.catalog == nil ? 0 : 1, 4)
        let packs = layout.cdText.flatMap(\.bytes)
        descriptor.add(packs.count, 4)
        descriptor.add(packs)
        descriptor.addZeros(8)
        descriptor.add(CdiDescriptor.Version.threeAndAHalf.rawValue, 4)
        descriptor.add(descriptor.bytes.count + 4, 4)
    }

    private func mode(of track: Track) -> CdiMode {
        let isCooked = !isCD || keepsUserDataOnly && subchannel == nil && track.mode == .mode1
        return CdiMode.writing(
            track.mode,
            isCooked ? .user : .raw,
            with: subchannel
        ) ?? CdiMode(code: 1, reading: 2, mode: .mode1, form: .raw)
    }

    private mutating func place(_ track: Track, _ pregap: Int, _ mode: CdiMode) {
        let first = track.start.rawValue - pregap
        let sectors = (isCD ? first : track.start.rawValue)..<track.end.rawValue
        placements.append(
            Placement(
                sectors,
                mode.form,
                offset: offset + (sectors.lowerBound - first) * mode.stride,
                with: mode.subchannel
            )
        )
        offset += (pregap + track.length) * mode.stride
    }
}

import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes a CHD image: the tracks of a CD, or the sectors of a DVD or BD.
final class ChdWriter: DiscSink {
    /// Bytes of a hunk of a CD, 8 sectors, as chdman makes them.
    private static let cdHunk = 8 * ChdCodec.frame

    let requests: [SectorRequest]
    /// Where in the run of bytes which sectors go; the stride is that of a unit.
    private let placements: [Placement]
    private let header: ChdHeader
    private let pieces: [ChdMetadata]
    private let output: UnfinishedFiles
    private var writer: ChdHunkWriter?
    private var written = 0

    /// The file, on its way to its name.
    var unfinished: UnfinishedFiles? { output }

    /// Plans an image; ``begin()`` makes its file.
    static func plan(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        guard disc.medium.facts.family == .cd else {
            let places = try PackedImage.userData(of: disc, path, "CHD")
            return try ChdWriter(
                path,
                places,
                byteCount: places.last?.end ?? 0,
                // It says no more than that this is one.
                [ChdMetadata(tag: "DVD ", bytes: [0])],
                isCD: false,
                options
            )
        }
        let (tracks, places) = tracks(of: disc, options)
        return try ChdWriter(
            path,
            places,
            byteCount: tracks.reduce(0) { $0 + $1.filledFrames } * ChdCodec.frame,
            tracks.map { $0.metadata(ofGDROM: isGDROM(disc.layout)) },
            isCD: true,
            options
        )
    }

    private init(
        _ path: FilePath,
        _ placements: [Placement],
        byteCount: Int,
        _ pieces: [ChdMetadata],
        isCD: Bool,
        _ options: ImageOptions
    ) throws {
        self.placements = placements.filter { !$0.sectors.isEmpty }
        self.pieces = pieces
        requests = self.placements.map {
            SectorRequest($0.sectors, $0.form, wantsSubchannel: $0.subchannel != nil)
        }
        let codecs = Self.codecs(options, isCD: isCD)
        guard byteCount > 0, !codecs.isEmpty else {
            throw ImageFormatError(
                path.lastComponent?.string ?? path.string,
                "CHD",
                byteCount > 0 ? "the choice of codecs" : "the disc",
                "is empty"
            )
        }
        let none = [UInt8](repeating: 0, count: 20)
        header = ChdHeader(
            codecs: codecs,
            byteCount: byteCount,
            mapOffset: 0,
            metadataOffset: 0,
            hunk: isCD ? Self.cdHunk : ChdHunkSize.ofData(byteCount),
            unit: isCD ? ChdCodec.frame : 2048,
            rawSum: none,
            sum: none
        )
        output = try UnfinishedFiles([path], replaces: options.replaces)
    }

    func begin() throws {
        for file in try output.begin() { writer = try ChdHunkWriter(file, header, pieces) }
    }

    /// At most four codecs fit into a header.
    private static func codecs(_ options: ImageOptions, isCD: Bool) -> [ChdCodec] {
        var result: [ChdCodec] = []
        for packing in options.hunkPackings {
            let codec: ChdCodec? =
                switch packing {
                case .lzma: isCD ? .cdLZMA : .lzma
                case .zlib: isCD ? .cdZlib : .zlib
                case .zstd: isCD ? .cdZstd : .zstd
                // There is no audio on other discs.
                case .flac: isCD ? .cdFLAC : nil
                }
            if let codec, !result.contains(codec), result.count < 4 { result.append(codec) }
        }
        return result
    }

    /// The tracks of a CD, and where their sectors go.
    private static func tracks(of disc: any DiscSource, _ options: ImageOptions) -> (
        [ChdTrack], [Placement]
    ) {
        let hasSubchannel = disc.stretches().contains { $0.storage.subchannel == .full }
        let keepsSubchannel = options.keepsSubchannel ?? hasSubchannel
        var tracks: [ChdTrack] = []
        var placements: [Placement] = []
        var frames = 0
        var lastEnd = 0
        let isGD = isGDROM(disc.layout)
        for session in disc.layout.sessions {
            for (index, track) in session.tracks.enumerated() {
                let isCooked =
                    options.keepsUserDataOnly && !keepsSubchannel
                    && (track.mode == .mode1 || track.mode == .mode2Form1)
                let form: SectorForm = isCooked ? .user : .raw
                guard let mode = ChdTrack.Mode.of(track.mode, form) else { continue }
                // The pause before a session is not kept; of a later session it is all that lies
                // between, so that sectors stay where they are.
                let pause = index == 0 ? min(track.pregap, CDGaps.firstPause) : 0
                let isSecondArea = isGD && index == 0 && session.number == 2
                let begin = isSecondArea ? track.start.rawValue : track.extent.lowerBound + pause
                if isGD, let last = tracks.indices.last, begin > lastEnd {
                    // What lies between the tracks of a GD-ROM fills up the one before.
                    frames -= tracks[last].filledFrames
                    tracks[last].pad = begin - lastEnd
                    tracks[last].frames += begin - lastEnd
                    frames += tracks[last].filledFrames
                }
                var entry = ChdTrack(
                    number: tracks.count + 1,
                    mode: mode,
                    hasSubchannel: keepsSubchannel,
                    frames: track.end.rawValue - begin
                )
                entry.pregap = track.start.rawValue - begin
                entry.keepsPregap = entry.pregap > 0
                if index == 0, session.number > 1, !isGD {
                    entry.pregap = track.start.rawValue - lastEnd
                    entry.frames = track.length
                    entry.keepsPregap = false
                }
                let first = track.end.rawValue - entry.frames
                var place = Placement(
                    first..<track.end.rawValue,
                    form,
                    offset: frames * ChdCodec.frame,
                    stride: ChdCodec.frame,
                    with: keepsSubchannel ? .interleaved : nil
                )
                place.isBigEndian = track.mode == .audio
                placements.append(place)
                frames += entry.filledFrames
                tracks.append(entry)
                lastEnd = track.end.rawValue
            }
        }
        return (tracks, placements)
    }

    /// Whether the second session is a GD-ROM's second area.
    private static func isGDROM(_ layout: DiscLayout) -> Bool {
        layout.sessions.count == 2
            && layout.sessions[1].tracks.first?.start.rawValue == CDGaps.highDensityArea
    }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        guard let writer, let place = placements.first(where: { $0.sectors.contains(address) })
        else { return }
        try fill(to: place.offset + (address - place.sectors.lowerBound) * place.stride)
        if place.stride == place.form.size {
            try writer.append(sectors)
            written += sectors.count
            return
        }
        let (size, side) = (place.form.size, SubchannelQ.interleavedSize)
        var unit = [UInt8](repeating: 0, count: place.stride)
        for i in 0..<(sectors.count / size) {
            var span = unit.mutableSpan
            Bytes.copy(sectors.extracting((i * size)..<((i + 1) * size)), to: &span)
            if place.isBigEndian {
                Bytes.withPart(of: &span, 0..<size) { Samples.swap(&$0) }
            }
            if place.subchannel != nil {
                let piece = subchannel.extracting((i * side)..<((i + 1) * side))
                Bytes.copy(piece, to: &span, at: size)
            }
            try writer.append(unit.span)
            written += unit.count
        }
    }

    private func fill(to offset: Int) throws {
        let zeros = [UInt8](repeating: 0, count: ChdCodec.frame)
        while written < offset {
            let count = min(zeros.count, offset - written)
            try writer?.append(zeros.span.extracting(0..<count))
            written += count
        }
    }

    func complete() throws {
        try fill(to: header.byteCount)
        try writer?.finish()
        writer = nil
        try output.complete()
    }

    func abandon() {
        writer?.stop()
        writer = nil
        output.abandon()
    }

    deinit {
        abandon()
    }
}

import DiscModel
import LinuxCalls

/// Opens images that have no descriptor: any file that is not empty is one.
enum ISOReader {
    private static let format = "a plain image"

    static func open(_ file: ImageFile) throws -> ImageDisc? {
        let bytes = file.bytes
        guard bytes.byteCount > 0 else {
            throw ImageFormatError(file.name, format, "the file", "is empty")
        }
        let probe = RawProbe(bytes: bytes)
        for geometry in RawGeometry.table {
            if try probe.hasSync(geometry) { return try raw(file, probe, geometry) }
            // The descriptors begin in sector 16.
            for (mode, user) in geometry.user
            where try probe.isVolumeDescriptor(at: 16 * geometry.stride + user) {
                if geometry.form == .user { return try plain(file, hasVolume: true) }
                return try cooked(file, geometry, mode)
            }
        }
        return try plain(file, hasVolume: false)
    }

    /// Whether descriptors of a file system stand where they do in a file of sectors that begins with
    /// the disc's first one.
    static func hasVolume(_ file: ImageFile) throws -> Bool {
        let probe = RawProbe(bytes: file.bytes)
        return try RawGeometry.table.contains { geometry in
            try geometry.user.contains {
                try probe.isVolumeDescriptor(at: 16 * geometry.stride + $0.offset)
            }
        }
    }

    /// Sectors of 2048 bytes.
    static func plain(_ file: ImageFile, hasVolume: Bool) throws -> ImageDisc {
        let size = file.bytes.byteCount
        let sectors = size / 2048 + (size % 2048 == 0 ? 0 : 1)
        guard sectors < 1 << 28 else {
            throw ImageFormatError(file.name, format, "the file", "is too large for a disc")
        }
        var evidence: [String] = []
        var warnings: [String] = []
        if hasVolume {
            evidence.append("Volume descriptors begin at byte 32768: sectors of 2048 bytes.")
        } else {
            evidence.append("It has no mark of any format; it is taken as sectors of 2048 bytes.")
        }
        if size % 2048 != 0 {
            warnings.append(
                "After the last whole sector there \(size % 2048 == 1 ? "is 1 byte" : "are \(size % 2048) bytes"): the size is not a multiple of 2048."
            )
        }
        return try ImageDisc(
            medium: MediumKind.pressed(bytes: size),
            layout: DiscLayout(sectors: sectors),
            files: [file.bytes],
            placements: [Placement(0..<sectors, .user, offset: 0)],
            evidence: evidence,
            warnings: warnings,
            dataByteCount: size
        )
    }

    /// Sectors of mode 2 without sync and header.
    private static func cooked(_ file: ImageFile, _ geometry: RawGeometry, _ mode: TrackMode) throws
        -> ImageDisc
    {
        let sectors = min(file.bytes.byteCount / geometry.stride, 1 << 20)
        var layout = DiscLayout(track: mode, sectors: sectors)
        layout.sessions[0].kind = .cdROMXA
        return try ImageDisc(
            medium: .cdROM,
            layout: layout,
            files: [file.bytes],
            placements: [Placement(0..<sectors, geometry.form, offset: 0)],
            evidence: ["Volume descriptors show sectors of \(geometry.stride) bytes."],
            warnings: trailing(file, geometry, sectors)
        )
    }

    /// Raw sectors.
    private static func raw(_ file: ImageFile, _ probe: RawProbe, _ geometry: RawGeometry) throws
        -> ImageDisc
    {
        let sectors = min(file.bytes.byteCount / geometry.stride, 1 << 20)
        let first = try probe.header(at: 0)
        // The first sector may be one of the pause before the first track.
        let before = min(max(0, -(first?.address ?? 0)), CDGaps.firstPause, sectors - 1)
        let count = sectors - before
        let isMode2 = first?.mode == 2
        let end = try probe.endOfData(geometry, sectors: sectors) - before
        var layout = DiscLayout(
            track: isMode2 ? .mode2Mixed : .mode1,
            sectors: max(0, min(end, count))
        )
        if isMode2 { layout.sessions[0].kind = .cdROMXA }
        var warnings = trailing(file, geometry, sectors)
        if end < count {
            layout.sessions[0].tracks.append(
                Track(number: 2, session: 1, mode: .audio, start: LBA(end), length: count - end)
            )
            layout.sessions[0].leadOut = LBA(count)
            warnings.append(
                "After sector \(end) there is audio; without a sheet its tracks can't be told apart."
            )
        }
        let form = geometry.subchannel == 0 ? nil : try probe.subchannelForm(geometry)
        if geometry.subchannel != 0, form == nil {
            warnings.append("The subchannel after the sectors is empty or garbled.")
        }
        let ranges = [-before..<max(0, min(end, count)), max(0, min(end, count))..<count]
        let placements = ranges.filter { !$0.isEmpty }.map { range in
            Placement(
                range,
                .raw,
                offset: (range.lowerBound + before) * geometry.stride,
                stride: geometry.stride,
                with: form
            )
        }
        let side = geometry.subchannel == 0 ? "" : " with \(geometry.subchannel) of subchannel each"
        return try ImageDisc(
            medium: .cdROM,
            layout: layout,
            files: [file.bytes],
            placements: placements,
            evidence: ["Sync patterns show raw sectors, \(geometry.stride) bytes apart\(side)."],
            warnings: warnings
        )
    }

    private static func trailing(_ file: ImageFile, _ geometry: RawGeometry, _ sectors: Int)
        -> [String]
    {
        let rest = file.bytes.byteCount - sectors * geometry.stride
        guard rest > 0 else { return [] }
        return [
            rest == 1
                ? "After the last whole sector there is 1 byte that belongs to none."
                : "After the last whole sector there are \(rest) bytes that belong to none."
        ]
    }
}

extension MediumKind {
    /// The pressed disc that so many bytes of user data fit on.
    static func pressed(bytes: Int) -> MediumKind {
        let limits: [(MediumKind, Int)] = [(.cdROM, 900_000_000), (.dvdROM, 8_500_000_000)]
        return limits.first { bytes < $0.1 }?.0 ?? .bdROM
    }
}

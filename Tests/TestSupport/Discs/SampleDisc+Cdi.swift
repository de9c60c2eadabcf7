import DiscModel

/// Images of DiscJuggler, written out from what is known of the format.
extension SampleDisc {
    /// What a generator of DiscJuggler's images can do in more than one way.
    package struct Juggled {
        /// How much of a sector is kept: 0 user data, 1 mode 2 without the header, 2 all, 3 with Q,
        /// 4 with P to W.
        package var reading = 2
        /// 2, 3 or 35.
        package var version = 35
        /// Eight bytes more before each track, as versions from 3.00.780 on can have them.
        package var hasExtra = false
        /// What sound is, behind each track.
        package var hasSound = true
        /// Packs of CD-TEXT of the disc.
        package var packs: [UInt8] = []
        /// Titles with the tracks.
        package var hasTitles = false
        /// Bytes between the sessions and the disc.
        package var scrap = 0
        package var isDVD = false

        package init(
            reading: Int = 2,
            version: Int = 35,
            hasExtra: Bool = false,
            hasSound: Bool = true,
            packs: [UInt8] = [],
            hasTitles: Bool = false,
            scrap: Int = 0,
            isDVD: Bool = false
        ) {
            self.reading = reading
            self.version = version
            self.hasExtra = hasExtra
            self.hasSound = hasSound
            self.packs = packs
            self.hasTitles = hasTitles
            self.scrap = scrap
            self.isDVD = isDVD
        }
    }

    private func juggled(_ sector: [UInt8], _ address: Int, _ reading: Int) -> [UInt8] {
        let isMode2 = sector[15] == 2
        switch reading {
        case 0: return Array(sector[(isMode2 ? 24 : 16)...].prefix(2048))
        case 1: return Array(sector[16...])
        case 2: return sector
        case 3: return sector + linear(address)[12..<24] + [0, 0, 0, 0]
        default: return sector + PlainSector.interleaved(linear(address))
        }
    }

    private static let cdiMark: [UInt8] = [
        0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255,
    ]

    package func cdi(_ way: Juggled) -> [UInt8] {
        func le(_ value: Int, _ count: Int) -> [UInt8] { Self.number(value, count, big: false) }
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        let size = [2048, 2336, 2352, 2368, 2448][way.reading]
        var header: [UInt8] = way.hasExtra ? le(7, 4) + le(1, 4) + le(2, 4) : le(0, 4)
        header += Self.cdiMark + [0x64, 5, 0x2A, UInt8(tracks.count)]
        let name = Array("C:\\Images\\ÄÖ.cdi".utf8)
        header += [UInt8(name.count)] + name + zeros(11) + [2, 0, 0, 0] + zeros(4)
        if way.version == 2 {
            header += zeros(4)
        } else {
            header += le(0x8000_0000, 4) + le(360_000, 4) + zeros(2)
            header += le(way.isDVD ? 0x38 : 0x98, 2)
        }
        var data: [UInt8] = []
        var descriptor = le(sessions.count, 2)
        for (s, session) in sessions.enumerated() {
            descriptor += le(session.tracks.count, 2)
            for (i, track) in session.tracks.enumerated() {
                let pause = i == 0 ? 150 : 0
                descriptor += header
                let lengths = ([track.start] + track.indexes + [track.end])
                descriptor += le(lengths.count, 2) + le(pause + track.pregap, 4)
                for j in 1..<lengths.count { descriptor += le(lengths[j] - lengths[j - 1], 4) }
                if way.hasTitles, let title = track.title {
                    let bytes = title.unicodeScalars.map { UInt8($0.value) }
                    descriptor += le(1, 4) + zeros(10) + [UInt8(bytes.count)] + bytes + zeros(7)
                } else {
                    descriptor += le(0, 4)
                }
                descriptor += zeros(2)
                descriptor += le(track.mode == .audio ? 0 : track.mode == .mode1 ? 1 : 2, 4)
                descriptor += zeros(4) + le(s, 4) + le(i, 4)
                let length = pause + track.sectors.count
                // The first sector of the first pause counts as 0.
                descriptor += le(track.first - pause + 150, 4) + le(length, 4) + zeros(16)
                descriptor += le(way.reading, 4) + le(Int(track.control), 4)
                descriptor += [0] + le(length, 4) + zeros(4)
                descriptor += track.isrc.map { Array($0.utf8) + le(1, 4) } ?? zeros(16)
                if way.version != 2 {
                    descriptor += [0] + (way.hasSound ? le(0xFFFF_FFFF, 4) : zeros(4))
                    if way.hasSound {
                        descriptor += le(0xFFFF_FFFF, 4) + le(1, 4) + le(0x80, 4) + le(2, 4)
                        descriptor += le(16, 4) + le(44100, 4) + zeros(42) + le(0xFFFF_FFFF, 4)
                        descriptor += zeros(12)
                    } else {
                        descriptor += zeros(4)
                    }
                }
                data += zeros(pause * size)
                for (j, sector) in track.sectors.enumerated() {
                    data += juggled(sector, track.first + j, way.reading)
                }
            }
            let isData = session.tracks.contains { $0.mode != .audio }
            descriptor += le(session.kind == .cdROMXA ? 2 : isData ? 1 : 0, 4) + zeros(4)
            descriptor += le(session.tracks[0].first, 4) + (way.version == 2 ? [] : [0])
        }
        descriptor += Self.noise(way.scrap, 5) + le(0, 2) + header
        descriptor += le(sessions[sessions.count - 1].leadOut + 150, 4) + [6] + Array("VOLUME".utf8)
        descriptor += [0, 1, 0, 0, 0, 1, 0, 0, 0]
        descriptor += catalog.map { Array($0.utf8) + le(1, 4) } ?? zeros(17)
        descriptor += le(way.packs.count, 4) + way.packs + zeros(8)
        let code = [2: 0x8000_0004, 3: 0x8000_0005][way.version] ?? 0x8000_0006
        descriptor += le(code, 4)
        descriptor += le(way.version == 35 ? descriptor.count + 4 : data.count, 4)
        return data + descriptor
    }
}

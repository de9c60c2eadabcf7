import DiscModel

/// Images of Nero and of Alcohol, written out from what the formats say.
extension SampleDisc {
    package static func number(_ value: Int, _ count: Int, big: Bool) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return big ? bytes.reversed() : bytes
    }

    /// How a generator keeps sectors.
    package enum Kept: String, CaseIterable {
        case user, raw, side
    }

    private func kept(_ sector: [UInt8], _ address: Int, _ kept: Kept) -> [UInt8] {
        switch kept {
        case .user: Array(sector[16..<2064])
        case .raw: sector
        case .side: sector + PlainSector.interleaved(linear(address))
        }
    }

    private func nrgCode(_ track: SampleTrack, _ kept: Kept) -> Int {
        switch (track.mode, kept) {
        case (.audio, .side): 0x10
        case (.audio, _): 7
        case (.mode1, .user): 0
        case (.mode1, .raw): 5
        case (.mode1, .side): 0x0F
        case (_, .side): 0x11
        default: 6
        }
    }

    private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        Array(name.utf8) + Self.number(body.count, 4, big: true) + body
    }

    /// A disc written at once: pauses and pregaps are in the file.
    package func nrg(_ kept: Kept, isOld: Bool, code: Int? = nil) -> [UInt8] {
        var data: [UInt8] = []
        var descriptor: [UInt8] = []
        let size = kept == .user ? 2048 : kept == .raw ? 2352 : 2448
        for session in sessions {
            var marks: [UInt8] = []
            var entries: [UInt8] = []
            func mark(_ control: UInt8, _ track: UInt8, _ index: UInt8, _ address: Int) {
                marks += [control << 4 | 1, track, index, 0]
                let frames = address + 150
                marks +=
                    isOld
                    ? [0, UInt8(frames / 4500), UInt8(frames / 75 % 60), UInt8(frames % 75)]
                    : Self.number(address, 4, big: true)
            }
            let first = session.tracks[0]
            mark(first.control, 0, 0, first.first - 150)
            for (i, track) in session.tracks.enumerated() {
                let name = PlainSector.bcd(track.number)
                let begin = track.first - (i == 0 ? 150 : 0)
                mark(track.control, name, 0, begin)
                mark(track.control, name, 1, track.start)
                for (j, index) in track.indexes.enumerated() {
                    mark(track.control, name, UInt8(j + 2), index)
                }
                entries += Array((track.isrc ?? "").utf8)
                entries += [UInt8](repeating: 0, count: 12 - (track.isrc ?? "").utf8.count)
                entries += Self.number(size, 2, big: true)
                entries += [UInt8(code ?? nrgCode(track, kept)), 0, 0, 1]
                let from = data.count
                data += [UInt8](repeating: 0, count: (track.first - begin) * size)
                for (j, sector) in track.sectors.enumerated() {
                    data += self.kept(sector, track.first + j, kept)
                }
                let one = from + (track.start - begin) * size
                for offset in [from, one, data.count] {
                    entries += Self.number(offset, isOld ? 4 : 8, big: true)
                }
            }
            let last = session.tracks[session.tracks.count - 1]
            mark(last.control, 0xAA, 1, session.leadOut)
            var head = Self.number(entries.count + 22, 4, big: false)
            head += Array((catalog ?? "").utf8)
            head += [UInt8](repeating: 0, count: 14 - (catalog ?? "").utf8.count)
            head += [
                session.kind == .cdROMXA ? 0x20 : 0, 0, UInt8(first.number), UInt8(last.number),
            ]
            descriptor += chunk(isOld ? "CUES" : "CUEX", marks)
            descriptor += chunk(isOld ? "DAOI" : "DAOX", head + entries)
            descriptor += chunk("SINF", Self.number(session.tracks.count, 4, big: true))
        }
        return nrg(data, descriptor, isOld: isOld)
    }

    /// The data, the descriptor and where that begins.
    private func nrg(_ data: [UInt8], _ descriptor: [UInt8], isOld: Bool) -> [UInt8] {
        let last = chunk("MTYP", [0, 0, 0, 1]) + chunk("END!", [])
        let end =
            isOld
            ? Array("NERO".utf8) + Self.number(data.count, 4, big: true)
            : Array("NER5".utf8) + Self.number(data.count, 8, big: true)
        return data + descriptor + last + end
    }

    /// Tracks written one by one: without the pauses.
    package func trackAtOnceNrg(_ kept: Kept, isOld: Bool) -> [UInt8] {
        var data: [UInt8] = []
        var descriptor: [UInt8] = []
        for session in sessions {
            var entries: [UInt8] = []
            for track in session.tracks {
                let from = data.count
                for (i, sector) in track.sectors.enumerated() {
                    data += self.kept(sector, track.first + i, kept)
                }
                let width = isOld ? 4 : 8
                entries += Self.number(from, width, big: true)
                entries += Self.number(data.count - from, width, big: true)
                entries += Self.number(nrgCode(track, kept), 4, big: true)
                entries += Self.number(track.start, 4, big: true)
                entries += [UInt8](repeating: 0, count: width)
            }
            descriptor += chunk(isOld ? "ETNF" : "ETN2", entries)
            descriptor += chunk("SINF", Self.number(session.tracks.count, 4, big: true))
        }
        return nrg(data, descriptor, isOld: isOld)
    }

    /// The descriptor of Alcohol and its file of sectors; pregaps are in no file.
    package func mds(_ kept: Kept, name: [UInt8] = Array("*.mdf".utf8) + [0], isWide: Bool = false)
        -> (
            descriptor: [UInt8], data: [UInt8]
        )
    {
        func le(_ value: Int, _ count: Int) -> [UInt8] { Self.number(value, count, big: false) }
        let size = kept == .user ? 2048 : kept == .raw ? 2352 : 2448
        let blocks = tracks.count + 3 * sessions.count
        let blocksAt = 88 + 24 * sessions.count
        let extrasAt = blocksAt + 80 * blocks
        let footerAt = extrasAt + 8 * tracks.count
        var head = Array("MEDIA DESCRIPTOR".utf8) + [1, 3] + le(1, 2) + le(sessions.count, 2)
        head += [UInt8](repeating: 0, count: 58) + le(88, 4) + le(0, 4)
        var entries: [UInt8] = []
        var extras: [UInt8] = []
        var data: [UInt8] = []
        for (i, session) in sessions.enumerated() {
            let (first, last) = (session.tracks[0], session.tracks[session.tracks.count - 1])
            head += le(first.first - 150, 4) + le(session.leadOut, 4) + le(i + 1, 2)
            head += [UInt8(session.tracks.count + 3), 3] + le(first.number, 2)
            head += le(last.number, 2) + le(0, 4) + le(blocksAt + entries.count, 4)
            for point in [0xA0, 0xA1, 0xA2] as [UInt8] {
                entries += [0, 0, 0x10 | first.control, 0, point, 0, 0, 0, 0, UInt8(first.number)]
                entries += [point == 0xA0 && session.kind == .cdROMXA ? 0x20 : 0, 0]
                entries += [UInt8](repeating: 0, count: 68)
            }
            for (j, track) in session.tracks.enumerated() {
                let code: UInt8 = track.mode == .audio ? 0xA9 : track.mode == .mode1 ? 0xAA : 0xAC
                let frames = track.start + 150
                entries += [
                    code, kept == .side ? 8 : 0, 0x10 | track.control, 0, UInt8(track.number),
                ]
                entries += [0, 0, 0, 0, UInt8(frames / 4500), UInt8(frames / 75 % 60)]
                entries += [UInt8(frames % 75)] + le(extrasAt + extras.count, 4) + le(size, 2)
                entries += [UInt8](repeating: 0, count: 18) + le(track.start, 4)
                entries += le(data.count, 8) + le(1, 4) + le(footerAt, 4)
                entries += [UInt8](repeating: 0, count: 24)
                extras += le(track.pregap + (j == 0 ? 150 : 0), 4) + le(track.end - track.start, 4)
                for (k, sector) in track.sectors.enumerated().dropFirst(track.pregap) {
                    data += self.kept(sector, track.first + k, kept)
                }
            }
        }
        let footer = le(footerAt + 16, 4) + le(isWide ? 1 : 0, 4) + [UInt8](repeating: 0, count: 8)
        return (head + entries + extras + footer + name, data)
    }

    /// The disc with silence in its pregaps.
    package var withoutPregaps: SampleDisc {
        var disc = self
        for s in disc.sessions.indices {
            for t in disc.sessions[s].tracks.indices {
                for i in 0..<disc.sessions[s].tracks[t].pregap {
                    disc.sessions[s].tracks[t].sectors[i] = [UInt8](repeating: 0, count: 2352)
                }
            }
        }
        return disc
    }
}

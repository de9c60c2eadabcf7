import DiscModel

/// Images of Easy CD Creator and of WinOnCD, written out from what is known of the formats.
extension SampleDisc {
    /// The disc as Easy CD Creator would have it: its pauses have two seconds, and are in no file.
    ///
    /// - Parameters:
    ///   - describesFirst: Whether the blocks that describe come before the sectors.
    ///   - padsTo300: Whether shorter tracks are filled up to four seconds.
    /// - Returns: The file.
    package func cif(describesFirst: Bool = false, padsTo300: Bool = false) -> [UInt8] {
        func le(_ value: Int, _ count: Int) -> [UInt8] { Self.number(value, count, big: false) }
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        func riff(_ name: String, _ body: [UInt8]) -> [UInt8] {
            Array("RIFF".utf8) + le(body.count + 4, 4) + Array(name.utf8) + body
                + zeros(body.count % 2)
        }
        func text(_ text: String?) -> [UInt8] {
            (text ?? "").unicodeScalars.map { UInt8($0.value) } + [0]
        }
        let hasMode2 = tracks.contains { $0.mode.isMode2 }
        let own = text(title) + text("Die Kapelle") + [0]
        var described = zeros(8) + le(16 + own.count, 2) + le(sessions.count, 2)
        described += le(tracks.count, 2) + le(text(title).count, 2) + le(16 + own.count, 2)
        described += le(1, 2) + le(hasMode2 ? 1 : 3, 2) + le(0, 2) + own
        var bodies: [[UInt8]] = []
        for session in sessions {
            let code = session.kind == .cdROMXA ? 3 : session.tracks[0].mode == .audio ? 0 : 1
            described += le(18, 2) + le(session.tracks.count, 2) + le(1, 2) + le(1, 2) + le(0, 2)
            described += le(code, 2) + zeros(6)
            for track in session.tracks {
                let isAudio = track.mode == .audio
                let extra =
                    isAudio
                    ? zeros(205) + (track.isrc.map { Array($0.utf8) } ?? zeros(12)) + zeros(52)
                        + text(track.title) : zeros(272)
                let code =
                    isAudio ? 0 : track.mode == .mode1 ? 1 : track.mode == .mode2Form1 ? 2 : 4
                let sectors = track.sectors.dropFirst(track.pregap)
                described += le(24 + extra.count, 2) + le(0, 2) + le(sectors.count, 4) + le(0, 2)
                described += le(code, 2) + zeros(6) + le(4, 2) + zeros(2)
                described += le(isAudio ? 2352 : 2048, 2) + extra
                var body: [UInt8] = []
                for sector in sectors {
                    switch code {
                    case 0: body += sector
                    case 1: body += sector[16..<2064]
                    case 2: body += sector[16..<2072]
                    default: body += sector[16..<2348]
                    }
                }
                if padsTo300, sectors.count < 300 {
                    body += zeros(body.count / sectors.count * (300 - sectors.count))
                }
                bodies.append(body)
            }
        }
        let placeSize = 12 + 8 + 2 + 22 * bodies.count
        let before = describesFirst ? 12 + described.count + described.count % 2 + placeSize : 0
        let root = riff("imag", zeros(4))
        var data: [UInt8] = []
        var places = zeros(8) + le(bodies.count, 2)
        for (body, track) in zip(bodies, tracks) {
            let name = track.mode == .audio ? "adio" : "info"
            places += Array("RIFF".utf8) + le(body.count + 4, 4) + Array(name.utf8)
            places += le(root.count + before + data.count + 8, 4) + zeros(6)
            data += riff(name, body)
        }
        let description = riff("disc", described) + riff("ofs ", places)
        return root + (describesFirst ? description + data : data + description)
    }

    /// What of a sector an image of WinOnCD keeps, by its bytes.
    private func kept(_ sector: [UInt8], _ address: Int, _ size: Int, isMode2: Bool) -> [UInt8] {
        switch size {
        case 2048: Array(sector[(isMode2 ? 24 : 16)...].prefix(2048))
        case 2336: Array(sector[16...])
        case 2352: sector
        default: sector + PlainSector.interleaved(linear(address))
        }
    }

    package func c2d(
        _ size: Int,
        isRoxio: Bool = false,
        packs: [UInt8] = [],
        isCompressed: Bool = false
    )
        -> [UInt8]
    {
        func le(_ value: Int, _ count: Int) -> [UInt8] { Self.number(value, count, big: false) }
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        let name = isRoxio ? "Roxio Image File Format 3.0" : "Adaptec CeQuadrat VirtualCD File"
        let count = tracks.reduce(0) { $0 + ($1.pregap > 0 ? 2 : 1) + $1.indexes.count }
        let dataAt = 200 + packs.count + 44 * count
        var head = Array(name.utf8) + zeros(32 - name.utf8.count) + le(200, 2)
        head += catalog.map { le(1, 2) + Array($0.utf8) + [0] } ?? zeros(16)
        head += le(count, 2) + le(packs.count, 4) + le(200 + packs.count, 4) + zeros(4)
        head += Array("A description".utf8) + zeros(128 - 13) + le(0, 4) + zeros(4) + packs
        var data: [UInt8] = []
        for (s, session) in sessions.enumerated() {
            for track in session.tracks {
                let isMode2 = track.mode.isMode2
                let flags =
                    (track.flags.contains(.preEmphasis) ? 2 : 0) | (track.control & 4 != 0 ? 4 : 0)
                let starts = (track.pregap > 0 ? [track.first] : []) + [track.start] + track.indexes
                let firstIndex = track.pregap > 0 ? 0 : 1
                for (i, start) in starts.enumerated() {
                    let end = i + 1 < starts.count ? starts[i + 1] : track.end
                    let index = firstIndex + i
                    head += le(44, 4) + le(start, 4) + le(end - 1, 4)
                    head += le(index > 1 ? 0xFFFF_FFFF : dataAt + data.count, 8) + le(size, 4)
                    head += index == 1 ? track.isrc.map { Array($0.utf8) } ?? zeros(12) : zeros(12)
                    head += [UInt8(flags), UInt8(s + 1), UInt8(track.number), UInt8(index)]
                    head += [track.mode == .audio ? (isRoxio ? 0xFF : 0) : isMode2 ? 2 : 1]
                    head += [isCompressed ? 1 : 0, 0, 0]
                    for address in start..<end {
                        let sector = track.sectors[address - track.first]
                        data += kept(sector, address, size, isMode2: isMode2)
                    }
                }
            }
        }
        return head + data
    }
}

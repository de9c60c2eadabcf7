import DiscModel

/// Images of BlindWrite, written out from what is known of the format.
extension SampleDisc {
    /// What a generator of BlindWrite's images can do in more than one way.
    package struct Blind {
        /// How much of a sector is kept: 0 user data, 1 mode 2 without the header, 2 all, 3 with Q,
        /// 4 with P to W in twelve bytes each.
        package var reading = 2
        /// Whether the pauses are in the file.
        package var keepsPauses = false
        /// Addresses where a file ends and another begins.
        package var cuts: [Int] = []
        package var names = ["image.b6i"]
        package var packs: [UInt8] = []
        package var isDVD = false
        /// Things of the drive's that nobody needs, of so many bytes each.
        package var ballast = 0

        package init(
            reading: Int = 2,
            keepsPauses: Bool = false,
            cuts: [Int] = [],
            names: [String] = ["image.b6i"],
            packs: [UInt8] = [],
            isDVD: Bool = false,
            ballast: Int = 0
        ) {
            self.reading = reading
            self.keepsPauses = keepsPauses
            self.cuts = cuts
            self.names = names
            self.packs = packs
            self.isDVD = isDVD
            self.ballast = ballast
        }
    }

    /// The descriptor, and the files in the order of their names.
    package func b6t(_ way: Blind) -> (descriptor: [UInt8], files: [[UInt8]]) {
        func le(_ value: Int, _ count: Int) -> [UInt8] { Self.number(value, count, big: false) }
        func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
        func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { le(Int($0), 2) } }
        let size = [2048, 2336, 2352, 2368, 2448][way.reading]
        var files: [[UInt8]] = [[]]
        var blocks: [[UInt8]] = []
        var entries: [UInt8] = []
        func block(_ type: Int, _ start: Int, _ sectors: [[UInt8]], name: String) {
            let file = files.count - 1
            blocks.append(
                le(type, 4) + le(sectors.count * size, 4) + zeros(16) + le(files[file].count, 4)
                    + zeros(12) + le(start, 4) + le(sectors.count, 4) + le(wide(name).count, 4)
                    + wide(name) + le(0, 4)
            )
            for sector in sectors { files[file] += sector }
        }
        for (s, session) in sessions.enumerated() {
            let (first, last) = (session.tracks[0], session.tracks[session.tracks.count - 1])
            let points: [UInt8] = way.isDVD ? [] : [0xA0, 0xA1, 0xA2]
            entries += le(s + 1, 2) + [UInt8(session.tracks.count + points.count), 3]
            entries += le(way.isDVD ? 0 : first.first - 150, 4) + le(session.leadOut, 4)
            entries += le(first.number, 2) + le(last.number, 2)
            for point in points {
                entries +=
                    zeros(10) + [first.control, 1, point, 0, 0, 0, 0, 0, UInt8(first.number)]
                entries += [point == 0xA0 && session.kind == .cdROMXA ? 0x20 : 0, 0, 1]
                entries += zeros(36) + le(s + 1, 4) + zeros(2)
            }
            for (i, track) in session.tracks.enumerated() {
                let pause = i == 0 && !way.isDVD ? 150 : 0
                let isAudio = track.mode == .audio
                let type = way.isDVD ? 6 : isAudio ? 1 : track.mode == .mode1 ? 2 : 4
                let mark: UInt8 = isAudio || way.isDVD ? 0 : 1
                entries += [UInt8(type), mark, mark, mark] + le(Int(mark), 4)
                entries += [way.reading > 2 ? 4 : 0, 0, track.control, 1, UInt8(track.number), 0]
                entries += [0, 0, 0, 0, 0, 2, 0, 1] + le(pause + track.pregap, 4) + zeros(16)
                entries += le(track.first - pause, 4) + le(pause + track.sectors.count, 4)
                entries += zeros(8) + le(s + 1, 4) + zeros(2) + zeros(way.isDVD ? 0 : 8)

                let bounds =
                    [way.keepsPauses ? track.first - pause : track.first]
                    + way.cuts.filter { $0 > track.first && $0 < track.end } + [track.end]
                for (from, to) in zip(bounds, bounds.dropFirst()) {
                    if way.cuts.contains(from) { files.append([]) }
                    let sectors = (from..<to).map { address -> [UInt8] in
                        guard address >= track.first else { return zeros(size) }
                        let sector = track.sectors[address - track.first]
                        switch way.reading {
                        case 0: return Array(sector[16..<2064])
                        case 1: return Array(sector[16...])
                        case 2: return sector
                        case 3: return sector + linear(address)[12..<24] + zeros(4)
                        default: return sector + linear(address)
                        }
                    }
                    block(isAudio ? 0x8000 : 1, from, sectors, name: way.names[files.count - 1])
                }
            }
        }
        let things = Self.noise(way.ballast, 77)
        var head = Array("BWT5 STREAM SIGN".utf8) + le(2, 4) + le(2, 4) + le(6, 4) + zeros(20)
        head += le(way.isDVD ? 0x10 : 8, 2) + le(sessions.count, 2) + le(2, 4) + zeros(8)
        head += catalog.map { [1] + Array($0.utf8) + zeros(2) } ?? zeros(16)
        head += zeros(16)
        if way.isDVD {
            head += zeros(8) + le(things.count, 4) + zeros(12) + le(things.count, 4)
            head += le(things.count, 4)
        } else {
            head += le(things.count, 2) + le(things.count, 2) + le(way.packs.count, 2)
            head += le(things.count, 2) + zeros(24)
        }
        head += zeros(32) + Array("VENDOR  PRODUCT         1.00".utf8) + zeros(20)
        head += Array("VOLUME                          ".utf8)
        let folder = wide("C:\\Images\\")
        let table = le(blocks.count, 4) + le(folder.count, 4) + folder + blocks.flatMap { $0 }
        head += le(things.count, 4) + le(4, 4) + le(table.count, 4) + le(entries.count, 4)
        head += le(things.count, 4)
        // Capabilities and four bytes; PMA, ATIP, CD-TEXT and information, or BCA, structures and
        // information.
        head += things + zeros(4) + things + things + way.packs + things
        let whole = head + table + entries + things
        return (whole + le(whole.count + 20, 4) + Array("BWT5 STREAM FOOT".utf8), files)
    }
}

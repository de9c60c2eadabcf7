package import DiscModel

/// A small disc whose every byte is known, from which the formats' generators make images.
package struct SampleDisc {
    package struct SampleTrack {
        package var number: Int
        package var mode: TrackMode
        /// The address of index 1.
        package var start: Int
        /// Sectors of index 0 that a sheet tells of: without the pause that every session has.
        package var pregap = 0
        /// Raw sectors, those of the pregap first.
        package var sectors: [[UInt8]]
        package var flags: TrackFlags = []
        package var isrc: String?
        package var indexes: [Int] = []
        package var title: String?

        package init(
            number: Int,
            mode: TrackMode,
            start: Int,
            pregap: Int = 0,
            sectors: [[UInt8]],
            flags: TrackFlags = [],
            isrc: String? = nil,
            indexes: [Int] = [],
            title: String? = nil
        ) {
            self.number = number
            self.mode = mode
            self.start = start
            self.pregap = pregap
            self.sectors = sectors
            self.flags = flags
            self.isrc = isrc
            self.indexes = indexes
            self.title = title
        }

        package var first: Int { start - pregap }
        package var end: Int { first + sectors.count }
        package var control: UInt8 { UInt8(flags.rawValue) | (mode == .audio ? 0 : 4) }
    }

    package struct SampleSession {
        package var tracks: [SampleTrack]
        package var kind: SessionKind

        package init(tracks: [SampleTrack], kind: SessionKind = .cdROM) {
            self.tracks = tracks
            self.kind = kind
        }

        package var leadOut: Int { tracks[tracks.count - 1].end }
    }

    package var sessions: [SampleSession]
    package var catalog: String?
    package var title: String?

    package init(sessions: [SampleSession], catalog: String? = nil, title: String? = nil) {
        self.sessions = sessions
        self.catalog = catalog
        self.title = title
    }

    package var tracks: [SampleTrack] { sessions.flatMap(\.tracks) }
    package var bytes: [UInt8] { tracks.flatMap { $0.sectors.flatMap { $0 } } }

    /// Subchannel of a sector that no program would make from the sheet: R has a pattern.
    package func linear(_ address: Int) -> [UInt8] {
        for track in tracks where (track.first..<track.end).contains(address) {
            let isPause = address < track.start
            let q = PlainSector.q(
                track.control,
                PlainSector.bcd(track.number),
                isPause ? 0 : 1,
                // Pressed discs count down to zero in the last sector of a pause.
                relative: isPause ? track.start - 1 - address : address - track.start,
                absolute: address
            )
            return PlainSector.linear(
                p: isPause ? 255 : 0,
                q: q,
                r: UInt8(truncatingIfNeeded: address) | 1
            )
        }
        return [UInt8](repeating: 0, count: 96)
    }

    // MARK: The discs

    package static func noise(_ count: Int, _ seed: Int) -> [UInt8] {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
    }

    /// User data of a data track: a volume descriptor in sector 16, noise elsewhere.
    package static func user(_ sector: Int, of count: Int, _ seed: Int) -> [UInt8] {
        guard sector == 16 || sector == 17 else { return noise(2048, seed &* 1000 &+ sector) }
        var bytes = [UInt8](repeating: 0, count: 2048)
        bytes[0] = sector == 16 ? 1 : 255
        bytes.replaceSubrange(1..<7, with: Array("CD001".utf8) + [1])
        bytes.replaceSubrange(40..<72, with: Array("SAMPLE                          ".utf8))
        for (i, byte) in [UInt8(count), 0, 0, 0, 0, 0, 0, UInt8(count)].enumerated() {
            bytes[80 + i] = byte
        }
        bytes.replaceSubrange(128..<132, with: [0, 8, 8, 0])
        return bytes
    }

    package static func mode1(_ start: Int, _ count: Int, seed: Int) -> [[UInt8]] {
        (0..<count).map { PlainSector.mode1(start + $0, user($0, of: count, seed)) }
    }

    package static func form1(_ start: Int, _ count: Int, seed: Int) -> [[UInt8]] {
        (0..<count).map { PlainSector.form1(start + $0, user($0, of: count, seed)) }
    }

    package static func mixedForms(_ start: Int, _ count: Int, seed: Int) -> [[UInt8]] {
        (0..<count).map { i in
            i % 3 == 2 && i > 20
                ? PlainSector.form2(
                    start + i,
                    noise(2324, seed + i),
                    subheader: [1, 2, 0x64, 0x01]
                )
                : PlainSector.form1(
                    start + i,
                    user(i, of: count, seed),
                    subheader: [1, 0, 0x08, 0]
                )
        }
    }

    package static func sound(_ count: Int, seed: Int) -> [[UInt8]] {
        (0..<count).map { noise(2352, seed &* 7919 &+ $0) }
    }

    package static let data = SampleDisc(sessions: [
        SampleSession(tracks: [
            SampleTrack(number: 1, mode: .mode1, start: 0, sectors: mode1(0, 40, seed: 1))
        ])
    ])

    package static let xa = SampleDisc(sessions: [
        SampleSession(
            tracks: [
                SampleTrack(
                    number: 1,
                    mode: .mode2Mixed,
                    start: 0,
                    sectors: mixedForms(0, 50, seed: 2)
                )
            ],
            kind: .cdROMXA
        )
    ])

    /// Data, and two tracks of sound with what can go with them.
    package static let mixed: SampleDisc = {
        var second = SampleTrack(
            number: 2,
            mode: .audio,
            start: 70,
            pregap: 30,
            sectors: sound(55, seed: 3)
        )
        second.isrc = "DEABC0312345"
        second.flags = [.copyPermitted, .preEmphasis]
        second.indexes = [80, 85]
        var third = SampleTrack(
            number: 3,
            mode: .audio,
            start: 105,
            pregap: 10,
            sectors: sound(31, seed: 4)
        )
        third.isrc = "USXYZ9900001"
        var disc = SampleDisc(sessions: [
            SampleSession(tracks: [
                SampleTrack(number: 1, mode: .mode1, start: 0, sectors: mode1(0, 40, seed: 5)),
                second, third,
            ])
        ])
        disc.catalog = "4012345678901"
        return disc
    }()

    /// Sound with titles; the first track has a hidden one before it.
    package static let audio: SampleDisc = {
        var first = SampleTrack(
            number: 1,
            mode: .audio,
            start: 33,
            pregap: 33,
            sectors: sound(63, seed: 6)
        )
        first.title = "Überraschung"
        var second = SampleTrack(number: 2, mode: .audio, start: 63, sectors: sound(20, seed: 7))
        second.title = "Zwei \\ drei, und eine lange Zeile dazu"
        second.flags = [.fourChannels]
        var disc = SampleDisc(sessions: [SampleSession(tracks: [first, second])])
        disc.title = "Sammlung"
        return disc
    }()

    /// Two sessions of data, 11400 sectors apart, and a third.
    package static let sessions: SampleDisc = {
        let second = 40 + 11400
        let third = second + 30 + 6900
        return SampleDisc(sessions: [
            SampleSession(tracks: [
                SampleTrack(number: 1, mode: .mode1, start: 0, sectors: mode1(0, 40, seed: 8))
            ]),
            SampleSession(
                tracks: [
                    SampleTrack(
                        number: 2,
                        mode: .mode2Mixed,
                        start: second,
                        sectors: form1(second, 30, seed: 9)
                    )
                ],
                kind: .cdROMXA
            ),
            SampleSession(tracks: [
                SampleTrack(
                    number: 3,
                    mode: .mode1,
                    start: third,
                    sectors: mode1(third, 25, seed: 10)
                )
            ]),
        ])
    }()

    /// Data with errors that were put there on purpose.
    package static let errors: SampleDisc = {
        var sectors = mode1(0, 40, seed: 11)
        sectors[20][2070] ^= 0xFF
        sectors[21][2100] ^= 0x01
        sectors[22][14] ^= 0x07
        sectors[23][500] ^= 0x80
        return SampleDisc(sessions: [
            SampleSession(tracks: [SampleTrack(number: 1, mode: .mode1, start: 0, sectors: sectors)]
            )
        ])
    }()

    package static let all: [(name: String, disc: SampleDisc)] = [
        ("data", data), ("xa", xa), ("mixed", mixed), ("audio", audio), ("sessions", sessions),
        ("errors", errors),
    ]
}

import DiscBurning
import DiscImages
import DiscModel
import LibBurn
import Testing
import Transfer

/// How sessions and tracks of an image become what a recorder is told.
@Suite struct DiscPlanTests {
    private func track(
        _ number: Int,
        _ mode: TrackMode,
        _ range: Range<Int>,
        pregap: Int = 0,
        session: Int = 1
    ) -> Track {
        Track(
            number: number,
            session: session,
            mode: mode,
            start: LBA(range.lowerBound),
            length: range.count,
            pregap: pregap
        )
    }

    private func layout(_ sessions: [[Track]]) throws -> DiscLayout {
        let layout = DiscLayout(
            sessions: sessions.enumerated().map { index, tracks in
                DiscLayout.Session(
                    number: index + 1,
                    tracks: tracks,
                    leadOut: tracks.last?.end ?? .zero
                )
            }
        )
        return try layout.checked(isCD: true)
    }

    private func losses(_ layout: DiscLayout, _ mode: SessionJob.Mode? = nil) throws
        -> [DiscFeature]
    {
        let inventory = try DiscInventory(of: SilentDisc(layout), reading: false)
        return DiscPlan(layout, mode: mode).losses(of: inventory).map(\.feature)
    }

    @Test func `Sound is written at once, and pregaps come from the image`() throws {
        var second = track(2, .audio, 650..<1200, pregap: 150)
        second.laterIndexes = [LBA(800), LBA(900)]
        second.isrc = "USABC0512346"
        let layout = try layout([
            [track(1, .audio, 0..<500), second, track(3, .audio, 1200..<1600)]
        ])
        let plan = DiscPlan(layout)
        #expect(plan.sessions.map(\.mode) == [.sessionAtOnce])
        #expect(plan.tracks.map(\.payload) == [0..<500, 500..<1200, 1200..<1600])
        #expect(plan.tracks.map(\.start) == [0, 650, 1200])
        #expect(plan.tracks.map(\.shift) == [0, 0, 0])
        #expect(plan.sectors == 1600)
        #expect(plan.byteCount == 1600 * 2352)
        #expect(try losses(layout) == [])
    }

    @Test func `What lies behind the first pause is hidden sound, and is written`() throws {
        let layout = try layout([[track(1, .audio, 300..<900), track(2, .audio, 900..<1300)]])
        let plan = DiscPlan(layout)
        #expect(plan.tracks.map(\.payload) == [0..<900, 900..<1300])
        #expect(plan.tracks.map(\.start) == [300, 900])
        #expect(try losses(layout) == [])
    }

    @Test func `Data and sound in one session are written track by track`() throws {
        let layout = try layout([
            [track(1, .mode1, 0..<1000), track(2, .audio, 1150..<1500, pregap: 150)]
        ])
        let plan = DiscPlan(layout)
        #expect(plan.sessions.map(\.mode) == [.trackAtOnce])
        #expect(plan.tracks.map(\.padding) == [150, 0])
        // 150 of padding, 2 of run-out and the drive's own pause of 150.
        #expect(plan.tracks.map(\.start) == [0, 1302])
        #expect(plan.tracks.map(\.payload) == [0..<1000, 1150..<1500])
        #expect(try losses(layout) == [.positions])
    }

    @Test
    func `A later session begins where the standard has it, and the disc stays open till then`()
        throws
    {
        let layout = try layout([
            [track(1, .audio, 0..<500), track(2, .audio, 500..<1000)],
            [track(3, .mode1, 12_400..<13_000, session: 2)],
        ])
        let plan = DiscPlan(layout)
        #expect(plan.sessions.map(\.mode) == [.sessionAtOnce, .trackAtOnce])
        #expect(plan.sessions.map(\.isFollowed) == [true, false])
        #expect(plan.tracks.map(\.start) == [0, 500, 12_400])
        #expect(plan.sessions.map(\.leadOut) == [1000, 13_000 + 152])
        #expect(try losses(layout) == [])
    }

    @Test func `Track by track, pregaps and indexes are lost, and codes are not`() throws {
        var second = track(2, .audio, 575..<1200, pregap: 75)
        second.laterIndexes = [LBA(800)]
        second.isrc = "USABC0512346"
        let layout = try layout([[track(1, .audio, 0..<500), second]])
        #expect(try losses(layout, .trackAtOnce) == [.pregaps, .indexes, .positions])
    }

    @Test(arguments: [TrackMode.mode2, .mode2Form2])
    func `Modes that libburn does not write are told`(mode: TrackMode) throws {
        let layout = try layout([[track(1, mode, 0..<500), track(2, mode, 500..<1000)]])
        #expect(
            try losses(layout) == (mode == .mode2 ? [.formlessMode2] : [.form2, .sessionKinds])
        )
    }

    @Test func `CD-TEXT goes with sound alone, and only with right checksums`() throws {
        var text = CDText.Block()
        text.set("An album", as: .title, track: 0)
        let packs = CDText(blocks: [text]).packs(firstTrack: 1, lastTrack: 2)
        var sound = try layout([[track(1, .audio, 0..<500), track(2, .audio, 500..<1000)]])
        sound.sessions[0].cdText = packs
        #expect(DiscPlan(sound).sessions[0].cdText == packs)
        #expect(try losses(sound) == [])
        var mixed = try layout([[track(1, .mode1, 0..<500), track(2, .audio, 500..<1000)]])
        mixed.sessions[0].cdText = packs
        #expect(DiscPlan(mixed).sessions[0].cdText == [])
        #expect(try losses(mixed).contains(.cdText))
        let wrong = packs.compactMap { CDTextPack($0.bytes.dropLast() + [$0.bytes[17] ^ 1]) }
        sound.sessions[0].cdText = wrong
        #expect(DiscPlan(sound).sessions[0].cdText == [])
    }
}

/// A disc of which nothing is kept.
final class SilentDisc: DiscSource {
    let medium = MediumKind.cdROM
    let layout: DiscLayout

    init(_ layout: DiscLayout) {
        self.layout = layout
    }

    func storage(at address: Int) -> SectorStorage {
        let track = layout.track(holding: address)
        let rest = track.map { $0.extent.upperBound - address } ?? 1
        return SectorStorage(mode: track?.mode ?? .audio, form: .absent, count: rest)
    }

    func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        throw UnreadableSectors(start: address, count: 1, reason: "nothing is kept")
    }

    func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int
    {
        throw UnreadableSectors(start: address, count: 1, reason: "nothing is kept")
    }
}

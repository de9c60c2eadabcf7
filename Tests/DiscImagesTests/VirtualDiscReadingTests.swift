import DiscImages
import DiscModel
import LinuxCalls
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Virtual discs as recorders leave them, read one sector and many at a time.
struct VirtualDiscReadingTests {
    /// A track, and how many sectors lie before it that are in no record, as a recorder's links.
    struct Recording: CustomTestStringConvertible, Sendable {
        var name: String
        var medium = MediumKind.cdR
        var tracks: [TrackRecord]
        var testDescription: String { name }
    }

    private static func track(
        _ number: Int,
        _ start: Int,
        pregap: Int = 0,
        written: Int,
        control: Int = 4,
        mode: Int = 1,
        _ form: TrackRecord.Form,
        _ set: (inout TrackRecord) -> Void = { _ in }
    ) -> TrackRecord {
        var track = TrackRecord(
            number: number,
            start: start,
            pregap: pregap,
            control: control,
            dataMode: mode,
            form: form
        )
        track.written = written
        track.isClosed = true
        set(&track)
        return track
    }

    static let recordings: [Recording] = [
        Recording(
            name: "tracks at once, with pauses in no record and run-out",
            tracks: [
                track(1, 0, written: 52, .cooked) { $0.runOut = 2 },
                track(2, 204, written: 41, control: 0, mode: 0, .raw) { $0.runOut = 2 },
                track(3, 397, written: 33, mode: 2, .cooked) { $0.runOut = 2 },
            ]
        ),
        Recording(
            name: "session at once",
            tracks: [
                track(1, 0, pregap: 150, written: 45, .cooked),
                track(2, 75, pregap: 30, written: 50, control: 0, mode: 0, .raw),
                track(3, 125, written: 20, control: 0, mode: 0, .raw),
            ]
        ),
        Recording(
            name: "raw, with subchannel",
            tracks: [
                track(1, 0, pregap: 150, written: 45, .rawWithSubchannel),
                track(2, 60, pregap: 15, written: 40, mode: 2, .rawWithSubchannel),
                track(3, 100, written: 35, control: 0, mode: 0, .rawWithSubchannel),
            ]
        ),
        Recording(
            name: "in packets, and a reserved track that is not full",
            tracks: [
                track(1, 0, written: 96, .cooked) { $0.isPacket = true },
                track(2, 250, written: 37, .cooked) {
                    $0.reserved = 64
                    $0.isClosed = false
                },
            ]
        ),
        Recording(name: "DVD-R", medium: .dvdR, tracks: [track(1, 0, written: 80, .cooked)]),
        Recording(
            name: "DVD+R with two tracks",
            medium: .dvdPlusR,
            tracks: [track(1, 0, written: 64, .cooked), track(2, 80, written: 48, .cooked)]
        ),
    ]

    @Test(arguments: recordings)
    func `what was recorded is read in pieces of any length`(_ recording: Recording) throws {
        let directory = try Folder()
        let disc = try VirtualDisc.create(
            at: directory.path.appending("disc"),
            medium: recording.medium
        )
        var session = SessionRecord(number: 1, tracks: recording.tracks)
        session.leadOut = recording.tracks.last.map(\.end)
        disc.record.sessions = [session]
        var truth: [Reading: [Int: [UInt8]]] = [:]
        for track in recording.tracks {
            for address in (track.start - track.pregap)..<(track.start + track.written) {
                let noise = SampleDisc.noise(2352, address + 1000)
                let start = track.dataMode == 2 ? 24 : 16
                if track.form == .cooked {
                    let user = Array(noise.prefix(2048))
                    try disc.writeUserData(user.span, at: address)
                    truth[.user, default: [:]][address] = user
                    continue
                }
                var raw = noise
                if track.isData {
                    let user = Array(noise.prefix(2048))
                    raw =
                        track.dataMode == 2
                        ? PlainSector.form1(address, user) : PlainSector.mode1(address, user)
                    truth[.user, default: [:]][address] = Array(raw[start..<(start + 2048)])
                }
                try disc.writeRaw(raw.span, at: address, dataMode: track.dataMode)
                truth[.raw, default: [:]][address] = raw
                guard track.form == .rawWithSubchannel else { continue }
                let side = SampleDisc.noise(96, address + 5000)
                try disc.writeSubchannel(side.span, at: address)
                truth[.subchannel, default: [:]][address] = side
            }
        }
        try disc.store()
        let contents = VirtualDiscContents(disc)
        for reading in Reading.allCases {
            let read = try expectSameInPieces(contents, reading)
            for (address, wanted) in truth[reading] ?? [:] where read.keys.contains(address) {
                #expect(read[address] == wanted, "\(reading) \(address)")
            }
            // Only of a long pause something may be left out.
            let missing = (truth[reading] ?? [:]).keys.filter { $0 >= 0 && read[$0] == nil }
            #expect(missing.isEmpty, "\(reading) \(missing.sorted())")
        }
    }
}

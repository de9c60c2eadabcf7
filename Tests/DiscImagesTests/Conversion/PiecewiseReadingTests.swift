import DiscImages
import DiscModel
import SystemPackage
import TestSupport
import Testing
import Transfer

/// Every readable format, each sample disc, each way of keeping sectors: what is read of a sector does not
/// depend on how many are read at once, and is what the generator put there.
///
/// The packed formats of user data alone are read in pieces by ``PackedReadingTests``.
struct PiecewiseReadingTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// A way in which a generator, which shares no code with the readers, keeps a disc.
    struct Way: CustomTestStringConvertible, Sendable {
        var name: String
        var hasSubchannel = false
        /// Whether what is kept lies where the disc has it: CIF makes pauses of its own, and what its sectors
        /// hold is looked at by ``CifReadingTests``.
        var keepsAddresses = true
        /// Which discs it can keep.
        var suits: @Sendable (SampleDisc) -> Bool = { _ in true }
        /// The file to open, and others.
        var files: @Sendable (SampleDisc) -> [(String, [UInt8])]
        var testDescription: String { name }
    }

    private static func hasOnly(_ mode: TrackMode) -> @Sendable (SampleDisc) -> Bool {
        { disc in
            disc.tracks.allSatisfy { track in
                track.mode == mode
                    && track.sectors.enumerated().allSatisfy { i, sector in
                        mode != .mode1
                            || sector
                                == PlainSector.mode1(track.first + i, Array(sector[16..<2064]))
                    }
            }
        }
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let ways: [Way] =
        [
            Way(name: "cue") {
                [("a.cue", text($0.cueSheet(file: "a.bin"))), ("a.bin", $0.bytes)]
            },
            Way(name: "cue, big-endian sound", suits: hasOnly(.audio)) {
                [
                    ("a.cue", text($0.cueSheet(file: "a.bin", kind: "MOTOROLA"))),
                    ("a.bin", SampleDisc.swapped($0.bytes)),
                ]
            },
            Way(name: "cue, files of tracks") { disc in
                let sheet = disc.splitCueSheet { track in
                    ("\(track.number)", track.mode == .audio ? "WAVE" : "BINARY")
                }
                return [("a.cue", text(sheet))]
                    + disc.tracks.map { track in
                        let bytes = track.sectors.flatMap { $0 }
                        return (
                            "\(track.number)",
                            track.mode == .audio ? SampleDisc.wave(bytes, extra: true) : bytes
                        )
                    }
            },
            Way(name: "toc", suits: { $0.sessions.count == 1 }) {
                [("a.toc", text($0.tocFile())), ("image.bin", $0.tocBytes())]
            },
            Way(name: "toc, subchannel", hasSubchannel: true, suits: { $0.sessions.count == 1 }) {
                [("a.toc", text($0.tocFile(side: true))), ("image.bin", $0.tocBytes(side: true))]
            },
            Way(name: "ccd", hasSubchannel: true) {
                [("a.ccd", text($0.ccdFile())), ("a.img", $0.bytes), ("a.sub", $0.subBytes())]
            },
            Way(name: "cif", keepsAddresses: false) { [("a.cif", $0.cif())] },
            Way(name: "nrg, user", suits: hasOnly(.mode1)) {
                [("a.nrg", $0.nrg(.user, isOld: false))]
            },
            Way(name: "nrg, track at once", suits: hasOnly(.mode1)) {
                [("a.nrg", $0.trackAtOnceNrg(.user, isOld: false))]
            },
            Way(name: "mds, user", suits: hasOnly(.mode1)) { disc in
                let (descriptor, data) = disc.mds(.user)
                return [("a.mds", descriptor), ("a.mdf", data)]
            },
        ]
        + [SampleDisc.Kept.raw, .side].flatMap { kept in
            [
                Way(name: "nrg, \(kept)", hasSubchannel: kept == .side) {
                    [("a.nrg", $0.nrg(kept, isOld: false))]
                },
                Way(name: "mds, \(kept)", hasSubchannel: kept == .side) { disc in
                    let (descriptor, data) = disc.mds(kept)
                    return [("a.mds", descriptor), ("a.mdf", data)]
                },
            ]
        }
        + (0...4).flatMap { reading in
            let suits = reading == 0 ? hasOnly(.mode1) : reading == 1 ? hasOnly(.mode2Mixed) : nil
            let size = [2048, 2336, 2352, 2368, 2448][reading]
            var ways = [
                Way(name: "b6t, \(reading)", hasSubchannel: reading == 4) {
                    let (descriptor, files) = $0.b6t(SampleDisc.Blind(reading: reading))
                    return [("image.b6t", descriptor), ("image.b6i", files[0])]
                },
                Way(name: "cdi, \(reading)", hasSubchannel: reading == 4) {
                    [("a.cdi", $0.cdi(SampleDisc.Juggled(reading: reading)))]
                },
            ]
            if reading != 3 {
                ways.append(
                    Way(name: "c2d, \(size)", hasSubchannel: reading == 4) {
                        [("a.c2d", $0.c2d(size))]
                    }
                )
            }
            guard let suits else { return ways }
            for i in ways.indices { ways[i].suits = suits }
            return ways
        }

    @Test(arguments: SampleDisc.all.indices, ways)
    func `images of generators`(_ index: Int, _ way: Way) throws {
        let sample = SampleDisc.all[index].disc
        guard way.suits(sample) else { return }
        let files = way.files(sample)
        for (name, bytes) in files { try folder.write(name, bytes) }
        let disc = try DiscImage(folder.path.appending(files[0].0)).disc
        try expectTruth(disc, way.keepsAddresses ? sample : nil, hasSubchannel: way.hasSubchannel)
    }

    /// What ``ImageFormat`` writes, the virtual disc among it, from images with and without subchannel.
    @Test(arguments: SampleDisc.all.indices, ImageFormat.writable.map(\.name))
    func `images that are written`(_ index: Int, _ name: String) throws {
        let sample = SampleDisc.all[index].disc
        let format = try #require(ImageFormat.named(name))
        try folder.write("a.img", sample.bytes)
        try folder.write("a.sub", sample.subBytes())
        let ccd = try DiscImage(try folder.write("a.ccd", sample.ccdFile())).disc
        try folder.write("b.bin", sample.bytes)
        let cue = try DiscImage(try folder.write("b.cue", sample.cueSheet(file: "b.bin"))).disc
        let sources =
            format.holds.contains(.subchannel) ? [(ccd, true), (cue, false)] : [(cue, false)]
        for (source, hasSubchannel) in sources {
            let path = folder.path.appending("out\(hasSubchannel).\(format.endings[0])")
            var options = ImageOptions()
            options.keepsSubchannel = format.choices.contains(.subchannel) ? hasSubchannel : nil
            guard let sink = try? format.writer?(source, path, options) else {
                #expect(sample.tracks.allSatisfy { $0.mode == .audio })
                continue
            }
            _ = try DiscCopy.run(from: source, to: sink)
            let disc = try DiscImage(path).disc
            for reading in Reading.allCases {
                let read = try expectSameInPieces(disc, reading)
                #expect(!read.isEmpty || reading == .user)
            }
        }
    }

    private func expectTruth(_ disc: any DiscSource, _ sample: SampleDisc?, hasSubchannel: Bool)
        throws
    {
        for reading in Reading.allCases {
            let read = try expectSameInPieces(disc, reading)
            guard let sample else { continue }
            for track in sample.tracks where reading != .user || track.mode.isData {
                // Some formats leave out pregaps.
                for (i, sector) in track.sectors.enumerated() where i >= track.pregap {
                    let address = track.first + i
                    switch reading {
                    case .raw: #expect(read[address] == sector, "\(address)")
                    case .user:
                        let start = sector[15] == 2 ? 24 : 16
                        #expect(read[address] == Array(sector[start..<(start + 2048)]))
                    case .subchannel:
                        guard hasSubchannel else { continue }
                        #expect(
                            read[address] == PlainSector.interleaved(sample.linear(address)),
                            "\(address)"
                        )
                    }
                }
            }
        }
    }
}

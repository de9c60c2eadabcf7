import DiscAudio
import DiscModel
import LinuxCalls
import Reports
import SystemPackage
import TestSupport
import Testing
import Transfer

/// A disc of sound in memory.
private final class SoundDisc: DiscSource {
    let medium = MediumKind.cdR
    let layout: DiscLayout
    var bytes: [UInt8]
    let first: Int
    var unreadable: Set<Int> = []

    init(_ layout: DiscLayout, _ bytes: [UInt8]) {
        self.layout = layout
        self.bytes = bytes
        first = layout.tracks.first?.start.rawValue ?? 0
    }

    func storage(at address: Int) -> SectorStorage {
        SectorStorage(mode: .audio, form: .raw, count: max(1, first + bytes.count / 2352 - address))
    }

    func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let count = min(buffer.count / 2352, first + bytes.count / 2352 - address)
        let bad = (address..<address + count).first(where: unreadable.contains)
        guard bad != address else {
            throw UnreadableSectors(start: address, count: 1, reason: "a scratch")
        }
        let end = bad ?? address + count
        for place in 0..<(end - address) * 2352 {
            buffer[place] = bytes[(address - first) * 2352 + place]
        }
        return end - address
    }

    func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    { 0 }
}

/// Runs a test with a folder of its own.
private func withFolder<Result>(_ body: (Folder) throws -> Result) throws -> Result {
    let folder = try Folder()
    return try withExtendedLifetime(folder) { try body(folder) }
}

/// Discs against answers in files.
@Suite struct AudioCheckTests {
    private static let sectors = 700
    private static let layout = DiscAudioTests.layout(TableSession([0, 60, 620], sectors))
    private static let bytes: [UInt8] = {
        var random = SeededGenerator(seed: 11)
        return random.bytes(sectors * 2352)
    }()

    /// The sums of sound.
    private func sums(_ toc: AudioTOC, _ bytes: [UInt8]) throws -> AudioSums {
        var summer = AudioSummer(toc)
        summer.take(bytes.span)
        return try #require(summer.finish())
    }

    /// Sound that lies a number of samples later.
    private func delayed(_ bytes: [UInt8], by samples: Int) -> [UInt8] {
        let silence = [UInt8](repeating: 0, count: abs(samples) * 4)
        return samples >= 0
            ? silence + bytes.dropLast(samples * 4) : Array(bytes.dropFirst(-samples * 4)) + silence
    }

    private struct Answers {
        var records: [RipRecord] = []
        var entries: [DatabaseEntry] = []
        var parity: [String: [UInt8]] = [:]
    }

    /// Runs a check of sound against answers in a folder.
    private func check(_ disc: [UInt8], _ answers: Answers, unreadable: Set<Int> = []) throws
        -> JobResult
    {
        try withFolder { folder in
            let source = SoundDisc(Self.layout, disc)
            source.unreadable = unreadable
            var places = AudioDatabases.Places()
            if !answers.records.isEmpty {
                let path = folder.path("answer.bin")
                try folder.write("answer.bin", answers.records.flatMap(\.bytes))
                places.accurateRip = .path(path)
            }
            if !answers.entries.isEmpty {
                try folder.write("answer.xml", DatabaseEntry.answer(answers.entries))
                places.ctdb = .path(folder.path("answer.xml"))
            }
            for (name, bytes) in answers.parity { try folder.write(name, bytes) }
            return try AudioCheckJob("disc", source, against: places)
                .run(cancellation: Cancellation()) { _ in }
        }
    }

    /// What databases say of sound; the second kind of AccurateRip's sums where that is asked for.
    private func answers(_ bytes: [UInt8], second: Bool = true) throws -> Answers {
        let toc = try #require(AudioTOC(Self.layout))
        let sums = try sums(toc, bytes)
        let slots = try (0..<3).map { track in
            let sum = second ? sums.accurateRip2(track) : sums.accurateRip1(track)
            return (UInt8(10 + track), try #require(sum), sums.frame450(track) ?? 0)
        }
        var syndromes = try #require(ParitySyndromes(toc, count: 8))
        syndromes.take(bytes.span)
        return Answers(
            records: [RipRecord(id: AccurateRipID(toc), slots: slots)],
            entries: [
                DatabaseEntry(
                    crc32: try #require(sums.ctdb()),
                    trackCRCs: try (0..<3).map { try #require(sums.ctdb(track: $0)) },
                    toc: "0:60:620:700",
                    hasParity: true
                )
            ],
            parity: ["113068": syndromes.bytes]
        )
    }

    /// What of sound answers in a folder speak against.
    private func suspects(_ disc: [UInt8], _ answers: Answers) throws -> AudioSuspects {
        try withFolder { folder in
            let toc = try #require(AudioTOC(Self.layout))
            var places = AudioDatabases.Places()
            places.accurateRip = .path(folder.path("answer.bin"))
            try folder.write("answer.bin", answers.records.flatMap(\.bytes))
            if !answers.entries.isEmpty {
                try folder.write("answer.xml", DatabaseEntry.answer(answers.entries))
                places.ctdb = .path(folder.path("answer.xml"))
            }
            for (name, bytes) in answers.parity { try folder.write(name, bytes) }
            let check = AudioCheck(
                SoundDisc(Self.layout, disc),
                toc,
                try AudioDatabases(places, of: toc)
            )
            return AudioSuspects(try check.run(Cancellation()) { _, _ in }, toc)
        }
    }

    @Test func `What to read again are tracks that differ, or the sectors that parity names`()
        throws
    {
        var known = try answers(Self.bytes)
        let none = try suspects(Self.bytes, known)
        #expect(none.tracks.isEmpty && none.sectors.isEmpty && !none.areNamed)
        // Of the first 2939 samples, and of the last 2940, AccurateRip says nothing.
        let ends = RangeSet([0..<5, 695..<700])
        #expect(none.unproven == ends, "\(none)")
        var wrong = Self.bytes
        for sector in [100, 300] { wrong[sector * 2352 + 40] ^= 0x55 }
        let named = try suspects(wrong, known)
        #expect(named.tracks == [2] && named.areNamed)
        #expect(named.sectors == RangeSet([100..<101, 300..<301]), "\(named)")
        known.entries = []
        let whole = try suspects(wrong, known)
        #expect(whole.tracks == [2] && !whole.areNamed)
        #expect(whole.sectors == RangeSet(60..<620) && whole.unproven == ends)
        // A pressing that lies elsewhere is one that others have.
        let shifted = try suspects(delayed(Self.bytes, by: 6), try answers(Self.bytes))
        #expect(shifted.tracks.isEmpty && shifted.sectors.isEmpty)
        #expect(shifted.unproven == RangeSet([0..<6, 695..<700]), "\(shifted)")
    }

    @Test func `Files without their sheet are known by what may come before track 1`() throws {
        try withFolder { folder in
            let toc = try #require(AudioTOC(Self.layout))
            let later = try table([32, 92, 652], 732)
            let id = AccurateRipID(later)
            var record = try answers(Self.bytes).records[0]
            record.id = id
            try folder.write(id.fileName, record.bytes)
            // Others with as many tracks, and with a name that is none.
            let other = AccurateRipID(tracks: 3, id1: id.id1 &+ 4, id2: id.id2, freedb: id.freedb)
            try folder.write(other.fileName, record.bytes)
            try folder.write("dBAR-3-x.bin", record.bytes)
            var places = AudioDatabases.Places()
            for place in [folder.path, folder.path(id.fileName)] {
                places.accurateRip = .path(place)
                let (databases, pregap) = try AudioDatabases.ofFiles(places, toc)
                #expect(pregap == 32)
                let findings = try AudioCheck(SoundDisc(Self.layout, Self.bytes), toc, databases)
                    .run(Cancellation()) { _, _ in }
                #expect(findings.status == .verified, "\(findings.sentences)")
            }
            let shorter = try table([0, 60, 620], 699)
            #expect(try AudioDatabases.ofFiles(places, shorter).pregap == nil)
            // As it is, it is looked for first.
            places.accurateRip = .path(folder.path)
            record.id = AccurateRipID(toc)
            try folder.write(record.id.fileName, record.bytes)
            let (databases, none) = try AudioDatabases.ofFiles(places, toc)
            #expect(none == nil && databases.states.map(\.state) == [.found])
        }
    }

    @Test func `A disc that others ripped, too, is verified, and what is not covered is named`()
        throws
    {
        for second in [false, true] {
            let result = try check(Self.bytes, try answers(Self.bytes, second: second))
            #expect(result.status == .verified, "\(result.sentences)")
            #expect(result.exitCode == 0)
            let report = try #require(result.audio)
            #expect(report.tracks.map(\.verdict) == [.match, .match, .match])
            #expect(report.databases.map(\.state) == [.found, .found])
            let kinds = report.tracks.map { $0.evidence.map { "\($0.kind) \($0.confidence)" } }
            let kind = second ? "v2" : "v1"
            #expect(kinds == (0..<3).map { ["\(kind) \(10 + $0)", "crc32 5"] })
            #expect(report.offsets.isEmpty)
            #expect(
                report.notCovered == [
                    "the first 2939 samples of track 1", "the last 2940 samples of track 3",
                ]
            )
        }
    }

    @Test func `A disc in the database whose track differs is in the database, and differs`() throws
    {
        var disc = Self.bytes
        disc[300 * 2352 + 7] ^= 1
        var known = try answers(Self.bytes)
        known.parity = [:]
        let result = try check(disc, known)
        #expect(result.status == .differs)
        #expect(result.exitCode == 2)
        let report = try #require(result.audio)
        #expect(report.databases.map(\.state) == [.found, .found])
        #expect(report.tracks.map(\.verdict) == [.match, .mismatch, .match])
        #expect(report.tracks[1].against == ["accuraterip": 11, "ctdb": 5])
        // Its parity is known of, and not at hand.
        #expect(report.repair?.isPossible == nil)
        #expect(report.repair?.location == "http://p.cuetools.net/113068")
        #expect(result.sentences.contains { $0.contains("The disc is in AccurateRip") })
        #expect(result.sentences.contains { $0.hasPrefix("Track 2 does not match") })
    }

    @Test(arguments: [-2939, -664, 12, 667, 1776, 2939])
    func `Another pressing is found by its offset`(_ offset: Int) throws {
        let disc = delayed(Self.bytes, by: offset)
        for second in [false, true] {
            var known = try answers(Self.bytes, second: second)
            known.entries = []
            let result = try check(disc, known)
            #expect(result.status == .verified, "\(result.sentences)")
            let report = try #require(result.audio)
            #expect(report.tracks.map(\.verdict) == Array(repeating: .matchShifted, count: 3))
            #expect(report.offsets.first?.samples == offset)
            #expect(report.offsets.first?.tracks == [1, 2, 3])
            #expect(report.offsets.first?.frames == [2])
        }
        var known = try answers(Self.bytes)
        known.records = []
        let result = try check(disc, known)
        #expect(result.status == .verified, "\(result.sentences)")
        #expect(result.audio?.offsets.first?.samples == offset)
    }

    @Test func `What no database has is not verified`() throws {
        let toc = try #require(AudioTOC(Self.layout))
        var known = try answers(Self.bytes)
        known.records[0].slots[2] = (0, 0, 0)
        known.entries = []
        let part = try check(Self.bytes, known)
        #expect(part.status == .notVerified)
        #expect(part.exitCode == 1)
        #expect(part.audio?.tracks.map(\.verdict) == [.match, .match, .unknown])
        #expect(part.sentences.contains("Track 3 is in no database that was asked."))
        // The answer of another disc.
        known.records[0].id = AccurateRipID(tracks: 3, id1: 1, id2: 2, freedb: 3)
        let other = try check(Self.bytes, known)
        #expect(other.status == .notVerified)
        #expect(other.audio?.databases.map(\.state) == [.otherDisc])
        #expect(other.sentences.joined().contains(AccurateRipID(toc).description))
        known.records = []
        known.entries = [DatabaseEntry(crc32: 1, toc: "0:61:620:700")]
        #expect(try check(Self.bytes, known).audio?.databases.map(\.state) == [.otherDisc])
    }

    @Test func `Silence in an answer proves nothing`() throws {
        var known = try answers([UInt8](repeating: 0, count: Self.sectors * 2352))
        known.entries = []
        let result = try check([UInt8](repeating: 0, count: Self.sectors * 2352), known)
        #expect(result.status == .notVerified)
        #expect(result.audio?.tracks.map(\.verdict) == [.unknown, .unknown, .unknown])
    }

    @Test func `Samples that add up to nothing match at every offset, and few are told`() throws {
        // 258 and -258 in turn: their weighted sum is the same from every second place on.
        let sound = (0..<Self.sectors * 294).flatMap { _ -> [UInt8] in
            [2, 1, 0, 0, 0xFE, 0xFE, 0xFF, 0xFF]
        }
        var known = try answers(sound, second: false)
        known.entries = []
        let result = try check(sound, known)
        #expect(result.status == .verified)
        let report = try #require(result.audio)
        #expect(report.tracks[1].evidence.count == 16)
        #expect(report.offsets.count == 16)
    }

    @Test func `A track with unreadable sectors is told by them`() throws {
        let result = try check(Self.bytes, try answers(Self.bytes), unreadable: [100, 101, 650])
        #expect(result.status == .incomplete)
        #expect(result.exitCode == 3)
        #expect(result.audio?.tracks.map(\.verdict) == [.match, .unreadable, .unreadable])
        #expect(result.unreadableRuns?.map(\.start) == [100, 650])
        #expect(result.audio?.tracks[1].unreadableSectors == 2)
    }

    @Test(arguments: [0, 30, -30])
    func `A thousand wrong samples are put right by parity`(_ offset: Int) throws {
        var disc = delayed(Self.bytes, by: offset)
        for place in 300_000..<304_000 { disc[place] = UInt8(truncatingIfNeeded: place &* 31) }
        // And single ones anywhere between the rows that parity leaves out.
        for place in stride(from: 60_000, to: 1_500_000, by: 100_003) { disc[place] ^= 0x55 }
        let known = try answers(Self.bytes)
        let result = try check(disc, known)
        #expect(result.status == .differs)
        let repair = try #require(result.audio?.repair)
        #expect(repair.isPossible == true, "\(result.sentences)")
        #expect(repair.samples.map { (1000...1016).contains($0) } == true)

        // What is read through the corrections is what others have.
        let toc = try #require(AudioTOC(Self.layout))
        try withFolder { folder in
            try folder.write("answer.xml", DatabaseEntry.answer(known.entries))
            try folder.write("113068", known.parity["113068"] ?? [])
            var places = AudioDatabases.Places()
            places.ctdb = .path(folder.path("answer.xml"))
            let databases = try AudioDatabases(places, of: toc)
            let source = SoundDisc(Self.layout, disc)
            let findings = try AudioCheck(source, toc, databases).run(Cancellation()) { _, _ in }
            let corrected = AmendedDisc(
                source,
                correcting: try #require(findings.corrections),
                toc
            )
            var right = [UInt8](repeating: 0, count: disc.count)
            var span = right.mutableSpan
            #expect(try corrected.readStored(at: 0, into: &span) == Self.sectors)
            #expect(right == delayed(Self.bytes, by: offset))
        }
    }

    @Test func `What parity can't put right is left alone`() throws {
        var disc = Self.bytes
        // Five wrong words in one column, of which four can be found.
        for row in 5..<10 { disc[row * 23_520 + 100] ^= 1 }
        let result = try check(disc, try answers(Self.bytes))
        #expect(result.status == .differs)
        #expect(result.audio?.repair?.isPossible == false)
        // Parity that is of something else, or cut short, is none.
        var known = try answers(Self.bytes)
        known.parity["113068"]?.removeLast()
        disc = Self.bytes
        disc[300_000] ^= 1
        #expect(try check(disc, known).audio?.repair?.isPossible == nil)
    }

    @Test(arguments: [
        (Array("<!DOCTYPE html><html><body>Not here".utf8), "113068 is a web page"),
        ([UInt8](), "113068 is empty"),
        (
            [UInt8](repeating: 7, count: 23_521),
            "113068 has 23521 bytes, and parity has rows of 23520"
        ),
        ([UInt8](repeating: 7, count: 23_520), "113068 has 1 row, and one wrong word takes two"),
    ])
    func `A file that is no parity is not called missing`(_ bytes: [UInt8], _ words: String) throws
    {
        var disc = Self.bytes
        disc[300_000] ^= 1
        var known = try answers(Self.bytes)
        known.parity["113068"] = bytes
        let result = try check(disc, known)
        let repair = try #require(result.audio?.repair)
        #expect(repair.isPossible == nil)
        #expect(repair.problem?.contains(words) == true, "\(repair)")
        #expect(result.sentences.contains { $0.contains(words) }, "\(result.sentences)")
    }

    @Test func `Answers that are none are refused with their reasons`() throws {
        try withFolder { folder in
            let source = SoundDisc(Self.layout, Self.bytes)
            func failure(_ bytes: [UInt8]) throws -> Failure {
                try folder.write("answer", bytes)
                var places = AudioDatabases.Places()
                places.accurateRip = .path(folder.path("answer"))
                return try #require(throws: Failure.self) {
                    try AudioCheckJob("disc", source, against: places)
                        .run(cancellation: Cancellation()) { _ in }
                }
            }
            let page = try failure(Array("<html>404</html>".utf8))
            #expect(page.exitCode == .failed)
            #expect(page.what.contains("web page"))
            #expect(try failure([1, 2, 3]).reason == .truncated)
            #expect(try failure([]).reason == .badSource)
            var places = AudioDatabases.Places()
            places.accurateRip = .path(folder.path("nothing"))
            let none = try #require(throws: Failure.self) {
                try AudioCheckJob("disc", source, against: places)
                    .run(cancellation: Cancellation()) { _ in }
            }
            #expect(none.reason == .noSource)
        }
    }

    @Test func `A folder is searched by the disc's names`() throws {
        let toc = try #require(AudioTOC(Self.layout))
        let names = try DiscIdentifiers(toc)
        let known = try answers(Self.bytes)
        try withFolder { folder in
            let source = SoundDisc(Self.layout, Self.bytes)
            var places = AudioDatabases.Places()
            places.accurateRip = .path(folder.path)
            places.ctdb = .path(folder.path)
            let empty = try AudioCheckJob("disc", source, against: places)
                .run(cancellation: Cancellation()) { _ in }
            #expect(empty.status == .notVerified)
            #expect(empty.audio?.databases.map(\.state) == [.absent, .absent])
            try folder.write(names.accurateRip.fileName, known.records.flatMap(\.bytes))
            try folder.write("\(names.ctdb).xml", DatabaseEntry.answer(known.entries))
            let full = try AudioCheckJob("disc", source, against: places)
                .run(cancellation: Cancellation()) { _ in }
            #expect(full.status == .verified, "\(full.sentences)")
            #expect(full.audio?.databases.map(\.state) == [.found, .found])
        }
    }
}

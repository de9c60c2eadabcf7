import LinuxCalls
public import Reports
public import Transfer

/// Holds a disc's audio against what databases have of other people's rips.
///
/// The disc is read once; and again if tracks do not match, to look for the second kind of AccurateRip's
/// sums at offsets that seem to be right.
public struct AudioCheck {
    /// What was found.
    public struct Findings: Sendable {
        /// What is to be said of it: a sentence each.
        public var sentences: [String] { AudioWording(self).sentences + notes }

        /// The report.
        public var report: AudioReport
        /// What puts the disc right; `nil` if nothing does, or nothing is wrong.
        public var corrections: AudioCorrections?
        /// The sectors all of whose samples are those of others' rips, in runs.
        public var proven: [Range<Int>]
        /// Those and the ones that others have so many samples earlier or later.
        public var matching: RangeSet<Int>
        /// The sectors that can't be read.
        public var unreadable: [Int]
        /// The bytes of audio.
        public var bytes: Int
        /// What is worth knowing of the answers: a sentence each.
        public var notes: [String]
    }

    private let disc: any DiscSource
    private let toc: AudioTOC
    private let databases: AudioDatabases

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - disc: The disc.
    ///   - toc: Its table of contents.
    ///   - databases: What is known of it.
    public init(_ disc: any DiscSource, _ toc: AudioTOC, _ databases: AudioDatabases) {
        self.disc = disc
        self.toc = toc
        self.databases = databases
    }

    /// Checks.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - progress: Told the bytes that were read and those to read.
    /// - Returns: What was found.
    /// - Throws: ``Reports/Failure`` if the disc can't be read on, or the user stopped it.
    public func run(
        _ cancellation: Cancellation,
        _ progress: (Int, Int) -> Void
    ) throws(Failure) -> Findings {
        do {
            return try check(cancellation, progress)
        } catch is AudioReader.Stopped {
            throw Failure(
                .interruption,
                "The check was stopped.",
                meaning: "Nothing is known of the disc; nothing was changed.",
                advice: "Verify again from the beginning."
            )
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(
                .trouble,
                .readError,
                "Reading failed: \(error).",
                meaning: "The check is unfinished; nothing was changed.",
                advice: "Try again."
            )
        }
    }

    private func check(_ cancellation: Cancellation, _ progress: (Int, Int) -> Void) throws
        -> Findings
    {
        let sectors = toc.audio.reduce(0) { $0 + $1.sectors }
        var reader = AudioReader(disc, toc, cancellation)
        var summer = AudioSummer(toc)
        let rows = databases.ctdb.filter { $0.parityFileName != nil }.map(\.parityRows).max() ?? 0
        var syndromes =
            rows > 1 ? ParitySyndromes(toc, count: min(rows, ParitySyndromes.most)) : nil
        try reader.read({ progress($0 * 2352, sectors * 2352) }) { samples in
            summer.take(samples)
            syndromes?.take(samples)
        }
        guard let sums = summer.finish() else {
            preconditionFailure("The reader gives as many samples as the table of contents has.")
        }
        var accurateRip = AccurateRipMatcher(databases.accurateRip, toc, sums)
        let offsets = accurateRip.worthReading
        if !offsets.isEmpty {
            var again = OffsetSummer(toc, at: offsets)
            var second = AudioReader(disc, toc, cancellation)
            try second.read({ progress(sectors * 2352 + $0 * 2352, 2 * sectors * 2352) }) {
                again.take($0)
            }
            accurateRip.add(again)
        }
        let ctdb = CTDBMatcher(databases.ctdb, sums)
        var tracks = tracks(sums)
        for index in tracks.indices {
            judge(&tracks[index], index, accurateRip, ctdb, reader.unreadable)
        }
        let coverage = Coverage(toc, tracks)
        var report = AudioReport(
            databases: databases.states,
            tracks: tracks,
            offsets: self.offsets(accurateRip, tracks),
            notCovered: coverage.phrases
        )
        if !coverage.seams.isEmpty { report.seams = coverage.seams }
        var corrections: AudioCorrections?
        if let syndromes, !ctdb.isWhole,
            let repair = try ParityRepair(toc, sums, syndromes, ctdb, databases)
        {
            report.repair = describe(repair)
            corrections = repair.corrections
        }
        return Findings(
            report: report,
            corrections: corrections,
            proven: coverage.sectors,
            matching: coverage.matching,
            unreadable: reader.unreadable,
            bytes: sectors * 2352,
            notes: databases.notes
        )
    }

    private func tracks(_ sums: AudioSums) -> [AudioReport.Track] {
        toc.audio.enumerated().map { index, track in
            var own = AudioReport.Sums()
            own.arV1 = sums.accurateRip1(index).map(Hexadecimal.word)
            own.arV2 = sums.accurateRip2(index).map(Hexadecimal.word)
            own.ar450 = sums.frame450(index).map(Hexadecimal.word)
            own.crc32 = sums.crc32(index).map(Hexadecimal.word)
            own.crc32WithoutZeros = Hexadecimal.word(sums.crc32WithoutZeros(index))
            own.ctdb = sums.ctdb(track: index).map(Hexadecimal.word)
            return AudioReport.Track(
                number: track.number,
                start: track.start,
                sectors: track.sectors,
                sums: own
            )
        }
    }

    private func judge(
        _ track: inout AudioReport.Track,
        _ index: Int,
        _ accurateRip: AccurateRipMatcher,
        _ ctdb: CTDBMatcher,
        _ unreadable: [Int]
    ) {
        let own = track.start..<track.start + track.sectors
        let bad = unreadable.filter(own.contains).count
        if bad > 0 { track.unreadableSectors = bad }
        track.evidence = accurateRip.evidence[index] + ctdb.evidence[index]
        if accurateRip.evidence[index].isEmpty, accurateRip.rips(index) > 0 {
            track.against[AudioDatabases.accurateRipName] = accurateRip.rips(index)
        }
        if ctdb.evidence[index].isEmpty, ctdb.against[index] > 0 {
            track.against[AudioDatabases.ctdbName] = ctdb.against[index]
        }
        if bad > 0 {
            // Zeros stand for what can't be read, so that a match would be one by chance.
            track.verdict = .unreadable
        } else if track.evidence.contains(where: { $0.offset == 0 }) {
            track.verdict = .match
        } else if !track.evidence.isEmpty {
            track.verdict = .matchShifted
        } else {
            track.verdict = track.against.isEmpty ? .unknown : .mismatch
        }
    }

    /// The offsets at which more than one track, or the only one, is like a database's.
    private func offsets(_ accurateRip: AccurateRipMatcher, _ tracks: [AudioReport.Track])
        -> [AudioReport.Offset]
    {
        var found: [Int: (tracks: Set<Int>, frames: Set<Int>)] = [:]
        for (offset, places) in accurateRip.offsets {
            found[offset] = (
                Set(places.tracks.map { tracks[$0].number }),
                Set(places.frames.map { tracks[$0].number })
            )
        }
        for track in tracks {
            for evidence in track.evidence where evidence.offset != 0 {
                found[evidence.offset, default: ([], [])].tracks.insert(track.number)
            }
        }
        let all = found.map { offset, places in
            AudioReport.Offset(
                samples: offset,
                tracks: places.tracks.sorted(),
                frames: places.frames.sorted()
            )
        }
        .sorted {
            ($1.tracks.count, $1.frames.count, abs($0.samples), $0.samples)
                < ($0.tracks.count, $0.frames.count, abs($1.samples), $1.samples)
        }
        return Array(all.prefix(Self.mostOffsets))
    }

    private static let mostOffsets = 16

    private func describe(_ repair: ParityRepair) -> AudioReport.Repair {
        var described = AudioReport.Repair(entry: repair.entry.id)
        described.location = repair.entry.parityLocation
        described.problem = repair.problem
        if repair.hasParity { described.isPossible = repair.corrections != nil }
        if let corrections = repair.corrections {
            described.samples = corrections.samples
            described.sectors = corrections.sectors(toc).map(SectorRun.init)
        }
        return described
    }
}

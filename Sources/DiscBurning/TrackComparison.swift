import DiscModel
import LibBurn
package import LibCrypto
import LinuxCalls
import Reports
package import Transfer

/// Reads the tracks of a disc back and compares them with the image that they were written from.
///
/// Audio may come back shifted: drives miss the place of a sample by a constant number of them, when
/// they write and when they read. A shift that is the same everywhere is found and told.
package struct TrackComparison {
    /// What was found of a track.
    package struct Finding: Sendable {
        /// Over the sectors as they were read.
        package var sum: Checksum?
        /// Sectors that differ.
        package var differing = 0
        /// The first of them, on the disc.
        package var firstDiffering: Int?
        /// Samples at the disc's ends that came back as silence, where a drive with an offset reads no farther.
        package var silenced = 0
        /// Sectors that could not be read.
        package var unreadable = 0
        /// The first of them, on the disc.
        package var firstUnreadable: Int?
        /// Those that differ or could not be read, in rising order, as far as it is worth to look at
        /// them again.
        var suspects: [SecondLook.Finding] = []
        /// Whether there are more of them.
        var hasMoreSuspects = false

        fileprivate mutating func suspect(_ sector: Int, isReadable: Bool) {
            guard suspects.count <= SecondLook.mostSectors else {
                hasMoreSuspects = true
                return
            }
            suspects.append(SecondLook.Finding(sector: sector, isReadable: isReadable))
        }
    }

    /// What was found.
    package struct Result: Sendable {
        /// Of each track, in order.
        package var tracks: [Finding]
        /// By how many samples the audio came back too early; negative where too late.
        package var shift = 0

        /// The sectors that did not come as they should; `nil` if they are too many to look at again.
        var suspects: [SecondLook.Finding]? {
            let all = tracks.flatMap(\.suspects)
            let isTooMuch = tracks.contains(where: \.hasMoreSuspects)
            return isTooMuch || all.count > SecondLook.mostSectors ? nil : all
        }
    }

    /// Sectors that are compared at once.
    private static let piece = 104
    /// Sectors at both ends of the audio that offsets may keep from coming back: no drive is known whose offset
    /// is larger.
    private static let edge = 3
    /// Sectors that can't be read, of one track, behind which no more of it is read.
    private static let mostUnreadable = 1000

    private let image: any DiscSource
    private let plan: DiscPlan
    private let data: any SectorSource
    private let sound: any SectorSource

    /// Prepares to compare.
    ///
    /// - Parameters:
    ///   - image: What was written.
    ///   - plan: Where it went.
    ///   - data: The disc's data, 2048 bytes a sector from address 0 on.
    ///   - sound: The disc's audio, 2352 bytes a sector from address 0 on.
    package init(
        _ image: any DiscSource,
        _ plan: DiscPlan,
        data: any SectorSource,
        sound: any SectorSource
    ) {
        self.image = image
        self.plan = plan
        self.data = data
        self.sound = sound
    }

    /// Compares.
    ///
    /// - Parameters:
    ///   - cancellation: Heeded between two reads.
    ///   - progress: Told the bytes that were read in this pass.
    /// - Returns: What was found, as it is with the shift that explains most.
    /// - Throws: What the image and the disc throw besides `UnreadableSectors`.
    package func run(_ cancellation: Cancellation, progress: (Int) -> Void) throws -> Result {
        var windows: [SampleShift.Window] = []
        let straight = try pass(shift: 0, &windows, cancellation, progress)
        let differs = zip(plan.tracks, straight).contains { track, finding in
            track.kind == .audio && finding.differing > 0
        }
        guard differs, !windows.isEmpty, !cancellation.isRequested else {
            return Result(tracks: straight)
        }
        for shift in try candidates(windows) {
            var none: [SampleShift.Window] = []
            let shifted = try pass(shift: shift, &none, cancellation, progress)
            let explains = zip(plan.tracks, shifted).allSatisfy { track, finding in
                track.kind == .data || finding.differing == 0
            }
            if explains { return Result(tracks: shifted, shift: shift) }
        }
        return Result(tracks: straight)
    }

    private func pass(
        shift: Int,
        _ windows: inout [SampleShift.Window],
        _ cancellation: Cancellation,
        _ progress: (Int) -> Void
    ) throws -> [Finding] {
        var done = 0
        var findings: [Finding] = []
        for track in plan.tracks {
            let end = track.payload.upperBound + track.shift
            var position = track.payload.lowerBound + track.shift
            var finding = Finding()
            var digest = try Digest(.sha256)
            while position < end, finding.unreadable < Self.mostUnreadable,
                !cancellation.isRequested
            {
                let wanted = min(Self.piece, end - position)
                let read = try read(track.kind, at: position, wanted, &finding)
                digest.update(read.span)
                let count = max(1, read.count / track.kind.sectorSize)
                if !read.isEmpty {
                    try compare(read, at: position, track, shift, &finding, &windows)
                }
                position += count
                done += count * track.kind.sectorSize
                progress(done)
            }
            if finding.unreadable == 0, position >= end { finding.sum = digest.finish() }
            findings.append(finding)
        }
        return findings
    }

    /// Reads sectors of the disc; none where the first of them can't be read.
    private func read(
        _ kind: TrackJob.Kind,
        at position: Int,
        _ wanted: Int,
        _ finding: inout Finding
    ) throws -> [UInt8] {
        let source = kind == .audio ? sound : data
        var bytes = [UInt8](repeating: 0, count: wanted * kind.sectorSize)
        // A command fails as a whole; sector by sector shows which are to blame.
        for size in Set([wanted, 1]).sorted(by: >) {
            do {
                var span = bytes.mutableSpan
                var part = span._mutatingExtracting(..<(size * kind.sectorSize))
                let count = try source.read(at: position, into: &part)
                guard count > 0 else { break }
                return Array(bytes.prefix(count * kind.sectorSize))
            } catch is UnreadableSectors {
                continue
            }
        }
        bytes = []
        finding.suspect(position, isReadable: false)
        finding.unreadable += 1
        finding.firstUnreadable = finding.firstUnreadable ?? position
        return bytes
    }

    private func compare(
        _ read: [UInt8],
        at position: Int,
        _ track: DiscPlan.PlannedTrack,
        _ shift: Int,
        _ finding: inout Finding,
        _ windows: inout [SampleShift.Window]
    ) throws {
        let size = track.kind.sectorSize
        let sectors = position..<(position + read.count / size)
        let owed = try owed(by: track, sectors, shift: shift)
        for sector in sectors {
            let range =
                (sector - sectors.lowerBound) * size..<(sector - sectors.lowerBound + 1) * size
            guard !owed.matches(read, range) else { continue }
            if track.kind == .audio, shift != 0 {
                let rest = withoutSilence(read, range, at: sector)
                if rest.count < range.count, owed.matches(read, rest) {
                    finding.silenced +=
                        (range.count - rest.count) / SampleShift.bytesPerSample
                    continue
                }
            }
            finding.differing += 1
            finding.suspect(sector, isReadable: true)
            finding.firstDiffering = finding.firstDiffering ?? sector
            guard track.kind == .audio, shift == 0, windows.count < SampleShift.mostWindows,
                windows.last?.sector ?? -2 < sector - 1
            else { continue }
            let window = SampleShift.Window(sector: sector, bytes: Array(read[range]))
            if window.isTelling { windows.append(window) }
        }
    }

    /// What is left of a sector at the audio's ends without the silence there.
    ///
    /// Of a drive that begins to write and to read elsewhere, the two shift as one; but what it wrote beyond
    /// the last sector, or can't read beyond it, comes back as silence.
    private func withoutSilence(_ read: [UInt8], _ range: Range<Int>, at sector: Int) -> Range<Int>
    {
        let audio = plan.tracks.filter { $0.kind == .audio }
        let places = audio.map {
            $0.payload.lowerBound + $0.shift..<$0.payload.upperBound + $0.shift
        }
        guard let first = places.map(\.lowerBound).min(), let end = places.map(\.upperBound).max()
        else { return range }
        let size = SampleShift.bytesPerSample
        var rest = range
        if sector < first + Self.edge {
            while rest.count >= size, read[rest.prefix(size)].allSatisfy({ $0 == 0 }) {
                rest = rest.lowerBound + size..<rest.upperBound
            }
        }
        if sector >= end - Self.edge {
            while rest.count >= size, read[rest.suffix(size)].allSatisfy({ $0 == 0 }) {
                rest = rest.lowerBound..<rest.upperBound - size
            }
        }
        return rest
    }

    /// Whether bytes that were read are those that a sector of the disc owes.
    ///
    /// - Parameters:
    ///   - read: The bytes.
    ///   - sector: The sector.
    ///   - shift: By how many samples audio comes back too early.
    /// - Returns: False also if the image can't be read there.
    func isRight(_ read: [UInt8], at sector: Int, shift: Int) -> Bool {
        guard let track = track(at: sector) else { return false }
        let owed = try? owed(by: track, sector..<(sector + 1), shift: shift)
        return owed?.matches(read, 0..<track.kind.sectorSize) ?? false
    }

    /// What is in a sector of the disc.
    func kind(at sector: Int) -> TrackJob.Kind { track(at: sector)?.kind ?? .data }

    /// What sectors of the disc that belong to one track owe.
    private func owed(by track: DiscPlan.PlannedTrack, _ sectors: Range<Int>, shift: Int) throws
        -> OwedBytes
    {
        track.kind == .data
            ? OwedBytes(bytes: try content(of: track, sectors))
            : try owedSound(sectors, shift: shift)
    }

    /// The image's content of sectors of the disc that belong to one track.
    private func content(of track: DiscPlan.PlannedTrack, _ sectors: Range<Int>) throws -> [UInt8] {
        let size = track.kind.sectorSize
        var bytes = [UInt8](repeating: 0, count: sectors.count * size)
        var done = 0
        while done < sectors.count {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting((done * size)..<(sectors.count * size))
            let address = sectors.lowerBound + done - track.shift
            done += try image.read(track.kind.form, at: address, into: &part)
        }
        return bytes
    }

    /// The audio that sectors of the disc owe where it is shifted by some samples.
    private func owedSound(_ sectors: Range<Int>, shift: Int) throws -> OwedBytes {
        let samples = SampleShift.samplesPerSector
        let whole = shift >= 0 ? shift / samples : -((samples - 1 - shift) / samples)
        let rest = shift - whole * samples
        let first = sectors.lowerBound + whole
        let last = sectors.upperBound + whole + (rest > 0 ? 1 : 0)
        var owed = OwedBytes(bytes: [])
        var position = first
        while position < last {
            // Audio and what is no audio are not shifted into each other.
            guard let track = track(at: position), track.kind == .audio else {
                let next = plan.tracks.filter { $0.kind == .audio }
                    .map { $0.payload.lowerBound + $0.shift }.first { $0 > position }
                let end = min(last, next ?? last)
                owed.appendUnknown((end - position) * RawSector.size)
                position = end
                continue
            }
            let end = min(last, track.payload.upperBound + track.shift)
            owed.append(try content(of: track, position..<end))
            position = end
        }
        owed.dropFirst(rest * SampleShift.bytesPerSample)
        return owed
    }

    private func track(at position: Int) -> DiscPlan.PlannedTrack? {
        plan.tracks.first {
            $0.payload.lowerBound + $0.shift <= position
                && position < $0.payload.upperBound + $0.shift
        }
    }

    private func candidates(_ windows: [SampleShift.Window]) throws -> [Int] {
        var found: Set<Int>?
        for window in windows {
            let reach = SampleShift.reach
            let sectors = (window.sector - reach)..<(window.sector + reach + 1)
            let around = try owedSound(sectors, shift: 0)
            let shifts = window.shifts(within: around.bytes)
            found = found?.intersection(shifts) ?? shifts
        }
        let sorted = (found ?? []).subtracting([0]).sorted { abs($0) < abs($1) }
        return Array(sorted.prefix(SampleShift.mostCandidates))
    }
}

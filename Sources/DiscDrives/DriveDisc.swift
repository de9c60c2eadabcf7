public import DiscModel
import LinuxCalls
import MMC
public import Transfer

/// The disc in a drive: sessions and tracks as the drive lists them, the user data of data tracks, and
/// the samples of audio tracks.
///
/// What a drive's list does not tell, such as indexes and codes, is not there. Where a drive puts the
/// samples has a constant error of its own, the drive's offset.
public final class DriveDisc: DiscSource {
    /// The kind of disc; a CD if the drive knows no kind.
    public let medium: MediumKind
    /// Sessions and tracks.
    public private(set) var layout: DiscLayout
    private let sources: [Int: any SectorSource]
    /// Sectors of run-out that a recorder writes after a track (MMC-6 §4.2.3.5.2).
    private static let mostRunOut = 2

    /// Takes the disc in a drive.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - report: What it says about the disc.
    public init(_ drive: Drive, _ report: DiscReport) {
        medium = report.medium ?? .cdROM
        var layout = report.layout
        var sources: [Int: any SectorSource] = [:]
        let isCD = medium.facts.family == .cd
        for s in layout.sessions.indices {
            for t in layout.sessions[s].tracks.indices {
                var track = layout.sessions[s].tracks[t]
                let entry = report.tableOfContents?.tracks.first { $0.number == track.number }
                if isCD, let entry {
                    track.flags = TrackFlags(rawValue: entry.control & 0xB)
                }
                if track.mode.isData {
                    var own = report
                    own.trackStates.removeAll { $0.number != track.number }
                    if isCD, own.trackStates.contains(where: { $0.dataMode == 2 }) {
                        track.mode = .mode2Mixed
                    }
                    let source = DriveSource(drive, own, sectors: track.end.rawValue)
                    if isCD { track.length -= Self.runOut(after: track, source) }
                    sources[track.number] = source
                } else {
                    sources[track.number] = SoundSource(drive, sectors: track.end.rawValue)
                }
                layout.sessions[s].tracks[t] = track
            }
        }
        self.layout = layout
        self.sources = sources
    }

    /// How many of a track's last sectors are run-out, which can't be read.
    private static func runOut(after track: Track, _ source: DriveSource) -> Int {
        var buffer = [UInt8](repeating: 0, count: source.sectorSize)
        var count = 0
        while count < min(mostRunOut, track.length) {
            var span = buffer.mutableSpan
            let last = track.end.rawValue - 1 - count
            guard (try? source.read(at: last, into: &span)) == nil else { break }
            count += 1
        }
        return count
    }

    /// Takes over where pregaps begin from another disc, where the tracks after them begin at the same
    /// sectors: a drive's list counts a pregap to the track before.
    public func adoptPregaps(of other: DiscLayout) {
        for s in layout.sessions.indices {
            for t in layout.sessions[s].tracks.indices {
                let track = layout.sessions[s].tracks[t]
                guard track.pregap == 0,
                    let twin = other.tracks.first(where: { $0.number == track.number }),
                    twin.start == track.start, twin.pregap > 0
                else { continue }
                guard t > 0 else {
                    layout.sessions[s].tracks[t].pregap = twin.pregap
                    continue
                }
                let before = layout.sessions[s].tracks[t - 1]
                // Where the drive tells a track's size, the pregap after it is not in that.
                let isCounted = before.end == track.start && before.length > twin.pregap
                guard isCounted || before.end + twin.pregap == track.start else { continue }
                if isCounted { layout.sessions[s].tracks[t - 1].length -= twin.pregap }
                layout.sessions[s].tracks[t].pregap = twin.pregap
            }
        }
    }

    /// What is kept of a sector: of a pregap only the samples between two tracks of audio, for no other
    /// can be relied on to be read.
    public func storage(at address: Int) -> SectorStorage {
        guard let track = layout.track(holding: address) else {
            let next = layout.tracks.map(\.extent.lowerBound).filter { $0 > address }.min()
            return SectorStorage(
                mode: .audio,
                form: .absent,
                count: (next ?? address + 1) - address
            )
        }
        let isPregap = address < track.start.rawValue
        let end = isPregap ? track.start.rawValue : track.end.rawValue
        let mode = track.mode
        var form: SectorForm = mode.isData ? .user : .raw
        if isPregap {
            let before = layout.tracks.last { $0.start < track.start }
            let isBetween = before.map { $0.mode == .audio && $0.session == track.session } ?? false
            if mode.isData || address < 0 || !(isBetween || before == nil) { form = .absent }
            if form != .absent || address >= 0 {
                return SectorStorage(mode: mode, form: form, count: end - address)
            }
            return SectorStorage(mode: mode, form: form, count: min(end, 0) - address)
        }
        return SectorStorage(mode: mode, form: form, count: end - address)
    }

    /// Reads sectors, fewer where one of them can't be read.
    public func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let storage = storage(at: address)
        guard storage.form != .absent, let track = layout.track(holding: address),
            let source = sources[track.number]
        else {
            throw UnreadableSectors(start: address, count: 1, reason: "nothing is recorded there")
        }
        var count = min(buffer.count / storage.form.size, storage.count)
        while true {
            do {
                return try Bytes.withPart(of: &buffer, 0..<(count * storage.form.size)) {
                    part throws(any Error) in
                    try source.read(at: address, into: &part)
                }
            } catch let error as UnreadableSectors {
                // A command fails as a whole: fewer sectors show which one is to blame.
                guard count > 1 else { throw error }
                count = count > 32 ? 32 : count / 2
            }
        }
    }

    /// Fails: no subchannel is kept.
    public func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int
    {
        throw UnreadableSectors(start: address, count: 1, reason: "no subchannel is kept")
    }
}

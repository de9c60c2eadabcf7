import DiscModel
import LibSound
import LinuxCalls
import Reports
import SystemPackage
import Transfer

/// How audio files become a disc.
public struct SoundOptions: Hashable, Sendable {
    /// Seconds of silence between two tracks; 0 for none, and then no sample is added between them.
    public var gap: Int

    /// Creates options.
    public init(gap: Int = 0) {
        self.gap = gap
    }
}

/// A disc made of audio files, each a track.
///
/// Without gaps the samples of all files follow one another: those at the end of a file that fill no
/// sector begin the next track, and only the last sector is filled up with silence. So what was one
/// piece of music stays one.
struct SoundAlbum {
    /// The disc, which knows what is done to each file.
    let disc: ImageDisc

    /// No CD has more tracks.
    static let mostTracks = 99
    private static let samplesPerSector = RawSector.size / TrackSound.sampleSize

    /// Makes a disc.
    ///
    /// - Parameters:
    ///   - paths: The files, in the order of the tracks.
    ///   - options: How.
    ///   - cancellation: A wish to stop, which ends with ``SoundProblem``.
    /// - Throws: ``Reports/Failure`` that names the file that can't become a track.
    init(
        _ paths: [FilePath],
        _ options: SoundOptions = SoundOptions(),
        _ cancellation: Cancellation? = nil
    ) throws(Failure) {
        guard !paths.isEmpty, paths.count <= Self.mostTracks else {
            throw Failure(
                .source,
                .badSource,
                paths.isEmpty
                    ? "There are no audio files."
                    : "\(paths.count) files would be as many tracks, and a CD has \(Self.mostTracks) at most.",
                meaning: "Nothing was written.",
                advice: paths.isEmpty ? "Name some." : "Burn them to several discs."
            )
        }
        var tracks: [TrackSound] = []
        for path in paths {
            guard cancellation?.isRequested != true else { throw .stoppedReading }
            tracks.append(try Self.open(path, cancellation))
        }
        guard cancellation?.isRequested != true else { throw .stoppedReading }
        do {
            disc = try Self.disc(of: tracks, options)
        } catch {
            throw Failure(
                .source,
                .badSource,
                "The files make no disc: \(error).",
                meaning: "Nothing was written.",
                advice: "Burn fewer of them."
            )
        }
    }

    private static func open(_ path: FilePath, _ cancellation: Cancellation?) throws(Failure)
        -> TrackSound
    {
        let problem: SoundProblem
        do {
            // A pipe that nobody writes to is not waited for.
            let file = try File(path, .read, nonBlocking: true)
            guard try file.status().kind == .regular else {
                throw SoundProblem("is no plain file", advice: "Name audio files.")
            }
            return try TrackSound(try FileBytes(file, path: path), cancellation)
        } catch let error as SoundProblem {
            problem = error
        } catch let error as SystemError {
            problem = SoundProblem("can't be read: \(error.reason)")
        } catch {
            problem = SoundProblem("can't be used: \(error)")
        }
        // What was not decoded to its end is no problem of the file.
        guard cancellation?.isRequested != true else { throw .stoppedReading }
        throw Failure(
            .source,
            .badSource,
            "\(path) \(problem.problem).",
            meaning: "Nothing was written.",
            advice: problem.advice
        )
    }

    // MARK: The disc

    private static func disc(of tracks: [TrackSound], _ options: SoundOptions)
        throws(LayoutProblem) -> ImageDisc
    {
        let size = RawSector.size
        var sounds = tracks.map(\.plan)
        var files: [any ByteSource] = []
        var starts: [Int] = []
        let gap = options.gap * 75
        var lead = 0
        if gap > 0 {
            // Silence follows each track: its last sector is filled up with it.
            for (index, track) in tracks.enumerated() {
                starts.append(lead + (index == 0 ? 0 : gap))
                let sectors = (track.bytes.byteCount + size - 1) / size
                files.append(
                    WindowBytes(track.bytes, 0..<track.bytes.byteCount, paddedTo: sectors * size)
                )
                lead = starts[index] + sectors
                let rest = sectors * samplesPerSector - track.plan.samples
                sounds[index].paddingSamples = rest > 0 ? rest : nil
            }
        } else {
            var samples = 0
            for (index, track) in tracks.enumerated() {
                starts.append(samples / samplesPerSector)
                samples += track.plan.samples
                let rest = samples % samplesPerSector
                guard rest > 0 else { continue }
                if index + 1 < tracks.count {
                    sounds[index].carriedSamples = rest
                } else {
                    sounds[index].paddingSamples = samplesPerSector - rest
                }
            }
            lead = (samples + samplesPerSector - 1) / samplesPerSector
            guard let joined = JoinedBytes(tracks.map(\.bytes)) else {
                throw LayoutProblem("they are too long")
            }
            files = [WindowBytes(joined, 0..<joined.byteCount, paddedTo: lead * size)]
        }
        var session = DiscLayout.Session(number: 1, tracks: [], leadOut: LBA(lead))
        var placements: [Placement] = []
        for (index, start) in starts.enumerated() {
            sounds[index].track = index + 1
            let next = index + 1 < starts.count ? starts[index + 1] - gap : lead
            var track = Track(
                number: index + 1,
                session: 1,
                mode: .audio,
                start: LBA(start),
                length: next - start,
                pregap: index == 0 ? CDGaps.firstPause : gap
            )
            track.isrc = tracks[index].codes.isrc
            session.tracks.append(track)
            placements.append(
                Placement(
                    start..<next,
                    .raw,
                    file: gap > 0 ? index : 0,
                    offset: gap > 0 ? 0 : start * size
                )
            )
        }
        session.catalog = common(tracks.map(\.codes.catalog))
        var layout = DiscLayout(sessions: [session])
        let texts = texts(tracks)
        if !texts.entries.isEmpty {
            layout.sheetTexts = texts
            layout.sessions[0].cdText = CueTexts.packs(texts, tracks: session.tracks.map(\.number))
        }
        let disc = try ImageDisc(
            medium: .cdROM,
            layout: layout,
            files: files,
            placements: placements,
            evidence: [tracks.count == 1 ? "It is an audio file." : "These are audio files."],
            warnings: tracks.flatMap { $0.warnings + $0.codes.warnings }
        )
        disc.sounds = sounds
        return disc
    }

    /// What the files say of themselves, as the texts of a disc: what all say of the album is said once.
    private static func texts(_ tracks: [TrackSound]) -> SheetTexts {
        var texts = SheetTexts()
        var whole = SheetTexts.Entry()
        whole.texts[.title] = common(tracks.map { $0.tags[.album] })
        whole.texts[.performer] =
            common(tracks.map(\.albumArtist)) ?? common(tracks.map { $0.tags[.artist] })
        texts[0] = whole
        for (index, track) in tracks.enumerated() {
            var entry = SheetTexts.Entry()
            entry.texts[.title] = track.tags[.title]
            entry.texts[.performer] = track.tags[.artist]
            texts[index + 1] = entry
        }
        return texts
    }

    private static func common(_ values: [String?]) -> String? {
        Set(values).count == 1 ? values.first ?? nil : nil
    }
}

extension Failure {
    /// Somebody wished to stop while files were read.
    static var stoppedReading: Failure {
        Failure(
            .interruption,
            "It was stopped while the audio was looked at.",
            meaning: "",
            advice: ""
        )
    }
}

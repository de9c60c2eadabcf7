import DiscModel
import LinuxCalls
import Transfer

/// The disc in an image as a drive in software has it: pressed, with the image's sessions and tracks.
struct PressedDisc {
    /// The disc in the image.
    let source: any DiscSource

    init(_ source: any DiscSource) {
        self.source = source
    }

    /// What is known of the disc.
    var record: DiscRecord {
        let layout = source.layout
        let isCD = source.medium.facts.family == .cd
        let stretches = source.stretches()
        var record = DiscRecord(
            medium: source.medium,
            capacity: layout.leadOut?.rawValue ?? 0,
            identity: DiscIdentity()
        )
        record.sessions = layout.sessions.map { session in
            SessionRecord(
                session,
                tracks: session.tracks.map { track in
                    let kept = stretches.filter { $0.track.number == track.number }.map(\.storage)
                    return TrackRecord(
                        track,
                        kept,
                        isCD: isCD,
                        isSided: isCD && kept.contains { $0.subchannel != .absent }
                    )
                }
            )
        }
        record.isFinalized = true
        return record
    }

    /// Reads a row of sectors, each of so many bytes.
    ///
    /// - Throws: `EIO` for what can't be read.
    func read(
        at lba: Int,
        size: Int,
        into buffer: inout MutableSpan<UInt8>,
        _ body: (Int, inout MutableSpan<UInt8>) throws -> Int
    ) throws(SystemError) {
        var done = 0
        while done + size <= buffer.count {
            do {
                var part = buffer._mutatingExtracting(done..<buffer.count)
                let count = try body(lba + done / size, &part)
                guard count > 0 else { throw SystemError.inputOutput("read") }
                done += count * size
            } catch let error as SystemError {
                throw error
            } catch {
                throw SystemError.inputOutput("read")
            }
        }
    }
}

extension SessionRecord {
    /// A closed session of an image.
    init(_ session: DiscLayout.Session, tracks: [TrackRecord]) {
        self.init(number: session.number, tracks: tracks, discType: Int(session.kind.code))
        leadOut = session.leadOut.rawValue
        catalog = session.catalog
        if !session.cdText.isEmpty { cdText = session.cdText.flatMap(\.bytes) }
    }
}

extension TrackRecord {
    /// A closed track of an image.
    ///
    /// - Parameters:
    ///   - track: The track.
    ///   - kept: How its sectors are kept in the image.
    ///   - isCD: Whether the disc is a CD.
    ///   - isSided: Whether its subchannel is kept.
    init(_ track: Track, _ kept: [SectorStorage], isCD: Bool, isSided: Bool) {
        let isCooked =
            !isCD
            || !isSided && (track.mode == .mode1 || track.mode == .mode2Form1)
                && kept.allSatisfy { $0.form == .user || $0.form == .absent }
        self.init(
            number: track.number,
            start: track.start.rawValue,
            pregap: isCD ? track.pregap : 0,
            control: track.control,
            dataMode: track.mode == .audio ? 0 : track.mode.isMode2 ? 2 : 1,
            form: isCooked ? .cooked : isSided ? .rawWithSubchannel : .raw
        )
        written = track.length
        isClosed = true
        indices = track.laterIndexes.map(\.rawValue)
        isrc = track.isrc
    }
}

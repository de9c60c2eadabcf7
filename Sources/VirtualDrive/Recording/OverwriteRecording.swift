import DiscImages
import DiscModel
import MMC

/// DVD+RW, DVD-RAM, BD-RE and formatted DVD-RW: any block can be written at any time within the
/// formatted area (MMC-6 §4.3.4, §4.3.5, §4.5.4).
final class OverwriteRecording: RecordingMethod {
    private let drive: VirtualRecorder
    private let disc: VirtualDisc
    /// The sectors that were written one after the other last, and not synchronized since.
    private var lastWritten = 0..<0

    init(_ drive: VirtualRecorder, _ disc: VirtualDisc) {
        self.drive = drive
        self.disc = disc
    }

    var record: DiscRecord { disc.record }

    private var isRestricted: Bool { record.medium == .dvdRW }

    func leave() {
        // A format in the background stops when the disc leaves; the next drive may take it up.
        if disc.record.format?.background == .running {
            disc.record.format?.background = .stopped
            try? disc.store()
        }
    }

    func interrupt(lost: Int) {
        // The block that the laser was in is half old and half new, and so neither.
        if lost > 0, !lastWritten.isEmpty {
            let first = max(lastWritten.lowerBound, lastWritten.upperBound - lost)
            try? disc.discard(first..<lastWritten.upperBound)
        }
        lastWritten = 0..<0
        leave()
        try? disc.store()
    }

    func arrive() {
        // The drive that formatted it was switched off.
        if disc.record.format?.background == .running {
            disc.record.format?.background = .stopped
        }
    }

    func write(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard let format = record.format else { throw .notFormatted }
        let size = sectors * 2048
        try data.require(size)
        let data = data.extracting(..<size)
        guard lba >= 0 else { throw .outOfRange }
        var end = format.sectors
        if format.isGrowing {
            guard lba <= end else { throw .notNextWritable }
            end = MediumTraits.of(record).formats.map(\.sectors).max() ?? end
        }
        guard lba + sectors <= end else { throw .outOfRange }
        if isRestricted, lba % 16 != 0 || sectors % 16 != 0 { throw .notNextWritable }
        do { try disc.writeUserData(data, at: lba) } catch { throw .writeError }
        lastWritten =
            lastWritten.upperBound == lba
            ? lastWritten.lowerBound..<lba + sectors : lba..<lba + sectors
        if format.isGrowing, lba + sectors > format.sectors {
            disc.record.format?.sectors = lba + sectors
        }
    }

    func synchronize() throws(Sense) {
        lastWritten = 0..<0
        try keep()
    }

    func close(_ function: Int, track: Int) throws(Sense) {
        guard let action = MediumTraits.of(record).closeActions[function] else {
            throw CDB([]).invalid(2, bit: 2)
        }
        guard record.format != nil else { throw .notFormatted }
        switch action {
        case .stopFormat where disc.record.format?.background == .running:
            disc.record.format?.background = .stopped
        case .session, .finalize:
            disc.record.format?.isGrowing = false
        case .stopFormat, .track:
            break
        }
        try keep()
    }

    private func keep() throws(Sense) {
        do { try disc.store() } catch { throw .writeError }
    }
}

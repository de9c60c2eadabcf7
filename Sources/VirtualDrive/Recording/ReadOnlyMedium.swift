import DiscImages
import MMC

/// A pressed disc: nothing is ever written.
final class ReadOnlyMedium: RecordingMethod {
    private let disc: VirtualDisc

    init(_ drive: VirtualRecorder, _ disc: VirtualDisc) {
        self.disc = disc
    }

    var record: DiscRecord { disc.record }

    func write(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        throw Sense(.dataProtect, 0x27, 0x00)
    }

    func synchronize() throws(Sense) {}

    func close(_ function: Int, track: Int) throws(Sense) {
        throw .incompatibleMedium
    }
}

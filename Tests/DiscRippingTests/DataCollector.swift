import DiscModel
import LinuxCalls
import Transfer

/// Takes the user data of a disc, if all of it comes in order.
final class DataCollector: SectorObserver {
    private let sectors: Int
    private(set) var bytes: [UInt8] = []
    private var isInOrder = true
    var isComplete: Bool { isInOrder && bytes.count == sectors * NumberedDisc.sectorSize }

    /// Makes one that waits for so many sectors.
    init(_ sectors: Int) { self.sectors = sectors }

    func wants(_ sectors: Range<Int>) -> Bool { isInOrder }

    func take(_ sectors: Span<UInt8>, at address: Int, _ form: SectorForm) {
        isInOrder = isInOrder && address * NumberedDisc.sectorSize == bytes.count
        guard isInOrder else { return }
        var piece = [UInt8](repeating: 0, count: sectors.count)
        var span = piece.mutableSpan
        Bytes.copy(sectors, to: &span)
        bytes += piece
    }

    func restart() {
        bytes = []
        isInOrder = true
    }
}

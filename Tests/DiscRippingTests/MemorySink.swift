import DiscModel
import Transfer

/// A sink in memory for user data; of one that takes sectors as asked, whether they came so.
final class MemorySink: DiscSink {
    let requests: [SectorRequest]
    let order: SinkOrder
    private(set) var bytes: [UInt8]
    private(set) var isInOrder = true
    private(set) var isComplete = false
    private var next = 0

    /// Makes a sink that wants stretches of sectors, the first of which begins at 0.
    init(_ order: SinkOrder, _ stretches: [Range<Int>]) {
        self.order = order
        requests = stretches.map { SectorRequest($0, .user) }
        let sectors = stretches.last?.upperBound ?? 0
        bytes = [UInt8](repeating: 0, count: sectors * NumberedDisc.sectorSize)
    }

    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        let size = NumberedDisc.sectorSize
        isInOrder = isInOrder && address == next
        next = address + sectors.count / size
        for i in 0..<sectors.count { bytes[address * size + i] = sectors[i] }
    }

    func read(
        into buffer: inout MutableSpan<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws -> Bool {
        guard order == .any else { return false }
        for i in 0..<buffer.count { buffer[i] = bytes[address * NumberedDisc.sectorSize + i] }
        return true
    }

    func complete() throws { isComplete = true }

    func abandon() {}
}

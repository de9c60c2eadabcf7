import LinuxCalls
import MMC
import Synchronization

/// A drive for these tests: serves bytes as a disc, and knows just what the node asks of it.
///
/// Its INQUIRY, mode page and events are a plain DVD recorder's; its disc is one data track.
final class FakeDrive: Transport, Sendable {
    /// What the disc is.
    enum Disc: Sendable {
        /// Pressed: nothing can be written.
        case pressed
        /// A DVD+RW, to be written anywhere.
        case rewritable
    }

    /// What a test may look at or change.
    struct State: Sendable {
        var disc: Disc?
        var bytes: [UInt8]
        /// Sectors that can't be read.
        var unreadable: Range<Int> = 0..<0
        var isDoorLocked = false
        var isTrayOpen = false
        var isGone = false
        /// READ(10) does not end.
        var isStuck = false
        var attention: Sense?
        /// First byte of each command that came, and the sectors of each READ(10).
        var operations: [UInt8] = []
        var reads: [Range<Int>] = []
    }

    let state: Mutex<State>

    init(_ disc: Disc?, bytes: [UInt8] = []) {
        state = Mutex(State(disc: disc, bytes: bytes))
    }

    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        while command.cdb.first == 0x28, state.withLock({ $0.isStuck }) {
            Clock.sleep(seconds: 0.01)
        }
        // READ(10) goes straight from the disc to the buffer.
        let end = state.withLock { state -> (Completion, [UInt8])? in
            guard command.cdb.first == 0x28 else { return nil }
            return (Self.read(command.cdb, &state), [])
        }
        if let (completion, _) = end {
            guard completion.status == .good else { return completion }
            let (start, count) = Self.range(command.cdb)
            let bytes = state.withLock { $0.bytes }
            let length = min(count * 2048, buffer.count)
            Bytes.copy(
                bytes.span.extracting((start * 2048)..<(start * 2048 + length)),
                to: &buffer
            )
            return Completion(transferred: length)
        }
        let (completion, data) = try carryOut(command, [])
        let count = min(data.count, buffer.count)
        Bytes.copy(data.span.extracting(0..<count), to: &buffer)
        var result = completion
        result.transferred = count
        return result
    }

    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError) -> Completion {
        var bytes = [UInt8](repeating: 0, count: data.count)
        var span = bytes.mutableSpan
        Bytes.copy(data, to: &span)
        var (completion, _) = try carryOut(command, bytes)
        if completion.status == .good { completion.transferred = data.count }
        return completion
    }

    private static func range(_ cdb: [UInt8]) -> (start: Int, count: Int) {
        (
            cdb[2..<6].reduce(0) { $0 << 8 | Int($1) },
            cdb[7..<9].reduce(0) { $0 << 8 | Int($1) }
        )
    }

    private static func read(_ cdb: [UInt8], _ state: inout State) -> Completion {
        state.operations.append(0x28)
        let (start, count) = range(cdb)
        state.reads.append(start..<(start + count))
        if state.isTrayOpen || state.disc == nil { return Completion(Sense(.notReady, 0x3A, 0x02)) }
        if let attention = state.attention.take() { return Completion(attention) }
        guard (start + count) * 2048 <= state.bytes.count else {
            return Completion(Sense(.illegalRequest, 0x21, 0x00))
        }
        if state.unreadable.overlaps(start..<(start + count)) {
            return Completion(Sense(.illegalRequest, 0x64, 0x00))
        }
        return Completion(transferred: count * 2048)
    }

    private func carryOut(_ command: Command, _ data: [UInt8]) throws(TransportError) -> (
        Completion, [UInt8]
    ) {
        let isGone = state.withLock { $0.isGone }
        guard !isGone else { throw TransportError(.deviceGone, command: command.name, context: "") }
        return state.withLock { state in
            state.operations.append(command.cdb[0])
            return Self.carryOut(command.cdb, data, &state)
        }
    }

    private static func carryOut(_ cdb: [UInt8], _ data: [UInt8], _ state: inout State) -> (
        Completion, [UInt8]
    ) {
        let sectors = state.bytes.count / 2048
        let isThere = state.disc != nil && !state.isTrayOpen
        let noDisc = Completion(Sense(.notReady, 0x3A, state.isTrayOpen ? 0x02 : 0x01))
        func number(_ value: Int) -> [UInt8] {
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
        switch cdb[0] {
        case 0x12:
            let text = Array("SPINDLE FAKE DRIVE      1.00".utf8)
            return (Completion(), [0x05, 0x80, 0x05, 0x32, 31, 0, 0, 0] + text)
        case 0x00:
            if let attention = state.attention.take() { return (Completion(attention), []) }
            return (isThere ? Completion() : noDisc, [])
        case 0x1E:
            state.isDoorLocked = cdb[4] & 1 != 0
            return (Completion(), [])
        case 0x1B:
            if cdb[4] & 3 == 2 {
                guard !state.isDoorLocked else {
                    return (Completion(Sense(.illegalRequest, 0x53, 0x02)), [])
                }
                state.isTrayOpen = true
            } else if cdb[4] & 3 == 3 {
                state.isTrayOpen = false
                state.attention = Sense(.unitAttention, 0x28, 0x00)
            }
            return (Completion(), [])
        case 0x4A:
            let media: UInt8 = isThere ? 2 : state.isTrayOpen ? 1 : 0
            return (Completion(), [0, 6, 4, 0x10, 0, media, 0, 0])
        case 0x5A:
            // Capabilities page: reads and writes DVD, locks, has a tray.
            let page: [UInt8] =
                [0x2A, 18, 0x3F, 0x17, 0xF1, 0x77, 0x29, 0x23]
                + Array(
                    repeating: 0,
                    count: 12
                )
            return (Completion(), [0, UInt8(6 + page.count), 0, 0, 0, 0, 0, 0] + page)
        case 0x46:
            let profile: UInt8 = !isThere ? 0 : state.disc == .rewritable ? 0x1A : 0x10
            let isWritable: UInt8 = profile == 0x1A ? 1 : 0
            let feature: [UInt8] = [0, 0x20, isWritable, 12] + Array(repeating: 0, count: 12)
            return (
                Completion(), [0, 0, 0, UInt8(4 + feature.count), 0, 0, 0, profile] + feature
            )
        default:
            break
        }
        guard isThere else { return (noDisc, []) }
        switch cdb[0] {
        case 0x25:
            return (Completion(), number(sectors - 1) + number(2048))
        case 0x43 where cdb[2] & 0x0F == 1:
            return (Completion(), [0, 10, 1, 1, 0, 0x14, 1, 0, 0, 0, 0, 0])
        case 0x43:
            let isLeadOut = cdb[6] == 0xAA
            return (
                Completion(),
                [0, 10, 1, 1, 0, 0x14, isLeadOut ? 0xAA : 1, 0] + number(isLeadOut ? sectors : 0)
            )
        case 0x2A where state.disc == .rewritable:
            let (start, count) = range(cdb)
            let from = start * 2048
            guard data.count == count * 2048, from + data.count <= state.bytes.count else {
                return (Completion(Sense(.illegalRequest, 0x21, 0x00)), [])
            }
            state.bytes.replaceSubrange(from..<(from + data.count), with: data)
            return (Completion(), [])
        case 0x35, 0x5B:
            return (Completion(), [])
        default:
            return (Completion(Sense(.illegalRequest, 0x20, 0x00)), [])
        }
    }
}

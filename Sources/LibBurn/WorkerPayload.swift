internal import LinuxCalls
import Synchronization

/// The payload on its way to libburn's process: pieces, each after its length in four bytes, and a
/// length of 0 at the end.
enum WorkerPayload {
    /// Bytes in a piece.
    static let pieceSize = 1 << 16

    /// Sends an input to its end; does nothing more if the input fails, so that no end is announced.
    static func send(_ input: any BurnInput, through socket: StreamSocket) {
        var buffer = [UInt8](repeating: 0, count: pieceSize)
        while true {
            var span = buffer.mutableSpan
            guard let count = input.read(into: &span) else { break }
            let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
            do {
                try socket.send(length.span)
                if count == 0 { return }
                try socket.send(buffer.span.extracting(0..<count))
            } catch {
                return
            }
        }
        socket.shutDown()
    }
}

/// A payload as it comes from the process that started libburn's.
///
/// Safe to share as long as one thread reads at a time, which is libburn's.
final class PayloadInput: BurnInput, @unchecked Sendable {
    private let socket: StreamSocket
    private var left = 0
    private var hasEnded = false

    init(_ socket: StreamSocket) {
        self.socket = socket
    }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        var done = 0
        while done < buffer.count, !hasEnded {
            if left == 0 {
                var header = [UInt8](repeating: 0, count: 4)
                var span = header.mutableSpan
                guard fill(&span) else { return nil }
                left = header.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
                hasEnded = left == 0
                continue
            }
            let count = min(left, buffer.count - done)
            var part = buffer._mutatingExtracting(done..<(done + count))
            guard fill(&part) else { return nil }
            done += count
            left -= count
        }
        return done
    }

    /// Fills a buffer; false if the connection ends first.
    private func fill(_ buffer: inout MutableSpan<UInt8>) -> Bool {
        var done = 0
        while done < buffer.count {
            var part = buffer._mutatingExtracting(done..<buffer.count)
            guard let count = try? socket.receive(into: &part), count > 0 else { return false }
            done += count
        }
        return true
    }
}

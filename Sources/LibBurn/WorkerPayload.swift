internal import LinuxCalls
import Synchronization

/// The payload on its way to libburn's process: pieces, each after its length in four bytes, and a
/// length of 0 at the end.
enum WorkerPayload {
    /// Bytes in a piece.
    static let pieceSize = 1 << 16

    /// Sends an input to its end, or so many bytes of it; does nothing more if the input fails, so that no end is announced.
    ///
    /// - Parameters:
    ///   - input: What is sent.
    ///   - byteCount: How much of it; `nil` for all.
    ///   - socket: Where it goes.
    ///   - isWaiting: Whether the input is waited for, for others to know.
    static func send(
        _ input: any BurnInput,
        byteCount: Int?,
        through socket: StreamSocket,
        isWaiting: Monitor<Bool>
    ) {
        var buffer = [UInt8](repeating: 0, count: pieceSize)
        var left = byteCount ?? .max
        while true {
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<min(pieceSize, left))
            isWaiting.update { $0 = left > 0 }
            let read = left > 0 ? input.read(into: &part) : 0
            isWaiting.update { $0 = false }
            guard let count = read else { break }
            left -= count
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
    /// A piece, for libburn asks for one sector after the other.
    private var piece: [UInt8] = []
    private var position = 0
    private var hasEnded = false

    init(_ socket: StreamSocket) {
        self.socket = socket
    }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int? {
        var done = 0
        while done < buffer.count, !hasEnded {
            guard position < piece.count else {
                guard receivePiece() else { return nil }
                continue
            }
            let count = min(piece.count - position, buffer.count - done)
            Bytes.copy(piece.span.extracting(position..<(position + count)), to: &buffer, at: done)
            position += count
            done += count
        }
        return done
    }

    /// Waits for the next piece, or for the end; false if the connection ends first.
    private func receivePiece() -> Bool {
        guard let header = receive(4) else { return false }
        let length = header.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        position = 0
        piece = []
        hasEnded = length == 0
        guard !hasEnded else { return true }
        guard length <= WorkerPayload.pieceSize, let bytes = receive(length) else { return false }
        piece = bytes
        return true
    }

    private func receive(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var done = 0
        while done < count {
            var part = span._mutatingExtracting(done..<count)
            guard let came = try? socket.receive(into: &part), came > 0 else { return nil }
            done += came
        }
        return bytes
    }
}

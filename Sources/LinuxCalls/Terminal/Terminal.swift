internal import CLinux
import Glibc

/// The terminal, or what stands in its place.
public enum Terminal {
    /// A standard stream.
    public enum Stream: CInt, Sendable {
        case input = 0, output = 1, error = 2
    }

    /// Whether a stream is a terminal.
    ///
    /// The corresponding C function is `isatty`.
    public static func isTerminal(_ stream: Stream) -> Bool {
        isatty(stream.rawValue) == 1
    }

    /// The terminal's width in columns, where the stream is one that tells.
    ///
    /// The corresponding ioctl is `TIOCGWINSZ`.
    public static func columns(_ stream: Stream) -> Int? {
        var size = winsize()
        let result = unsafe spindle_ioctl_pointer(
            stream.rawValue,
            UInt(TIOCGWINSZ),
            &size
        )
        return result == 0 && size.ws_col > 0 ? Int(size.ws_col) : nil
    }

    /// Writes text to a stream, as far as it goes.
    ///
    /// - Returns: Why the stream can't take it, where it can't.
    @discardableResult
    public static func write(_ text: String, to stream: Stream) -> SystemError? {
        write(Array(text.utf8), to: stream)
    }

    /// Writes bytes to a stream, as far as it goes.
    ///
    /// - Returns: Why the stream can't take it, where it can't.
    @discardableResult
    public static func write(_ bytes: [UInt8], to stream: Stream) -> SystemError? {
        let file = File(borrowing: stream.rawValue, name: "standard stream \(stream.rawValue)")
        do {
            try file.writeOn(bytes.span)
            return nil
        } catch {
            return error
        }
    }

    /// Whether a reader may still be there: `false` once a pipe or a socket has lost its last one.
    ///
    /// A file and a terminal always have one. The corresponding C function is `poll`, which reports
    /// `POLLERR` of such a pipe and `POLLHUP` of such a socket.
    public static func hasReader(_ stream: Stream) -> Bool {
        var entry = pollfd(fd: stream.rawValue, events: 0, revents: 0)
        guard unsafe poll(&entry, 1, 0) > 0 else { return true }
        return entry.revents & Int16(POLLERR | POLLHUP) == 0
    }

    /// Reads a line from the standard input, without its end.
    ///
    /// It takes nothing that is behind the line, so that what is not read yet is where `poll` sees it.
    ///
    /// The corresponding C functions are `poll` and `read`.
    ///
    /// - Parameter isOver: Asked again and again while nothing comes; ends the waiting.
    /// - Returns: `nil` at the end of the input, if it can't be read or if the waiting was ended.
    public static func readLine(until isOver: () -> Bool = { false }) -> String? {
        var line: [UInt8] = []
        while true {
            while !isReadable(Stream.input.rawValue, within: 0.1) {
                if isOver() { return nil }
            }
            var byte: UInt8 = 0
            let count = retryingInterrupts {
                unsafe Glibc.read(Stream.input.rawValue, &byte, 1)
            }
            guard count > 0, byte != UInt8(ascii: "\n") else {
                return count > 0 || !line.isEmpty ? String(decoding: line, as: UTF8.self) : nil
            }
            line.append(byte)
        }
    }
}

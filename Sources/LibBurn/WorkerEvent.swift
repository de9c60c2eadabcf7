private import FoundationEssentials
internal import LinuxCalls

/// What libburn's process tells the one that started it.
enum WorkerEvent: Codable {
    /// How far it is.
    case progress(WriteProgress)
    /// It is about to write, and waits for leave.
    case ready
    /// libburn was told to stop.
    case stopping
    /// It is done.
    case done([BurnMessage])
    /// It failed.
    case failed(BurnError)
}

/// What the process that started libburn's answers, a byte each.
enum WorkerAnswer {
    /// Go on.
    static let go = UInt8(ascii: "G")
    /// Stop at the next safe place.
    static let stop = UInt8(ascii: "C")
}

/// Values as lines of JSON, on their way through a socket.
enum WorkerLine {
    static func encode(_ value: some Encodable) -> [UInt8] {
        (try? JSONEncoder().encode(value)).map { Array($0) + [UInt8(ascii: "\n")] } ?? []
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ line: [UInt8]) -> Value? {
        try? JSONDecoder().decode(type, from: Data(line))
    }
}

/// The lines that come through a socket.
struct WorkerLines {
    private let socket: StreamSocket
    private var waiting: [UInt8] = []
    /// Whether the other end has closed the connection.
    private(set) var hasEnded = false

    init(_ socket: StreamSocket) {
        self.socket = socket
    }

    /// Takes what has come, waiting for the first byte of it.
    ///
    /// - Returns: The lines that are complete.
    mutating func receive() -> [[UInt8]] {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var span = buffer.mutableSpan
        guard let count = try? socket.receive(into: &span), count > 0 else {
            hasEnded = true
            return []
        }
        waiting += buffer.prefix(count)
        var lines = waiting.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map(Array.init)
        waiting = lines.popLast() ?? []
        return lines
    }
}

import DiscModel
public import LinuxCalls
import Reports

/// A sink that packs what comes, with a file before it that takes sectors in any order.
///
/// So sectors can be looked at, and be read once more, before they are packed: the sink gets all of it at the end.
public final class SpooledSink: DiscSink {
    private let sink: any DiscSink
    private let file: NamelessFile
    private let cancellation: Cancellation
    private let progress: (Int, Int) -> Void
    /// Where the sectors of each request begin in the file, and where their subchannel does.
    private let places: [(main: Int, side: Int)]

    private static let side = SubchannelQ.interleavedSize
    private static let piece = 256

    /// What the sink wants.
    public let requests: [SectorRequest]
    /// Any.
    public var order: SinkOrder { .any }
    /// No: the file is gone with the process.
    public var isResumable: Bool { false }
    /// The sink's files.
    public var unfinished: UnfinishedFiles? { sink.unfinished }
    /// The bytes of those.
    public var byteCount: Int? { sink.byteCount }

    /// Puts a file before a sink.
    ///
    /// - Parameters:
    ///   - sink: The sink.
    ///   - file: An empty file, which nobody else uses.
    ///   - cancellation: Heeded while the sink gets what is in the file.
    ///   - progress: Told how many bytes of sectors it has got, and how many it will get.
    public init(
        _ sink: any DiscSink,
        in file: NamelessFile,
        _ cancellation: Cancellation,
        progress: @escaping (Int, Int) -> Void = { _, _ in }
    ) {
        self.sink = sink
        self.file = file
        self.cancellation = cancellation
        self.progress = progress
        requests = sink.requests
        var (places, next): ([(Int, Int)], Int) = ([], 0)
        for request in requests {
            let side = next + request.sectors.count * request.form.size
            places.append((next, side))
            next = side + (request.wantsSubchannel ? request.sectors.count * Self.side : 0)
        }
        self.places = places
    }

    /// The bytes that the file of a sink may grow to.
    public static func size(of sink: any DiscSink) -> Int {
        sink.requests.reduce(0) { sum, request in
            sum + request.sectors.count * (request.form.size + (request.wantsSubchannel ? side : 0))
        }
    }

    /// Begins with the sink's files.
    public func begin() throws { try sink.begin() }

    /// Puts sectors into the file.
    public func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws {
        guard let number = requests.firstIndex(of: request) else { return }
        let index = address - request.sectors.lowerBound
        if !sectors.isEmpty {
            try file.write(sectors, at: places[number].main + index * request.form.size)
        }
        if !subchannel.isEmpty {
            try file.write(subchannel, at: places[number].side + index * Self.side)
        }
    }

    /// Reads sectors from the file.
    public func read(
        into buffer: inout MutableSpan<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws -> Bool {
        guard let number = requests.firstIndex(of: request) else { return false }
        let index = address - request.sectors.lowerBound
        try read(into: &buffer, from: places[number].main + index * request.form.size)
        return true
    }

    private func read(into buffer: inout MutableSpan<UInt8>, from place: Int) throws {
        let got = try file.read(at: place, into: &buffer)
        Bytes.fill(&buffer, got..<buffer.count, with: 0)
    }

    /// Gives the sink all that is in the file.
    public func complete() throws {
        let total = requests.reduce(0) { $0 + $1.sectors.count * $1.form.size }
        var done = 0
        for (number, request) in requests.enumerated() {
            let size = request.form.size
            for first in stride(from: 0, to: request.sectors.count, by: Self.piece) {
                guard !cancellation.isRequested else {
                    throw Failure(
                        .interruption,
                        "The image was stopped while it was packed.",
                        meaning: "Nothing of it was kept.",
                        advice: "Start over."
                    )
                }
                let count = min(Self.piece, request.sectors.count - first)
                var main = [UInt8](repeating: 0, count: count * size)
                var span = main.mutableSpan
                if size > 0 { try read(into: &span, from: places[number].main + first * size) }
                var channels = [UInt8](
                    repeating: 0,
                    count: request.wantsSubchannel ? count * Self.side : 0
                )
                if !channels.isEmpty {
                    var span = channels.mutableSpan
                    try read(into: &span, from: places[number].side + first * Self.side)
                }
                try sink.write(
                    main.span,
                    subchannel: channels.span,
                    at: request.sectors.lowerBound + first,
                    for: request
                )
                done += count * size
                progress(done, total)
            }
        }
        try sink.complete()
    }

    /// Has the sink give its files their names.
    public func finish() throws { try sink.finish() }

    /// Gives the sink's work up.
    public func abandon() { sink.abandon() }
}

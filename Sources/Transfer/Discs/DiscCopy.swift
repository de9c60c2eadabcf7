import DiscModel
import LinuxCalls

/// The one loop that brings a disc's sectors to a sink.
public struct DiscCopy {
    /// What came of it.
    public struct Result: Sendable {
        /// Sectors that the source should have and could not deliver: the sink got zeros.
        public var unreadable: [Range<Int>] = []
        /// Why the first of them could not be read.
        public var reason: String?
        /// Sectors that went over.
        public var sectors = 0
        /// Whether it was stopped.
        public var isCancelled = false
    }

    /// Sectors that go over in one piece: few enough to stay in a processor's caches on their way.
    private static let piece = 32
    /// Sectors that the system copies in one piece.
    private static let systemPiece = 512

    private let source: any DiscSource
    private let sink: any DiscSink
    private var result = Result()

    /// The sectors that a sink wants.
    public static func sectors(of sink: any DiscSink) -> Int {
        sink.requests.reduce(0) { $0 + $1.sectors.count }
    }

    private init(_ source: any DiscSource, _ sink: any DiscSink) {
        self.source = source
        self.sink = sink
    }

    /// Copies everything that a sink wants, and has it give its files their names.
    ///
    /// - Parameters:
    ///   - source: The disc.
    ///   - sink: Where it goes; it is abandoned where the copy fails or is stopped.
    ///   - cancellation: A wish to stop.
    ///   - progress: Told the number of sectors that went over so far.
    ///   - check: Looks at what was written, and at what else there is to do, before anything has its
    ///     name; if it throws, nothing gets one.
    /// - Returns: What went over, and which sectors could not be read.
    /// - Throws: What source and sink throw besides ``UnreadableSectors``.
    public static func run(
        from source: any DiscSource,
        to sink: any DiscSink,
        _ cancellation: Cancellation? = nil,
        progress: (Int) -> Void = { _ in },
        check: (Result) throws -> Void = { _ in }
    ) throws -> Result {
        var copy = DiscCopy(source, sink)
        do {
            try sink.begin()
            for request in sink.requests {
                try copy.serve(request, cancellation, progress)
                if copy.result.isCancelled { break }
            }
            if copy.result.isCancelled {
                sink.abandon()
            } else {
                try sink.complete()
                try check(copy.result)
                try sink.finish()
            }
        } catch {
            sink.abandon()
            throw error
        }
        return copy.result
    }

    private mutating func serve(
        _ request: SectorRequest,
        _ cancellation: Cancellation?,
        _ progress: (Int) -> Void
    ) throws {
        let side = SubchannelQ.interleavedSize
        let most = min(Self.piece, request.sectors.count)
        var main = [UInt8](repeating: 0, count: most * request.form.size)
        var subchannel = [UInt8](repeating: 0, count: request.wantsSubchannel ? most * side : 0)
        var address = request.sectors.lowerBound
        while address < request.sectors.upperBound {
            if cancellation?.isRequested ?? false {
                result.isCancelled = true
                return
            }
            if let copied = try copied(request, at: address) {
                address += copied
                result.sectors += copied
                progress(result.sectors)
                continue
            }
            var count = min(most, request.sectors.upperBound - address)
            if request.form != .absent {
                var span = main.mutableSpan
                var part = span._mutatingExtracting(..<(count * request.form.size))
                count = try read(count, at: address) { [source] in
                    try source.read(request.form, at: address, into: &part)
                } zeros: {
                    for i in 0..<request.form.size { part[i] = 0 }
                }
            }
            if request.wantsSubchannel {
                var span = subchannel.mutableSpan
                try readSubchannel(count, at: address, into: &span)
            }
            try sink.write(
                main.span.extracting(0..<(count * request.form.size)),
                subchannel: subchannel.span.extracting(
                    0..<(request.wantsSubchannel ? count * side : 0)
                ),
                at: address,
                for: request
            )
            address += count
            result.sectors += count
            progress(result.sectors)
        }
    }

    /// Lets the sink take sectors out of the file in which they stand in the form that it wants.
    ///
    /// - Returns: How many it took; nothing where they have to be read.
    private mutating func copied(_ request: SectorRequest, at address: Int) throws -> Int? {
        guard request.form != .absent else { return nil }
        let storage = source.storage(at: address)
        guard storage.form == request.form, let bytes = source.storedBytes(at: address) else {
            return nil
        }
        let most = min(
            Self.systemPiece,
            storage.count,
            request.sectors.upperBound - address,
            bytes.count / request.form.size
        )
        guard most > 0 else { return nil }
        let copied = try sink.copy(
            bytes.prefix(most * request.form.size),
            at: address,
            for: request
        )
        guard let copied else { return nil }
        let taken = copied.count / request.form.size
        guard taken > 0 else { return nil }
        if request.wantsSubchannel {
            var subchannel = [UInt8](repeating: 0, count: taken * SubchannelQ.interleavedSize)
            var span = subchannel.mutableSpan
            try readSubchannel(taken, at: address, into: &span)
            try sink.write(Span(), subchannel: subchannel.span, at: address, for: request)
        }
        return taken
    }

    /// Reads the subchannel of sectors; zeros stand for what can't be read.
    private mutating func readSubchannel(
        _ count: Int,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws {
        let side = SubchannelQ.interleavedSize
        var done = 0
        while done < count {
            var part = buffer._mutatingExtracting((done * side)..<(count * side))
            let at = address + done
            done += try read(count - done, at: at) { [source] in
                try source.readSubchannel(at: at, into: &part)
            } zeros: {
                for i in 0..<side { part[i] = 0 }
            }
        }
    }

    /// Reads some sectors, or one of zeros where the first can't be read.
    private mutating func read(
        _ wanted: Int,
        at address: Int,
        _ body: () throws -> Int,
        zeros: () -> Void
    ) throws -> Int {
        do {
            return max(1, min(wanted, try body()))
        } catch let error as UnreadableSectors {
            zeros()
            result.reason = result.reason ?? error.reason
            if let last = result.unreadable.last, last.contains(address) { return 1 }
            if let last = result.unreadable.last, last.upperBound == address {
                result.unreadable[result.unreadable.count - 1] = last.lowerBound..<(address + 1)
            } else {
                result.unreadable.append(address..<(address + 1))
            }
            return 1
        }
    }
}

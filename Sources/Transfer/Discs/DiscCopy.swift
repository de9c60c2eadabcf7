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
    static let piece = 32
    /// Sectors that the system copies in one piece.
    static let systemPiece = 512

    let source: any DiscSource
    let sink: any DiscSink
    let observers: [any SectorObserver]
    let cancellation: Cancellation?
    private let progress: (Int) -> Void
    var result = Result()

    /// The sectors that a sink wants.
    public static func sectors(of sink: any DiscSink) -> Int {
        sink.requests.reduce(0) { $0 + $1.sectors.count }
    }

    /// Copies everything that a sink wants, and has it give its files their names.
    ///
    /// - Parameters:
    ///   - source: The disc.
    ///   - sink: Where it goes; it is abandoned where the copy fails or is stopped, unless it is of use
    ///     to a recovery that goes on.
    ///   - cancellation: A wish to stop.
    ///   - observers: Are given what is written, in order if the sink can give it back.
    ///   - recovery: How sectors are tried that can't be read at once; `nil` if each is read once.
    ///   - progress: Told the number of sectors that went over so far; not of a recovery, which tells
    ///     itself.
    ///   - check: Looks at what was written, and at what else there is to do, before anything has its
    ///     name; if it throws, nothing gets one.
    /// - Returns: What went over, and which sectors could not be read.
    /// - Throws: What source, sink and observers throw besides ``UnreadableSectors``.
    public static func run(
        from source: any DiscSource,
        to sink: any DiscSink,
        _ cancellation: Cancellation? = nil,
        observers: [any SectorObserver] = [],
        recovery: Recovery? = nil,
        progress: (Int) -> Void = { _ in },
        check: (Result) throws -> Void = { _ in }
    ) throws -> Result {
        let isKept = recovery != nil && sink.isResumable
        defer { if recovery?.sparesEnd == true { cancellation?.endSparing() } }
        do {
            var result = try withoutActuallyEscaping(progress) { progress in
                var copy = DiscCopy(
                    source: source,
                    sink: sink,
                    observers: observers,
                    cancellation: cancellation,
                    progress: progress
                )
                try sink.begin()
                try copy.bring(recovery)
                return copy.result
            }
            result.isCancelled = cancellation?.isRequested ?? false
            if result.isCancelled {
                if !isKept { sink.abandon() }
            } else {
                try sink.complete()
                try check(result)
                try sink.finish()
            }
            return result
        } catch {
            if !isKept { sink.abandon() }
            throw error
        }
    }

    private mutating func bring(_ recovery: Recovery?) throws {
        guard let recovery else {
            for request in sink.requests { try serve(request.sectors, of: request) }
            return
        }
        try recover(recovery)
        try completeObservers(!recovery.reviewed.isEmpty, recovery.rereading)
    }

    /// Whether somebody wishes to stop.
    var isCancelled: Bool { cancellation?.isRequested ?? false }

    /// Brings sectors to the sink in their order, each read once; zeros stand for those that can't be
    /// read.
    mutating func serve(_ sectors: Range<Int>, of request: SectorRequest) throws {
        let side = SubchannelQ.interleavedSize
        let most = min(Self.piece, sectors.count)
        var main = [UInt8](repeating: 0, count: most * request.form.size)
        var subchannel = [UInt8](repeating: 0, count: request.wantsSubchannel ? most * side : 0)
        var address = sectors.lowerBound
        while address < sectors.upperBound, !isCancelled {
            if let copied = try copied(address..<sectors.upperBound, of: request) {
                address += copied
                count(copied)
                continue
            }
            var count = min(most, sectors.upperBound - address)
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
            try put(
                main.span.extracting(0..<(count * request.form.size)),
                subchannel.span.extracting(0..<(request.wantsSubchannel ? count * side : 0)),
                at: address,
                request
            )
            address += count
            self.count(count)
        }
    }

    /// Gives sectors to the sink, and to those who look on.
    func put(
        _ main: Span<UInt8>,
        _ subchannel: Span<UInt8>,
        at address: Int,
        _ request: SectorRequest
    ) throws {
        if !main.isEmpty {
            let sectors = address..<address + main.count / request.form.size
            for observer in observers where observer.wants(sectors) {
                try observer.take(main, at: address, request.form)
            }
        }
        try sink.write(main, subchannel: subchannel, at: address, for: request)
    }

    private mutating func count(_ sectors: Int) {
        result.sectors += sectors
        progress(result.sectors)
    }

    /// Lets the sink take sectors out of the file in which they stand in the form that it wants.
    ///
    /// - Returns: How many it took; `nil` if they have to be read.
    private mutating func copied(_ sectors: Range<Int>, of request: SectorRequest) throws -> Int? {
        guard request.form != .absent else { return nil }
        let address = sectors.lowerBound
        let storage = source.storage(at: address)
        guard storage.form == request.form, let bytes = source.storedBytes(at: address) else {
            return nil
        }
        let most = min(
            Self.systemPiece,
            storage.count,
            sectors.count,
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
        try show(copied, at: address..<address + taken, request)
        if request.wantsSubchannel {
            var subchannel = [UInt8](repeating: 0, count: taken * SubchannelQ.interleavedSize)
            var span = subchannel.mutableSpan
            try readSubchannel(taken, at: address, into: &span)
            try sink.write(Span(), subchannel: subchannel.span, at: address, for: request)
        }
        return taken
    }

    /// Shows observers what the sink took without its being read, from where it was written: the source
    /// may have changed meanwhile.
    private func show(_ written: FileRange, at sectors: Range<Int>, _ request: SectorRequest) throws
    {
        let interested = observers.filter { $0.wants(sectors) }
        guard !interested.isEmpty else { return }
        let size = request.form.size
        var buffer = [UInt8](repeating: 0, count: Self.piece * size)
        for first in stride(from: sectors.lowerBound, to: sectors.upperBound, by: Self.piece) {
            let count = min(Self.piece, sectors.upperBound - first)
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<(count * size))
            let offset = written.offset + (first - sectors.lowerBound) * size
            let got = try written.file.read(at: offset, into: &part)
            // What is after the last byte that isn't zero need not be in the file yet.
            Bytes.fill(&part, got..<(count * size), with: 0)
            for observer in interested { try observer.take(part.span, at: first, request.form) }
        }
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

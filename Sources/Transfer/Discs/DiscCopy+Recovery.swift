import DiscModel
import LinuxCalls

extension DiscCopy {
    /// Brings what the salvage asks for to the sink, and what has to be made.
    ///
    /// A sink that takes sectors in any order gets them as they are read. One that does not gets them in
    /// pieces, each when all of its sectors have been tried.
    mutating func recover(_ recovery: Recovery) throws {
        let attempts = source.attempts()
        defer { attempts.finish() }
        recovery.began = Clock.seconds
        try recovery.begun()
        recovery.begin(attempts, sectorsPerBlock: source.medium.facts.sectorsPerBlock)
        var delivery = Delivery()
        while !isCancelled, let attempt = recovery.salvage?.next(at: recovery.seconds) {
            try deliver(recovery, &delivery, before: attempt.sectors.lowerBound)
            let outcome = try make(attempt, attempts, recovery, &delivery)
            if outcome != .read { recovery.reason = recovery.reason ?? attempts.problem }
        }
        try deliver(recovery, &delivery, before: Int.max)
        try review(recovery, attempts, &delivery, beginEnd(recovery))
        recovery.ended()
        result.unreadable = Array(
            RangeSet(recovery.map.missing).intersection(recovery.wanted).ranges
        )
        result.reason = recovery.reason
        result.sectors = Self.sectors(of: sink)
    }

    /// The wish to end what can be left out, now that all has been tried.
    private func beginEnd(_ recovery: Recovery) -> Cancellation {
        guard let cancellation else { return Cancellation() }
        guard recovery.sparesEnd else { return cancellation }
        let part = cancellation.beginSparing()
        let spared = recovery.spared
        part.whenRequested { if !cancellation.isRequested { spared() } }
        return part
    }

    /// Reads what somebody who has looked at what was read wants to be read once more.
    private mutating func review(
        _ recovery: Recovery,
        _ attempts: any DiscAttempts,
        _ delivery: inout Delivery,
        _ wish: Cancellation
    ) throws {
        guard sink.order == .any, recovery.end == .finished, !isCancelled,
            let review = recovery.review
        else { return }
        defer { recovery.isReviewEnded = wish.isRequested }
        let sectors = try review(wish)
        guard !sectors.isEmpty, !wish.isRequested else { return }
        recovery.beginReview(of: sectors)
        sink.beginRewriting()
        while !wish.isRequested, let attempt = recovery.salvage?.next(at: recovery.seconds) {
            _ = try make(attempt, attempts, recovery, &delivery)
        }
        // Whoever goes on with what was stopped has the rest to read.
        if !isCancelled { recovery.endReview() }
    }

    /// Puts sectors that came once more in the place of what the sink has, as far as they are confirmed.
    private func replace(
        with main: Span<UInt8>,
        _ subchannel: Span<UInt8>,
        at sectors: Range<Int>,
        _ request: SectorRequest,
        _ recovery: Recovery
    ) throws {
        let (size, side) = (
            request.form.size, request.wantsSubchannel ? SubchannelQ.interleavedSize : 0
        )
        let confirmed = recovery.confirm(sectors).intersection(RangeSet(sectors))
        recovery.unconfirmed.formUnion(RangeSet(sectors).subtracting(confirmed))
        var before = [UInt8](repeating: 0, count: main.count)
        var span = before.mutableSpan
        if size > 0, try sink.read(into: &span, at: sectors.lowerBound, for: request) {
            for (i, sector) in sectors.enumerated() {
                let place = i * size..<(i + 1) * size
                guard !Bytes.areEqual(before.span.extracting(place), main.extracting(place)) else {
                    continue
                }
                let own = sector..<sector + 1
                if confirmed.contains(sector) {
                    recovery.changed.insert(contentsOf: own)
                } else {
                    recovery.disputed.insert(contentsOf: own)
                }
            }
        }
        for run in confirmed.ranges {
            let (first, end) = (
                run.lowerBound - sectors.lowerBound, run.upperBound - sectors.lowerBound
            )
            try sink.write(
                main.extracting(first * size..<end * size),
                subchannel: subchannel.extracting(first * side..<end * side),
                at: run.lowerBound,
                for: request
            )
        }
    }

    /// How far the sink has got what it gets in order.
    private struct Delivery {
        /// The stretch that is next.
        var next = 0
        /// What has been read of it, for a sink that packs it.
        var main: [UInt8] = []
        var subchannel: [UInt8] = []
        /// What one attempt brings, before it is known whether it counts.
        var scratch: [UInt8] = []
        /// Whether there is room for the stretch.
        var isBegun = false

        mutating func begin(_ stretch: Recovery.Stretch) {
            guard !isBegun else { return }
            isBegun = true
            let side = stretch.request.wantsSubchannel ? SubchannelQ.interleavedSize : 0
            main = [UInt8](repeating: 0, count: stretch.sectors.count * stretch.request.form.size)
            subchannel = [UInt8](repeating: 0, count: stretch.sectors.count * side)
        }
    }

    /// Gives the sink all that lies before the stretch with an address and has not to be read any more.
    private mutating func deliver(
        _ recovery: Recovery,
        _ delivery: inout Delivery,
        before address: Int
    ) throws {
        while delivery.next < recovery.stretches.count, !isCancelled {
            let stretch = recovery.stretches[delivery.next]
            let isAtHand = stretch.sectors.contains(address)
            if stretch.isMade {
                guard stretch.sectors.lowerBound < address else { return }
                try serve(stretch.sectors, of: stretch.request)
            } else if sink.order == .asAsked {
                delivery.begin(stretch)
                guard !isAtHand else { return }
                try flush(stretch, &delivery)
            } else if isAtHand || stretch.sectors.lowerBound > address {
                return
            }
            delivery.next += 1
        }
    }

    /// Writes what was read of a stretch, and zeros for the rest.
    private mutating func flush(_ stretch: Recovery.Stretch, _ delivery: inout Delivery) throws {
        let (size, side) = (stretch.request.form.size, SubchannelQ.interleavedSize)
        for first in stride(from: 0, to: stretch.sectors.count, by: Self.piece) {
            let end = min(first + Self.piece, stretch.sectors.count)
            let sides = delivery.subchannel.isEmpty ? 0..<0 : first * side..<end * side
            try put(
                delivery.main.span.extracting(first * size..<end * size),
                delivery.subchannel.span.extracting(sides),
                at: stretch.sectors.lowerBound + first,
                stretch.request
            )
        }
        delivery.isBegun = false
    }

    /// Makes an attempt, hands on what it brought, and has the salvage learn from it.
    private mutating func make(
        _ attempt: Salvage.Attempt,
        _ attempts: any DiscAttempts,
        _ recovery: Recovery,
        _ delivery: inout Delivery
    ) throws -> Salvage.Outcome {
        let began = Clock.seconds
        let outcome = try bring(attempt, attempts, recovery, &delivery)
        recovery.salvage?.learn(outcome, seconds: Clock.seconds - began)
        try recovery.step(outcome)
        return outcome
    }

    private mutating func bring(
        _ attempt: Salvage.Attempt,
        _ attempts: any DiscAttempts,
        _ recovery: Recovery,
        _ delivery: inout Delivery
    ) throws -> Salvage.Outcome {
        let isPacked = sink.order == .asAsked
        let first = isPacked ? delivery.next : 0
        var count = 0
        for stretch in recovery.stretches[first...] where !stretch.isMade {
            let sectors = attempt.sectors.clamped(to: stretch.sectors)
            guard !sectors.isEmpty else { continue }
            let outcome = try bring(
                Salvage.Attempt(sectors, attempt.effort),
                attempts,
                stretch,
                recovery,
                &delivery
            )
            guard outcome == .read else { return outcome }
            count += sectors.count
            if isPacked { break }
        }
        // What has been handed on already comes too late.
        return count >= attempt.sectors.count ? .read : .failed(at: nil)
    }

    private mutating func bring(
        _ attempt: Salvage.Attempt,
        _ attempts: any DiscAttempts,
        _ stretch: Recovery.Stretch,
        _ recovery: Recovery,
        _ delivery: inout Delivery
    ) throws -> Salvage.Outcome {
        let (sectors, request) = (attempt.sectors, stretch.request)
        let (size, side) = (request.form.size, SubchannelQ.interleavedSize)
        // Taken out of the delivery, so that it has one owner while it is filled.
        var scratch: [UInt8] = []
        swap(&scratch, &delivery.scratch)
        defer { swap(&scratch, &delivery.scratch) }
        let length = sectors.count * size
        if scratch.count < length { scratch = [UInt8](repeating: 0, count: length) }
        if request.form != .absent {
            var span = scratch.mutableSpan
            let outcome = try Bytes.withPart(of: &span, 0..<length) { part throws(any Error) in
                try attempts.make(request.form, at: sectors, attempt.effort, into: &part)
            }
            guard outcome == .read else { return outcome }
        }
        let main = scratch.span.extracting(first: length)
        var subchannel = [UInt8](
            repeating: 0,
            count: request.wantsSubchannel ? sectors.count * side : 0
        )
        var outcome = Salvage.Outcome.read
        var next = request.wantsSubchannel ? 0 : sectors.count
        while next < sectors.count, outcome == .read {
            do {
                var span = subchannel.mutableSpan
                var part = span._mutatingExtracting(next * side..<sectors.count * side)
                next += max(
                    1,
                    try source.readSubchannel(at: sectors.lowerBound + next, into: &part)
                )
            } catch is UnreadableSectors {
                outcome = .failed(at: sectors.lowerBound + next)
            }
        }
        // Of a sector without its subchannel the rest is kept all the same.
        guard outcome == .read || sectors.count == 1 else { return outcome }
        guard sink.order == .asAsked else {
            guard recovery.isReviewing else {
                try put(main, subchannel.span, at: sectors.lowerBound, request)
                return outcome
            }
            // Those who look on get all of it once more at the end.
            try replace(with: main, subchannel.span, at: sectors, request, recovery)
            return outcome
        }
        let offset = sectors.lowerBound - stretch.sectors.lowerBound
        var target = delivery.main.mutableSpan
        Bytes.copy(main, to: &target, at: offset * size)
        if request.wantsSubchannel {
            var target = delivery.subchannel.mutableSpan
            Bytes.copy(subchannel.span, to: &target, at: offset * side)
        }
        return outcome
    }

    // MARK: Observers

    /// Gives observers that did not get everything in order what the sink has, in order.
    ///
    /// - Parameters:
    ///   - all: Whether those are given it, too, that had everything in order.
    ///   - progress: Told the bytes that they were given, and how many they will be.
    /// - Throws: Errors of the sink and of observers.
    mutating func completeObservers(_ all: Bool = false, _ progress: (Int, Int) -> Void) throws {
        let incomplete = observers.filter { all || !$0.isComplete }
        guard !incomplete.isEmpty, sink.order == .any else { return }
        for observer in incomplete { try observer.restart() }
        let total = sink.requests.reduce(0) { $0 + $1.sectors.count * $1.form.size }
        var done = 0
        for request in sink.requests where request.form != .absent {
            var buffer = [UInt8](repeating: 0, count: Self.systemPiece * request.form.size)
            for first in stride(
                from: request.sectors.lowerBound,
                to: request.sectors.upperBound,
                by: Self.systemPiece
            ) {
                guard !isCancelled else { return }
                let end = min(first + Self.systemPiece, request.sectors.upperBound)
                var span = buffer.mutableSpan
                var part = span._mutatingExtracting(..<((end - first) * request.form.size))
                guard try sink.read(into: &part, at: first, for: request) else { return }
                for observer in incomplete where observer.wants(first..<end) {
                    try observer.take(part.span, at: first, request.form)
                }
                done += (end - first) * request.form.size
                progress(done, total)
            }
        }
    }
}

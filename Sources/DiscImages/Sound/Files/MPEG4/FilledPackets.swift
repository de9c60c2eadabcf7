/// The packets of lossless audio in an MPEG-4 file: how long each is by the file's ticks, and how many samples
/// a full one has.
///
/// Ticks that are no whole numbers of samples are rounded, so that they don't tell the number of samples. But a
/// packet whose ticks may be those of a full one is full, if others follow; only the last one may be of any length up to
/// that.
struct FilledPackets: Hashable {
    /// Packets of equal length that follow one another.
    struct Run: Hashable {
        var count: Int
        var ticks: Int
    }

    /// Samples of a full packet.
    let full: Int
    /// Ticks in a second.
    let ticksPerSecond: Int
    /// The packets.
    let runs: [Run]

    /// Samples that a packet has at most.
    private static let mostSamples = 1 << 16
    private static let rates = 1...768_000

    /// Takes the packets; `nil` if it makes no sense how many samples they have.
    init?(full: Int, ticksPerSecond: Int, _ runs: [Run]) {
        guard (1...Self.mostSamples).contains(full), ticksPerSecond > 0,
            runs.contains(where: { $0.count > 0 })
        else { return nil }
        self.full = full
        self.ticksPerSecond = ticksPerSecond
        self.runs = runs.filter { $0.count > 0 }
    }

    /// How many samples of a channel the packets can have.
    ///
    /// - Parameter rate: Samples in a second.
    /// - Returns: `nil` at a rate that no file has.
    func samples(at rate: Int) -> ClosedRange<Int>? {
        guard Self.rates.contains(rate), let last = runs.last else { return nil }
        // Each packet begins and ends within a tick of where it should.
        let slack = rate / ticksPerSecond + 1
        /// Neither factor has more than 32 and 20 bits.
        func length(_ ticks: Int) -> ClosedRange<Int> {
            let samples = ticks * rate / ticksPerSecond
            return min(full, max(0, samples - slack))...min(full, samples + slack)
        }
        var (least, most) = (0, 0)
        for (index, run) in runs.enumerated() {
            let count = run.count - (index == runs.count - 1 ? 1 : 0)
            let length = length(run.ticks)
            least += count * (length.upperBound == full ? full : length.lowerBound)
            most += count * length.upperBound
        }
        let length = length(last.ticks)
        return least + max(1, length.lowerBound)...most + max(1, length.upperBound)
    }
}

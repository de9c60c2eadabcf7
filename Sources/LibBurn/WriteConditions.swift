/// What a drive and the way to it take, beside what a job wants.
public struct WriteConditions: Hashable, Sendable, Codable {
    /// The most bytes that one command may move, where it is known.
    public var largestTransfer: Int?
    /// Whether the drive goes on where data came too late (BURN-Free); one that does not may refuse a
    /// job that asks for it.
    public var protectsFromUnderrun: Bool

    /// Creates conditions: of a drive and a way without bounds, unless told otherwise.
    public init(largestTransfer: Int? = nil, protectsFromUnderrun: Bool = true) {
        self.largestTransfer = largestTransfer
        self.protectsFromUnderrun = protectsFromUnderrun
    }

    /// The bytes in a WRITE, where they can't be as many as libburn takes by itself: it knows of 32 KiB
    /// and 64 KiB (`burn_write_opts_set_dvd_obs`).
    var outputBlock: Int? {
        largestTransfer.flatMap { $0 < 65536 && $0 >= 32768 ? 32768 : nil }
    }
}

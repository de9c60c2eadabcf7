import LinuxCalls

/// The power of a virtual drive, which may be cut while it works on a command.
public final class DrivePower: Sendable {
    /// Longer than any command lasts.
    private static let longest = 1e7

    private let isCut = Monitor(false)

    /// Cuts the power: what the drive works on ends, and it waits for nothing more.
    public func cut() { isCut.update { $0 = true } }

    /// Lets the drive work for a time, or until the power is cut.
    func work(seconds: Double) {
        _ = isCut.wait(atMost: .seconds(min(seconds, Self.longest))) { $0 ? true : nil }
    }
}

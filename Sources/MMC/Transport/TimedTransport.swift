/// A way to a drive whose work takes time of its own, which need not be anybody else's.
public protocol TimedTransport: Transport {
    /// How long the command that came last has taken the drive; zero if it does not count.
    var driveTime: Duration { get }
}

public import DiscModel

/// Looks at the sectors that go to a sink, such as to make a checksum of them.
public protocol SectorObserver: AnyObject {
    /// Whether sectors are of interest.
    func wants(_ sectors: Range<Int>) -> Bool

    /// Takes sectors as they are written.
    ///
    /// - Throws: The observer's errors, which end the copy.
    func take(_ sectors: Span<UInt8>, at address: Int, _ form: SectorForm) throws

    /// Whether it has had all that it needs, in the order in which it needs it.
    var isComplete: Bool { get }

    /// Forgets what it had, to be given everything once more.
    ///
    /// - Throws: The observer's errors, which end the copy.
    func restart() throws
}

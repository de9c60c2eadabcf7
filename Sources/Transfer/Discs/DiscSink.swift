public import LinuxCalls
public import SystemPackage

/// Something that a disc's sectors are written to: an image of any format, a drive.
///
/// A sink is made for one disc, whose sessions and tracks it knows from the beginning. It says what
/// it wants of which sectors, and gets that in the order in which it asked; ``DiscCopy`` brings it.
public protocol DiscSink: AnyObject {
    /// The files that it makes; none where it makes none, or can't tell.
    var files: [FilePath] { get }

    /// The bytes that those files will have, where that is known beforehand.
    var byteCount: Int? { get }

    /// What it wants, in the order in which it wants it.
    var requests: [SectorRequest] { get }

    /// Makes its files, or whatever else comes before the first sector.
    ///
    /// - Throws: The sink's errors.
    func begin() throws

    /// Takes sectors.
    ///
    /// - Parameters:
    ///   - sectors: In the request's form.
    ///   - subchannel: 96 bytes for each, one bit of each channel in each byte; nothing where the
    ///     request does without.
    ///   - address: The first sector.
    ///   - request: The request that they belong to.
    /// - Throws: The sink's errors, which end the copy.
    func write(
        _ sectors: Span<UInt8>,
        subchannel: Span<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws

    /// Takes sectors out of the file in which they stand, in the request's form, without their being
    /// read.
    ///
    /// - Parameters:
    ///   - bytes: A whole number of sectors.
    ///   - address: The first sector.
    ///   - request: The request that they belong to; its subchannel comes later, by
    ///     ``write(_:subchannel:at:for:)`` without sectors.
    /// - Returns: How many sectors it took, from the first on; those behind them are to be written.
    /// - Throws: The sink's errors, which end the copy.
    func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws -> Int

    /// Ends the work: only now is there something that counts as whole.
    ///
    /// - Throws: The sink's errors.
    func finish() throws

    /// Gives the work up, and takes away what was written.
    func abandon()
}

extension DiscSink {
    /// None.
    public var files: [FilePath] { [] }
    /// Not known.
    public var byteCount: Int? { nil }
    /// Does nothing.
    public func begin() throws {}
    /// Takes none.
    public func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws -> Int
    {
        0
    }
}

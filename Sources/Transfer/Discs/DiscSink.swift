public import LinuxCalls
public import SystemPackage

/// In which order a sink takes sectors.
public enum SinkOrder: Hashable, Sendable {
    /// In that in which it asks for them: it packs what comes.
    case asAsked
    /// In any: each sector has a place that is known beforehand.
    case any
}

/// Something that a disc's sectors are written to: an image of any format, a drive.
///
/// A sink is made for one disc, whose sessions and tracks it knows from the beginning. It says what
/// it wants of which sectors, and gets that in the order in which it asked, unless any is as good;
/// ``DiscCopy`` brings it.
public protocol DiscSink: AnyObject {
    /// The files that it makes, on their way to their names; `nil` if it makes none.
    var unfinished: UnfinishedFiles? { get }

    /// The bytes that those files will have, where that is known beforehand.
    var byteCount: Int? { get }

    /// What it wants, in the order in which it wants it.
    var requests: [SectorRequest] { get }

    /// In which order it takes that.
    var order: SinkOrder { get }

    /// Whether a later copy can go on with what it has got.
    var isResumable: Bool { get }

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
    /// - Returns: Where the sectors that it took now stand, from the first on; those after them are
    ///   to be written. `nil` if it took none.
    /// - Throws: The sink's errors, which end the copy.
    func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws -> FileRange?

    /// Gives back sectors that it took, of which those that never came are zeros.
    ///
    /// - Parameters:
    ///   - buffer: Where they go, in the request's form.
    ///   - address: The first sector.
    ///   - request: The request that they belong to.
    /// - Returns: Whether it could: one that takes sectors in any order can.
    /// - Throws: The sink's errors.
    func read(
        into buffer: inout MutableSpan<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws -> Bool

    /// Takes up files that an earlier process left unfinished, or without all of the disc: until
    /// ``begin()`` only to read from them, and then to go on with them.
    ///
    /// - Parameter files: They are in the order of ``files``.
    /// - Returns: The sectors for which the files are long enough; empty if it can't go on with them.
    func takeUp(_ files: [File]) -> RangeSet<Int>

    /// Learns that sectors which it has come once more, and take the place of what came before.
    func beginRewriting()

    /// Gives its files the sizes that what they got so far needs: zeros may have been left out.
    ///
    /// - Throws: The sink's errors.
    func settle() throws

    /// Ends the work: all of it is written and on the storage, and has no name yet.
    ///
    /// - Throws: The sink's errors.
    func complete() throws

    /// Gives the files their names: only now is there something that counts.
    ///
    /// - Throws: The sink's errors; then no file has a new name.
    func finish() throws

    /// Gives the work up, and takes away what was written.
    func abandon()
}

extension DiscSink {
    /// None.
    public var unfinished: UnfinishedFiles? { nil }
    /// The names of the files that it makes; empty if it makes none, or can't tell.
    public var files: [FilePath] { unfinished?.paths ?? [] }
    /// Not known.
    public var byteCount: Int? { nil }
    /// That in which it asks.
    public var order: SinkOrder { .asAsked }
    /// So if each sector has its own place in the files.
    public var isResumable: Bool { order == .any }
    /// Gives nothing back.
    public func read(
        into buffer: inout MutableSpan<UInt8>,
        at address: Int,
        for request: SectorRequest
    ) throws -> Bool {
        false
    }
    /// Goes on with none.
    public func takeUp(_ files: [File]) -> RangeSet<Int> { RangeSet() }
    /// Does nothing: what is written counts.
    public func beginRewriting() {}
    /// Does nothing.
    public func settle() throws {}
    /// Does nothing.
    public func begin() throws {}
    /// Takes none.
    public func copy(_ bytes: FileRange, at address: Int, for request: SectorRequest) throws
        -> FileRange?
    {
        nil
    }
    /// Has the files on the storage.
    public func complete() throws { try unfinished?.complete() }
    /// Gives the files their names.
    public func finish() throws { try unfinished?.finish() }
}

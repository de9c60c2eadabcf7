public import DiscModel
public import LinuxCalls

/// A disc that sectors are read from, with all that is kept of them: in an image, in a drive.
///
/// A ``SectorSource`` is a flat run of data; this is the disc around it. What a source keeps of a
/// sector it tells and delivers; the extension's functions make the rest. Addresses are those of
/// the disc: the pause before the first track has negative ones. Reading is synchronous, and a
/// source is used by one thread at a time.
public protocol DiscSource: AnyObject {
    /// The kind of disc that it is, or would be.
    var medium: MediumKind { get }

    /// Its sessions and tracks.
    var layout: DiscLayout { get }

    /// Tracks before which a recorder stopped and began again: what lies there is in no track, and can't
    /// be relied on to be read.
    var linked: Set<Int> { get }

    /// What is kept of a sector, and of how many behind it the same.
    ///
    /// - Returns: For every address something; nothing is kept of sectors outside the tracks.
    func storage(at address: Int) -> SectorStorage

    /// Reads sectors in the form in which they are kept.
    ///
    /// - Parameters:
    ///   - address: A sector of which something is kept.
    ///   - buffer: Where they go; a multiple of the form's size. Audio has its low byte first.
    /// - Returns: The number of sectors read, at least 1; no more than are kept alike.
    /// - Throws: ``UnreadableSectors`` where the first of them can't be had, and the source's own
    ///   errors where it can't go on at all.
    func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int

    /// Reads sectors in a form, whatever form they are kept in.
    ///
    /// Unless a source can do better, the form is made from what ``readStored(at:into:)`` gives. A
    /// drive can: it corrects user data by itself, and gives whole sectors as they are.
    ///
    /// - Parameters:
    ///   - form: How much of each sector is wanted.
    ///   - address: The first sector.
    ///   - buffer: A multiple of the form's size.
    /// - Returns: The number of sectors, at least 1; a read may end where what is kept changes.
    /// - Throws: As ``readStored(at:into:)``.
    func read(_ form: SectorForm, at address: Int, into buffer: inout MutableSpan<UInt8>) throws
        -> Int

    /// Reads the subchannel of sectors that it is kept of: 96 bytes each, one bit of each channel
    /// in each byte, P highest. Where only Q is kept, the other bits are zero.
    ///
    /// - Returns: The number of sectors read, at least 1.
    /// - Throws: As ``readStored(at:into:)``.
    func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int

    /// The file in which sectors stand as they are kept, one behind the other, from a sector of which
    /// something is kept on.
    ///
    /// - Returns: `nil` if what ``readStored(at:into:)`` reads is made of something else, or its
    ///   parts lie apart.
    func storedBytes(at address: Int) -> FileRange?

    /// What makes a salvage's attempts at it.
    func attempts() -> any DiscAttempts

    /// Prepares to be compared with another disc: a source that can keep sectors in several forms, or does
    /// not know where pregaps begin, may take that over.
    func prepareToCompare(with other: any DiscSource)
}

extension DiscSource {
    /// None.
    public var linked: Set<Int> { [] }
    /// Nothing.
    public func storedBytes(at address: Int) -> FileRange? { nil }
    /// Attempts all of which are made in the same way.
    public func attempts() -> any DiscAttempts { PlainAttempts(self) }
    /// Changes nothing.
    public func prepareToCompare(with other: any DiscSource) {}
}

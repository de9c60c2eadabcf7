public import DiscModel
public import LinuxCalls
import Reports
public import SystemPackage
import Transfer

/// A disc in a file: one that was made by ``create(at:medium:capacity:)``, or an image, which counts
/// as a pressed disc.
///
/// The file is sparse. It is sound whenever the process that writes it is killed: sectors go to
/// their fixed places, and what is known of the disc is kept twice (see ``store()``). A virtual
/// disc serves one thread at a time.
public final class VirtualDisc {
    /// How a disc's file is opened.
    public enum Purpose: Sendable {
        /// To look at it, while another may hold it.
        case inspection
        /// To put it into a drive: nobody else may hold it.
        case drive
    }

    /// The text that the file of a virtual disc begins with.
    public static let magic = "Spindle virtual disc\n"

    /// The file.
    public var path: FilePath { planes.file.path }
    /// What is known of the disc.
    public var record: DiscRecord
    /// Whether the file is an image, and so a pressed disc.
    public let isPressed: Bool

    private let planes: SectorPlanes
    private var slots: MetadataSlots?
    /// The disc in the image whose sectors these are, where they are not the file's own bytes.
    private let image: PressedDisc?

    private init(
        planes: SectorPlanes,
        slots: MetadataSlots?,
        record: DiscRecord,
        image: PressedDisc? = nil
    ) {
        self.image = image
        self.planes = planes
        self.slots = slots
        self.record = record
        isPressed = slots == nil
    }

    /// Makes a blank disc in a new file.
    ///
    /// - Parameters:
    ///   - path: The file, which must not exist.
    ///   - medium: A kind of disc that can be written.
    ///   - blank: What the disc is like, where it is not the usual one.
    /// - Returns: The disc, as for a drive.
    /// - Throws: ``VirtualDiscError``.
    @discardableResult
    public static func create(at path: FilePath, medium: MediumKind, blank: BlankDisc? = nil)
        throws(VirtualDiscError) -> VirtualDisc
    {
        guard let blank = blank ?? BlankDisc(medium) else {
            throw VirtualDiscError(
                .notMade,
                path: path.string,
                "no \(medium.displayName) is ever blank"
            )
        }
        do throws(SystemError) {
            let unfinished = try UnfinishedFiles([path], replaces: false)
            for file in try unfinished.begin() {
                _ = try VirtualDisc(new: file, medium: medium, blank: blank)
            }
            try unfinished.finish()
        } catch {
            throw VirtualDiscError(error, path: path.string)
        }
        return try VirtualDisc(opening: path, for: .drive)
    }

    /// Makes a blank disc in a file that is new, and claimed by this process.
    convenience init(new file: File, medium: MediumKind, blank: BlankDisc) throws(SystemError) {
        var record = DiscRecord(
            medium: medium,
            capacity: blank.capacity,
            identity: blank.identity
        )
        record.format = blank.format
        var slots = MetadataSlots(new: file)
        try slots.write(record)
        // The magic comes last: a file without it was not finished.
        try file.write(Array(Self.magic.utf8).span, at: 0)
        self.init(planes: SectorPlanes(virtualDisc: file), slots: slots, record: record)
    }

    /// Opens a virtual disc, or an image file as a pressed disc.
    ///
    /// - Throws: ``VirtualDiscError``.
    public convenience init(opening path: FilePath, for purpose: Purpose = .inspection)
        throws(VirtualDiscError)
    {
        do {
            let (planes, slots, record, image) = try Self.open(path, for: purpose)
            self.init(planes: planes, slots: slots, record: record, image: image)
        } catch let error as SystemError {
            throw VirtualDiscError(error, path: path.string)
        } catch let error as VirtualDiscError {
            throw error
        } catch let failure as Failure {
            throw VirtualDiscError(.notADisc, path: path.string, sentence: failure.what)
        } catch {
            throw VirtualDiscError(.damaged, path: path.string, "\(error)")
        }
    }

    /// Opens a virtual disc to look at it.
    ///
    /// - Throws: ``VirtualDiscError``.
    convenience init(inspecting file: File) throws(VirtualDiscError) {
        do throws(SystemError) {
            if let (slots, record) = try MetadataSlots.read(file) {
                self.init(planes: SectorPlanes(virtualDisc: file), slots: slots, record: record)
                return
            }
        } catch {
            throw VirtualDiscError(error, path: file.path.string)
        }
        throw Self.damaged(file.path)
    }

    private static func damaged(_ path: FilePath) -> VirtualDiscError {
        VirtualDiscError(
            .damaged,
            path: path.string,
            "both copies of the disc's metadata are damaged"
        )
    }

    /// Whether a file begins as a virtual disc does.
    public static func isVirtualDisc(_ file: File) throws(SystemError) -> Bool {
        let wanted = Array(magic.utf8)
        var bytes = [UInt8](repeating: 0, count: wanted.count)
        var span = bytes.mutableSpan
        return try file.read(at: 0, into: &span) == wanted.count && bytes == wanted
    }

    private static func open(_ path: FilePath, for purpose: Purpose) throws
        -> (SectorPlanes, MetadataSlots?, DiscRecord, PressedDisc?)
    {
        // A pipe that nobody writes to is not waited for.
        var file = try File(path, .read, nonBlocking: true)
        let (kind, size) = try file.status()
        guard kind == .regular || kind == .directory else {
            throw VirtualDiscError(.notADisc, path: path.string, "this is not a file")
        }
        let isVirtual = try kind == .regular && isVirtualDisc(file)
        guard isVirtual else {
            // Nobody writes a pressed disc, so that any number of drives may hold the image.
            let image = try DiscImage(path)
            guard image.format?.name == ImageFormat.iso.name,
                image.geometry.allSatisfy({ $0.stride == SectorPlanes.userSize })
            else {
                let pressed = PressedDisc(image.disc)
                return (SectorPlanes(image: file), nil, pressed.record, pressed)
            }
            let record = try pressed(size: size, path: path)
            return (SectorPlanes(image: file), nil, record, nil)
        }
        if purpose == .drive {
            file = try File(path, .update)
            guard try file.tryLock() else { throw inUse(path) }
        }
        guard let (slots, record) = try MetadataSlots.read(file) else {
            throw damaged(path)
        }
        return (SectorPlanes(virtualDisc: file), slots, record, nil)
    }

    private static func inUse(_ path: FilePath) -> VirtualDiscError {
        VirtualDiscError(.inUse, path: path.string, "another drive holds this disc")
    }

    /// The pressed disc that an image fits on, by its size in bytes.
    private static func pressed(size: Int, path: FilePath) throws(VirtualDiscError) -> DiscRecord {
        let limits: [(MediumKind, Int)] = [(.cdROM, 900_000_000), (.dvdROM, 8_500_000_000)]
        let medium = limits.first { size < $0.1 }?.0 ?? .bdROM
        let sectors = size / SectorPlanes.userSize + (size % SectorPlanes.userSize == 0 ? 0 : 1)
        guard sectors > 0 else {
            throw VirtualDiscError(.notADisc, path: path.string, "this file is empty")
        }
        guard sectors <= Int(UInt32.max) else {
            throw VirtualDiscError(
                .notADisc,
                path: path.string,
                "this file is too large for a disc"
            )
        }
        var record = DiscRecord(medium: medium, capacity: sectors, identity: DiscIdentity())
        var track = TrackRecord(number: 1, start: 0)
        track.written = sectors
        track.isClosed = true
        var session = SessionRecord(number: 1, tracks: [track])
        session.leadOut = sectors
        record.sessions = [session]
        record.isFinalized = true
        return record
    }

    /// Keeps what is known of the disc, so that it outlives the process.
    ///
    /// The sectors written before are with the system already. They outlive the process, too; a
    /// fall of the whole machine is not guarded against.
    public func store() throws(SystemError) {
        try slots?.write(record)
    }

    /// Reads user data into a whole number of sectors; what was never written reads as zeros.
    public func readUserData(at lba: Int, into buffer: inout MutableSpan<UInt8>)
        throws(SystemError)
    {
        if let image {
            return try image.read(at: lba, size: SectorPlanes.userSize, into: &buffer) {
                try image.source.readUserData(at: $0, into: &$1)
            }
        }
        try planes.read(at: planes.userOffset(lba), into: &buffer)
    }

    /// Writes user data of a whole number of sectors.
    public func writeUserData(_ data: Span<UInt8>, at lba: Int) throws(SystemError) {
        try planes.file.write(data, at: planes.userOffset(lba))
    }

    /// Where the user data of sectors stand in the file.
    func userRange(at lba: Int, count: Int) -> FileRange {
        FileRange(
            planes.file,
            offset: planes.userOffset(lba),
            count: count * SectorPlanes.userSize
        )
    }

    /// Has the system copy user data out of another file to where nothing was written yet.
    ///
    /// - Returns: How many bytes it copied; what is left is to be written.
    func copyUserData(_ data: FileRange, at lba: Int) throws(SystemError) -> Int {
        try planes.file.copySparsely(data, to: planes.userOffset(lba))
    }

    /// Forgets sectors: they read as zeros and take no room.
    public func discard(_ sectors: Range<Int>) throws(SystemError) {
        let isCD = record.medium.facts.family == .cd
        let first = isCD ? SectorPlanes.firstSector : 0
        let clamped = sectors.clamped(to: first..<max(first, record.capacity + 1))
        guard !clamped.isEmpty else { return }
        try planes.discard(clamped, isCD: isCD)
    }

    /// Forgets every sector.
    public func discardAll() throws(SystemError) {
        try discard(SectorPlanes.firstSector..<record.capacity)
    }

    /// Reads raw sectors of 2352 bytes that were kept raw; the track's data mode says where their
    /// user data lie.
    public func readRaw(at lba: Int, dataMode: Int, into buffer: inout MutableSpan<UInt8>)
        throws(SystemError)
    {
        if let image {
            return try image.read(at: lba, size: SectorPlanes.rawSize, into: &buffer) {
                try image.source.readRaw(at: $0, into: &$1)
            }
        }
        let count = buffer.count / SectorPlanes.rawSize
        let start = SectorPlanes.userStart(dataMode: dataMode)
        var user = [UInt8](repeating: 0, count: count * SectorPlanes.userSize)
        var rest = [UInt8](repeating: 0, count: count * SectorPlanes.restSize)
        var userSpan = user.mutableSpan
        try readUserData(at: lba, into: &userSpan)
        var restSpan = rest.mutableSpan
        try planes.read(at: planes.restOffset(lba), into: &restSpan)
        for sector in 0..<count {
            let raw = sector * SectorPlanes.rawSize
            let fromUser = sector * SectorPlanes.userSize
            let fromRest = sector * SectorPlanes.restSize
            for i in 0..<start { buffer[raw + i] = rest[fromRest + i] }
            for i in 0..<SectorPlanes.userSize { buffer[raw + start + i] = user[fromUser + i] }
            for i in start..<SectorPlanes.restSize {
                buffer[raw + SectorPlanes.userSize + i] = rest[fromRest + i]
            }
        }
    }

    /// Writes raw sectors of 2352 bytes.
    public func writeRaw(_ data: Span<UInt8>, at lba: Int, dataMode: Int) throws(SystemError) {
        let count = data.count / SectorPlanes.rawSize
        let start = SectorPlanes.userStart(dataMode: dataMode)
        var user = [UInt8](repeating: 0, count: count * SectorPlanes.userSize)
        var rest = [UInt8](repeating: 0, count: count * SectorPlanes.restSize)
        for sector in 0..<count {
            let raw = sector * SectorPlanes.rawSize
            let toUser = sector * SectorPlanes.userSize
            let toRest = sector * SectorPlanes.restSize
            for i in 0..<start { rest[toRest + i] = data[raw + i] }
            for i in 0..<SectorPlanes.userSize { user[toUser + i] = data[raw + start + i] }
            for i in start..<SectorPlanes.restSize {
                rest[toRest + i] = data[raw + SectorPlanes.userSize + i]
            }
        }
        try planes.file.write(user.span, at: planes.userOffset(lba))
        try planes.file.write(rest.span, at: planes.restOffset(lba))
    }

    /// Reads the subchannel of sectors, 96 bytes each, of a track that keeps it.
    public func readSubchannel(at lba: Int, into buffer: inout MutableSpan<UInt8>)
        throws(SystemError)
    {
        if let image {
            return try image.read(at: lba, size: SectorPlanes.subchannelSize, into: &buffer) {
                try image.source.readSubchannel(at: $0, into: &$1)
            }
        }
        try planes.read(at: planes.subchannelOffset(lba), into: &buffer)
    }

    /// Writes the subchannel of sectors, 96 bytes each.
    public func writeSubchannel(_ data: Span<UInt8>, at lba: Int) throws(SystemError) {
        try planes.file.write(data, at: planes.subchannelOffset(lba))
    }
}

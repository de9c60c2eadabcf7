import LibFUSE
import LinuxCalls
import SystemPackage

/// The file that keeps the changes of an overlay, in the order in which they were made.
///
/// When it has grown long, a new file takes its place whose changes make the same of the disc at once.
///
/// A change is written before it is made, and never written over. What a killed process was writing is a
/// last line that is not whole, and was never promised to anybody.
///
/// When all up to a place is known to be on the storage, a line says so. Power that fails may take any part
/// of what lies behind that place, and nothing before it: so a line that is not whole is either the end of
/// what is left, or damage.
struct OverlayJournal: Sendable {
    /// Its first line.
    static let heading = Array("spindle-overlay 1\n".utf8)
    /// What is said of one that is torn.
    static let tear =
        "The overlay's journal has a torn end, as after a power failure: changes that were not synced are lost."
    /// Room that is kept on the storage behind its end, so that files can be removed and attributes set
    /// on a disk that is full.
    private static let reserve = 64 << 10
    /// The bytes that are never too many.
    private static let leastLimit = 1 << 20
    /// The bytes that it may have, so that one that is not as it was written is not read for ever.
    private static let mostBytes = 4 << 30

    /// What a file holds.
    struct Contents {
        /// Where the changes end; 0 if there are none, and not even the first line.
        var end = 0
        /// How many changes there are.
        var count = 0
        /// Whether more than half a line lies behind the end, and is lost.
        var isTorn = false
    }

    let file: File
    /// The bytes after which it is tried to say the same in fewer.
    private var limit = Self.leastLimit
    /// The bytes that are promised.
    private(set) var end: Int
    /// How many changes it holds.
    private(set) var count: Int
    /// Whether changes that were not synced were lost when it was opened.
    let isTorn: Bool
    /// How far all is on the storage.
    private(set) var synced: Int
    /// How far a line says that all is on the storage.
    private var marked = 0
    /// Where the last change ends.
    private var changed: Int
    /// How far room is reserved.
    private var reserved: Int
    /// Whether its name is known to be on the storage; after a failure of power the old one could be back.
    private(set) var isNamed = true

    /// Begins one in an empty file, or goes on with one.
    ///
    /// What is behind its end is cut off, and all before it is on the storage then.
    ///
    /// - Parameters:
    ///   - file: The file, claimed by this process.
    ///   - tree: Gets the changes that it holds.
    ///   - paths: Finds the files of the tree.
    /// - Throws: The system's error, or ``OverlayDamage``.
    init(_ file: File, _ tree: inout OverlayTree, _ paths: OverlayPaths) throws {
        let found = try Self.replay(file, into: &tree, paths)
        self.file = file
        try file.setSize(found.end)
        if found.end == 0 { try file.write(Self.heading.span, at: 0) }
        end = max(found.end, Self.heading.count)
        count = found.count
        isTorn = found.isTorn
        changed = count == 0 ? 0 : end
        reserved = end
        try file.synchronize()
        synced = 0
        noteSynced(to: end, paths)
    }

    /// Whether it is so long that something shorter may say the same.
    var isLong: Bool { end > limit }

    /// Puts a journal in its place that says the same in fewer lines, if there is one of half its length.
    ///
    /// The new file is written, synced and read back, and has to make the same tree, before it gets the name:
    /// whatever ends this on its way leaves the old one.
    ///
    /// - Parameters:
    ///   - tree: What the journal has made of the disc.
    ///   - paths: Finds the files of the tree.
    ///   - folder: The overlay.
    ///   - serial: A number that no file of the overlay has.
    ///   - least: How much shorter the new one has to be.
    /// - Returns: Whether it was done.
    mutating func shorten(
        _ tree: OverlayTree,
        _ paths: OverlayPaths,
        in folder: OverlayFolder,
        aside serial: Int,
        toPart least: Int = 2
    ) -> Bool {
        // If it can't be done, it is tried again when there is as much once more.
        limit = max(Self.leastLimit, 2 * end)
        let lines = tree.summary(paths, aside: serial).map { $0.bytes(paths) }
        let bytes = Self.heading + lines.joined()
        guard bytes.count * least <= end,
            lines.allSatisfy({ $0.count <= OverlayJournalLines.longest })
        else { return false }
        do {
            let file = try File(folder.unfinishedJournal, .replace, followsLinks: false)
            guard try file.tryLock() else { return false }
            try file.write(bytes.span, at: 0)
            // What the new one names must be there first.
            try Directory(folder.files).synchronize()
            var made = OverlayTree(tree.base)
            var journal = try OverlayJournal(file, &made, paths)
            guard made.isSame(as: tree) else {
                try FileSystem.remove(folder.unfinishedJournal)
                return false
            }
            try FileSystem.rename(folder.unfinishedJournal, to: folder.journal)
            journal.isNamed = (try? Directory(folder.path).synchronize()) != nil
            journal.limit = max(Self.leastLimit, 4 * journal.end)
            self = journal
            return true
        } catch {
            try? FileSystem.remove(folder.unfinishedJournal)
            return false
        }
    }

    /// Makes the changes that a file holds.
    ///
    /// - Returns: What it holds.
    /// - Throws: The system's error, or ``OverlayDamage``.
    static func replay(
        _ file: File,
        into tree: inout OverlayTree,
        _ paths: OverlayPaths
    ) throws -> Contents {
        var found = Contents()
        let size = try file.status().size
        guard size <= mostBytes else { throw OverlayDamage.size }
        var lines = OverlayJournalLines(file)
        guard try hasHeading(file, size) else { return found }
        _ = try lines.next()
        found.end = heading.count
        var number = 1
        while let line = try lines.next() {
            number += 1
            guard line.isComplete, OverlayLine.isWhole(line.bytes) else {
                // What is synced is whole, so what was synced last tells where the end may lie.
                var isHalf = !line.isComplete && !line.bytes.contains(0)
                var synced = 0
                while let later = try lines.next() {
                    isHalf = false
                    if case .synced(let place) = OverlayLine(later.bytes, paths)?.content {
                        synced = max(synced, place)
                    }
                }
                guard synced <= found.end else { throw OverlayDamage.line(number) }
                found.isTorn = !isHalf
                return found
            }
            guard let known = OverlayLine(line.bytes, paths) else {
                throw OverlayDamage.line(number)
            }
            if case .change(let change) = known.content {
                do throws(SystemError) {
                    try tree.check(change)
                } catch {
                    throw OverlayDamage.line(number)
                }
                if let released = tree.apply(change, at: known.time) { tree.drop(released) }
                found.count += 1
            }
            found.end = lines.place
        }
        return found
    }

    /// Whether a file begins as journals do.
    ///
    /// A process that was killed before it had written the first line has promised nothing.
    private static func hasHeading(_ file: File, _ size: Int) throws -> Bool {
        var bytes = [UInt8](repeating: 0, count: heading.count)
        var span = bytes.mutableSpan
        let count = try file.read(at: 0, into: &span)
        if bytes == heading, count == heading.count { return true }
        let isBegun = heading.starts(with: bytes[..<count]) || bytes.allSatisfy { $0 == 0 }
        guard size <= heading.count, isBegun else { throw OverlayDamage.line(1) }
        return false
    }

    /// Writes a line for a change.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - keepsReserve: Whether room must be left behind it for changes that make room.
    /// - Throws: The system's error; then nothing of it is there.
    mutating func append(_ line: [UInt8], keepsReserve: Bool) throws(SystemError) {
        guard line.count <= OverlayJournalLines.longest else { throw .nameTooLong("write") }
        guard end + line.count + 2 * Self.reserve <= Self.mostBytes else {
            // EFBIG of errno.h.
            throw SystemError(errno: 27, call: "write")
        }
        if keepsReserve, end + line.count + Self.reserve > reserved {
            let wanted = end + line.count + 2 * Self.reserve
            try file.reserve(reserved..<wanted)
            reserved = wanted
        }
        try write(line)
        count += 1
        changed = end
    }

    private mutating func write(_ line: [UInt8]) throws(SystemError) {
        do throws(SystemError) {
            try file.write(line.span, at: end)
        } catch {
            // A part of it would look like what a killed process was writing, with more behind it.
            try file.setSize(end)
            reserved = end
            throw error
        }
        end += line.count
    }

    /// Sees to it that its name is on the storage.
    ///
    /// - Throws: The system's error.
    mutating func synchronizeName(in folder: OverlayFolder) throws(SystemError) {
        guard !isNamed else { return }
        try Directory(folder.path).synchronize()
        isNamed = true
    }

    /// Notes that all up to a place is on the storage, and writes a line that says so.
    ///
    /// Without the line damage before that place may be taken for what the power took; so it is no fault if
    /// there is no room for it.
    mutating func noteSynced(to place: Int, _ paths: OverlayPaths) {
        synced = max(synced, place)
        guard marked < min(changed, synced) else { return }
        if (try? write(OverlayLine(.synced(synced), .now).bytes(paths))) != nil { marked = synced }
    }
}

/// The lines of a journal, from its beginning on.
struct OverlayJournalLines {
    /// The bytes that a line has at most.
    static let longest = 1 << 20
    private static let pieceSize = 1 << 18

    /// What lies up to the end of a line, or up to the file's end; of a line that is too long a part.
    struct Line {
        /// Its bytes, without the end of the line.
        var bytes: ArraySlice<UInt8>
        /// Whether it has an end.
        var isComplete: Bool
    }

    private let file: File
    private var buffer: [UInt8] = []
    /// Where in the buffer the next line begins.
    private var start = 0
    /// Where in the file the next line begins.
    private(set) var place = 0

    init(_ file: File) { self.file = file }

    /// The next line; `nil` at the file's end.
    ///
    /// - Throws: The system's error.
    mutating func next() throws(SystemError) -> Line? {
        // Bytes of the line that have no end of it among them.
        var searched = 0
        while true {
            if let end = buffer[(start + searched)...].firstIndex(of: 0x0A) {
                return take(buffer[start..<end], end: 1)
            }
            searched = buffer.count - start
            if searched > Self.longest { return take(buffer[start...], end: 0) }
            if try fill() == 0 {
                return start < buffer.count ? take(buffer[start...], end: 0) : nil
            }
        }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, end: Int) -> Line {
        place += bytes.count + end
        start = bytes.endIndex + end
        return Line(bytes: bytes, isComplete: end > 0)
    }

    private mutating func fill() throws(SystemError) -> Int {
        buffer.removeFirst(start)
        start = 0
        var piece = [UInt8](repeating: 0, count: Self.pieceSize)
        var span = piece.mutableSpan
        let count = try file.read(at: place + buffer.count, into: &span)
        buffer += piece[..<count]
        return count
    }
}

/// A journal that is not as it was written, or does not belong to the disc.
enum OverlayDamage: Error, CustomStringConvertible {
    /// The line that is wrong, from 1.
    case line(Int)
    /// It is larger than any that is written.
    case size

    var description: String {
        switch self {
        case .line(let number): "line \(number) of its journal is not as it was written"
        case .size: "its journal is larger than any that Spindle writes"
        }
    }
}

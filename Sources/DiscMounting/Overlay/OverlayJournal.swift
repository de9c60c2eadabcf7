import LinuxCalls
import SystemPackage

/// The file that keeps the changes of an overlay, in the order in which they were made.
///
/// A change is written before it is made, and never written over. What a killed process was writing is a
/// last line that is not whole, and was never promised to anybody.
struct OverlayJournal: Sendable {
    /// Its first line.
    static let heading = Array("spindle-overlay 1\n".utf8)
    /// Room that is kept on the storage behind its end, so that files can be removed and attributes set
    /// on a disk that is full.
    private static let reserve = 64 << 10

    let file: File
    /// The bytes that are promised.
    private(set) var end: Int
    /// How far room is reserved.
    private var reserved: Int

    private init(_ file: File, end: Int) {
        self.file = file
        self.end = end
        reserved = end
    }

    /// Begins one in an empty file, or goes on with one.
    ///
    /// - Parameters:
    ///   - file: The file, claimed by this process.
    ///   - tree: Gets the changes that it holds.
    ///   - paths: Finds the files of the tree.
    /// - Throws: The system's error, or ``OverlayDamage``.
    init(_ file: File, _ tree: inout OverlayTree, _ paths: OverlayPaths) throws {
        let end = try Self.replay(file, into: &tree, paths)
        self.init(file, end: end)
        if end == 0 {
            try file.setSize(0)
            try file.write(Self.heading.span, at: 0)
            self.end = Self.heading.count
        } else {
            try file.setSize(end)
        }
        reserved = self.end
    }

    /// Makes the changes that a file holds.
    ///
    /// - Returns: Where they end; 0 if it holds none, and not even its first line.
    /// - Throws: The system's error, or ``OverlayDamage``.
    static func replay(
        _ file: File,
        into tree: inout OverlayTree,
        _ paths: OverlayPaths
    ) throws -> Int {
        let size = try file.status().size
        var bytes = [UInt8](repeating: 0, count: size)
        var span = bytes.mutableSpan
        let text = bytes[..<(try file.read(at: 0, into: &span))]
        guard text.starts(with: heading) else {
            // A process that was killed before it had written the first line has promised nothing.
            guard heading.starts(with: text) || text.allSatisfy({ $0 == 0 }) else {
                throw OverlayDamage(line: 1)
            }
            return 0
        }
        var start = heading.count
        var number = 1
        while start < text.endIndex {
            number += 1
            guard let end = text[start...].firstIndex(of: 0x0A) else { return start }
            let line = text[start..<end]
            guard OverlayLine.isWhole(line) else {
                // It is the end if nothing whole comes behind it.
                let rest = text[(end + 1)...].split(separator: 0x0A)
                guard !rest.contains(where: OverlayLine.isWhole) else {
                    throw OverlayDamage(line: number)
                }
                return start
            }
            guard let known = OverlayLine(line, paths) else { throw OverlayDamage(line: number) }
            do throws(SystemError) {
                try tree.check(known.change)
            } catch {
                throw OverlayDamage(line: number)
            }
            if let released = tree.apply(known.change, at: known.time) { tree.drop(released) }
            start = end + 1
        }
        return start
    }

    /// Writes a line.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - keepsReserve: Whether room must be left behind it for changes that make room.
    /// - Throws: The system's error; then nothing of it is there.
    mutating func append(_ line: [UInt8], keepsReserve: Bool) throws(SystemError) {
        if keepsReserve, end + line.count + Self.reserve > reserved {
            let wanted = end + line.count + 2 * Self.reserve
            try file.reserve(reserved..<wanted)
            reserved = wanted
        }
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
}

/// A journal that is not as it was written, or does not belong to the disc.
struct OverlayDamage: Error {
    /// The line that is wrong, from 1.
    var line: Int
}

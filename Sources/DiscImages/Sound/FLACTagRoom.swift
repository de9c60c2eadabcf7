import LibCodecs
import LinuxCalls

/// Adds tags to a FLAC file in the padding that follows its comments (RFC 9639 §8.4, §8.6): nothing else of
/// the file changes, and nothing moves.
enum FLACTagRoom {
    /// There is no room for the tags, or nothing that they could be added to.
    struct NoRoom: Error, CustomStringConvertible {
        let description = "There is no room for tags in the FLAC file."
    }

    private static let commentType: UInt8 = 4
    private static let paddingType: UInt8 = 1
    /// Blocks that are looked at, and bytes of the comments.
    private static let mostBlocks = 16
    private static let mostBytes = 1 << 20

    /// Adds tags.
    ///
    /// - Parameters:
    ///   - tags: The tags; those that are there stay.
    ///   - file: A file that was written with room for them.
    /// - Throws: ``NoRoom``; the file's errors.
    static func add(_ tags: [FLACTag], to file: File) throws {
        guard !tags.isEmpty else { return }
        var at = 4
        for _ in 0..<mostBlocks {
            let head = try bytes(of: file, at, 4)
            let length = number(head[1...])
            guard head[0] & 0x7F == commentType else {
                guard head[0] & 0x80 == 0 else { break }
                at += 4 + length
                continue
            }
            guard length <= mostBytes else { break }
            let padding = try bytes(of: file, at + 4 + length, 4)
            let body = try grown(try bytes(of: file, at + 4, length), by: tags)
            let rest = number(padding[1...]) - (body.count - length)
            guard head[0] & 0x80 == 0, padding[0] & 0x7F == paddingType, rest >= 0 else { break }
            // Padding is zeros, and those behind its head stay.
            let new = Self.head(head[0], body.count) + body + Self.head(padding[0], rest)
            try file.write(new.span, at: at)
            return
        }
        throw NoRoom()
    }

    /// A block of comments with more of them.
    private static func grown(_ body: [UInt8], by tags: [FLACTag]) throws(NoRoom) -> [UInt8] {
        func little(_ place: Int) throws(NoRoom) -> Int {
            guard place >= 0, place + 4 <= body.count else { throw NoRoom() }
            return (0..<4).reduce(0) { $0 | Int(body[place + $1]) << (8 * $1) }
        }
        func bytes(_ number: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let place = 4 + (try little(0))
        let count = try little(place)
        var grown = body
        grown.replaceSubrange(place..<place + 4, with: bytes(count + tags.count))
        for tag in tags {
            let text = Array("\(tag.name)=\(tag.value)".utf8)
            grown += bytes(text.count) + text
        }
        return grown
    }

    private static func head(_ first: UInt8, _ length: Int) -> [UInt8] {
        [first] + [16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func bytes(of file: File, _ place: Int, _ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        guard try file.read(at: place, into: &span) == count else { throw NoRoom() }
        return bytes
    }
}

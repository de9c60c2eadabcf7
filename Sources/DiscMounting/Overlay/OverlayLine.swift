import LibCrypto
import LibFUSE

/// A line of an overlay's journal: a change and when it was made, or how far all was on the storage then.
///
/// It has a CRC-32 of what follows it, the time and the word of the change, and what that is about, with
/// blanks between them. Files of the disc are named by their paths on it, new ones by `@` and their number
/// among the overlay's files; so a line means the same whatever was changed before. Bytes that are not
/// printable characters of ASCII, and `%`, have the form `%20`.
struct OverlayLine: Hashable, Sendable {
    /// What a line says.
    enum Content: Hashable, Sendable {
        /// A change.
        case change(OverlayChange)
        /// That the journal's bytes up to a place, and what they name, were on the storage.
        case synced(Int)
    }

    /// What it says.
    var content: Content
    /// When it was written.
    var time: LibFUSE.FileAttributes.Moment

    init(_ content: Content, _ time: LibFUSE.FileAttributes.Moment) {
        self.content = content
        self.time = time
    }

    // MARK: Writing

    /// The line with its end.
    func bytes(_ paths: OverlayPaths) -> [UInt8] {
        let fields: [[UInt8]] =
            switch content {
            case .change(let change): Self.fields(change, paths)
            case .synced(let place): [Array("synced".utf8), Array(String(place).utf8)]
            }
        let text = Array(([Self.field(time)] + fields).joined(separator: [0x20]))
        return Self.sum(text[...]) + [0x20] + text + [0x0A]
    }

    private static func fields(_ change: OverlayChange, _ paths: OverlayPaths) -> [[UInt8]] {
        var fields: [[UInt8]] = []
        func add(_ inode: UInt64) { fields.append(paths.field(inode)) }
        func add(_ place: OverlayPlace) {
            fields += [paths.field(place.directory), escaped(place.name)]
        }
        func add(_ word: String) { fields.append(Array(word.utf8)) }
        switch change {
        case .make(let serial, let file, let place):
            switch file.kind {
            case .file: add("file")
            case .directory: add("directory")
            case .link: add("symlink")
            }
            add("@\(serial)")
            add(place)
            add(String(file.permissions, radix: 8))
            add(String(file.owner))
            add(String(file.group))
            if case .link(let target) = file.kind { fields.append(escaped(target)) }
        case .link(let inode, let place):
            add("link")
            add(inode)
            add(place)
        case .remove(let place):
            add("remove")
            add(place)
        case .move(let place, let target):
            add("move")
            add(place)
            add(target)
        case .exchange(let one, let other):
            add("exchange")
            add(one)
            add(other)
        case .set(let inode, let attributes):
            add("set")
            add(inode)
            fields += Self.fields(attributes)
        case .restore(let inode, let attributes, let changed):
            add("restore")
            add(inode)
            fields += Self.fields(attributes) + Self.fields(changed)
        case .store(let inode, let serial):
            add("store")
            add(inode)
            add("@\(serial)")
        }
        return fields
    }

    private static func fields(_ attributes: OverlayAttributes) -> [[UInt8]] {
        let numbers = [
            attributes.permissions.map { String($0, radix: 8) },
            attributes.owner.map(String.init), attributes.group.map(String.init),
        ]
        return numbers.map { Array(($0 ?? "-").utf8) }
            + [attributes.accessed, attributes.modified].map { $0.map(field) ?? [0x2D] }
    }

    private static func field(_ moment: LibFUSE.FileAttributes.Moment) -> [UInt8] {
        Array("\(moment.seconds).\(moment.nanoseconds)".utf8)
    }

    /// Bytes as a field has them.
    static func escaped(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return bytes.flatMap { byte in
            byte > 0x20 && byte < 0x7F && byte != 0x25
                ? [byte] : [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func sum(_ text: ArraySlice<UInt8>) -> [UInt8] {
        // A CRC-32 is always to be had.
        guard var digest = try? Digest(.crc32) else { return [] }
        digest.update(text.span)
        return Array(digest.finish().hexadecimal.utf8)
    }

    // MARK: Reading

    /// Takes a line apart; `nil` if it is none.
    ///
    /// - Parameters:
    ///   - line: The line without its end.
    ///   - paths: Finds the files that it is about.
    init?(_ line: ArraySlice<UInt8>, _ paths: OverlayPaths) {
        guard Self.isWhole(line) else { return nil }
        var fields = OverlayFields(line.dropFirst(9), paths)
        guard let time = fields.moment(), let content = fields.content(), fields.isAtEnd else {
            return nil
        }
        self.init(content, time)
    }

    /// Whether a line is as it was written, its CRC-32 says.
    static func isWhole(_ line: ArraySlice<UInt8>) -> Bool {
        line.count > 9 && line.dropFirst(8).first == 0x20
            && line.prefix(8).elementsEqual(sum(line.dropFirst(9)))
    }
}

/// The fields of a line that are still to be read.
private struct OverlayFields {
    private var rest: [ArraySlice<UInt8>]
    private let paths: OverlayPaths

    init(_ text: ArraySlice<UInt8>, _ paths: OverlayPaths) {
        rest = text.split(separator: 0x20, omittingEmptySubsequences: false).reversed()
        self.paths = paths
    }

    var isAtEnd: Bool { rest.isEmpty }

    private mutating func text() -> String? {
        rest.popLast().map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func number(radix: Int = 10) -> UInt32? {
        text().flatMap { UInt32($0, radix: radix) }
    }

    private mutating func bytes() -> [UInt8]? {
        guard let field = rest.popLast(), !field.isEmpty else { return nil }
        return OverlayPaths.unescaped(field)
    }

    private mutating func serial() -> Int? {
        guard let text = text(), text.first == "@", let serial = Int(text.dropFirst()),
            serial > 0, serial < 1 << 60
        else { return nil }
        return serial
    }

    private mutating func inode() -> UInt64? { rest.popLast().flatMap { paths.inode($0) } }

    private mutating func place() -> OverlayPlace? {
        guard let directory = inode(), let name = bytes() else { return nil }
        return OverlayPlace(directory: directory, name: name)
    }

    mutating func moment() -> LibFUSE.FileAttributes.Moment? {
        guard let parts = text()?.split(separator: ".", omittingEmptySubsequences: false),
            parts.count == 2, let seconds = Int(parts[0]), let nanoseconds = Int(parts[1]),
            (0..<1_000_000_000).contains(nanoseconds)
        else { return nil }
        return LibFUSE.FileAttributes.Moment(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// A field that is a dash if it has no value.
    private mutating func optional<Value>(_ read: (inout OverlayFields) -> Value?) -> Value?? {
        if rest.last?.elementsEqual([0x2D]) == true {
            rest.removeLast()
            return .some(nil)
        }
        return read(&self).map { .some($0) }
    }

    mutating func content() -> OverlayLine.Content? {
        guard rest.last?.elementsEqual("synced".utf8) == true else {
            return change().map { .change($0) }
        }
        rest.removeLast()
        return text().flatMap { Int($0) }.flatMap { $0 >= 0 ? .synced($0) : nil }
    }

    private mutating func change() -> OverlayChange? {
        switch text() {
        case "file": return make { _ in .file }
        case "directory": return make { _ in .directory }
        case "symlink": return make { $0.bytes().map { .link(target: $0) } }
        case "link":
            guard let inode = inode(), let place = place() else { return nil }
            return .link(inode, at: place)
        case "remove":
            return place().map { .remove($0) }
        case "move":
            guard let place = place(), let target = self.place() else { return nil }
            return .move(place, to: target)
        case "exchange":
            guard let one = place(), let other = place() else { return nil }
            return .exchange(one, other)
        case "set":
            guard let inode = inode(), let attributes = attributes() else { return nil }
            return .set(inode, attributes)
        case "restore":
            guard let inode = inode(), let attributes = attributes(),
                let changed = self.attributes()
            else { return nil }
            return .restore(inode, attributes, changed: changed)
        case "store":
            guard let inode = inode(), let serial = serial() else { return nil }
            return .store(inode, serial: serial)
        default: return nil
        }
    }

    private mutating func attributes() -> OverlayAttributes? {
        guard let permissions = optional({ $0.number(radix: 8) }),
            let owner = optional({ $0.number() }), let group = optional({ $0.number() }),
            let accessed = optional({ $0.moment() }), let modified = optional({ $0.moment() })
        else { return nil }
        var attributes = OverlayAttributes()
        (attributes.permissions, attributes.owner, attributes.group) = (permissions, owner, group)
        (attributes.accessed, attributes.modified) = (accessed, modified)
        return attributes
    }

    private mutating func make(
        _ kind: (inout OverlayFields) -> OverlayNewFile.Kind?
    ) -> OverlayChange? {
        guard let serial = serial(), let place = place(), let permissions = number(radix: 8),
            permissions <= 0o7777, let owner = number(), let group = number(),
            let kind = kind(&self)
        else { return nil }
        let file = OverlayNewFile(
            kind: kind,
            permissions: permissions,
            owner: owner,
            group: group
        )
        return .make(serial: serial, file, at: place)
    }
}

/// POSIX's access control lists of a file, in the form of Linux and in that of AAIP, which libisofs records.
///
/// Linux (`include/uapi/linux/posix_acl_xattr.h`): a version, 2, in 32 bits, and entries of a tag, permissions
/// and a number in 16, 16 and 32 bits, little-endian. AAIP 2.0: a byte for each entry with the tag in its high
/// half, and a number behind it if bit 3 says so.
package enum AccessControlList {
    /// The names under which Linux has them: of the file itself, and of what is made in a directory.
    static let names = [accessName, "system.posix_acl_default"]
    /// The name under which Linux has that of the file itself.
    package static let accessName = "system.posix_acl_access"
    /// Entries that one list may have: what fits into an attribute of Linux.
    private static let mostEntries = 8191
    /// The numbers of the tags in AAIP, and of Linux.
    private static let tags: [(aaip: UInt8, linux: UInt16, isNumbered: Bool)] = [
        (1, 0x01, false), (10, 0x02, true), (3, 0x04, false), (12, 0x08, true), (5, 0x10, false),
        (6, 0x20, false),
    ]
    /// The byte between the list of the file and that for what is made in it.
    private static let switchMark: UInt8 = 0x81

    /// The attributes of Linux of what AAIP has recorded.
    ///
    /// - Parameter bytes: The value of the attribute without a name.
    /// - Returns: The lists; `nil` if they are not of the form.
    static func attributes(aaip bytes: [UInt8]) -> [FileAttribute]? {
        var lists: [[(tag: UInt16, permissions: UInt16, number: UInt32)]] = [[]]
        var rest = bytes[...]
        while let flags = rest.popFirst() {
            var number: UInt32 = .max
            if flags & 8 != 0 {
                var qualifier: [UInt8] = []
                var goesOn = true
                while goesOn {
                    guard let length = rest.popFirst(), Int(length & 0x7F) <= rest.count else {
                        return nil
                    }
                    qualifier += rest.prefix(Int(length & 0x7F))
                    rest = rest.dropFirst(Int(length & 0x7F))
                    goesOn = length & 0x80 != 0
                }
                if (1...4).contains(qualifier.count) {
                    number = qualifier.reduce(0) { $0 << 8 | UInt32($1) }
                }
            }
            if flags == switchMark {
                guard lists.count < names.count else { return nil }
                lists.append([])
            }
            guard let tag = tags.first(where: { $0.aaip == flags >> 4 }) else { continue }
            guard !tag.isNumbered || number != .max, lists[lists.count - 1].count < mostEntries
            else { return nil }
            lists[lists.count - 1].append((tag.linux, UInt16(flags & 7), number))
        }
        return zip(names, lists).filter { !$0.1.isEmpty }.map { name, list in
            // Linux wants them in the order of tags and numbers.
            let sorted = list.sorted { ($0.tag, $0.number) < ($1.tag, $1.number) }
            let value = sorted.flatMap { entry in
                little(UInt32(entry.tag) | UInt32(entry.permissions) << 16) + little(entry.number)
            }
            return FileAttribute(name: name, value: little(2) + value)
        }
    }

    /// What AAIP records of the attributes of Linux.
    ///
    /// - Parameter attributes: A file's attributes.
    /// - Returns: The value of the attribute without a name; `nil` if there is no list, or it is not of the form.
    package static func aaip(of attributes: [FileAttribute]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for (index, name) in names.enumerated() {
            guard let value = attributes.first(where: { $0.name == name })?.value else { continue }
            guard value.count >= 4, value.count % 8 == 4, value[0] == 2 else { return nil }
            if index > 0 { bytes.append(switchMark) }
            for place in stride(from: 4, to: value.count, by: 8) {
                let linux = UInt16(value[place]) | UInt16(value[place + 1]) << 8
                guard let tag = tags.first(where: { $0.linux == linux }) else { return nil }
                let flags = tag.aaip << 4 | value[place + 2] & 7
                guard tag.isNumbered else {
                    bytes.append(flags)
                    continue
                }
                let number = value[place + 4..<place + 8].reversed().drop { $0 == 0 }
                let shown = number.isEmpty ? [0] : Array(number)
                bytes += [flags | 8, UInt8(shown.count)] + shown
            }
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// What a file's own list allows the file's group: what its entry says, as far as the mask allows it.
    ///
    /// The bits of the group in the file's mode are the mask alone (acl(5)).
    ///
    /// - Parameter value: The list, in the form of Linux.
    /// - Returns: The three bits; `nil` if it is not of the form.
    package static func groupPermissions(in value: [UInt8]) -> UInt32? {
        guard value.count >= 4, value.count % 8 == 4, value[0] == 2 else { return nil }
        var group: UInt8?
        var mask: UInt8 = 7
        for place in stride(from: 4, to: value.count, by: 8) where value[place + 1] == 0 {
            switch value[place] {
            case 0x04: group = value[place + 2]
            case 0x10: mask = value[place + 2]
            default: break
            }
        }
        return group.map { UInt32($0 & mask & 7) }
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32($0 * 8)) }
    }
}

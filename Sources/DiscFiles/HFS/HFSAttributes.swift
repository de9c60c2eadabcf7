/// The attributes that files of an HFS Plus volume have, by the files' numbers.
///
/// TN1150, “Attributes File”, and `hfs_format.h` of Apple for what is in its records. They are read once for the
/// whole volume: a search for each file would cost more than all of them.
struct HFSAttributes {
    /// The bytes that are kept.
    private static let mostBytes = FileAttribute.mostBytesListed

    private var found: [UInt32: [FileAttribute]] = [:]
    /// What is wrong with them: a sentence each.
    private(set) var problems: [String] = []

    /// Reads them all.
    ///
    /// - Parameters:
    ///   - catalog: The volume's catalogue.
    ///   - reader: The disc.
    init(_ catalog: HFSCatalog, _ reader: any StructureBytes) {
        do {
            try read(catalog, reader)
        } catch let error as BrokenStructure {
            problems.append("The extended attributes can't all be read. \(error.sentence)")
        } catch {
            problems.append("The extended attributes can't all be read: \(error)")
        }
    }

    private mutating func read(_ catalog: HFSCatalog, _ reader: any StructureBytes) throws {
        guard let file = try catalog.attributes() else { return }
        var bytes = 0
        var (found, problems) = (self.found, self.problems)
        defer { (self.found, self.problems) = (found, problems) }
        try file.visit { _, _ in
            0
        } take: { node, key, data, end in
            let span = node.span
            let length = Int(span.big16(key + 12)) * 2
            guard key + 14 + length <= data, data + 16 <= end else {
                throw BrokenStructure("A record of the attributes is too short.")
            }
            let name = FileName.bigEndian(node[key + 14..<key + 14 + length])
            let size: Int
            let value: [UInt8]
            switch span.big32(data) {
            case 0x10:
                size = Int(span.big32(data + 12))
                guard data + 16 + size <= end else {
                    throw BrokenStructure("An attribute lies outside its node.")
                }
                value = Array(node[data + 16..<data + 16 + size])
            case 0x20 where data + 88 <= end:
                let fork = HFSFork(plus: span, at: data + 8)
                size = fork.size
                guard size <= FileAttribute.mostBytes else {
                    problems.append(
                        "The attribute “\(FileName.shown(name))” of \(size) bytes is left out."
                    )
                    return
                }
                value = try catalog.structure.extents(fork.runs, limit: size).flatMap { extent in
                    try reader.structure(at: extent.offset ?? 0, count: extent.length)
                }
            default: return
            }
            bytes += name.utf8.count + value.count
            guard bytes <= Self.mostBytes else {
                throw BrokenStructure("There are more of them than are kept.")
            }
            if value.count < size {
                problems.append("The attribute “\(FileName.shown(name))” is cut.")
            }
            found[span.big32(key + 4), default: []].append(
                FileAttribute(name: "user.\(name)", value: value)
            )
        }
    }

    /// Those of a file or a directory.
    subscript(number: UInt32) -> [FileAttribute] { found[number] ?? [] }
}

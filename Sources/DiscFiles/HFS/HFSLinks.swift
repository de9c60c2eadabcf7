/// What hard links of HFS Plus lead to: files and directories that lie, under numbers, in two directories that
/// nobody sees.
///
/// TN1150, “Hard Links”; those of directories, which Mac OS X 10.5 has added, work in the same way.
struct HFSLinks {
    /// The names of the two directories, and what the names in them begin with.
    private static let places = [
        (directory: "\0\0\0\0HFS+ Private Data", prefix: "iNode"),
        (directory: ".HFS+ Private Directory Data\r", prefix: "dir_"),
    ]
    /// Files that are kept: links to more are told as broken.
    private static let mostFiles = 1 << 18

    /// The bytes of a file's record; a directory's is shorter (TN1150, “HFS Plus Catalog File Record”).
    private static let longestRecord = 248

    /// The names in the root directory that are not shown.
    static let hiddenNames = Set(places.map(\.directory))

    /// The catalogue's records of files, by their numbers as links have them.
    private var files: [UInt32: [UInt8]] = [:]
    /// Those of directories.
    private var directories: [UInt32: [UInt8]] = [:]

    /// Collects what links lead to.
    ///
    /// - Parameters:
    ///   - catalog: The volume's catalogue.
    ///   - root: The number of the root directory.
    /// - Throws: ``BrokenStructure`` if the catalogue can't be read.
    init(_ catalog: HFSCatalog, root: UInt32) throws {
        for place in Self.places {
            var number: UInt32?
            try catalog.file.visit { node, key in
                Int(node.big32(key + 2)) - Int(root)
            } take: { node, key, data, end in
                guard number == nil, data + 12 <= end, node.span.big16(data) == 1,
                    try catalog.name(node, key, data) == place.directory
                else { return }
                number = node.span.big32(data + 8)
            }
            guard let number else { continue }
            try catalog.file.visit { node, key in
                Int(node.big32(key + 2)) - Int(number)
            } take: { node, key, data, end in
                // A record whose name is broken costs the links to it, and no others.
                let name: String
                do { name = try catalog.name(node, key, data) } catch is BrokenStructure { return }
                guard name.hasPrefix(place.prefix),
                    let link = UInt32(name.dropFirst(place.prefix.count)),
                    files.count + directories.count < Self.mostFiles
                else { return }
                let record = Array(node[data..<min(end, data + Self.longestRecord)])
                switch record.span.big16(0) {
                case 1: directories[link] = record
                case 2: files[link] = record
                default: break
                }
            }
        }
    }

    /// Whether a record of a file is a link to another file: “hlnk” and “hfs+”.
    static func isLink(_ record: Span<UInt8>) -> Bool {
        (record.big32(48), record.big32(52)) == (0x686C_6E6B, 0x6866_732B)
    }

    /// Where a record of a file leads; `nil` if it is no link, and nothing if what it leads to is missing.
    ///
    /// - Parameter record: The catalogue's record.
    /// - Returns: The record that stands for it, and whether that is a directory's.
    func target(of record: Span<UInt8>) -> (record: [UInt8]?, isDirectory: Bool)? {
        let number = record.big32(44)
        if Self.isLink(record) { return (files[number], false) }
        switch (record.big32(48), record.big32(52)) {
        // “fdrp” and “MACS”, which an alias of the Finder has, too: that leads by what is in it.
        case (0x6664_7270, 0x4D41_4353):
            guard let directory = directories[number] else { return nil }
            return (directory, true)
        default: return nil
        }
    }
}

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
                let name = try catalog.name(node, key, data)
                guard name.hasPrefix(place.prefix),
                    let link = UInt32(name.dropFirst(place.prefix.count)),
                    files.count + directories.count < Self.mostFiles
                else { return }
                let record = Array(node[data..<end])
                switch record.span.big16(0) {
                case 1: directories[link] = record
                case 2: files[link] = record
                default: break
                }
            }
        }
    }

    /// Where a record of a file leads; `nil` if it is no link, and nothing if what it leads to is missing.
    ///
    /// - Parameter record: The catalogue's record.
    /// - Returns: The record that stands for it, and whether that is a directory's.
    func target(of record: Span<UInt8>) -> (record: [UInt8]?, isDirectory: Bool)? {
        let number = record.big32(44)
        switch (record.big32(48), record.big32(52)) {
        // “hlnk” and “hfs+”.
        case (0x686C_6E6B, 0x6866_732B): return (files[number], false)
        // “fdrp” and “MACS”, which an alias of the Finder has, too: that leads by what is in it.
        case (0x6664_7270, 0x4D41_4353):
            guard let directory = directories[number] else { return nil }
            return (directory, true)
        default: return nil
        }
    }
}

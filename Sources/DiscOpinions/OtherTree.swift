public import SecondOpinion

/// The files of an image as libiso9660 lists them.
///
/// Lines that can't be, such as an entry in a directory that there is not, are refused.
public struct OtherTree: Sendable {
    /// What the volume says of itself.
    public private(set) var volume: OpinionLine.Volume?
    /// The entries, in the order in which they were told.
    public private(set) var entries: [OpinionLine.Entry] = []
    /// The entries of each directory; the first directory is the root.
    private(set) var directories: [[Int]] = [[]]
    /// The number of the directory that an entry is, for those that are one.
    private(set) var numbers: [Int: Int] = [:]
    /// The entry of the directory that begins at a sector, of several the first.
    private(set) var directoriesByStart: [Int: Int] = [:]
    /// The directories that libiso9660 could not list.
    private(set) var unlisted: Set<Int> = []

    /// Creates a tree of which nothing is known.
    public init() {}

    /// Takes a line.
    ///
    /// - Returns: Whether it can be.
    public mutating func take(_ line: OpinionLine) -> Bool {
        switch line.kind {
        case .volume:
            volume = line.volume
            return line.volume != nil && entries.isEmpty
        case .entry:
            return line.entry.map { take($0) } ?? false
        case .unlisted:
            guard let number = line.directory, directories.indices.contains(number) else {
                return false
            }
            unlisted.insert(number)
            return true
        default:
            return false
        }
    }

    private mutating func take(_ entry: OpinionLine.Entry) -> Bool {
        // libiso9660 has 32 bits for both.
        guard directories.indices.contains(entry.directory),
            (0...Int(UInt32.max)).contains(entry.size), (0...Int(Int32.max)).contains(entry.start),
            let name = entry.bytes, !name.isEmpty
        else { return false }
        let index = entries.count
        entries.append(entry)
        directories[entry.directory].append(index)
        if entry.isDirectory {
            numbers[index] = directories.count
            if directoriesByStart[entry.start] == nil { directoriesByStart[entry.start] = index }
            directories.append([])
        }
        return true
    }
}

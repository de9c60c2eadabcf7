/// A map of what was read, as GNU ddrescue keeps it in a file.
///
/// Its manual describes the format under “Mapfile structure”: comments from `#` to the end of a line, a
/// status line (position, what the program is at, the number of the pass), and the list of blocks, in
/// bytes. ddrescue accepts comments everywhere; it writes its own when it saves the map, and drops all
/// others.
public struct SalvageMapFile: Hashable, Sendable {
    /// What the program is at.
    public enum Activity: Character, Sendable, CaseIterable {
        case copying = "?"
        case trimming = "*"
        case scraping = "/"
        case retrying = "-"
        case filling = "F"
        case generating = "G"
        case finished = "+"

        /// Its name in reports.
        public var name: String {
            switch self {
            case .copying: "copying"
            case .trimming: "trimming"
            case .scraping: "scraping"
            case .retrying: "retrying"
            case .filling: "filling"
            case .generating: "generating"
            case .finished: "finished"
            }
        }
    }

    /// The most bytes of a map that is read: some two million blocks.
    public static let mostBytes = 64 << 20

    /// What was read.
    public var map: SalvageMap
    /// The sector that the program is at.
    public var position: Int
    /// What the program is at.
    public var activity: Activity
    /// The number of the pass in that, from 1.
    public var pass: Int
    /// Comments for the beginning of the file, a line each.
    public var comments: [String] = []

    /// Creates a map file.
    public init(
        _ map: SalvageMap,
        position: Int = 0,
        _ activity: Activity = .copying,
        pass: Int = 1
    ) {
        self.map = map
        self.position = position
        self.activity = activity
        self.pass = pass
    }

    // MARK: Writing

    /// Writes the file.
    ///
    /// - Parameter bytesPerSector: 2048, or 2352 if sectors are kept raw.
    /// - Returns: Its whole content.
    public func text(bytesPerSector: Int) -> String {
        func bytes(_ sectors: Int) -> String {
            let digits = String(sectors * bytesPerSector, radix: 16, uppercase: true)
            return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        }
        var text = "# Mapfile of GNU ddrescue's format, written by Spindle\n"
        for comment in comments {
            text += "# " + String(comment.map { $0.isNewline ? " " : $0 }) + "\n"
        }
        text += "# current_pos  current_status  current_pass\n"
        text += "\(bytes(position))     \(activity.rawValue)               \(max(1, pass))\n"
        text += "#      pos        size  status\n"
        for run in map.runs {
            text += bytes(run.sectors.lowerBound) + "  " + bytes(run.sectors.count)
            text += "  \(run.state.rawValue)\n"
        }
        return text
    }

    // MARK: Reading

    /// Reads a map file.
    ///
    /// A sector that blocks of several states share counts as the least tried of them, so that none is
    /// taken for read that was not read to its end. What lies before the first block counts as untried.
    ///
    /// - Parameters:
    ///   - bytes: The file's whole content.
    ///   - bytesPerSector: 2048, or 2352 if sectors are kept raw.
    /// - Throws: ``SalvageMapError`` if a line is not as the manual has it, or its numbers are not those of
    ///   a disc.
    public init(parsing bytes: [UInt8], bytesPerSector: Int) throws(SalvageMapError) {
        guard bytes.count <= Self.mostBytes else {
            throw SalvageMapError(problem: "has more than \(Self.mostBytes) bytes")
        }
        var lines = SalvageMapLines(bytes)
        guard let status = lines.next() else {
            throw SalvageMapError(problem: "has no status line")
        }
        guard let position = status.integer(0), let sign = status.sign(1),
            let activity = Activity(rawValue: sign)
        else { throw SalvageMapError(line: status.number, problem: "is not a status line") }
        // Maps of ddrescue before 1.20 have no pass.
        guard let pass = status.fields.count < 3 ? 1 : status.decimal(2), pass > 0 else {
            throw SalvageMapError(line: status.number, problem: "has no number of a pass")
        }
        var builder = SalvageMapBuilder(bytesPerSector: bytesPerSector)
        while let block = lines.next() {
            guard let start = block.integer(0), let size = block.integer(1),
                let sign = block.sign(2), let state = SalvageMap.State(rawValue: sign)
            else {
                throw SalvageMapError(line: block.number, problem: "is not a block of the list")
            }
            try builder.add(start, size, state, line: block.number)
        }
        self.init(
            builder.finish(),
            position: position / bytesPerSector,
            activity,
            pass: pass
        )
    }
}

/// Makes a map of sectors out of blocks of bytes.
private struct SalvageMapBuilder {
    /// Bytes beyond which no disc reaches: the sectors that an address of 32 bits names.
    private static let mostSectors = 1 << 32

    let bytesPerSector: Int
    private var map = SalvageMap(sectors: 0)
    /// Where the last block ended, in bytes; `nil` before the first.
    private var end: Int?
    /// The state of the sector that is not complete yet.
    private var pending: SalvageMap.State?

    init(bytesPerSector: Int) {
        self.bytesPerSector = bytesPerSector
    }

    mutating func add(_ start: Int, _ size: Int, _ state: SalvageMap.State, line: Int)
        throws(SalvageMapError)
    {
        guard start <= Self.mostSectors * bytesPerSector,
            size <= Self.mostSectors * bytesPerSector - start
        else { throw SalvageMapError(line: line, problem: "reaches farther than any disc") }
        if let end {
            guard start == end else {
                throw SalvageMapError(line: line, problem: "does not follow the block before it")
            }
            guard size > 0 else { throw SalvageMapError(line: line, problem: "is an empty block") }
        } else if start > 0 {
            put(0..<start, .untried)
        }
        put(start..<start + size, state)
        end = start + size
    }

    private mutating func put(_ bytes: Range<Int>, _ state: SalvageMap.State) {
        var start = bytes.lowerBound
        if let pending, !bytes.isEmpty {
            let lesser = min(pending, state)
            let sectorEnd = (start / bytesPerSector + 1) * bytesPerSector
            guard bytes.upperBound >= sectorEnd else {
                self.pending = lesser
                return
            }
            self.pending = nil
            append(1, lesser)
            start = sectorEnd
        }
        append((bytes.upperBound - start) / bytesPerSector, state)
        if bytes.upperBound % bytesPerSector != 0, start < bytes.upperBound { pending = state }
    }

    private mutating func append(_ sectors: Int, _ state: SalvageMap.State) {
        guard sectors > 0 else { return }
        let start = map.sectorCount
        map.append(SalvageMap.Run(sectors: start..<start + sectors, state: state))
    }

    /// The map; of a sector that is not there to its end nobody has anything.
    consuming func finish() -> SalvageMap {
        if pending != nil { append(1, .untried) }
        return map
    }
}

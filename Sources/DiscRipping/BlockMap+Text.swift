extension BlockMap {
    /// What the reader is at, for a map's status line.
    public enum Activity: Character, Sendable {
        case copying = "?"
        case retrying = "-"
        case finished = "+"
    }

    /// The map as ddrescue reads and writes it, in bytes of 2048 to a sector.
    ///
    /// - Parameters:
    ///   - position: The sector that was read last.
    ///   - activity: What the reader was at.
    /// - Returns: The map file's whole content.
    public func text(position: Int, activity: Activity) -> String {
        var lines = [
            "# Map of the areas that were read, in the format of ddrescue's map files",
            "# current_pos  current_status  current_pass",
            "\(Self.hexadecimal(position))     \(activity.rawValue)               1",
            "#      pos        size  status",
        ]
        for block in blocks {
            let start = Self.hexadecimal(block.sectors.lowerBound)
            let size = Self.hexadecimal(block.sectors.count)
            lines.append("\(start)  \(size)  \(block.state.rawValue)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func hexadecimal(_ sectors: Int) -> String {
        let digits = String(sectors * 2048, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}

/// A map of a disc in a line of a terminal: each cell stands for as many sectors as the others.
public enum DiscMapLine {
    /// How full of sectors that could not be read a cell is shown.
    private static let shades: [Character] = ["█", "▓", "▒", "░", "·"]

    /// Draws the line.
    ///
    /// - Parameters:
    ///   - sectors: All sectors.
    ///   - missing: Those that could not be read, in rising order.
    ///   - columns: The cells.
    /// - Returns: The cells: full where all was read, a dot where nothing was; empty if there are no
    ///   sectors.
    public static func draw(_ sectors: Int, missing: [Range<Int>], columns: Int) -> String {
        guard sectors > 0, columns > 0 else { return "" }
        let cells = min(columns, sectors)
        var line = ""
        var rest = missing[...]
        for cell in 0..<cells {
            let own = bound(cell, of: cells, sectors)..<bound(cell + 1, of: cells, sectors)
            while let first = rest.first, first.upperBound <= own.lowerBound { rest.removeFirst() }
            var bad = 0
            for run in rest {
                if run.lowerBound >= own.upperBound { break }
                bad += run.clamped(to: own).count
            }
            line.append(shade(bad, of: own.count))
        }
        return line
    }

    private static func bound(_ cell: Int, of cells: Int, _ sectors: Int) -> Int {
        let (whole, rest) = sectors.quotientAndRemainder(dividingBy: cells)
        return cell * whole + min(cell, rest)
    }

    /// One missing sector shows, and so does one that was read.
    private static func shade(_ bad: Int, of count: Int) -> Character {
        if bad == 0 { return shades[0] }
        if bad >= count { return shades[4] }
        return shades[1 + min(2, bad * 3 / max(1, count))]
    }
}

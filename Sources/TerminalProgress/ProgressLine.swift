public import Reports

/// A job's progress as one line for a terminal.
public enum ProgressLine {
    /// The line, never wider than the terminal.
    ///
    /// - Parameters:
    ///   - progress: The counts.
    ///   - columns: The terminal's width.
    /// - Returns: The text, without a line's end or a terminal's codes.
    public static func draw(_ progress: JobProgress, columns: Int) -> String {
        var parts = [label(progress.phase)]
        if let fraction = progress.fraction {
            parts.append(bar(fraction, width: 24) + " " + percent(fraction))
        } else if progress.bytes > 0 {
            parts.append(Quantity.bytes(progress.bytes))
        }
        if let rate = progress.bytesPerSecond {
            parts.append(
                Quantity.rate(rate) + (progress.speed.map { " (\(Quantity.times($0)))" } ?? "")
            )
        }
        parts += damage(progress)
        if let left = progress.secondsLeft, progress.fraction ?? 0 < 1 {
            parts.append("\(Quantity.time(left)) left")
        }
        if let buffer = progress.driveBuffer { parts.append("buffer \(percent(buffer))") }
        if let fifo = progress.fifo, progress.phase == .write {
            parts.append("fifo \(percent(fifo))")
        }
        return fit(parts, columns)
    }

    /// The same without a bar, for output that is no terminal.
    public static func plain(_ progress: JobProgress) -> String {
        var parts = [label(progress.phase)]
        if let fraction = progress.fraction { parts.append(percent(fraction)) }
        if progress.share == nil { parts.append(Quantity.bytes(progress.bytes)) }
        if let rate = progress.bytesPerSecond { parts.append(Quantity.rate(rate)) }
        return (parts + damage(progress)).joined(separator: "  ")
    }

    /// Seconds without a sector of which nothing is said.
    private static let patience = 2.0

    /// What is known of damage: what is done about it, how much there is, how long nothing was read.
    private static func damage(_ progress: JobProgress) -> [String] {
        guard let bad = progress.badSectors else { return [] }
        var parts: [String] = []
        if let activity = progress.activity, activity != "copying" || progress.pass ?? 1 > 1 {
            parts.append(
                progress.pass.map { $0 > 1 ? "\(activity) (\($0))" : activity } ?? activity
            )
        }
        if let areas = progress.badAreas, bad > 0 {
            parts.append("\(bad) bad in \(areas) area\(areas == 1 ? "" : "s")")
        }
        if let position = progress.position { parts.append("at \(position)") }
        if let seconds = progress.secondsSinceRead, seconds >= patience {
            parts.append("nothing read for \(Quantity.time(seconds))")
        }
        return parts
    }

    private static func fit(_ parts: [String], _ columns: Int) -> String {
        var line = ""
        for part in parts {
            let longer = line.isEmpty ? part : line + "  " + part
            guard longer.count < columns else { break }
            line = longer
        }
        return line
    }

    private static func bar(_ fraction: Double, width: Int) -> String {
        let full = max(0, min(width, Int((fraction * Double(width)).rounded(.down))))
        return "[" + String(repeating: "#", count: full)
            + String(repeating: "-", count: width - full) + "]"
    }

    private static func percent(_ fraction: Double) -> String {
        let number = String(Int((max(0, min(1, fraction)) * 100).rounded(.down)))
        return String(repeating: " ", count: max(0, 3 - number.count)) + number + "%"
    }

    private static func label(_ phase: JobProgress.Phase) -> String {
        switch phase {
        case .format: "formatting"
        case .blank: "blanking  "
        case .write: "writing   "
        case .close: "closing   "
        case .read: "reading   "
        case .verify: "verifying "
        case .hash: "hashing   "
        }
    }
}

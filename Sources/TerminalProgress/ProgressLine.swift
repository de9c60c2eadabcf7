public import Reports

/// A job's progress as one line for a terminal.
public enum ProgressLine {
    /// A part of the line, and how soon it goes where there is no room for all: the highest number first.
    private struct Part {
        let text: String
        let rank: Int
    }

    /// The width from which there is room for the long bar.
    private static let wide = 120

    /// The line, never wider than the terminal.
    ///
    /// - Parameters:
    ///   - progress: The counts.
    ///   - columns: The terminal's width.
    /// - Returns: The text, without a line's end or a terminal's codes.
    public static func draw(_ progress: JobProgress, columns: Int) -> String {
        var parts = [Part(text: heading(progress), rank: 0)]
        func add(_ text: String?, _ rank: Int) {
            if let text { parts.append(Part(text: text, rank: rank)) }
        }
        if let fraction = progress.fraction {
            let width = columns >= wide ? 24 : 10
            add(bar(fraction, width: width) + " " + percent(fraction), 1)
        }
        add(done(progress), 2)
        add(
            progress.bytesPerSecond.map { rate in
                Quantity.rate(rate) + (progress.speed.map { " (\(Quantity.times($0)))" } ?? "")
            },
            4
        )
        for text in damage(progress) { add(text, 5) }
        if progress.fraction ?? 0 < 1 {
            add(progress.secondsLeft.map { "\(Quantity.time($0)) left" }, 3)
            add(whole(progress), 6)
        }
        add(progress.elapsed.map { "\(Quantity.time($0)) gone" }, 7)
        add(progress.driveBuffer.map { "buffer \(percent($0))" }, 8)
        if progress.phase == .write { add(progress.fifo.map { "fifo \(percent($0))" }, 9) }
        return fit(parts, columns)
    }

    /// The same without a bar, for output that is no terminal.
    public static func plain(_ progress: JobProgress) -> String {
        var parts = [heading(progress)]
        if let fraction = progress.fraction { parts.append(percent(fraction)) }
        if progress.share == nil { parts.append(done(progress) ?? Quantity.bytes(progress.bytes)) }
        if let rate = progress.bytesPerSecond { parts.append(Quantity.rate(rate)) }
        parts += damage(progress)
        if progress.fraction ?? 0 < 1 {
            if let left = progress.secondsLeft { parts.append("\(Quantity.time(left)) left") }
            if let whole = whole(progress) { parts.append(whole) }
        }
        if let elapsed = progress.elapsed { parts.append("\(Quantity.time(elapsed)) gone") }
        return parts.joined(separator: "  ")
    }

    /// The line while nobody knows yet what there is to do, such as while a drive finds out what is in it.
    ///
    /// - Parameters:
    ///   - seconds: The time that has gone.
    ///   - columns: The terminal's width.
    /// - Returns: The text, without a line's end or a terminal's codes.
    public static func looking(for seconds: Double, columns: Int = 80) -> String {
        fit(
            [
                Part(text: "looking   ", rank: 0),
                Part(text: "\(Quantity.time(seconds)) gone", rank: 1),
            ],
            columns
        )
    }

    /// Seconds without a sector of which nothing is said.
    private static let patience = 2.0

    /// The step's number, if there are several, and what is done.
    private static func heading(_ progress: JobProgress) -> String {
        guard let step = progress.step, let steps = progress.steps, steps > 1 else {
            return label(progress.phase)
        }
        return "\(step)/\(steps) \(label(progress.phase))"
    }

    /// The bytes that are done, of how many: “22.4 of 60.4 MB”; `nil` of a phase that does not go by bytes.
    private static func done(_ progress: JobProgress) -> String? {
        guard progress.share == nil else { return nil }
        let done = Quantity.bytes(progress.bytes)
        guard let total = progress.totalBytes, total > 0 else {
            return progress.bytes > 0 ? done : nil
        }
        let all = Quantity.bytes(total)
        let (words, units) = (done.split(separator: " "), all.split(separator: " "))
        let isSameUnit = words.count == 2 && words.last == units.last
        return "\(isSameUnit ? String(words[0]) : done) of \(all)"
    }

    /// What is left of a job of which this is not the last step.
    private static func whole(_ progress: JobProgress) -> String? {
        guard let left = progress.jobSecondsLeft, progress.step != progress.steps else {
            return nil
        }
        return "about \(Quantity.time(left)) in all"
    }

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

    /// The parts for which there is room, those that matter least left out.
    private static func fit(_ parts: [Part], _ columns: Int) -> String {
        var parts = parts
        while !parts.isEmpty {
            let line = parts.map(\.text).joined(separator: "  ")
            if line.count < columns { return line }
            let least = parts.map(\.rank).max() ?? 0
            guard let index = parts.lastIndex(where: { $0.rank == least }) else { break }
            parts.remove(at: index)
        }
        return ""
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

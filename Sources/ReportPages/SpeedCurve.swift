import DiscModel
import Reports

/// The speed of a job over what was done, as a picture.
struct SpeedCurve {
    private static let width = 460.0
    private static let height = 260.0
    private static let left = 52.0
    private static let bottom = 34.0
    private static let top = 12.0

    private let samples: [JobRecord.Sample]
    private let total: Int
    private let single: Double

    init(_ record: JobRecord, _ medium: MediumKind) {
        samples = record.samples
        total = max(record.plan?.bytes ?? 0, record.samples.map(\.bytes).max() ?? 0)
        single = medium.facts.bytesPerSecondAtSingleSpeed
    }

    /// The picture; empty if too little was measured to show anything.
    var svg: String {
        guard samples.count >= 3, total > 0, let fastest = samples.map(\.rate).max(), fastest > 0
        else { return "" }
        let most = Self.roundedUp(fastest / single)
        let points = samples.map { sample in
            "\(DiscFace.number(x(sample.bytes))),\(DiscFace.number(y(sample.rate / single, most)))"
        }
        let steps = (0...4).map { Double($0) / 4 }
        let lines = steps.map { step in
            let y = DiscFace.number(self.y(step * most, most))
            return """
                <line class="grid" x1="\(DiscFace.number(Self.left))" y1="\(y)" x2="\(DiscFace.number(Self.width))" y2="\(y)"/>
                <text class="axis" x="\(DiscFace.number(Self.left - 6))" y="\(y)" text-anchor="end" dominant-baseline="middle">\(DiscFace.number(step * most))×</text>
                """
        }
        let marks = steps.map { step in
            let bytes = Int(step * Double(total))
            return
                "<text class=\"axis\" x=\"\(DiscFace.number(x(bytes)))\" y=\"\(DiscFace.number(Self.height - 12))\" text-anchor=\"\(step == 0 ? "start" : step == 1 ? "end" : "middle")\">\(Self.megabytes(bytes))</text>"
        }
        return """
            <figure>
            <svg viewBox="0 0 \(DiscFace.number(Self.width)) \(DiscFace.number(Self.height))" role="img" aria-label="Speed">
            \(lines.joined(separator: "\n"))
            \(marks.joined(separator: "\n"))
            <polyline class="curve" fill="none" points="\(points.joined(separator: " "))"/>
            </svg>
            <figcaption>Speed over what was read, as a multiple of 1× (\(DiscFace.number(single / 1e6)) MB/s).</figcaption>
            </figure>
            """
    }

    private func x(_ bytes: Int) -> Double {
        Self.left + Double(bytes) / Double(total) * (Self.width - Self.left - 4)
    }

    private func y(_ speed: Double, _ most: Double) -> Double {
        let room = Self.height - Self.bottom - Self.top
        return Self.top + room * (1 - min(1, speed / most))
    }

    /// The next number that is 1, 2, 4 or 8 times a power of ten.
    private static func roundedUp(_ value: Double) -> Double {
        var power = 0.01
        while power < 1e9 {
            for step in [1.0, 2, 4, 8] where step * power >= value { return step * power }
            power *= 10
        }
        return value
    }

    private static func megabytes(_ bytes: Int) -> String {
        bytes < 10_000_000_000
            ? "\(bytes / 1_000_000) MB" : "\(DiscFace.number(Double(bytes) / 1e9)) GB"
    }
}

import Foundation
import TestSupport
import Testing

/// Verbs on discs and drives that fail: what is said is held against what the disc's file holds.
@Suite struct BurnTableTests {
    /// The rows: SPINDLE_BURNS=FIRST-LAST chooses others.
    private static let rows: [Int] = {
        let wish = ProcessInfo.processInfo.environment["SPINDLE_BURNS"] ?? ""
        let ends = wish.split(separator: "-").compactMap { Int($0) }
        if let first = ends.first, let last = ends.last, first <= last {
            return Array(first...last)
        }
        // Neighbours have the same verb on neighbouring media; these are spread over all of them.
        return Soak.isOn ? Array(0..<1200) : (0..<40).map { $0 * 29 }
    }()

    @Test(arguments: rows)
    func `What is said of a disc is what it holds`(row: Int) async throws {
        let run = BurnRun(row)
        try await Scratch.use { scratch in
            let image = Noise.bytes(run.sectors * 2048, seed: UInt64(row) + 1)
            try scratch.write(image, to: "image.img")
            try await scratch.make(run.medium)
            try await prepare(run, scratch)
            // A copy is made on a disc of the same kind.
            let disc = run.verb == .copy ? "copy" : "disc"
            if run.verb == .copy { try await scratch.make(run.medium, "copy") }
            let before = try DiscTruth(scratch.path(disc))
            let discs = ["--disc", "disc"] + (run.verb == .copy ? ["--disc", "copy"] : [])
            let faults = run.fault.map { ["--fault", $0.text] } ?? []
            let outcome = try await scratch.run(
                [Products.spindle, "virtual", "run"] + discs + faults
                    + ["--", "sh", "-c", run.script],
                within: 150
            )
            let events = outcome.lines.compactMap { try? Event($0) }
            let start = events.last?.start ?? 0
            let fresh = try await scratch.withDrive(
                disc,
                run: """
                    timeout 20 "$SPINDLE" info --json >info.json
                    dd if=$SPINDLE_DRIVE bs=2048 skip=\(start) count=\(run.sectors) of=back 2>dd.log
                    true
                    """
            )
            #expect(fresh.status == 0, "\(fresh)")
            let isRead = run.verb == .burn || run.verb == .copy
            let judge = BurnJudge(
                run: run,
                before: before,
                after: try DiscTruth(scratch.path(disc)),
                code: outcome.status,
                events: events,
                image: image,
                sum: try await scratch.sha256("image.img"),
                readBack: isRead && scratch.has("back") ? try scratch.bytes("back") : nil,
                output: scratch.has("rip.iso") ? try scratch.bytes("rip.iso") : nil,
                freshState: try? JSONDecoder.snake.decode(
                    InfoDocument.self,
                    from: scratch.bytes("info.json")
                ).state
            )
            let complaints = judge.complaints
            #expect(complaints.isEmpty, "\(run.testDescription): \(complaints)\n\(outcome)")
        }
    }

    /// What is on the disc before.
    private func prepare(_ run: BurnRun, _ scratch: Scratch) async throws {
        guard run.preparation != .none else { return }
        let isImage = [.rip, .verify, .copy].contains(run.verb)
        if !isImage {
            try scratch.write(Noise.bytes(700 * 2048, seed: UInt64(run.number) + 7), to: "old.img")
        }
        try await scratch.burn(
            isImage ? "image.img" : "old.img",
            run.preparation == .open ? "--keep-open" : "",
            "--no-verify",
            status: "done"
        )
    }
}

extension BurnRun {
    /// The shell's words that do it.
    fileprivate var script: String {
        let spindle = "exec timeout 120 \"$SPINDLE\""
        return switch verb {
        case .burn: "\(spindle) burn image.img --json \(options)"
        case .blank, .format, .close: "\(spindle) \(verb) --json \(options)"
        case .rip: "\(spindle) rip rip.iso --json"
        case .verify: "\(spindle) verify $SPINDLE_DRIVE image.img --json"
        case .copy: "\(spindle) copy --from $SPINDLE_DRIVE_1 --to $SPINDLE_DRIVE_2 --json"
        }
    }
}

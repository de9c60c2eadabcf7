import DiscModel
import ReportPages
import Reports
import Testing

/// The page about a job, and the map in a line.
@Suite struct ReportPageTests {
    private func record(_ change: (inout JobResult) -> Void = { _ in }) -> JobRecord {
        var record = JobRecord()
        var plan = JobPlan(verb: "rip", source: "/dev/sr0", target: "<b>&\"'\u{1B}[31m.iso")
        plan.medium = MediumKind.dvdPlusR.rawValue
        plan.sectors = 100_000
        plan.bytes = 100_000 * 2048
        record.note(.plan(plan))
        for step in 1...100 {
            record.note(
                .progress(
                    JobProgress(
                        phase: .read,
                        bytes: step * 2_048_000,
                        bytesPerSecond: Double(step) * 100_000
                    )
                )
            )
        }
        var result = JobResult(.incomplete, verb: "rip", bytes: 100_000 * 2048)
        result.sentences = ["10 sectors are missing."]
        change(&result)
        record.note(.result(result))
        return record
    }

    private func page(_ record: JobRecord) -> String {
        ReportPage(record, program: "Spindle", time: "2026-01-01T00:00:00Z").html
    }

    @Test func `nothing from outside is a tag or a control character`() {
        let html = page(record())
        #expect(!html.contains("<b>") && !html.contains("\u{1B}"))
        #expect(html.contains("&lt;b&gt;&amp;&quot;&#39;"))
    }

    @Test func `the page needs nothing from elsewhere`() {
        let html = page(record())
        for word in ["http:", "https:", "src=", "url(", "@import", "<script"] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test func `missing and doubtful sectors are drawn and listed`() {
        let html = page(
            record {
                $0.unreadableRuns = [SectorRun(500..<510), SectorRun(90_000..<90_001)]
                $0.doubtfulRuns = [SectorRun(7..<8)]
            }
        )
        #expect(html.contains("missing: 500 to 509") && html.contains("missing: 90000"))
        #expect(html.contains("doubtful: 7"))
        #expect(html.contains("<td>500</td><td>509</td><td>10</td>"))
        #expect(html.contains("class=\"curve\""))
    }

    @Test func `a million runs make no page of a million arcs`() {
        let html = page(
            record {
                $0.unreadableRuns = (0..<50_000).map { SectorRun($0 * 2..<$0 * 2 + 1) }
            }
        )
        #expect(html.utf8.count < 2_000_000)
        #expect(html.contains("49500 more runs with 49500 sectors."))
    }

    @Test func `a record of a long job keeps a bounded number of samples, in order`() {
        var record = JobRecord()
        for step in 0..<100_000 {
            record.note(
                .progress(JobProgress(phase: .read, bytes: step, bytesPerSecond: 1))
            )
        }
        #expect(record.samples.count <= 2048 && record.samples.count > 500)
        #expect(record.samples.map(\.bytes) == record.samples.map(\.bytes).sorted())
        #expect(page(record).contains("The job did not end."))
    }

    @Test(arguments: MediumKind.allCases)
    func `sectors lie between the first turn and the edge`(_ medium: MediumKind) {
        for sectors in [1, 1000, 400_000, 4_000_000, 25_000_000] {
            let face = DiscFace(medium, sectors: sectors)
            for sector in [0, sectors / 3, sectors - 1, sectors] {
                let place = face.place(of: sector)
                #expect(place.radius >= face.innerRadius - 1e-9 && place.radius <= 58 + 1e-9)
                #expect(place.turns >= 0)
            }
        }
    }

    @Test func `one bad sector shows in the line, and so does one good one`() {
        #expect(DiscMapLine.draw(100, missing: [], columns: 5) == "█████")
        #expect(DiscMapLine.draw(100, missing: [0..<100], columns: 5) == "·····")
        #expect(DiscMapLine.draw(100_000, missing: [50_000..<50_001], columns: 4) == "██▓█")
        #expect(DiscMapLine.draw(100, missing: [0..<19, 21..<40], columns: 5) == "░░███")
        #expect(DiscMapLine.draw(3, missing: [1..<2], columns: 64) == "█·█")
        #expect(DiscMapLine.draw(0, missing: [], columns: 64) == "")
    }
}

import Reports
import TerminalProgress
import Testing

@Suite struct ProgressLineTests {
    private static let phases: [JobProgress.Phase] = [
        .format, .blank, .write, .close, .read, .verify, .hash,
    ]

    /// Counts of all sizes, ordinary and absurd.
    private var samples: [JobProgress] {
        let numbers: [Double?] = [nil, 0, 0.04, 1.5, 1e6, 1e30, -1, .nan, .infinity]
        var samples: [JobProgress] = []
        for phase in Self.phases {
            for (index, number) in numbers.enumerated() {
                for (bytes, total) in [
                    (0, nil), (0, 0), (1, 3), (4_700_000_000, 4_700_000_000), (Int.max, 1),
                    (-5, 10), (Int.max, nil),
                ] as [(Int, Int?)] {
                    samples.append(
                        JobProgress(
                            phase: phase,
                            bytes: bytes,
                            totalBytes: total,
                            bytesPerSecond: number,
                            speed: numbers[(index + 3) % numbers.count],
                            secondsLeft: number,
                            driveBuffer: numbers[(index + 5) % numbers.count],
                            fifo: number
                        )
                    )
                }
            }
        }
        return samples
    }

    @Test func `a line is never wider than the terminal`() {
        for progress in samples {
            for columns in [-1, 0, 1, 2, 9, 10, 11, 12, 40, 41, 79, 80, 81, 132, 1000] {
                let line = ProgressLine.draw(progress, columns: columns)
                #expect(line.count <= max(0, columns))
                #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
            }
            #expect(!ProgressLine.plain(progress).contains { $0.isNewline })
        }
    }

    @Test func `a line of a burn`() {
        let progress = JobProgress(
            phase: .write,
            bytes: 50,
            totalBytes: 200,
            bytesPerSecond: 11_080_000,
            speed: 8,
            secondsLeft: 61,
            driveBuffer: 0.999,
            fifo: 1
        )
        #expect(
            ProgressLine.draw(progress, columns: 120)
                == "writing     [######------------------]  25%  50 of 200 B  11.1 MB/s (8.0×)  "
                + "1:01 left  buffer  99%  fifo 100%"
        )
        #expect(
            ProgressLine.draw(progress, columns: 45)
                == "writing     [##--------]  25%  50 of 200 B"
        )
        #expect(
            ProgressLine.plain(progress) == "writing      25%  50 of 200 B  11.1 MB/s  1:01 left"
        )
    }

    @Test func `a job of several steps says which it is at, and what is left of all`() {
        var progress = JobProgress(
            phase: .write,
            bytes: 22_400_000,
            totalBytes: 60_400_000,
            bytesPerSecond: 1_400_000,
            speed: 9.2,
            secondsLeft: 27
        )
        progress.elapsed = 16
        progress.step = 1
        progress.steps = 2
        progress.jobSecondsLeft = 70
        #expect(
            ProgressLine.draw(progress, columns: 60)
                == "1/2 writing     [###-------]  37%  22.4 of 60.4 MB"
        )
        #expect(
            ProgressLine.draw(progress, columns: 80)
                == "1/2 writing     [###-------]  37%  22.4 of 60.4 MB  1.4 MB/s (9.2×)  0:27 left"
        )
        #expect(
            ProgressLine.draw(progress, columns: 119)
                == "1/2 writing     [###-------]  37%  22.4 of 60.4 MB  1.4 MB/s (9.2×)  0:27 left  "
                + "about 1:10 in all  0:16 gone"
        )
        #expect(
            ProgressLine.plain(progress)
                == "1/2 writing      37%  22.4 of 60.4 MB  1.4 MB/s  0:27 left  about 1:10 in all  0:16 gone"
        )
        progress.step = 2
        #expect(!ProgressLine.plain(progress).contains("in all"))
    }

    @Test func `lines are broken between words, below where they begin`() {
        let line =
            "  mode      session at once: the disc then ends with the data, and nothing follows"
        #expect(
            WrappedText.lines(line, columns: 50) == [
                "  mode      session at once: the disc then ends",
                "            with the data, and nothing follows",
            ]
        )
        #expect(WrappedText.lines(line, columns: 200) == [line])
        #expect(WrappedText.lines(line, columns: 20) == [line])
        let path = String(repeating: "x", count: 60)
        #expect(
            WrappedText.lines("Verified: \(path) is right.", columns: 40) == [
                "Verified:", path, "is right.",
            ]
        )
        for columns in 40...100 {
            let pieces = WrappedText.lines(line, columns: columns)
            #expect(pieces.allSatisfy { $0.count <= columns })
            let words = pieces.joined(separator: " ").split(separator: " ")
            #expect(words == line.split(separator: " "))
        }
    }

    @Test func `a phase whose whole is unknown has no bar`() {
        let progress = JobProgress(phase: .read, bytes: 1_500_000, secondsLeft: 3)
        #expect(ProgressLine.draw(progress, columns: 80) == "reading     1.5 MB  0:03 left")
        #expect(
            ProgressLine.draw(JobProgress(phase: .close, bytes: 0), columns: 80) == "closing   "
        )
    }

    @Test func `a phase that does not go by bytes has its share`() {
        let progress = JobProgress(phase: .blank, bytes: 0, share: 0.5)
        #expect(
            ProgressLine.draw(progress, columns: 80)
                == "blanking    [#####-----]  50%"
        )
        #expect(ProgressLine.plain(progress) == "blanking     50%")
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"), (1050, "1.1 kB"),
        (999_949, "999.9 kB"), (999_950, "1.0 MB"), (999_999_999, "1.0 GB"),
        (4_700_372_992, "4.7 GB"), (25_025_314_816, "25.0 GB"), (Int.max, "9223372.0 TB"),
    ])
    func `bytes as discs are labelled`(_ count: Int, _ text: String) {
        #expect(Quantity.bytes(count) == text)
    }

    @Test(arguments: [
        (0.0, "0:00"), (0.2, "0:01"), (59.0, "0:59"), (60.0, "1:00"), (3599.5, "1:00:00"),
        (3661.0, "1:01:01"), (1e300, "99:59:59"), (-5.0, "0:00"), (.nan, "0:00"),
    ])
    func `times`(_ seconds: Double, _ text: String) {
        #expect(Quantity.time(seconds) == text)
    }

    @Test func `rates`() {
        #expect(Quantity.rate(153_600) == "0.2 MB/s")
        #expect(Quantity.rate(.nan) == "0.0 MB/s")
        #expect(Quantity.times(2.4) == "2.4×")
        #expect(Quantity.times(15.96) == "16.0×")
    }
}

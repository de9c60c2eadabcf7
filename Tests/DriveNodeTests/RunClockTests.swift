import Testing

/// Runs whose drives' time is counted: what programs take for the time.
@Suite struct RunClockTests {
    @Test(arguments: ["clock", "sleeps", "thread-sleeps"])
    func `a program's clocks and sleeps go by the drive's time`(_ use: String) throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --clock counted --disc disc.iso \
                --fault 'slow lba=100 time=2.5' -- timeout 30 $PEER \(use) /dev/sr0
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test(arguments: ["none", "real"])
    func `without a counted clock, time is the system's`(_ clock: String) throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --clock \(clock) --disc disc.iso -- \
                timeout 30 $PEER plain-clock /dev/sr0
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test func `a run within a run has a time of its own`() throws {
        let (code, output) = try RunPlace().run(
            """
            exec $SPINDLE virtual run --clock counted --disc disc.iso -- \
                $SPINDLE virtual run --disc disc.iso -- $PEER plain-clock /dev/sr0
            """
        )
        #expect(code == 0, "\(output)")
    }

    @Test func `ddrescue sees a slow area, and how fast the drive is elsewhere`() throws {
        let (code, output) = try RunPlace().run(
            """
            head -c 20000000 /dev/zero > large.iso
            exec $SPINDLE virtual run --clock counted --disc large.iso \
                --fault 'slow lba=4000-4003 time=2.5' -- sh -c '
                ddrescue -q -b 2048 --log-rates=rates /dev/sr0 out map || exit 1
                grep -v "^#" rates'
            """
        )
        #expect(code == 0, "\(output)")
        // Seconds, place, the rate of now, and more.
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        let rates = lines.compactMap { $0.count > 3 ? (Int($0[0]), Int($0[2])) : nil }
        let times = rates.compactMap(\.0)
        let pause = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
        #expect((9...12).contains(pause), "\(output)")
        // A pressed CD at the plain drive's speed, by whole seconds.
        let fastest = rates.compactMap(\.1).max() ?? 0
        #expect((2_000_000...9_000_000).contains(fastest), "\(output)")
    }

    /// Both print multiples of 150 or 176.4 kB/s for each MiB.
    @Test(arguments: ["cdrskin", "wodim"])
    func `writers print the speed that the drive writes at`(_ program: String) throws {
        let (code, output) = try RunPlace().run(
            """
            $SPINDLE virtual create blank --medium cd-r > log
            head -c 30000000 /dev/zero > large.iso
            exec $SPINDLE virtual run --clock counted --disc blank -- timeout 60 \
                \(program) -v dev=/dev/sr0 speed=16 -tao large.iso
            """
        )
        #expect(code == 0, "\(output)")
        let speeds = output.matches(of: /\]\s+([0-9.]+)x/).compactMap { Double($0.1) }.sorted()
        #expect(speeds.count > 10)
        let middle = speeds.isEmpty ? 0 : speeds[speeds.count / 2]
        #expect((14...17).contains(middle), "\(output)")
    }

    @Test func `spindle's own rates are the drive's`() throws {
        let (code, output) = try RunPlace().run(
            """
            head -c 30000000 /dev/zero > large.iso
            exec $SPINDLE virtual run --clock counted --disc large.iso -- \
                $SPINDLE rip out.iso --json
            """
        )
        #expect(code == 0, "\(output)")
        let rates = output.matches(of: /"bytes_per_second":([0-9.e+]+)/).compactMap {
            Double($0.1)
        }
        #expect(rates.count > 3)
        // 20x and more of a CD's 150 KiB/s.
        #expect(rates.allSatisfy { (1_000_000...9_000_000).contains($0) }, "\(output)")
    }
}

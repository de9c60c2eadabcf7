import DiscImages
import DiscModel
import LinuxCalls
import MMC
import Testing
import VirtualDrive

/// The modelled costs against times that were recorded of real drives.
struct ClockTests {
    private static let cd = DiscGeometry.of(.cd)
    private static let dvd = DiscGeometry.of(.dvd)
    private static let bd = DiscGeometry.of(.bd)

    private func isClose(_ value: Double, _ recorded: Double, within share: Double) -> Bool {
        abs(value - recorded) <= share * recorded
    }

    /// CD-DA by a MATSHITA slim drive: times 1x at minutes (t-016).
    @Test(arguments: [(45, 10.6), (40, 10.2), (30, 9.1), (20, 8.1), (10, 6.8)])
    func `reading a CD at constant turns gains speed outwards`(_ minute: Int, _ times: Double) {
        let curve = SpeedCurve.reading(2328, .cd)
        let modelled = curve.speed(at: minute * 60 * 75, Self.cd) / Self.cd.singleSpeed
        #expect(isClose(modelled, times, within: 0.08), "\(modelled)")
    }

    /// A CD-RW in a writer for desktops (t-047): 16.5x, 26.6x and 30.2x.
    @Test(arguments: [(2240, 16.5), (101_984, 26.6), (155_776, 30.2)])
    func `a faster drive has the same curve`(_ lba: Int, _ times: Double) {
        let curve = SpeedCurve.reading(7232, .cd)
        let modelled = curve.speed(at: lba, Self.cd) / Self.cd.singleSpeed
        #expect(isClose(modelled, times, within: 0.1), "\(modelled)")
    }

    @Test func `the whole CD-RW takes what was recorded`() {
        // t-047: 157156 sectors in 90 s, of which 3 s were spin-up.
        let seconds =
            Mechanics.desktop.spinUp
            + SpeedCurve.reading(7232, .cd).seconds(0..<157_156, Self.cd)
        #expect(isClose(seconds, 90, within: 0.12), "\(seconds)")
        // t-012: 572944 sectors of a DVD+R by a 16x drive in 99.9 to 102.8 s.
        let dvd = SpeedCurve.reading(22_160, .dvd).seconds(0..<572_944, Self.dvd)
        #expect(isClose(dvd, 101.3, within: 0.1), "\(dvd)")
    }

    @Test func `writing takes what was recorded`() {
        // t-011: a 16x drive is at 9.1x after 572944 sectors of a DVD+R.
        let curve = SpeedCurve.writing(22_160, .dvd)
        let times = curve.speed(at: 572_944, Self.dvd) / Self.dvd.singleSpeed
        #expect(isClose(times, 9.1, within: 0.1), "\(times)")
        // t-010: 11527488 sectors of a BD-R in 912 s at up to 10x.
        let bd = SpeedCurve.writing(44_950, .bd).seconds(0..<11_527_488, Self.bd)
        #expect(isClose(bd, 912, within: 0.25), "\(bd)")
        // t-040: 12064640 sectors with defect management at 6x in 37 min 38 s.
        var managed = SpeedCurve.writing(26_976, .bd)
        managed.fastest /= 2
        let seconds = managed.seconds(0..<12_064_640, Self.bd)
        #expect(isClose(seconds, 2258, within: 0.25), "\(seconds)")
    }

    @Test func `lead-ins and ends of sessions take what was recorded`() {
        let mechanics = Mechanics.desktop
        let calibration = mechanics.calibration[.cd] ?? 0
        // t-001, t-033: 22 to 26.3 s at 24x, the calibration included.
        let leadIn = mechanics.leadIn(.writing(4234, .cd), Self.cd) + calibration
        #expect((19.8...29).contains(leadIn), "\(leadIn)")
        // t-032: 16 s at 10x on CD-RW.
        let slow = mechanics.leadIn(.writing(1764, .cd), Self.cd)
        #expect(isClose(slow, 16, within: 0.1), "\(slow)")
        // t-037: fixation at 4x, 16x, 24x and 48x.
        let recorded: [(Int, Int, Double)] = [
            (706, 165_648, 77.9), (2822, 51_411, 28.4), (4234, 50_000, 25.6), (8467, 8364, 24.8),
        ]
        for (speed, lba, seconds) in recorded {
            let modelled = mechanics.close(
                at: lba,
                .writing(speed, .cd),
                Self.cd,
                withLeadIn: true
            )
            #expect(isClose(modelled, seconds, within: 0.35), "\(speed): \(modelled)")
        }
    }

    @Test func `blanking takes what was recorded`() {
        let mechanics = Mechanics.desktop
        // t-004: 514 s at 10x; t-028: 80 minutes at 1x.
        let whole = mechanics.wipe(359_849, .writing(1764, .cd), Self.cd)
        #expect(isClose(whole, 514, within: 0.1), "\(whole)")
        let slowest = mechanics.wipe(359_849, .writing(176, .cd), Self.cd)
        #expect(isClose(slowest, 4800, within: 0.1), "\(slowest)")
        // t-031, t-036: 21.6 to 31 s at 10x.
        let quick = mechanics.wipeQuickly(.writing(1764, .cd), Self.cd)
        #expect((21.0...31).contains(quick), "\(quick)")
    }

    @Test func `seeks take what was recorded`() {
        // t-020: 18 to 23 ms over 1000 sectors at the outer edge, of a 48x drive.
        let curve = SpeedCurve.reading(8467, .cd)
        let short = Mechanics.desktop.seek(
            from: 340_000,
            to: 341_000,
            speed: curve.speed(at: 341_000, Self.cd),
            Self.cd
        )
        #expect((0.016...0.028).contains(short), "\(short)")
        // t-017: 44 to 50 ms of a slim one, outside.
        let slim = SpeedCurve.reading(2328, .cd)
        let slower = Mechanics.slim.seek(
            from: 200_000,
            to: 201_000,
            speed: slim.speed(at: 201_000, Self.cd),
            Self.cd
        )
        #expect((0.038...0.060).contains(slower), "\(slower)")
        let long = Mechanics.desktop.seek(
            from: 0,
            to: 350_000,
            speed: curve.speed(at: 350_000, Self.cd),
            Self.cd
        )
        #expect((0.08...0.2).contains(long), "\(long)")
        let layer = DiscGeometry.of(.dvd)
        let speed = SpeedCurve.reading(11_080, .dvd).speed(at: 2_298_496, layer)
        let jump = Mechanics.desktop.seek(from: 2_298_400, to: 2_298_600, speed: speed, layer)
        #expect(jump > Mechanics.desktop.layerJump)
    }

    @Test func `a bad sector costs seconds at first, and little again`() throws {
        let host = try Host.dataCD(
            faults: [Fault(parsing: "read lba=100")],
            clock: .counted
        )
        try host.ask(Host.read10(64, 32), 65536)
        _ = try host.refusal(Host.read10(96, 32), 65536)
        // t-008, t-014: 2.8 to 11.7 s.
        #expect(host.drive.driveTime > .seconds(2.7))
        #expect(host.drive.driveTime < .seconds(11.8))
        _ = try host.refusal(Host.read10(100, 1), 2048)
        // t-015: 6 ms to 0.6 s.
        #expect(host.drive.driveTime < .seconds(0.6))
        // A host that allows fewer retries waits less.
        let patient = try Host.dataCD(
            faults: [Fault(parsing: "read lba=100")],
            clock: .counted
        )
        try patient.tell(
            [0x55, 0x10, 0, 0, 0, 0, 0, 0, 20, 0],
            Array(repeating: 0, count: 8) + [0x01, 10, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0]
        )
        try patient.ask(Host.read10(64, 32), 65536)
        _ = try patient.refusal(Host.read10(96, 32), 65536)
        #expect(patient.drive.driveTime < .seconds(1))
    }

    @Test func `the first sectors wait for the spin-up, and those behind them for nothing`() throws
    {
        let host = try Host.dataCD(clock: .counted)
        try host.reload()
        try host.ask(Host.read10(0, 32), 65536)
        #expect(host.drive.driveTime > .seconds(2))
        try host.ask(Host.read10(32, 32), 65536)
        let sequential = host.drive.driveTime
        #expect(sequential < .seconds(0.03))
        try host.ask(Host.read10(300, 32), 65536)
        #expect(host.drive.driveTime > sequential + .milliseconds(10))
    }

    @Test func `the buffer takes the first writes at the speed of the bus`() throws {
        let host = try Host(.cdR, clock: .counted)
        try host.selectTAO()
        try host.ask([0xBB, 0, 0xFF, 0xFF, 0x06, 0xE4, 0, 0, 0, 0, 0, 0])
        var times: [Duration] = []
        for start in stride(from: 0, to: 6400, by: 32) {
            try host.tell(Host.write10(start, 32), Host.payload(start, 32))
            times.append(host.drive.driveTime)
        }
        // The first turns the disc up.
        #expect(times[1] < .milliseconds(10))
        #expect(times.contains { $0 > .seconds(3) })
        // The fastest that is offered up to 10x is 8x: 32 sectors take 53 ms.
        let last = times.last ?? .zero
        #expect(last > .milliseconds(48) && last < .milliseconds(58), "\(last)")
        #expect(host.drive.stopwatch.total > .seconds(8))
        #expect(host.drive.stopwatch.commands > 200)
    }

    @Test func `a command that takes long ends with the drive's power`() throws {
        let host = try Host.dataCD(faults: [])
        let disc = try #require(host.drive.removeDisc())
        let fault = try Fault(parsing: "slow lba=5 time=1000")
        let drive = VirtualRecorder(disc: disc, faults: [fault], clock: .real)
        for _ in 0..<3 where try drive.send(.testUnitReady).status != .good {}
        let power = drive.power
        let cutter = try Thread(name: "cutter") {
            Clock.sleep(seconds: 0.3)
            power.cut()
        }
        let clock = ContinuousClock()
        let took = try clock.measure {
            _ = try drive.fetch(
                Command("READ", cdb: Host.read10(0, 10), data: .fromDrive(20480))
            )
        }
        cutter.join()
        #expect(took < .seconds(30))
        #expect(drive.driveTime > .seconds(900))
        drive.removeDisc()
    }

    @Test func `a real clock waits, and none costs nothing`() throws {
        let clock = ContinuousClock()
        let idle = try Host.dataCD()
        try idle.ask(Host.read10(0, 32), 65536)
        #expect(idle.drive.driveTime == .zero)
        let host = try Host.dataCD(faults: [])
        let disc = try #require(host.drive.removeDisc())
        let fault = try Fault(parsing: "slow lba=5 time=0.2")
        let waiting = VirtualRecorder(disc: disc, faults: [fault], clock: .real)
        for _ in 0..<3 where try waiting.send(.testUnitReady).status != .good {}
        let began = clock.now
        _ = try waiting.fetch(
            Command("READ", cdb: Host.read10(0, 10), data: .fromDrive(20480))
        )
        // The spin-up and the slow sector.
        let took = clock.now - began
        #expect(took > .seconds(2.6))
        #expect(waiting.driveTime <= took)
        waiting.removeDisc()
    }
}

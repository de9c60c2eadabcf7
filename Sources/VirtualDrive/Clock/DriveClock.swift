import DiscModel
import LinuxCalls

/// The time of a drive's work: where its head is, how full its buffer, and what the commands cost.
struct DriveClock {
    let mode: ClockMode
    let mechanics: Mechanics
    private let power: DrivePower
    /// The time that the host goes by, in seconds; absent where only the drive's work counts.
    private let hostTime: (@Sendable () -> Double)?
    /// Seconds of the command at hand.
    private(set) var command = 0.0
    /// Seconds in all.
    private(set) var total = 0.0
    /// The sector that the head is at.
    private var head = 0
    private var isSpinning = false
    /// Sectors that the drive knows it can't read.
    private var hopeless: Set<Int> = []
    /// Bytes that wait in the buffer for the laser.
    private var waiting = 0.0
    /// Seconds until the laser begins to write.
    private var laserDelay = 0.0
    /// Whether the laser was calibrated for the disc.
    private var isCalibrated = false
    /// When the command began, and when the last one ended, by the host's time.
    private var began = 0.0
    private var ended = 0.0

    /// Sectors that a drive reads ahead, which need no seek.
    private static let readAhead = 64

    init(
        mode: ClockMode,
        mechanics: Mechanics,
        power: DrivePower,
        hostTime: (@Sendable () -> Double)? = nil
    ) {
        self.mode = mode
        self.power = power
        self.mechanics = mechanics
        let systemTime: @Sendable () -> Double = { Clock.seconds }
        self.hostTime = hostTime ?? (mode == .real ? systemTime : nil)
    }

    var isRunning: Bool { mode != .none }

    mutating func begin() {
        command = 0
        guard isRunning else { return }
        command = mechanics.command
        if let hostTime { began = hostTime() }
    }

    /// Ends a command; where the time is real, waits for what is left of it.
    mutating func finish() {
        total += command
        guard isRunning, let hostTime else { return }
        guard mode == .real else {
            // The host's time goes on by what the command took once it hears of its end.
            ended = hostTime() + command
            return
        }
        let rest = command - (hostTime() - began)
        if rest > 0 { power.work(seconds: rest) }
        ended = hostTime()
    }

    mutating func add(_ seconds: Double) {
        if isRunning { command += seconds }
    }

    /// The disc has changed, or the drive lost its power.
    mutating func mediumChanged() {
        isSpinning = false
        head = 0
        hopeless = []
        waiting = 0
        laserDelay = 0
        isCalibrated = false
    }

    private mutating func spin() {
        guard !isSpinning else { return }
        isSpinning = true
        command += mechanics.spinUp
    }

    mutating func read(_ sectors: Range<Int>, _ curve: SpeedCurve, _ geometry: DiscGeometry) {
        guard isRunning, !sectors.isEmpty else { return }
        spin()
        let start = sectors.lowerBound
        if !(head...head + Self.readAhead).contains(start) {
            let speed = curve.speed(at: start, geometry)
            command += mechanics.seek(from: head, to: start, speed: speed, geometry)
        } else if geometry.layer(max(0, head - 1)) != geometry.layer(start) {
            command += mechanics.layerJump
        }
        command += curve.seconds(sectors, geometry)
        head = sectors.upperBound
    }

    mutating func seek(to lba: Int, _ curve: SpeedCurve, _ geometry: DiscGeometry) {
        guard isRunning else { return }
        spin()
        let speed = curve.speed(at: lba, geometry)
        command += mechanics.seek(from: head, to: lba, speed: speed, geometry)
        head = lba
    }

    /// A sector could not be read; a drive tells sooner of one that it knows.
    mutating func fail(_ lba: Int, retries: Int, seconds: Double?) {
        guard isRunning else { return }
        let isKnown = !hopeless.insert(lba).inserted
        command += isKnown ? mechanics.remembered : seconds ?? mechanics.failure(retries: retries)
        head = lba
    }

    /// Sectors for the buffer, which the laser empties once it is ready.
    mutating func write(
        _ sectors: Range<Int>,
        size: Int,
        buffer: Int,
        _ curve: SpeedCurve,
        _ geometry: DiscGeometry,
        preparation: Double
    ) {
        guard isRunning, !sectors.isEmpty else { return }
        spin()
        if !isCalibrated {
            isCalibrated = true
            laserDelay += preparation
        }
        let speed = curve.speed(at: sectors.lowerBound, geometry)
        // The laser went on while the host thought.
        if hostTime != nil, ended > 0 { drain(max(0, began - ended), speed) }
        let transfer = Double(size) / mechanics.bus
        command += transfer
        drain(transfer, speed)
        waiting += Double(sectors.count) * geometry.bytesPerSector
        let excess = waiting - Double(buffer)
        if excess > 0 {
            command += laserDelay + excess / speed
            laserDelay = 0
            waiting = Double(buffer)
        }
        head = sectors.upperBound
    }

    private mutating func drain(_ seconds: Double, _ speed: Double) {
        let delay = min(laserDelay, seconds)
        laserDelay -= delay
        waiting = max(0, waiting - (seconds - delay) * speed)
    }

    /// The buffer is emptied.
    mutating func flush(_ curve: SpeedCurve, _ geometry: DiscGeometry) {
        guard isRunning, waiting > 0 else { return }
        command += laserDelay + waiting / curve.speed(at: head, geometry)
        laserDelay = 0
        waiting = 0
    }

    /// The laser was calibrated by a command of its own.
    mutating func calibrate(_ seconds: Double) {
        guard isRunning else { return }
        spin()
        // What is left of the preparation is the lead-in.
        command += seconds
        laserDelay = max(0, laserDelay - seconds)
    }
}

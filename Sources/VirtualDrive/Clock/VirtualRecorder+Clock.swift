import DiscImages
import DiscModel
import MMC

/// What the commands cost by the clock.
extension VirtualRecorder {
    private var family: MediumFacts.Family? { disc?.record.medium.facts.family }

    /// How the drive reads the disc in it.
    private var readingCurve: SpeedCurve? {
        guard let family, let traits else { return nil }
        let speed = min(speeds.read ?? traits.readSpeed, traits.readSpeed)
        return .reading(speed, family)
    }

    /// How the drive writes the disc in it.
    private var writingCurve: SpeedCurve? {
        guard let family, traits?.writeSpeeds.isEmpty == false else { return nil }
        var curve = SpeedCurve.writing(currentWriteSpeed, family)
        // With defect management each block is read back.
        if disc?.record.format?.hasSpares == true { curve.fastest /= 2 }
        return curve
    }

    private var geometry: DiscGeometry? { family.map(DiscGeometry.of) }

    /// Sectors are read: that takes its time, and leaves the head at the last of them.
    func passOver(_ sectors: Range<Int>) {
        if let last = sectors.last { condition.head = last }
        slow(sectors)
        guard clock.isRunning, let readingCurve, let geometry else { return }
        clock.read(sectors, readingCurve, geometry)
    }

    /// The head goes to a sector.
    func moveHead(to lba: Int) {
        condition.head = lba
        guard clock.isRunning, let readingCurve, let geometry else { return }
        clock.seek(to: lba, readingCurve, geometry)
    }

    func timeWriting(_ sectors: Range<Int>, bytes: Int) {
        guard clock.isRunning, let writingCurve, let geometry, let record = disc?.record else {
            return
        }
        clock.write(
            sectors,
            size: bytes,
            buffer: profile.buffer,
            writingCurve,
            geometry,
            preparation: preparation(record, writingCurve, geometry)
        )
    }

    /// What comes before the first sector: the calibration, and where it is written first the lead-in.
    private func preparation(
        _ record: DiscRecord,
        _ curve: SpeedCurve,
        _ geometry: DiscGeometry
    ) -> Double {
        let calibration = clock.mechanics.calibration[record.medium.facts.family] ?? 0
        let isAtOnce =
            modePages.writeParameters.writeType
            == WriteParameters.WriteType.sessionAtOnce.rawValue && traits?.writeTypes[2] != nil
        return calibration + (isAtOnce ? clock.mechanics.leadIn(curve, geometry) : 0)
    }

    func timeFlushing() {
        guard clock.isRunning, let writingCurve, let geometry else { return }
        clock.flush(writingCurve, geometry)
    }

    func timeCalibration() {
        guard clock.isRunning, let family else { return }
        clock.calibrate(clock.mechanics.calibration[family] ?? 0)
    }

    func timeClosing(_ function: Int) {
        guard clock.isRunning, let record = disc?.record, let writingCurve, let geometry else {
            return
        }
        clock.flush(writingCurve, geometry)
        guard let action = traits?.closeActions[function], action != .track,
            let open = record.openSession, let end = open.tracks.last?.end
        else { return }
        clock.add(
            clock.mechanics.close(at: end, writingCurve, geometry, withLeadIn: true)
        )
    }

    /// A session at once has ended by itself: its lead-in is there, its lead-out follows.
    func timeLeadOut(at lba: Int) {
        guard clock.isRunning, let writingCurve, let geometry else { return }
        clock.flush(writingCurve, geometry)
        clock.add(clock.mechanics.close(at: lba, writingCurve, geometry, withLeadIn: false))
    }

    func timeBlanking(wholly: Bool) {
        guard clock.isRunning, let record = disc?.record, let writingCurve, let geometry else {
            return
        }
        clock.add(
            wholly
                ? clock.mechanics.wipe(record.capacity, writingCurve, geometry)
                : clock.mechanics.wipeQuickly(writingCurve, geometry)
        )
    }

    func timeFormatting(_ format: FormatRecord) {
        guard clock.isRunning, let writingCurve, let geometry else { return }
        // Formats that go on in the background, and quick ones, write the lead-in only.
        let isWhole = [0x00, 0x01, 0x10].contains(format.type) && format.background == .complete
        clock.add(
            isWhole
                ? clock.mechanics.wipe(format.sectors, writingCurve, geometry)
                : clock.mechanics.wipeQuickly(writingCurve, geometry)
        )
    }
}

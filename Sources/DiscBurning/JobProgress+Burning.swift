import LibBurn
import Reports

extension WriteProgress {
    /// What is done of formatting or erasing; libburn counts it in parts of the whole, not in
    /// sectors.
    var share: Double? { sectors > 0 ? Double(sector) / Double(sectors) : nil }
}

extension JobProgress {
    /// Takes over what libburn is at; only writing has a rate.
    mutating func adopt(_ progress: WriteProgress) {
        let elapsed = elapsed
        defer { self.elapsed = elapsed }
        switch progress.phase {
        case .starting, .writing:
            phase = .write
            return
        case .closing:
            phase = .close
        case .formatting:
            self = JobProgress(phase: .format, bytes: 0, share: progress.share)
        case .erasing:
            self = JobProgress(phase: .blank, bytes: 0, share: progress.share)
        }
        bytesPerSecond = nil
        speed = nil
        secondsLeft = nil
    }
}

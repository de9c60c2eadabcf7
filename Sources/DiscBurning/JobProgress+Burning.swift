import LibBurn
import Reports

extension WriteProgress {
    /// The bytes that are written.
    var bytes: Int { phase == .writing || phase == .closing ? sector * 2048 : 0 }
}

extension JobProgress {
    /// Takes over what libburn is at.
    mutating func adopt(_ phase: WriteProgress.Phase) {
        switch phase {
        case .formatting: self.phase = .format
        case .erasing: self.phase = .blank
        case .closing: self.phase = .close
        case .starting, .writing: self.phase = .write
        }
    }
}

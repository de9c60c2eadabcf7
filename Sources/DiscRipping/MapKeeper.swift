import LinuxCalls
import Transfer

/// Writes a rip's map while the rip goes on, on a thread of its own: waiting for the storage must not
/// keep the drive waiting.
///
/// A map is written when what it says was read is on the storage, so that it is right whatever becomes
/// of this process and this machine.
final class MapKeeper: Sendable {
    private struct State {
        /// The map to write next, and what else is known of the sectors.
        var next: (map: SalvageMapFile, evidence: SalvageEvidence)?
        var isBusy = false
        var isOver = false
    }

    /// Seconds between two maps.
    private static let interval = 10.0

    private let state = Monitor(State())
    private let lastTime = Monitor(Clock.seconds)
    private let thread: Thread

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - files: The image's files.
    ///   - map: The map's file.
    /// - Throws: The system's error if it has no thread to give.
    init(_ files: [File], _ map: RipMap) throws(SystemError) {
        let state = state
        thread = try Thread(name: "map") {
            while true {
                let next = state.wait { state -> (SalvageMapFile, SalvageEvidence)?? in
                    guard let next = state.next else { return state.isOver ? .some(nil) : nil }
                    state.next = nil
                    state.isBusy = true
                    return .some(next)
                }
                guard let (file, evidence) = next else { return }
                // A full disk also ends the writing of the image, which tells of it.
                let isStored = files.allSatisfy { (try? $0.synchronize()) != nil }
                if isStored {
                    try? map.write(evidence)
                    try? map.write(file)
                }
                state.update { $0.isBusy = false }
            }
        }
    }

    deinit { finish() }

    /// Whether a map is due, and the last one is written.
    var isDue: Bool {
        Clock.seconds - lastTime.read { $0 } >= Self.interval
            && state.read { $0.next == nil && !$0.isBusy }
    }

    /// Has a map written, of sectors that have all been written to the image.
    func keep(_ file: SalvageMapFile, _ evidence: SalvageEvidence) {
        lastTime.update { $0 = Clock.seconds }
        state.update { $0.next = (file, evidence) }
    }

    /// Waits until the last map is written, and ends the thread.
    func finish() {
        state.update { $0.isOver = true }
        thread.join()
    }
}

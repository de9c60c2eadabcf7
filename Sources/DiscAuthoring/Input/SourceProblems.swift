import LinuxCalls
import Synchronization
import SystemPackage

/// What went wrong with files while an image was made of them.
final class SourceProblems: Sendable {
    /// Files that are named one by one.
    private static let mostNamed = 20

    private struct State {
        var count = 0
        var sentences: [String] = []
        var changed = false
    }

    private let state = Mutex(State())

    /// Notes that a file is not what it was when the image was planned.
    func noteChange(of path: FilePath) { note("\(path) changed while it was read.", changed: true) }

    /// Notes that a file can't be read.
    func note(_ path: FilePath, _ reason: String) {
        note("\(path) can't be read: \(reason).", changed: false)
    }

    private func note(_ sentence: String, changed: Bool) {
        state.withLock { state in
            state.count += 1
            state.changed = state.changed || changed
            if state.sentences.count < Self.mostNamed { state.sentences.append(sentence) }
        }
    }

    /// The first of them, or `nil` if there is none.
    var first: String? { state.withLock { $0.sentences.first } }

    /// How many there are.
    var count: Int { state.withLock { $0.count } }

    /// Whether a file has changed.
    var haveChanges: Bool { state.withLock { $0.changed } }
}

/// An image can't be made because a file can't be read, or has changed.
struct SourceTrouble: Error, CustomStringConvertible {
    let description: String
    let isChange: Bool

    /// What was noted; `nil` if nothing was.
    init?(_ problems: SourceProblems) {
        guard let first = problems.first else { return nil }
        let more = problems.count - 1
        description = more > 0 ? "\(first) There are \(more) more such files." : first
        isChange = problems.haveChanges
    }
}

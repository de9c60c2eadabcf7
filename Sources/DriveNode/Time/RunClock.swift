public import LinuxCalls
import Synchronization
public import SystemPackage

/// The time of a run whose drives' work is counted and not waited for: the system's time, and what
/// the drives have taken.
///
/// All programs of the run see it, by memory that they share (`struct drive_clock` of
/// drive_protocol.h). It never goes back. Two drives that work at the same time add up their time.
public final class RunClock: Sendable {
    /// Places in `struct drive_clock`.
    private static let offset = 0
    private static let user = 8

    private let page: SharedPage
    /// The processes that use each open node.
    private let users = Mutex<[ObjectIdentifier: Set<Int32>]>([:])

    /// Begins to count.
    ///
    /// - Parameter path: Where the file goes that programs map; it must not exist yet.
    /// - Throws: ``LinuxCalls/SystemError`` where it can't be made.
    public init(at path: FilePath) throws(SystemError) {
        page = try SharedPage(creating: path)
    }

    /// Seconds since some fixed moment.
    public var seconds: Double { Clock.seconds + Double(page.number(at: Self.offset)) / 1e9 }

    /// Sets the clock on.
    public func advance(seconds: Double) {
        // More than a century in one command is no time.
        page.add(Int64(max(0, min(seconds, 3e9)) * 1e9), at: Self.offset)
    }

    /// An open node is used by these processes.
    func note(_ handle: ObjectIdentifier, users processes: Set<Int32>) {
        update { $0[handle] = processes }
    }

    /// A node was closed.
    func forget(_ handle: ObjectIdentifier) {
        update { $0[handle] = nil }
    }

    /// Tells programs who of them uses the drives: only he who is alone may set the clock on.
    private func update(_ body: (inout [ObjectIdentifier: Set<Int32>]) -> Void) {
        users.withLock { users in
            body(&users)
            let all = users.values.reduce(into: Set()) { $0.formUnion($1) }
            page.set(all.count > 1 ? -1 : Int64(all.first ?? 0), at: Self.user)
        }
    }
}

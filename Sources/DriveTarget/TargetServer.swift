public import LinuxCalls

/// The drives that initiators find, each a target of its own with one unit.
struct TargetUnits: Sendable {
    let names: [String]
    let units: [LogicalUnit]
    let secret: TargetSecret?
    /// Where initiators find them; `nil` if at every address of this machine.
    let address: InternetAddress?

    func unit(named name: String) -> LogicalUnit? {
        names.firstIndex(of: name).map { units[$0] }
    }
}

/// An iSCSI target (RFC 7143): drives that other programs and machines use over the network.
///
/// One connection a session, no error recovery beyond a new session, no digests.
public final class TargetServer: Sendable {
    /// Connections at a time.
    private static let mostConnections = 32

    private struct State {
        var connections: [ObjectIdentifier: StreamSocket] = [:]
        var isEnding = false
    }

    /// Where it listens.
    public var address: InternetAddress { listener.address }
    /// The names of the targets, in the order of the drives.
    public let names: [String]

    private let listener: InternetListener
    private let units: TargetUnits
    private let state = Monitor(State())
    private let note: @Sendable (String) -> Void

    /// Listens; connections are served from ``serve()`` on.
    ///
    /// - Parameters:
    ///   - units: The drives.
    ///   - address: Where.
    ///   - secret: What initiators have to know; `nil` if everybody may log in.
    ///   - note: Told a sentence where an initiator broke the rules, on any thread.
    /// - Throws: The system's error where nobody may listen there, or somebody does.
    public init(
        _ units: [LogicalUnit],
        at address: InternetAddress,
        secret: TargetSecret? = nil,
        note: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(SystemError) {
        listener = try InternetListener(address)
        names = units.indices.map { "iqn.2026-11.localhost.spindle:drive\($0 + 1)" }
        let isWildcard = ["0.0.0.0", "::"].contains(address.host)
        self.units = TargetUnits(
            names: names,
            units: units,
            secret: secret,
            address: isWildcard ? nil : listener.address
        )
        self.note = note
    }

    /// Serves until ``end()``.
    ///
    /// - Throws: The system's error where no more connections can be taken.
    public func serve() throws(SystemError) {
        while let socket = try listener.accept() {
            let isTaken = state.update { state in
                guard !state.isEnding, state.connections.count < Self.mostConnections else {
                    return false
                }
                state.connections[ObjectIdentifier(socket)] = socket
                return true
            }
            guard isTaken else { continue }
            do throws(SystemError) {
                try Thread(name: "session") { [self] in
                    if let what = TargetSession(socket, units).serve() {
                        note("An initiator was disconnected: \(what).")
                    }
                    forget(socket)
                }.detach()
            } catch {
                forget(socket)
            }
        }
        _ = state.wait(atMost: .seconds(5)) { $0.connections.isEmpty ? () : nil }
    }

    private func forget(_ socket: StreamSocket) {
        state.update { $0.connections[ObjectIdentifier(socket)] = nil }
    }

    /// Takes no more connections, and ends those that there are.
    public func end() {
        listener.shutDown()
        let sockets = state.update { state in
            state.isEnding = true
            return Array(state.connections.values)
        }
        for socket in sockets { socket.shutDown() }
    }
}

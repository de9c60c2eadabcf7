import LinuxCalls
import MMC

/// One connection of an initiator: its login, its commands, and their answers.
///
/// One thread reads what comes, and answers at once what does not concern the drive; commands are carried
/// out by another one, so that a slow disc does not keep an initiator from hearing that the target lives.
final class TargetSession: Sendable {
    /// Commands that an initiator may send before the first of them is answered.
    private static let window: UInt32 = 32
    /// Bytes of commands' data that are held while more of them are awaited.
    private static let mostHeld = 128 << 20
    /// Seconds in which a login has to go on.
    private static let loginTime = 15.0

    /// The numbers of commands and answers (RFC 7143 §4.2.2).
    private struct Numbers {
        var status: UInt32 = 1
        var expected: UInt32 = 1
        var isBroken = false
    }

    /// A command, with its data as far as they have come.
    private struct Task {
        var request: PDU
        var expected: Int
        var data: [UInt8] = []
        /// Bytes that were asked for and have not come.
        var awaited = 0
        var transfers: UInt32 = 0
        var tag: UInt32 { request.taskTag }
    }

    private struct Queue {
        var tasks: [Task] = []
        var hasEnded = false
    }

    private let socket: StreamSocket
    private let units: TargetUnits
    private let numbers = Monitor(Numbers())
    private let queue = Monitor(Queue())

    init(_ socket: StreamSocket, _ units: TargetUnits) {
        self.socket = socket
        self.units = units
    }

    /// Serves the connection to its end.
    ///
    /// - Returns: Why it was ended, if the initiator broke the rules.
    func serve() -> String? {
        socket.sendAtOnce(patience: 60)
        socket.endIfGone(for: 120)
        defer { socket.shutDown() }
        do {
            var reader = PDUReader(socket, mostData: TargetLogin.mostData)
            guard let login = try logIn(&reader) else { return nil }
            guard let unit = login.targetName.flatMap({ units.unit(named: $0) }) else {
                try discover(&reader)
                return nil
            }
            let worker = try Thread(name: "unit") { [self] in work(unit, login) }
            defer {
                queue.update { queue in
                    queue.tasks = []
                    queue.hasEnded = true
                }
                worker.join()
            }
            try follow(&reader, login)
            return nil
        } catch let error as ProtocolError {
            return error.what
        } catch {
            return nil
        }
    }

    // MARK: Login

    private func logIn(_ reader: inout PDUReader) throws -> TargetLogin? {
        var login = TargetLogin(secret: units.secret)
        var texts: [UInt8] = []
        var isFirst = true
        for _ in 0..<32 {
            guard let request = try reader.next(within: Self.loginTime) else { return nil }
            guard request.request == .login else {
                throw ProtocolError("it sent something else before a login")
            }
            if isFirst {
                // A command in the first login names the number that commands begin with.
                numbers.update { $0.expected = request.commandNumber }
                isFirst = false
            }
            texts += request.data
            guard texts.count <= 1 << 16 else { throw ProtocolError("its login is too long") }
            let stage = request.header[1] >> 2 & 3
            let next = request.header[1] & 3
            let isTransit = request.header[1] & 0x80 != 0
            var answer = PDU(.login, to: request)
            for i in 8..<14 { answer.header[i] = request.header[i] }
            answer.header[15] = 1
            answer.header[1] = stage << 2
            if request.header[1] & 0x40 != 0 {
                // More of the same texts follow.
                try send(answer)
                continue
            }
            do {
                let keys = try TargetKeys(parsing: texts)
                texts = []
                answer.data = try login.answer(keys, isSecurity: stage == 0) {
                    units.unit(named: $0) != nil
                }.encoded
            } catch let refusal as TargetLogin.Refusal {
                answer.header[36] = refusal.status
                answer.header[37] = refusal.detail
                try send(answer)
                return nil
            }
            let goesOn = isTransit && next > stage && next != 2 && login.isProven
            if goesOn { answer.header[1] = 0x80 | stage << 2 | next }
            try send(answer)
            if goesOn, next == 3 { return login }
        }
        throw ProtocolError("its login does not come to an end")
    }

    /// Serves a session that only asks which targets there are.
    private func discover(_ reader: inout PDUReader) throws {
        while let request = try reader.next(within: 60) {
            _ = take(request)
            switch request.request {
            case .text: try answerText(request)
            case .nop: try answerNop(request)
            case .logout: return try answerLogout(request)
            default: try reject(request, reason: 4)
            }
        }
    }

    // MARK: Requests

    private func follow(_ reader: inout PDUReader, _ login: TargetLogin) throws {
        // Commands that await data.
        var open: [UInt32: Task] = [:]
        while let request = try reader.next() {
            if request.request == .dataOut {
                try take(request, login, &open)
                continue
            }
            // What is out of order is passed over (RFC 7143 §4.2.2.1).
            guard take(request) else { continue }
            switch request.request {
            case .command: try begin(request, login, &open)
            case .nop: try answerNop(request)
            case .task: try manage(request, &open)
            case .text: try answerText(request)
            case .logout: return try answerLogout(request)
            case .login, .dataOut, nil: try reject(request, reason: 4)
            }
        }
    }

    /// Counts a request; false if it is not the next one.
    private func take(_ request: PDU) -> Bool {
        numbers.update { numbers in
            if request.isImmediate { return true }
            guard request.commandNumber == numbers.expected else { return false }
            numbers.expected &+= 1
            return true
        }
    }

    private func begin(_ request: PDU, _ login: TargetLogin, _ open: inout [UInt32: Task]) throws {
        let writes = request.header[1] & 0x20 != 0
        let expected = Int(request.u32(20))
        var task = Task(request: request, expected: writes ? 0 : expected)
        guard writes else {
            guard request.data.isEmpty else { throw ProtocolError("it sent data with a read") }
            return queue.update { $0.tasks.append(task) }
        }
        guard request.data.count <= min(expected, login.firstBurst),
            request.data.isEmpty || login.takesImmediateData
        else { throw ProtocolError("it sent more data than was agreed") }
        let held = open.values.reduce(0) { $0 + Int($1.request.u32(20)) }
        guard open[task.tag] == nil, expected <= LogicalUnit.mostBytes,
            held + expected <= Self.mostHeld
        else {
            // TASK SET FULL (SAM-5 §5.3.1): the initiator sends it again later.
            return try respond(to: task, status: 0x28)
        }
        task.data = request.data
        try askForMore(&task, expected, login)
        if task.awaited == 0 {
            queue.update { $0.tasks.append(task) }
        } else {
            open[task.tag] = task
        }
    }

    /// Asks for more of a command's data, if some are missing.
    private func askForMore(_ task: inout Task, _ expected: Int, _ login: TargetLogin) throws {
        let missing = expected - task.data.count
        guard missing > 0 else { return }
        task.awaited = min(missing, login.burst)
        var ask = PDU(.readyToTransfer, to: task.request)
        for i in 8..<16 { ask.header[i] = task.request.header[i] }
        ask.transferTag = task.transfers
        ask.set(36, task.transfers)
        ask.set(40, UInt32(task.data.count))
        ask.set(44, UInt32(task.awaited))
        task.transfers &+= 1
        try send(ask, isCounted: false)
    }

    /// Takes data that were asked for.
    private func take(_ request: PDU, _ login: TargetLogin, _ open: inout [UInt32: Task]) throws {
        guard var task = open[request.taskTag] else { return }
        guard request.transferTag == task.transfers &- 1,
            Int(request.u32(40)) == task.data.count, request.data.count <= task.awaited
        else { throw ProtocolError("it sent data that were not asked for") }
        task.data += request.data
        task.awaited -= request.data.count
        if request.isFinal {
            guard task.awaited == 0 else {
                throw ProtocolError("it sent fewer data than asked for")
            }
            try askForMore(&task, Int(task.request.u32(20)), login)
            if task.awaited == 0 {
                open[task.tag] = nil
                return queue.update { $0.tasks.append(task) }
            }
        }
        open[task.tag] = task
    }

    private func manage(_ request: PDU, _ open: inout [UInt32: Task]) throws {
        var answer = PDU(.task, to: request)
        switch request.header[1] & 0x7F {
        case 1:
            // ABORT TASK
            let tag = request.transferTag
            let wasOpen = open.removeValue(forKey: tag) != nil
            let wasQueued = queue.update { queue in
                let count = queue.tasks.count
                queue.tasks.removeAll { $0.tag == tag }
                return queue.tasks.count < count
            }
            answer.header[2] = wasOpen || wasQueued ? 0 : 1
        case 2, 3, 4, 5, 6, 7:
            // ABORT TASK SET, CLEAR ACA, CLEAR TASK SET, and resets: nothing waits any more.
            open = [:]
            queue.update { $0.tasks = [] }
        default: answer.header[2] = 5
        }
        try send(answer)
    }

    private func answerNop(_ request: PDU) throws {
        // An answer to a question of the target's; it asks none.
        guard request.taskTag != PDU.noTag else { return }
        var answer = PDU(.nop, to: request)
        answer.transferTag = PDU.noTag
        answer.data = request.data
        try send(answer)
    }

    private func answerText(_ request: PDU) throws {
        var answer = PDU(.text, to: request)
        answer.transferTag = PDU.noTag
        var keys = TargetKeys()
        for (key, value) in try TargetKeys(parsing: request.data).list {
            guard key == "SendTargets" else {
                keys.add(key, "NotUnderstood")
                continue
            }
            for name in units.names where value == "All" || value.isEmpty || value == name {
                keys.add("TargetName", name)
                if let address = units.address { keys.add("TargetAddress", "\(address),1") }
            }
        }
        answer.data = keys.encoded
        try send(answer)
    }

    private func answerLogout(_ request: PDU) throws {
        try send(PDU(.logout, to: request))
    }

    private func reject(_ request: PDU, reason: UInt8) throws {
        var answer = PDU(.reject, to: request)
        answer.header[2] = reason
        answer.taskTag = PDU.noTag
        answer.data = request.header
        try send(answer)
    }

    // MARK: Commands

    /// Carries out commands in the order in which they came, until the connection ends.
    private func work(_ unit: LogicalUnit, _ login: TargetLogin) {
        while true {
            let task = queue.wait { queue -> Task?? in
                if queue.hasEnded { return .some(nil) }
                // Nothing to do is no result, and the end is one without a task.
                guard !queue.tasks.isEmpty else { return .none }
                return .some(queue.tasks.removeFirst())
            }
            guard let task else { return }
            do {
                try carryOut(task, unit, login)
            } catch {
                return socket.shutDown()
            }
        }
    }

    private func carryOut(_ task: Task, _ unit: LogicalUnit, _ login: TargetLogin) throws {
        let cdb = Array(task.request.header[32..<48])
        let reads = task.request.header[1] & 0x40 != 0
        guard task.request.unit == 0 || cdb[0] == 0xA0 else {
            guard cdb[0] == 0x12, reads else {
                let sense = Sense(.illegalRequest, 0x25, 0x00)
                return try respond(to: task, Completion(sense), moved: 0)
            }
            // There is no such unit (SPC-4 §6.6.2).
            let data = Array(
                ([0x7F, 0, 5, 2, 31] + [UInt8](repeating: 0, count: 31)).prefix(Int(cdb[4]))
            )
            return try give(data, of: task, Completion(), moved: data.count, login)
        }
        let answer = unit.perform(
            cdb,
            sending: task.data,
            receiving: reads ? task.expected : 0
        )
        if reads {
            try give(answer.data, of: task, answer.completion, moved: answer.moved, login)
        } else {
            try respond(to: task, answer.completion, moved: answer.moved)
        }
    }

    /// Sends data, and with the last of them the status if that is good.
    private func give(
        _ data: [UInt8],
        of task: Task,
        _ completion: Completion,
        moved: Int,
        _ login: TargetLogin
    ) throws {
        let count = min(data.count, task.expected)
        guard count > 0 else { return try respond(to: task, completion, moved: moved) }
        var (place, number) = (0, UInt32(0))
        while place < count {
            let burstEnd = (place / login.burst + 1) * login.burst
            let end = min(count, place + login.mostDataToInitiator, burstEnd)
            var part = PDU(.dataIn, to: task.request)
            part.header[1] = end == count || end == burstEnd ? 0x80 : 0
            part.transferTag = PDU.noTag
            part.set(36, number)
            part.set(40, UInt32(place))
            part.data = Array(data[place..<end])
            let carriesStatus = end == count && completion.status == .good
            if carriesStatus {
                part.header[1] |= 0x01 | residual(&part, expected: task.expected, moved)
            }
            try send(part, isCounted: carriesStatus)
            place = end
            number += 1
        }
        if completion.status != .good {
            try respond(to: task, completion, moved: moved, parts: number)
        }
    }

    private func respond(
        to task: Task,
        _ completion: Completion,
        moved: Int,
        parts: UInt32 = 0
    ) throws {
        var answer = PDU(.response, to: task.request)
        answer.header[3] = completion.status.rawValue
        answer.set(36, parts)
        answer.header[1] |= residual(&answer, expected: Int(task.request.u32(20)), moved)
        if completion.status == .checkCondition {
            let sense = completion.senseBytes.prefix(252)
            answer.data = [0, UInt8(sense.count)] + sense
        }
        try send(answer)
    }

    private func respond(to task: Task, status: UInt8) throws {
        try respond(
            to: task,
            Completion(status: SCSIStatus(rawValue: status)),
            moved: Int(task.request.u32(20))
        )
    }

    /// Says how many bytes fewer or more than expected were moved, and which of that it is.
    private func residual(_ answer: inout PDU, expected: Int, _ moved: Int) -> UInt8 {
        guard moved != expected else { return 0 }
        answer.set(44, UInt32(clamping: abs(expected - moved)))
        return moved < expected ? 0x02 : 0x04
    }

    // MARK: Sending

    /// Numbers an answer and sends it.
    ///
    /// - Parameters:
    ///   - answer: The answer.
    ///   - isCounted: Whether it has a status, and takes its number.
    /// - Throws: The system's error if the connection is gone.
    private func send(_ answer: PDU, isCounted: Bool = true) throws {
        var answer = answer
        // Sent within the lock, so that the numbers go out in their order.
        try numbers.update { numbers throws(SystemError) in
            answer.set(24, numbers.status)
            answer.set(28, numbers.expected)
            answer.set(32, numbers.expected &+ Self.window &- 1)
            if isCounted { numbers.status &+= 1 }
            try socket.send(answer.encoded.span)
        }
    }
}

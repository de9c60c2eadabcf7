import LinuxCalls
public import MMC

/// A drive as initiators see it: one command at a time goes to it, whoever sends it.
public final class LogicalUnit: @unchecked Sendable {
    // Safe to share: the transport is only used by the thread that has the turn.

    /// Bytes that one command moves at most: what Linux, Windows and QEMU ask for at once is less.
    static let mostBytes = 32 << 20
    private static let sectorSize = 2048

    private let transport: any Transport
    private let serialNumber: [UInt8]
    private let turn = Monitor(false)

    /// Takes a drive over.
    ///
    /// - Parameters:
    ///   - transport: The way to the drive.
    ///   - serialNumber: What tells it from all other drives, in letters and digits: systems take two
    ///     units of one serial number for two ways to one.
    public init(_ transport: sending any Transport, serialNumber: String) {
        self.transport = transport
        self.serialNumber = Array(serialNumber.utf8.prefix(200))
    }

    /// How a command ended, and its data.
    struct Answer {
        var completion: Completion
        /// What came, perhaps more than was asked for.
        var data: [UInt8] = []
        /// Bytes that the command would have moved, or moved.
        var moved = 0
    }

    /// Carries out a command.
    ///
    /// - Parameters:
    ///   - cdb: Its descriptor block, of 16 bytes.
    ///   - sent: The data that came with it.
    ///   - expected: Bytes that the initiator expects from the drive.
    /// - Returns: How it ended.
    func perform(_ cdb: [UInt8], sending sent: [UInt8], receiving expected: Int) -> Answer {
        turn.wait { isBusy -> Void? in
            if isBusy { return nil }
            isBusy = true
            return ()
        }
        defer { turn.update { $0 = false } }
        let block = Array(cdb.prefix(Self.length(cdb[0])))
        do throws(TransportError) {
            if let own = try own(block) { return own }
            let named = Self.bytes(of: block)
            if let named, Self.writes.contains(block[0]) {
                guard sent.count >= named else {
                    // The drive would wait for data that nobody sends.
                    return Answer(
                        completion: Completion(Sense(.illegalRequest, 0x24, 0x00)),
                        moved: named
                    )
                }
                let part = Array(sent.prefix(named))
                let completion = try transport.send(
                    Command("iSCSI", cdb: block, data: .toDrive(part.count)),
                    sending: part
                )
                return Answer(completion: completion, moved: named)
            }
            if !sent.isEmpty || expected == 0 && named ?? 0 == 0 {
                let completion = try transport.send(
                    Command("iSCSI", cdb: block, data: sent.isEmpty ? .none : .toDrive(sent.count)),
                    sending: sent
                )
                return Answer(completion: completion, moved: sent.count)
            }
            let room = max(expected, named ?? 0)
            guard room <= Self.mostBytes else {
                return Answer(completion: Completion(Sense(.illegalRequest, 0x24, 0x00)))
            }
            let (completion, data) = try transport.fetch(
                Command("iSCSI", cdb: block, data: .fromDrive(room))
            )
            return Answer(completion: completion, data: data, moved: data.count)
        } catch {
            return Answer(completion: Completion(Sense(.hardwareError, 0x44, 0x00)))
        }
    }

    private static let writes: Set<UInt8> = [0x2A, 0xAA, 0x2E]

    /// The bytes of a command descriptor block (SPC-4 §4.3.2, SAM-5 §5.2).
    private static func length(_ opcode: UInt8) -> Int {
        switch opcode >> 5 {
        case 0: 6
        case 1, 2: 10
        case 4: 16
        default: 12
        }
    }

    /// The bytes that a command of fixed sectors names; `nil` of others.
    private static func bytes(of cdb: [UInt8]) -> Int? {
        switch cdb[0] {
        case 0x28, 0x2A, 0x2E: (Int(cdb[7]) << 8 | Int(cdb[8])) * sectorSize
        case 0xA8, 0xAA: cdb[6..<10].reduce(0) { $0 << 8 | Int($1) } * sectorSize
        default: nil
        }
    }

    // MARK: What initiators ask every unit and drives for discs need not know

    /// Answers REPORT LUNS, READ CAPACITY(16) and who the drive is; `nil` for what goes to the drive.
    private func own(_ cdb: [UInt8]) throws(TransportError) -> Answer? {
        if cdb[0] == 0x12, cdb[1] & 1 != 0, cdb[2] == 0x80 || cdb[2] == 0x83 {
            return try identification(cdb)
        }
        if cdb[0] == 0xA0 {
            // SPC-4 §6.33: this one unit, whose number is 0.
            let allocation = cdb[6..<10].reduce(0) { $0 << 8 | Int($1) }
            let list: [UInt8] = [0, 0, 0, 8] + [UInt8](repeating: 0, count: 12)
            let data = Array(list.prefix(allocation))
            return Answer(completion: Completion(), data: data, moved: data.count)
        }
        guard cdb[0] == 0x9E, cdb[1] & 0x1F == 0x10 else { return nil }
        // SBC-3 §5.16, from what READ CAPACITY says.
        let short: [UInt8] = [0x25] + [UInt8](repeating: 0, count: 9)
        let (completion, known) = try transport.fetch(
            Command("READ CAPACITY", cdb: short, data: .fromDrive(8))
        )
        guard completion.succeeded, known.count == 8 else { return Answer(completion: completion) }
        let allocation = cdb[10..<14].reduce(0) { $0 << 8 | Int($1) }
        let data = [0, 0, 0, 0] + known + [UInt8](repeating: 0, count: 20)
        let part = Array(data.prefix(allocation))
        return Answer(completion: Completion(), data: part, moved: part.count)
    }

    /// The vital product data that name the drive (SPC-4 §7.8.5, §7.8.15).
    private func identification(_ cdb: [UInt8]) throws(TransportError) -> Answer {
        var page = serialNumber
        if cdb[2] == 0x83 {
            let (completion, inquiry) = try transport.fetch(
                Command("INQUIRY", cdb: [0x12, 0, 0, 0, 36, 0], data: .fromDrive(36))
            )
            guard completion.succeeded, inquiry.count == 36 else {
                return Answer(completion: completion)
            }
            // The T10 vendor's name, the product and the serial number.
            let name = Array(inquiry[8..<32]) + serialNumber
            page = [0x02, 0x01, 0x00, UInt8(truncatingIfNeeded: name.count)] + name
        }
        let data = [0x05, cdb[2], 0, UInt8(truncatingIfNeeded: page.count)] + page
        let part = Array(data.prefix(Int(cdb[3]) << 8 | Int(cdb[4])))
        return Answer(completion: Completion(), data: part, moved: part.count)
    }
}

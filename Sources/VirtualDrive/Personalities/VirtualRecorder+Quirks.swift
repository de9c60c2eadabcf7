import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// Whether the drive has a quirk.
    func has(_ quirk: Quirk) -> Bool { quirks.contains(quirk) }

    /// Where nothing is told of a session without a track that could be closed.
    static let nothingToClose = Sense(.illegalRequest, 0x72, 0x04)

    /// Refuses a command as the drive's quirks have it.
    func refuseByQuirk(_ cdb: CDB) throws(Sense) {
        for facts in quirkFacts {
            guard case .refuses(let opcode, let sense, let isHit) = facts.effect,
                Int(opcode) == cdb.opcode, isHit(self, cdb)
            else { continue }
            throw sense
        }
    }

    /// Changes a reply as the drive's quirks have it.
    func edited(_ reply: [UInt8], _ cdb: CDB) -> [UInt8] {
        var reply = reply
        for facts in quirkFacts {
            guard case .edits(let opcode, let edit) = facts.effect, Int(opcode) == cdb.opcode
            else { continue }
            edit(&reply, self, cdb)
        }
        return reply
    }

    /// Sense data as the drive's quirks have them.
    func senseBytes(_ sense: Sense, _ cdb: CDB) -> [UInt8] {
        var sense = sense
        for facts in quirkFacts {
            guard case .replaces(let opcode, let usual, let other) = facts.effect,
                Int(opcode) == cdb.opcode, sense.matches(usual.key, usual.asc, usual.ascq)
            else { continue }
            sense.asc = other.asc
            sense.ascq = other.ascq
        }
        var bytes = sense.fixedFormat
        for facts in quirkFacts {
            guard case .senses(let change) = facts.effect, bytes.count >= 14 else { continue }
            change(&bytes, cdb)
        }
        return bytes
    }

    /// The disc as the drive shows it.
    func shown(_ record: DiscRecord) -> DiscRecord { oldRecord ?? record }

    /// What quirks have to say of a command that writes.
    func checkWriting() throws(Sense) {
        if has(.refusesAfterError), condition.hasFailedWriting { throw .incompatibleMedium }
        condition.writes += 1
        if has(.busyWhenFull), condition.writes % 16 == 0 { throw Sense(.notReady, 0x04, 0x08) }
        if has(.secondSessionFails), condition.writes == 2,
            disc?.record.closedSessions.isEmpty == false,
            modePages.writeParameters.writeType
                == WriteParameters.WriteType.sessionAtOnce.rawValue
        {
            throw .wrongSequence
        }
    }

    /// Lets a command that locks the drive up never end.
    func hangByQuirk(_ command: Command, _ cdb: CDB) throws(TransportError) {
        if has(.locksUpOnStructure), cdb.opcode == 0xAD,
            disc?.record.medium.facts.family == .cd
        {
            clock.add(Double(command.milliseconds) / 1000)
            resetBus()
            throw TransportError(.timedOut, command: command.name, context: "the drive hangs")
        }
        if [0xBE, 0xB9].contains(cdb.opcode), let sectors = CommandTable.sectors(of: cdb),
            hangsBeyond(sectors)
        {
            clock.add(Double(command.milliseconds) / 1000)
            resetBus()
            throw TransportError(.timedOut, command: command.name, context: "the drive hangs")
        }
        if has(.resetsAtLeadIn), [0xBE, 0xB9].contains(cdb.opcode),
            CommandTable.sectors(of: cdb).map({ $0.lowerBound < 0 }) == true
        {
            resetBus()
            throw TransportError(.failed, command: command.name, context: "the bus was reset")
        }
    }
}

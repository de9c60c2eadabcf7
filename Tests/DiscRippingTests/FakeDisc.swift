import MMC

/// A drive with a disc in it that can be read in every way in which reading can go wrong.
final class FakeDisc: Transport {
    /// Sectors that can't be read.
    var bad: Set<Int> = []
    /// What it says of those, and whether it names the first of them.
    var badSense = Sense(.mediumError, 0x11, 0x05)
    var names = false
    /// The mode page that it has, and what its count of retries was set to.
    var modePage: ModePages.Page?
    private(set) var retryCounts: [UInt8] = []
    /// The read speeds that were set.
    private(set) var speeds: [Int] = []
    /// Sectors over which the drive broods until the system gives the command up.
    var hanging: Set<Int> = []
    /// What the drive says to READ CD.
    var refusal = Sense(.illegalRequest, 0x20, 0x00)
    /// The most sectors in a command that the way to the drive carries.
    var carried = Int.max
    /// The most sectors that are delivered, without a word where it is fewer than asked for.
    var delivered = Int.max
    /// What the disc's groove says; `nil` if it has none.
    var atip: ATIP?
    /// Commands after which the drive is gone.
    var lifetime = Int.max
    /// Unit attentions that are still to be told.
    var attentions = 0
    /// What the drive says to each READ from the one of this number on, and how often.
    var complaint: (from: Int, times: Int, sense: Sense)?
    /// The first sector and the number of sectors of each READ that came.
    private(set) var reads: [Range<Int>] = []

    /// The byte that a sector of the disc is full of, never that of another sector nearby.
    static func byte(_ sector: Int) -> UInt8 { UInt8(truncatingIfNeeded: sector % 251 + 1) }

    func send(_ command: Command, receiving buffer: inout MutableSpan<UInt8>)
        throws(TransportError) -> Completion
    {
        if command.cdb[0] == 0xBE { return Completion(refusal) }
        if command.cdb[0] == 0x43, command.cdb[2] == 4 {
            guard let reply = atip?.encoded else {
                return Completion(Sense(.illegalRequest, 0x24, 0x00))
            }
            for (i, byte) in reply.enumerated() where i < buffer.count { buffer[i] = byte }
            return Completion(transferred: min(buffer.count, reply.count))
        }
        if command.cdb[0] == 0x5A {
            guard let modePage else { return Completion(Sense(.illegalRequest, 0x24, 0x00)) }
            let reply = ModePages(pages: [modePage]).encoded10
            for (i, byte) in reply.enumerated() where i < buffer.count { buffer[i] = byte }
            return Completion(transferred: min(buffer.count, reply.count))
        }
        guard command.cdb[0] == 0x28 else {
            let reply = Inquiry(vendor: "FAKE", product: "DISC", revision: "1").encoded
            for (i, byte) in reply.enumerated() where i < buffer.count { buffer[i] = byte }
            return Completion(transferred: min(buffer.count, reply.count))
        }
        func number(_ range: Range<Int>) -> Int {
            range.reduce(0) { $0 << 8 | Int(command.cdb[$1]) }
        }
        let sectors = number(2..<6)..<number(2..<6) + number(7..<9)
        reads.append(sectors)
        guard reads.count <= lifetime else {
            throw TransportError(.deviceGone, command: command.name, context: "ENODEV")
        }
        guard sectors.count <= carried else {
            throw TransportError(.failed, command: command.name, context: "EINVAL")
        }
        guard hanging.isDisjoint(with: sectors) else {
            throw TransportError(.failed, command: command.name, context: "EIO")
        }
        if let complaint, complaint.from < reads.count,
            reads.count <= complaint.from + complaint.times
        {
            return Completion(complaint.sense)
        }
        if attentions > 0 {
            attentions -= 1
            return Completion(Sense(.unitAttention, 0x29, 0x00))
        }
        for sector in sectors.prefix(delivered) {
            if bad.contains(sector) {
                // Drives leave in the buffer what they had of the sector.
                for i in 0..<100 { buffer[(sector - sectors.lowerBound) * 2048 + i] = 0xBD }
                var sense = badSense
                if names { sense.information = UInt32(sector) }
                return Completion(sense)
            }
            let start = (sector - sectors.lowerBound) * 2048
            for i in start..<start + 2048 { buffer[i] = Self.byte(sector) }
        }
        return Completion(transferred: sectors.count * 2048)
    }

    func send(_ command: Command, sending data: Span<UInt8>) throws(TransportError) -> Completion {
        switch command.cdb[0] {
        case 0x55 where data.count == 8 + 12: retryCounts.append(data[8 + 3])
        case 0xBB: speeds.append(Int(command.cdb[2]) << 8 | Int(command.cdb[3]))
        default: break
        }
        return Completion()
    }
}

import DiscImages
import DiscModel
import MMC

/// What faults have brought a drive to.
struct DriveTrouble {
    /// A write error that a later command tells.
    struct Deferred {
        var sense: Sense
        /// The sector from which on a WRITE tells it.
        var due: Int
    }

    /// Whether the drive is not seen any more.
    var isGone = false
    /// What all that needs the laser is told.
    var stuck: Sense?
    var deferred: Deferred?
}

/// What faults do to a command.
struct CommandStrikes {
    /// What it is refused with.
    var refusal: Sense?
    /// What it says though it was carried out.
    var afterwards: Sense?
    /// Whether its data are taken and lost.
    var isSwallowed = false
    /// What happens to its reply.
    var replies: [Fault] = []
}

extension VirtualRecorder {
    /// Lets faults strike a command before it is carried out.
    ///
    /// - Throws: `TransportError` where the command never ends.
    func strike(_ command: Command, _ cdb: CDB) throws(TransportError) -> CommandStrikes {
        var strikes = CommandStrikes()
        let opcode = UInt8(truncatingIfNeeded: cdb.opcode)
        let sectors = CommandTable.sectors(of: cdb)
        for struck in ledger.strikes(opcode, sectors, block: sectorsPerBlock) {
            guard let effect = Self.effects[struck.fault.kind] else { continue }
            let lba = struck.lba ?? sectors?.lowerBound
            try effect(self, Strike(fault: struck.fault, lba: lba, command: command), &strikes)
        }
        tellOfTrouble(opcode, sectors, &strikes)
        return strikes
    }

    /// A fault that strikes a command.
    struct Strike {
        let fault: Fault
        /// The first bad sector, or the command's first.
        let lba: Int?
        let command: Command

        /// What the drive says, with the bad sector.
        var sense: Sense {
            var sense = fault.sense
            sense.information = lba.map { UInt32(truncatingIfNeeded: $0) }
            return sense
        }
    }

    private typealias Effect =
        @Sendable (VirtualRecorder, Strike, inout CommandStrikes) throws(TransportError) -> Void

    /// What the kinds of faults do that strike whole commands.
    private static let effects: [Fault.Kind: Effect] = [
        .write: { $0.failWrite($1, &$2) },
        .calibration: { $0.failWrite($1, &$2) },
        .underrun: { drive, strike, strikes in
            drive.clock.add(strike.fault.seconds)
            guard !drive.isProtectedFromUnderrun else { return }
            drive.method?.interrupt(lost: 0)
            strikes.refusal = strike.sense
        },
        .power: { drive, strike, _ throws(TransportError) in
            drive.cutPower(lost: strike.fault.lost)
            drive.clock.add(strike.fault.seconds)
            drive.trouble.isGone = strike.fault.words.contains(.gone)
            throw TransportError(
                drive.trouble.isGone ? .deviceGone : .failed,
                command: strike.command.name,
                context: "the drive lost its power"
            )
        },
        .refuse: refuse, .opc: refuse, .close: refuse, .flush: refuse, .blank: refuse,
        .format: refuse,
        .hang: { drive, strike, _ throws(TransportError) in
            drive.clock.add(Double(strike.command.milliseconds) / 1000)
            // The host resets the bus, and the drive forgets what it was about.
            drive.resetBus()
            throw TransportError(
                .timedOut,
                command: strike.command.name,
                context: "the drive hangs"
            )
        },
        .gone: { drive, strike, _ throws(TransportError) in
            drive.method?.interrupt(lost: 0)
            drive.trouble.isGone = true
            throw TransportError(
                .deviceGone,
                command: strike.command.name,
                context: "the drive was unplugged"
            )
        },
        .remove: { drive, _, _ in
            drive.method?.interrupt(lost: 0)
            drive.removeDisc()
        },
        .attention: { drive, strike, _ in
            if strike.fault.words.contains(.reset) { drive.resetBus() }
            drive.condition.attentions.removeAll { $0 == strike.fault.sense }
            drive.condition.attentions.insert(strike.fault.sense, at: 0)
        },
        .cut: { $2.replies.append($1.fault) },
        .reply: { $2.replies.append($1.fault) },
    ]

    private static let refuse: Effect = { drive, strike, strikes in
        drive.clock.add(strike.fault.seconds)
        var sense = strike.fault.sense
        if strike.fault.words.contains(.sticky) { drive.trouble.stuck = sense }
        sense.isDeferred = strike.fault.words.contains(.deferred)
        if strike.fault.words.contains(.done) {
            strikes.afterwards = sense
        } else {
            strikes.refusal = sense
        }
    }

    private func failWrite(_ strike: Strike, _ strikes: inout CommandStrikes) {
        clock.add(strike.fault.seconds)
        guard let distance = strike.fault.distance else {
            strikes.refusal = strike.sense
            if strike.fault.words.contains(.sticky) { trouble.stuck = strike.sense }
            return
        }
        guard trouble.deferred == nil else { return }
        var sense = strike.sense
        sense.isDeferred = true
        let lba = strike.lba ?? 0
        trouble.deferred = DriveTrouble.Deferred(sense: sense, due: lba + max(1, distance))
        if strike.fault.words.contains(.sticky) { trouble.stuck = strike.fault.sense }
    }

    /// What needs the laser: writing, flushing, closing.
    private static let laserCommands: Set<UInt8> = CommandTable.writing.union([0x35, 0x5B])

    /// Tells of a write error that was not told yet, and of one that stays.
    private func tellOfTrouble(
        _ opcode: UInt8,
        _ sectors: Range<Int>?,
        _ strikes: inout CommandStrikes
    ) {
        guard Self.laserCommands.contains(opcode), strikes.refusal == nil else { return }
        if let deferred = trouble.deferred {
            if let sectors, sectors.lowerBound < deferred.due {
                // The buffer still takes data; nothing of them is recorded.
                strikes.isSwallowed = true
            } else {
                trouble.deferred = nil
                strikes.refusal = deferred.sense
            }
        } else if let stuck = trouble.stuck {
            strikes.refusal = stuck
        }
    }

    /// Whether recording can be interrupted and taken up again (BURN-Free): as the write parameters
    /// say where the disc heeds them, else always.
    private var isProtectedFromUnderrun: Bool {
        guard let traits, !traits.writeTypes.isEmpty else { return true }
        return modePages.writeParameters.underrunProtection
    }

    /// The sectors of a block of error correction of the disc in the drive.
    var sectorsPerBlock: Int { disc?.record.medium.facts.sectorsPerBlock ?? 1 }

    /// The first bad sector among those that a command reads, and what the drive says of it.
    func badSector(_ sectors: Range<Int>) -> (lba: Int, sense: Sense)? {
        guard !ledger.isEmpty, !sectors.isEmpty else { return nil }
        guard let found = ledger.firstStrike(.read, sectors, block: sectorsPerBlock) else {
            return nil
        }
        var sense = found.fault.sense
        sense.information = UInt32(truncatingIfNeeded: found.lba)
        let retries = Int(modePages.data(0x01)?[1] ?? 0)
        let seconds = found.fault.seconds
        clock.fail(found.lba, retries: retries, seconds: seconds > 0 ? seconds : nil)
        if has(.slowsAfterErrors) { speeds.read = 600 }
        return (found.lba, sense)
    }

    /// Adds the time that slow sectors take.
    func slow(_ sectors: Range<Int>) {
        guard !ledger.isEmpty, clock.isRunning else { return }
        for strike in ledger.allStrikes(.slow, sectors, block: sectorsPerBlock) {
            clock.add(strike.fault.seconds)
        }
    }

    /// Spoils bytes of user data that were read, without a word.
    func flipBits(_ sectors: Range<Int>, size: Int, in bytes: inout MutableSpan<UInt8>) {
        guard !ledger.isEmpty else { return }
        for strike in ledger.allStrikes(.flip, sectors, block: sectorsPerBlock) {
            let base = (strike.lba - sectors.lowerBound) * size
            for place in strike.places(below: size) where base + place < bytes.count {
                bytes[base + place] ^= 0x01
            }
        }
    }

    /// The bytes of a raw sector that are wrong, and those that C2 flags.
    ///
    /// C2 may miss wrong bytes, and flag right ones.
    func c2Errors(_ lba: Int) -> (wrong: [Int], flagged: [Int]) {
        guard !ledger.isEmpty else { return ([], []) }
        var (wrong, flagged): ([Int], [Int]) = ([], [])
        for strike in ledger.allStrikes(.c2, lba..<lba + 1, block: 1) {
            let places = strike.places(below: 2352)
            wrong += places
            flagged += places.dropFirst(strike.fault.missed)
            let taken = Set(places)
            let right = (0..<2352).lazy.map { (lba * 97 + $0 * 31) % 2352 }
                .filter { $0 >= 0 && !taken.contains($0) }
            flagged += right.prefix(strike.fault.falseAlarms)
        }
        return (wrong, flagged)
    }

    /// Changes what a reply's bytes are, and how many come.
    func spoilReply(
        _ faults: [Fault],
        _ completion: inout Completion,
        _ buffer: inout MutableSpan<UInt8>
    ) {
        for fault in faults {
            let whole = min(completion.transferred, buffer.count)
            let kept = fault.bytes < 0 ? whole : min(whole, fault.bytes)
            switch fault.kind {
            case .cut:
                if fault.words.contains(.silent) {
                    for i in kept..<whole { buffer[i] = 0 }
                } else {
                    completion.transferred = kept
                }
            default:
                completion.transferred = kept
                for (offset, bytes) in fault.replacements {
                    for (i, byte) in bytes.enumerated() where offset + i < kept {
                        buffer[offset + i] = byte
                    }
                }
                guard fault.bytes < 0, fault.replacements.isEmpty else { continue }
                // Garbage: bytes of no meaning, the same in each run.
                for i in 0..<kept { buffer[i] = UInt8(truncatingIfNeeded: i &* 167 &+ 91) }
            }
        }
    }
}

extension FaultLedger.SectorStrike {
    /// The bytes of a sector of a size that are damaged: always the same ones or, where the fault has
    /// a seed, others with each read, in an order that follows from seed, sector and read.
    func places(below size: Int) -> [Int] {
        let count = min(fault.bytes, size)
        guard let seed = fault.seed else {
            let start = (lba & 0xFFFF) &* 37
            return (0..<count).map { (start + $0 * 7) % size }
        }
        var state =
            UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15
            ^ UInt64(truncatingIfNeeded: lba) &* 0xC2B2_AE3D_27D4_EB4F
            ^ UInt64(truncatingIfNeeded: earlierReads) &* 0x1656_67B1_9E37_79F9
        var places: [Int] = []
        var taken: Set<Int> = []
        while places.count < count {
            // Steele, Lea, Flood: “Fast splittable pseudorandom number generators”, 2014.
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            value ^= value >> 31
            let place = Int(value % UInt64(size))
            if taken.insert(place).inserted { places.append(place) }
        }
        return places
    }
}

import DiscImages
import DiscModel
import MMC

/// What a quirk is and does.
package struct QuirkFacts: Sendable {
    /// What a quirk does.
    enum Effect: Sendable {
        /// A command ends with this sense where a condition holds.
        case refuses(UInt8, Sense, @Sendable (VirtualRecorder, CDB) -> Bool)
        /// A command ends with this sense where it would have ended with that.
        case replaces(UInt8, Sense, Sense)
        /// A reply is changed before it is cut to what the host takes.
        case edits(UInt8, @Sendable (inout [UInt8], VirtualRecorder, CDB) -> Void)
        /// Sense data are changed.
        case senses(@Sendable (inout [UInt8], CDB) -> Void)
        /// The recorder itself asks for it.
        case asked
    }

    /// What the drive does, in words.
    let summary: String
    /// The records that show it, in the collection of recorded replies.
    let records: String
    let effect: Effect

    init(_ records: String, _ summary: String, _ effect: Effect = .asked) {
        self.summary = summary
        self.records = records
        self.effect = effect
    }

    package static func of(_ quirk: Quirk) -> QuirkFacts? { table[quirk] }

    package static let table: [Quirk: QuirkFacts] =
        senseQuirks
        .merging(writeQuirks) { first, _ in first }
        .merging(readQuirks) { first, _ in first }
        .merging(soundQuirks) { first, _ in first }
        .merging(mediumQuirks) { first, _ in first }
        .merging(capabilityQuirks) { first, _ in first }
}

/// Sense codes that quirks name.
extension Sense {
    fileprivate static func illegal(_ asc: UInt8, _ ascq: UInt8) -> Sense {
        Sense(.illegalRequest, asc, ascq)
    }
}

extension QuirkFacts {
    /// Sense data of another length, with zeros behind what is usual.
    private static func length(_ additional: UInt8) -> QuirkFacts {
        QuirkFacts(
            "q-001",
            "gives sense data with \(additional) bytes after the eighth",
            .senses { bytes, _ in
                bytes += Array(repeating: 0, count: max(0, 8 + Int(additional) - bytes.count))
                bytes.removeLast(max(0, bytes.count - 8 - Int(additional)))
                bytes[7] = additional
            }
        )
    }

    private static let senseQuirks: [Quirk: QuirkFacts] = [
        .senseLength0C: length(0x0C),
        .senseLength0E: length(0x0E),
        .senseLength10: length(0x10),
        .senseLength12: length(0x12),
        .senseLength13: length(0x13),
        .noValidBit: QuirkFacts(
            "q-002",
            "fills the information field and does not say that it is valid",
            .senses { bytes, _ in bytes[0] &= 0x7F }
        ),
        .incorrectLength: QuirkFacts(
            "q-003",
            "sets ILI beside the key of 5/64/00",
            .senses { bytes, _ in if bytes[12] == 0x64 { bytes[2] |= 0x20 } }
        ),
        .echoesCommand: QuirkFacts(
            "q-004",
            "echoes the operation code and flags in the command-specific bytes",
            .senses { bytes, cdb in
                bytes[8] = UInt8(truncatingIfNeeded: cdb.opcode)
                bytes[9] = UInt8(truncatingIfNeeded: cdb.u8(1) | 0x30)
                bytes[10] = 0x02
                bytes[11] = 0x80
            }
        ),
        .descriptorSense: QuirkFacts(
            "q-005",
            "is reached through a host layer that turns sense data into the descriptor format",
            .senses { bytes, _ in
                let hasAddress = bytes[0] & 0x80 != 0
                let address = Array(bytes[3..<7])
                let head: [UInt8] = [
                    0x72 | bytes[0] & 0x01, bytes[2] & 0x0F, bytes[12], bytes[13], 0, 0, 0,
                    hasAddress ? 12 : 0,
                ]
                bytes =
                    head + (hasAddress ? [0x00, 0x0A, 0x80, 0x00, 0, 0, 0, 0] + address : [])
            }
        ),
    ]

    /// A CLOSE TRACK/SESSION of a disc with nothing new on it.
    private static func emptyClose(_ asc: UInt8, _ ascq: UInt8) -> QuirkFacts {
        QuirkFacts(
            "q-016",
            "closes an empty session with another error",
            .replaces(0x5B, .illegal(0x72, 0x04), .illegal(asc, ascq))
        )
    }

    private static let writeQuirks: [Quirk: QuirkFacts] = [
        .refusesOPC: QuirkFacts(
            "q-011",
            "refuses SEND OPC INFORMATION on DVD, and writes all the same",
            .refuses(0x54, .illegal(0x2C, 0x00)) { drive, _ in
                drive.disc?.record.medium.facts.family == .dvd
            }
        ),
        .refusesAfterError: QuirkFacts(
            "q-013",
            "refuses every WRITE after one that failed with 5/30/05"
        ),
        .cdEndIsInvalidField: QuirkFacts(
            "q-015",
            "refuses a WRITE past the end of a CD as an invalid field",
            .replaces(0x2A, .outOfRange, .illegal(0x24, 0x00))
        ),
        .busyWhenFull: QuirkFacts(
            "q-017",
            "answers every sixteenth WRITE with 2/04/08 until it is repeated"
        ),
        .noSecondSession: QuirkFacts(
            "q-050",
            "writes a session at once on a blank CD only",
            .refuses(0x2A, .illegal(0x24, 0x00)) { drive, _ in
                drive.disc?.record.closedSessions.isEmpty == false
                    && drive.modePages.writeParameters.writeType
                        == WriteParameters.WriteType.sessionAtOnce.rawValue
            }
        ),
        .secondSessionFails: QuirkFacts(
            "q-050",
            "takes a second session at once, and fails at its second WRITE"
        ),
        .leadInAtPregap: QuirkFacts(
            "q-049",
            "takes CD-TEXT only where the cue sheet has the lead-in begin at LBA -150"
        ),
        .noPackets: QuirkFacts("q-036", "has feature 21h current with CDs and takes no packets"),
        .noRaw16: QuirkFacts("q-037", "does not write raw with 16 bytes of subchannel"),
        .raw96Only: QuirkFacts("q-037", "takes subchannel in 96 raw bytes only"),
        .rawNeedsPregap: QuirkFacts(
            "q-037",
            "takes 1.8 MB of a raw lead-in and refuses what follows up to the pregap: 5/21/02",
            .refuses(0x2A, .notNextWritable) { drive, cdb in
                guard let record = drive.disc?.record, record.medium.facts.family == .cd,
                    drive.modePages.writeParameters.writeType
                        == WriteParameters.WriteType.raw.rawValue
                else { return false }
                let refused = record.leadInTime.lba.rawValue + 754
                return cdb.lba(2) >= refused && cdb.lba(2) < -CDGaps.firstPause
            }
        ),
        .blank3006: QuirkFacts(
            "q-055",
            "refuses to blank what can't be blanked with 5/30/06",
            .replaces(0xA1, .incompatibleMedium, .illegal(0x30, 0x06))
        ),
        .emptyCloseSucceeds: QuirkFacts("q-016", "closes an empty session without a word"),
        .emptyClose7203: emptyClose(0x72, 0x03),
        .emptyClose2C04: emptyClose(0x2C, 0x04),
        .emptyClose2C00: emptyClose(0x2C, 0x00),
        .emptyClose6400: emptyClose(0x64, 0x00),
        .emptyClose2400: emptyClose(0x24, 0x00),
        .readyTooEarly: QuirkFacts(
            "q-017",
            "says it is ready during a long operation, and refuses the next real command"
        ),
        .slowFixation: QuirkFacts(
            "q-018",
            "tells 2/04/08 very often after long operations, with progress 0"
        ),
    ]

    private static let readQuirks: [Quirk: QuirkFacts] = [
        .runOut1105: QuirkFacts("q-019", "reads run-out as uncorrectable: 3/11/05"),
        .runOut2600: QuirkFacts("q-019", "refuses run-out with 5/26/00"),
        .slowsAfterErrors: QuirkFacts(
            "q-019, t-050",
            "reads at 4x after an unreadable sector until a speed is set"
        ),
        .readsDataAsAudio: QuirkFacts(
            "q-024",
            "reads a data track as audio without an error"
        ),
        .noNegativeAddresses: QuirkFacts(
            "q-025",
            "refuses to read below LBA 0",
            .refuses(0xBE, .outOfRange) { _, cdb in cdb.lba(2) < 0 }
        ),
        .resetsAtLeadIn: QuirkFacts(
            "q-025",
            "has its bridge reset when the lead-in is read, and forgets what it wrote"
        ),
    ]

    private static let mediumQuirks: [Quirk: QuirkFacts] = [
        .noTrayState: QuirkFacts(
            "q-027",
            "says 2/3A/00 without a disc, wherever its tray is"
        ),
        .missesDisc: QuirkFacts(
            "q-027",
            "takes the disc in it for none: 2/3A/01"
        ),
        .rejectsDisc: QuirkFacts(
            "q-027",
            "can't use the disc in it: 2/30/00"
        ),
        .staggeredLoad: QuirkFacts(
            "q-028",
            "says 3A/00, 04/00, 04/01 and 28/00 one after the other when a disc comes"
        ),
        .speedNeedsDisc: QuirkFacts(
            "q-029",
            "refuses SET CD SPEED without a disc",
            .refuses(0xBB, Sense(.notReady, 0x3A, 0x01)) { drive, _ in drive.traits == nil }
        ),
        .smallBufferWhenEmpty: QuirkFacts("q-029", "says its buffer has 56 KiB without a disc"),
        .capacityWithoutRunOut: QuirkFacts(
            "q-046",
            "leaves the run-out of the last track out of READ CAPACITY"
        ),
        .tocControl7: QuirkFacts(
            "q-044",
            "gives the tracks of a DVD or BD control 7, and the lead-out 4",
            .edits(0x43) { bytes, drive, cdb in
                guard drive.disc?.record.medium.facts.family != .cd, cdb.u8(2) & 0x0F == 0,
                    cdb.u8(9) >> 6 == 0
                else { return }
                for entry in stride(from: 4, to: bytes.count - 7, by: 8)
                where bytes[entry + 2] != 0xAA { bytes[entry + 1] |= 0x07 }
            }
        ),
        .zeroCodes: QuirkFacts(
            "q-047",
            "returns codes of zeros as valid where a disc has none",
            .edits(0x42) { bytes, _, cdb in
                guard [2, 3].contains(cdb.u8(3)), bytes.count >= 24, bytes[8] == 0 else { return }
                bytes[8] = 0x80
                for i in 9..<(cdb.u8(3) == 2 ? 22 : 21) { bytes[i] = 0x30 }
            }
        ),
        .showsOldState: QuirkFacts(
            "d-091",
            "shows the disc's earlier state until the tray was moved"
        ),
        .noFreeBlocks: QuirkFacts(
            "d-107",
            "says that no block of a BD is free",
            .edits(0x52) { bytes, drive, _ in
                guard drive.disc?.record.medium.facts.family == .bd, bytes.count >= 20 else {
                    return
                }
                for i in 16..<20 { bytes[i] = 0 }
            }
        ),
        .atipZeros: QuirkFacts(
            "d-065",
            "answers a question for the ATIP of a DVD or BD with zeros"
        ),
        .blankAtPregap: QuirkFacts(
            "q-038",
            "says that a session begins at its pregap, a blank CD at -150, until track at once is chosen",
            .edits(0x52) { bytes, drive, _ in
                let parameters = drive.modePages.writeParameters
                let isTrackAtOnce =
                    drive.modePages.isChosen(WriteParameters.pageCode)
                    && parameters.writeType == WriteParameters.WriteType.trackAtOnce.rawValue
                guard let record = drive.disc?.record, record.medium.facts.family == .cd,
                    !isTrackAtOnce, record.openSession == nil, bytes.count >= 16,
                    bytes[6] & 0x40 != 0, let start = drive.method?.upcomingTrack()?.start
                else { return }
                let next = start - CDGaps.firstPause
                let pregap = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: next >> $0) }
                // cdrdao takes the start of a later session's track for that of its pregap.
                if !record.sessions.isEmpty { bytes.replaceSubrange(8..<12, with: pregap) }
                bytes.replaceSubrange(12..<16, with: pregap)
            }
        ),
        .noStructure11: QuirkFacts(
            "q-051",
            "refuses READ DISC STRUCTURE 11h",
            .refuses(0xAD, .illegal(0x24, 0x00)) { _, cdb in cdb.u8(7) == 0x11 }
        ),
        .locksUpOnStructure: QuirkFacts(
            "q-051",
            "hangs when it is asked for a disc structure of a CD"
        ),
        .longDiscInformation: QuirkFacts(
            "q-052",
            "returns 36 bytes of disc information with 32 in the length field",
            .edits(0x51) { bytes, _, _ in
                bytes += Array(repeating: 0, count: max(0, 36 - bytes.count))
                bytes[0] = 0
                bytes[1] = 32
            }
        ),
        .noTrayMotor: QuirkFacts(
            "q-053",
            "can't draw its tray in",
            .refuses(0x1B, .illegal(0x24, 0x00)) { _, cdb in
                cdb.u8(4) >> 4 == 0 && cdb.u8(4) & 3 == 3
            }
        ),
        .noShortTrackInformation: QuirkFacts(
            "q-054",
            "refuses the track of LBA 0 where fewer than 28 bytes are taken",
            .refuses(0x52, .illegal(0x24, 0x00)) { _, cdb in
                cdb.u8(1) & 3 == 0 && cdb.u32(2) == 0 && cdb.u16(7) < 28
            }
        ),
    ]

    private static let capabilityQuirks: [Quirk: QuirkFacts] = [
        .twoProfiles: QuirkFacts(
            "q-030",
            "has a second profile current beside the disc's own"
        ),
        .speedsOnGrid: QuirkFacts(
            "q-033",
            "gives CD speeds in mode page 2Ah whatever the disc"
        ),
        .zeroSpeeds: QuirkFacts("q-033", "gives no write speeds in mode page 2Ah"),
        .noPerformance: QuirkFacts(
            "q-033",
            "gives an empty list for GET PERFORMANCE",
            .edits(0xAC) { bytes, _, _ in
                bytes = [0, 0, 0, 4] + Array(bytes.dropFirst(4).prefix(4))
            }
        ),
        .performanceEndIsCount: performanceEnd { $0 + 1 },
        .performanceEndIsZero: performanceEnd { _ in 0 },
        .performanceEndIsMaximum: performanceEnd { _ in 0xFFFF_FFFF },
        .repeatedSpeed: QuirkFacts("q-034", "repeats the last write speed"),
        .speedsRoundedUp: QuirkFacts("q-034", "rounds 8467 and 2822 kB/s up"),
        .slowestOnly: QuirkFacts(
            "q-035",
            "does not know the disc's maker and offers the slowest speed only"
        ),
        .liesAboutIncremental: QuirkFacts(
            "q-045",
            "has feature 21h current with a quickly blanked DVD-RW and does not take its writes"
        ),
    ]

    /// GET PERFORMANCE with another end.
    private static func performanceEnd(_ change: @escaping @Sendable (Int) -> Int) -> QuirkFacts {
        QuirkFacts(
            "q-034",
            "has GET PERFORMANCE end elsewhere than at the last block",
            .edits(0xAC) { bytes, _, cdb in
                let place = [0x00: 8, 0x03: 4][cdb.u8(10)]
                guard let place else { return }
                for entry in stride(from: 8, to: bytes.count - 15, by: 16) {
                    let field = entry + place
                    let end = bytes[field..<field + 4].reduce(0) { $0 << 8 | Int($1) }
                    let changed = change(end)
                    for i in 0..<4 {
                        bytes[field + i] = UInt8(truncatingIfNeeded: changed >> (24 - 8 * i))
                    }
                }
            }
        )
    }
}

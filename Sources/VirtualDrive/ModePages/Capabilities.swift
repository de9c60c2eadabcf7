import MMC

extension VirtualRecorder {
    /// The capabilities and mechanical status of the drive: mode page 2Ah (MMC-6 Annex E.11).
    func capabilitiesPage(changeable: Bool) -> [UInt8] {
        let offered = has(.speedsOnGrid) ? Self.gridSpeeds : traits?.writeSpeeds ?? []
        let speeds = offered.map { has(.zeroSpeeds) ? 0 : min($0, 0xFFFF) }
        guard !changeable else { return Array(repeating: 0, count: 30 + 4 * speeds.count) }
        let read = min(traits?.readSpeed ?? Self.fastestCDSpeed, 0xFFFF)
        let currentRead = min(self.speeds.read ?? read, read)
        let write = has(.zeroSpeeds) ? 0 : has(.speedsOnGrid) ? 1411 : currentWriteSpeed
        var page = profile.capabilities
        // No accurate stream.
        if audio.jitter > 0 { page[3] &= ~0x02 }
        page += [
            0x29 | (condition.isLocked ? 0x02 : 0),  // tray, ejects, locks
            0x00,
        ]
        func word(_ value: Int) {
            page.append(UInt8(truncatingIfNeeded: value >> 8))
            page.append(UInt8(truncatingIfNeeded: value))
        }
        word(read)
        word(0x0100)
        word(has(.understatesBuffer) ? 128 : bufferSize / 1024)
        word(currentRead)
        word(0)
        word(speeds.first ?? 0)
        word(write)
        word(1)
        page += [0, 0, 0, 0]
        word(write)
        word(speeds.count)
        for speed in speeds {
            word(0)
            word(speed)
        }
        return page
    }

    /// 48×, the fastest at which the drive reads CDs.
    static let fastestCDSpeed = 8467
    /// The speeds of a writer of CDs.
    private static let gridSpeeds = [8467, 7056, 5645, 4234, 2822, 1411]

    /// The drive's buffer in bytes, as it says.
    var bufferSize: Int {
        traits == nil && has(.smallBufferWhenEmpty) ? 56 << 10 : profile.buffer
    }

    /// The write speed that is set: the fastest that is no faster than what the host asked for.
    var currentWriteSpeed: Int {
        guard let offered = traits?.writeSpeeds, let fastest = offered.first else { return 0 }
        guard let wanted = speeds.write else { return min(fastest, 0xFFFF) }
        // One part in two hundred allows for hosts that round.
        return offered.first { $0 <= wanted + wanted / 200 } ?? offered.last ?? fastest
    }
}

extension DriveProfile {
    /// What the drive tells of reading CDs in feature 1Eh: C2 pointers, and CD-TEXT.
    ///
    /// It has no DAP bit: audio comes as it was read.
    static let cdReading: UInt8 = 0x03

    /// What the drive reads and writes, in the first four bytes of mode page 2Ah: no more than its
    /// profiles and features tell.
    fileprivate var capabilities: [UInt8] {
        func bit(_ mask: UInt8, _ codes: Int...) -> UInt8 {
            codes.contains(where: profiles.contains) ? mask : 0
        }
        let readsDVD = profiles.contains { (0x10...0x2F).contains($0) }
        // CD-R, CD-RW, method 2; DVD-ROM, DVD-R; DVD-RAM.
        let reads = bit(0x07, 0x08, 0x09, 0x0A) | (readsDVD ? 0x18 : 0) | bit(0x20, 0x12)
        // CD-R; CD-RW; rehearsals; DVD-R; DVD-RAM.
        let writes =
            bit(0x01, 0x09) | bit(0x02, 0x0A) | bit(0x04, 0x09, 0x0A, 0x11) | bit(0x10, 0x11)
            | bit(0x20, 0x12)
        // Underrun protection; sessions, mode 2 form 2 and form 1. It plays no audio.
        let forms = bit(0x80, 0x09, 0x0A, 0x11) | 0x70
        // Catalogue numbers, recording codes; R to W, corrected too; CD-DA commands, accurate stream.
        let codes: UInt8 = 0x6F | (Self.cdReading & 0x02 != 0 ? 0x10 : 0)
        return [reads, writes, forms, codes]
    }
}

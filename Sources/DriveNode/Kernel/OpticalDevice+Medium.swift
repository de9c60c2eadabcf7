import LinuxCalls
import MMC
import SystemPackage

/// What the kernel finds out about the disc.
extension OpticalDevice {
    /// What CDROM_DRIVE_STATUS says (linux/cdrom.h, CDS_).
    enum DriveStatus: Int32 {
        case noInformation = 0
        case noDisc = 1
        case trayOpen = 2
        case notReady = 3
        case discPresent = 4
    }

    /// What kinds of tracks a disc has (cdrom_count_tracks of drivers/cdrom/cdrom.c).
    struct TrackKinds {
        var data = 0
        var audio = 0
    }

    /// The status of tray and disc (sr_drive_status of drivers/scsi/sr_ioctl.c).
    func driveStatus() throws(Errno) -> DriveStatus {
        guard let sense = try testReadiness() else { return .discPresent }
        if sense.matches(.notReady, 0x04, 0x01) { return .notReady }
        if let event = mediaEvent() {
            if event.isPresent { return .discPresent }
            return event.isDoorOpen ? .trayOpen : .noDisc
        }
        if sense.matches(.notReady, 0x04, 0x02) { return .trayOpen }
        if sense.matches(.notReady, 0x04) { return .discPresent }
        return sense.asc == 0x3A ? .noDisc : .trayOpen
    }

    /// Asks for the media event, polling (MMC-6 §6.6, GET EVENT STATUS NOTIFICATION, class 4).
    private func mediaEvent() -> (code: UInt8, isPresent: Bool, isDoorOpen: Bool)? {
        let cdb: [UInt8] = [0x4A, 1, 0, 0, 0x10, 0, 0, 0, 8, 0]
        guard let bytes = try? fetch("GET EVENT STATUS NOTIFICATION", cdb, 8), bytes.count == 8,
            bytes[2] & 0x80 == 0, bytes[2] & 0x07 == 4
        else { return nil }
        return (bytes[4] & 0x0F, bytes[5] & 0x02 != 0, bytes[5] & 0x01 != 0)
    }

    /// Looks whether the disc has been changed since the last time (sr_check_events of
    /// drivers/scsi/sr.c).
    func checkForChange() throws(Errno) -> Bool {
        let event = mediaEvent()
        let wasPresent = isMediumPresent
        let sense = try testReadiness()
        isMediumPresent = sense.map { $0.asc != 0x3A } ?? true
        // Events 2 and 3: a new medium, a medium removed.
        let isNew = event.map { $0.code == 2 || $0.code == 3 } ?? false
        guard isNew || isChanged || isMediumPresent != wasPresent else { return false }
        isChanged = false
        hasUntoldChange = true
        cache.removeAll()
        doubtfulPages = 0..<0
        return true
    }

    /// Asks for the capacity and the last session (sr_revalidate_disk of drivers/scsi/sr.c).
    ///
    /// Linux does so where the disc was changed or loaded again. Here it is also done where the node is
    /// opened and was not open before, so that programs that know nothing of that can be tried.
    func revalidate() throws(Errno) {
        guard try testReadiness() == nil else { return }
        lastSession = startOfLastSession()
        let cdb: [UInt8] = [0x25, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        guard let bytes = try? fetchAll("READ CAPACITY", cdb, 8) else { return }
        let sectors = max(1 + Int(bytes.bigEndian32(at: 0)), lastWritten() ?? 0)
        let newSize = min(sectors, 0x7FFF_FFFF) * Self.sectorLength
        if newSize != size {
            size = newSize
            cache.removeAll()
            doubtfulPages = 0..<0
        }
    }

    /// Where the last session begins, 0 with one session (sr_cd_check of drivers/scsi/sr_vendor.c).
    private func startOfLastSession() -> Int32 {
        // Format 1 in both its places, the old one in the control byte being the kernel's.
        let cdb: [UInt8] = [0x43, 0, 1, 0, 0, 0, 0, 0, 12, 0x40]
        guard let bytes = try? fetchAll("READ TOC", cdb, 12), bytes[2] > 1 else { return 0 }
        return Int32(bitPattern: bytes.bigEndian32(at: 8))
    }

    /// Information about the last track, or the one before it where that one is blank.
    private func lastTrackInformation() -> [UInt8]? {
        let cdb: [UInt8] = [0x51, 0, 0, 0, 0, 0, 0, 0, 34, 0]
        guard let disc = try? fetch("READ DISC INFORMATION", cdb, 34), disc.count >= 7 else {
            return nil
        }
        var track = Int(disc[6]) + (disc.count > 11 ? Int(disc[11]) << 8 : 0)
        guard let information = trackInformation(track) else { return nil }
        guard information.count > 6, information[6] & 0x40 != 0 else { return information }
        guard track > 1 else { return nil }
        track -= 1
        return trackInformation(track)
    }

    private func trackInformation(_ track: Int) -> [UInt8]? {
        let cdb: [UInt8] = [
            0x52, 1, 0, 0, UInt8(truncatingIfNeeded: track >> 8), UInt8(truncatingIfNeeded: track),
            0, 0, 36, 0,
        ]
        guard let bytes = try? fetch("READ TRACK INFORMATION", cdb, 36), bytes.count >= 28 else {
            return nil
        }
        return bytes
    }

    /// The sector behind the last written one (cdrom_get_last_written of drivers/cdrom/cdrom.c).
    func lastWritten() -> Int? {
        guard let track = lastTrackInformation() else {
            return (try? tocEntry(0xAA, inMSF: false)).map { Int($0.address) }
        }
        if track[7] & 0x02 != 0, track.count >= 32 { return Int(track.bigEndian32(at: 28)) }
        let free = Int(track.bigEndian32(at: 16))
        let end = Int(track.bigEndian32(at: 8)) + Int(track.bigEndian32(at: 24))
        return free == 0 ? end : end - (free + 7)
    }

    /// The next writable sector (cdrom_get_next_writable of drivers/cdrom/cdrom.c).
    func nextWritable() -> Int? {
        if let track = lastTrackInformation(), track[7] & 0x01 != 0 {
            return Int(track.bigEndian32(at: 12))
        }
        return lastWritten().map { $0 == 0 ? 0 : $0 + 7 }
    }

    /// First and last track.
    func tocHeader() throws(Errno) -> (first: UInt8, last: UInt8) {
        let bytes = try fetchAll("READ TOC", [0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0], 12)
        return (bytes[2], bytes[3])
    }

    /// A track's control and address.
    func tocEntry(_ track: UInt8, inMSF: Bool) throws(Errno)
        -> (adr: UInt8, control: UInt8, address: UInt32)
    {
        let cdb: [UInt8] = [0x43, inMSF ? 2 : 0, 0, 0, 0, 0, track, 0, 12, 0]
        let bytes = try fetchAll("READ TOC", cdb, 12)
        return (bytes[5] >> 4, bytes[5] & 0x0F, bytes.bigEndian32(at: 8))
    }

    /// Counts the tracks by their kinds.
    func countTracks() throws(Errno) -> TrackKinds {
        let header = try tocHeader()
        var kinds = TrackKinds()
        guard header.first <= header.last else { return kinds }
        for track in header.first...header.last {
            guard let entry = try? tocEntry(track, inMSF: false) else { continue }
            if entry.control & 0x04 != 0 { kinds.data += 1 } else { kinds.audio += 1 }
        }
        return kinds
    }
}

extension [UInt8] {
    /// A big-endian number; bytes that are not there count as zero.
    func bigEndian32(at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 8 | (offset + $1 < count ? UInt32(self[offset + $1]) : 0) }
    }
}

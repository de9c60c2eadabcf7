import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// INQUIRY (SPC-4 §6.4).
    func inquiry(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let page = cdb.u8(2)
        guard cdb.bit(1, 0) else {
            guard page == 0 else { throw cdb.invalid(2) }
            return inquiryData
        }
        // The vital product data of SPC-4 §7.8.
        let data: [UInt8]
        switch page {
        case 0x00: data = [0x00, 0x80, 0x83]
        case 0x80: data = Self.serialNumber
        case 0x83:
            // A T10 vendor identification: vendor, product and serial number.
            let name =
                Array(inquiryData[8..<32]) + Self.serialNumber
            data = [0x02, 0x01, 0x00, UInt8(truncatingIfNeeded: name.count)] + name
        default: throw cdb.invalid(2)
        }
        return [0x05, UInt8(page), 0, UInt8(truncatingIfNeeded: data.count)] + data
    }

    private var inquiryData: [UInt8] {
        var data = profile.identity.encoded
        data[2] = profile.inquiry.version
        data[3] = data[3] & 0xF0 | profile.inquiry.format
        return data
    }

    /// The drive's serial number.
    static let serialNumber = Array("SV0000000001".utf8)

    /// REQUEST SENSE (SPC-4 §6.39): what goes on, for the sense data of commands went with them.
    func requestSense(_ cdb: CDB) -> [UInt8] {
        if let sense = condition.advanceOperation() { return sense.fixedFormat }
        if !condition.attentions.isEmpty { return condition.attentions.removeFirst().fixedFormat }
        do {
            try requireMedium()
        } catch {
            return error.fixedFormat
        }
        if let progress = advanceBackgroundFormat() {
            return Sense(.noSense, 0x04, 0x04, progress: progress).fixedFormat
        }
        return Sense(.noSense, 0x00, 0x00).fixedFormat
    }

    /// How far a format in the background is, which each question brings on by an eighth.
    private func advanceBackgroundFormat() -> UInt16? {
        guard let disc, disc.record.format?.background == .running else { return nil }
        condition.backgroundProgress += 1
        guard condition.backgroundProgress < 8 else {
            disc.record.format?.background = .complete
            // Where it can't be kept, the next drive finds the format stopped.
            try? disc.store()
            return nil
        }
        return UInt16(condition.backgroundProgress) << 13
    }

    /// START STOP UNIT (MMC-6 §6.42).
    func startStop(_ cdb: CDB) throws(Sense) {
        // Power conditions change nothing here.
        guard cdb.u8(4) >> 4 == 0 else { return }
        guard cdb.bit(4, 1) else {
            guard !cdb.bit(4, 0) || !condition.isTrayOpen else {
                throw Sense(.notReady, 0x3A, 0x02)
            }
            return
        }
        if cdb.bit(4, 0) {
            closeTray()
        } else {
            guard !condition.isLocked else { throw Sense(.illegalRequest, 0x53, 0x02) }
            openTray()
        }
    }

    /// PREVENT ALLOW MEDIUM REMOVAL (MMC-6 §6.15).
    func preventRemoval(_ cdb: CDB) throws(Sense) {
        let prevents = cdb.bit(4, 0)
        if cdb.bit(4, 1) { condition.isPersistentlyLocked = prevents }
        condition.isLocked = prevents || condition.isPersistentlyLocked
    }

    /// GET EVENT STATUS NOTIFICATION (MMC-6 §6.8), polled only.
    func getEventStatus(_ cdb: CDB) throws(Sense) -> [UInt8] {
        guard cdb.bit(1, 0) else { throw cdb.invalid(1, bit: 0) }
        let supported = 0x56
        let wanted = cdb.u8(4)
        // The lowest class that was asked for and is known comes first.
        let events: [(bit: Int, reply: () -> [UInt8])] = [
            (1, { [0, 6, 0x01, 0x56, 0, 0, 0, 0] }),
            (2, { [0, 6, 0x02, 0x56, 0, 1, 0, 0] }),
            (
                4,
                {
                    let present = self.disc != nil
                    var bytes = self.condition.takeEvent(isPresent: present).encoded
                    bytes[3] = UInt8(supported)
                    return bytes
                }
            ),
            (6, { [0, 6, 0x06, 0x56, 0, 0, 0, 0] }),
        ]
        guard let event = events.first(where: { wanted >> $0.bit & 1 != 0 }) else {
            // None: only the header, with NEA set.
            return [0, 2, 0x80, UInt8(supported)]
        }
        return event.reply()
    }

    /// MECHANISM STATUS (MMC-6 §6.10).
    func mechanismStatus() -> [UInt8] {
        MechanismStatus(isDoorOpen: condition.isTrayOpen).encoded
    }

    /// SET CD SPEED (MMC-6 §6.37).
    func setCDSpeed(_ cdb: CDB) throws(Sense) {
        let read = cdb.u16(2)
        let write = cdb.u16(4)
        speeds.read = read == 0xFFFF || read == 0 ? nil : read
        speeds.write = write == 0xFFFF || write == 0 ? nil : write
    }

    /// SET STREAMING (MMC-6 §6.39).
    func setStreaming(_ cdb: CDB, _ list: [UInt8]) throws(Sense) {
        guard cdb.u8(8) == 0 else { return }
        guard list.count >= 28 else { throw .wrongParameterLength }
        func number(_ offset: Int) -> Int {
            (0..<4).reduce(0) { $0 << 8 | Int(list[offset + $1]) }
        }
        // RDD: back to the drive's own speeds.
        if list[0] & 0x04 != 0 {
            speeds = SpeedSetting()
            return
        }
        let start = number(4)
        let end = number(8)
        guard end >= start else { throw .invalidParameter(8) }
        let readTime = number(16)
        let writeTime = number(24)
        guard readTime > 0 else { throw .invalidParameter(16) }
        guard writeTime > 0 else { throw .invalidParameter(24) }
        // Sizes are in kB, times in ms.
        speeds.read = number(12) * 1000 / readTime
        speeds.write = number(20) * 1000 / writeTime
    }

    /// GET PERFORMANCE (MMC-6 §6.7).
    func getPerformance(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let whole = try performance(cdb)
        // The length counts all descriptors, however few the host wants.
        return Array(whole.prefix(8 + 16 * cdb.u16(8)))
    }

    private func performance(_ cdb: CDB) throws(Sense) -> [UInt8] {
        guard let disc, let traits else { return WriteSpeeds(descriptors: []).encoded }
        let end = LBA(max(0, disc.record.capacity - 1))
        switch cdb.u8(10) {
        case 0x00:
            let isWriting = cdb.bit(1, 2)
            let speed = isWriting ? traits.writeSpeeds.first ?? 0 : traits.readSpeed
            let stretch = Performance.Descriptor(
                start: .zero,
                startSpeed: speed,
                end: end,
                endSpeed: speed
            )
            // There are no exceptions to tell.
            let isNominal = cdb.u8(1) & 3 == 0
            return Performance(isWriting: isWriting, descriptors: isNominal ? [stretch] : [])
                .encoded
        case 0x03:
            return WriteSpeeds(
                descriptors: traits.writeSpeeds.map {
                    WriteSpeeds.Descriptor(
                        end: end,
                        readSpeed: traits.readSpeed,
                        writeSpeed: $0
                    )
                }
            ).encoded
        case 0x01, 0x02:
            // Unusable areas and defects: the disc has none (MMC-6 §6.7.4.3 and §6.7.4.4).
            guard traits.features.contains(0x24) else { throw cdb.invalid(10) }
            return [0, 0, 0, 4, 0, 0, 0, 0]
        default:
            throw cdb.invalid(10)
        }
    }

    /// READ MEDIA SERIAL NUMBER (SPC-4 §6.23): the discs have none, which a length of 0 says.
    func readMediaSerialNumber(_ cdb: CDB) throws(Sense) -> [UInt8] {
        guard cdb.u8(1) & 0x1F == 0x01 else { throw cdb.invalid(1, bit: 4) }
        return [0, 0, 0, 0]
    }

    /// REPORT KEY and SEND KEY: no disc here is protected (MMC-6 §6.28).
    func refuseKey(_ cdb: CDB) throws(Sense) -> [UInt8] {
        throw Sense(.illegalRequest, 0x6F, 0x01)
    }
}

import SystemPackage

/// The ioctls that tell what disc is there (drivers/cdrom/cdrom.c).
extension ControlTable {
    /// CDROM_LBA and CDROM_MSF.
    private static let lbaFormat: UInt8 = 0x01
    private static let msfFormat: UInt8 = 0x02

    static let disc: [ControlRequest: Handler] = [
        .driveStatus: { (device, _, argument) throws(Errno) in
            // Slots are for changers: with one slot, every number means it.
            try device.driveStatus().rawValue
        },
        .discStatus: { (device, _, _) throws(Errno) in
            // CDS_NO_INFO, CDS_NO_DISC, CDS_AUDIO, CDS_DATA_1, CDS_MIXED
            do throws(Errno) {
                let kinds = try device.countTracks()
                if kinds.audio > 0 { return kinds.data == 0 ? 100 : 105 }
                return kinds.data > 0 ? 101 : 0
            } catch {
                return error == .mediumMissing ? 1 : 0
            }
        },
        .mediaChanged: { (device, _, _) throws(Errno) in
            _ = try device.checkForChange()
            defer { device.hasUntoldChange = false }
            return device.hasUntoldChange ? 1 : 0
        },
        // struct cdrom_tochdr: first and last track.
        .readTOCHeader: { (device, _, argument) throws(Errno) in
            let header = try device.tocHeader()
            argument.put([header.first, header.last], at: 0)
            return 0
        },
        // struct cdrom_tocentry: track, ADR and control, format, address, data mode.
        .readTOCEntry: { (device, _, argument) throws(Errno) in
            let format = argument[2]
            guard format == lbaFormat || format == msfFormat else { throw .invalid }
            let entry = try device.tocEntry(argument[0], inMSF: format == msfFormat)
            argument[1] = entry.control << 4 | entry.adr
            putAddress(entry.address, format, at: 4, in: &argument)
            argument[8] = entry.control & 0x04 != 0 ? 1 : 0
            return 0
        },
        // struct cdrom_multisession: address, XA flag, format of the address.
        .multisession: { (device, _, argument) throws(Errno) in
            let format = argument[5]
            guard format == lbaFormat || format == msfFormat else { throw .invalid }
            let start = device.lastSession
            argument[4] = start > 0 ? 1 : 0
            if format == msfFormat {
                let frames = max(0, Int(start) + 150)
                let minutes = UInt32(truncatingIfNeeded: frames / 75 / 60) & 0xFF
                let address = minutes << 16 | UInt32(frames / 75 % 60) << 8 | UInt32(frames % 75)
                putAddress(address, format, at: 0, in: &argument)
            } else {
                argument.put(start, length: 4)
            }
            return 0
        },
        // struct cdrom_mcn: 13 digits and a zero.
        .getMCN: { (device, _, argument) throws(Errno) in
            let bytes = try device.fetchAll(
                "READ SUB-CHANNEL",
                [0x42, 0, 0x40, 2, 0, 0, 0, 0, 24, 0],
                24
            )
            argument.put(bytes[9..<22], at: 0)
            argument[13] = 0
            return 0
        },
        // struct cdrom_subchnl: format, audio status, ADR and control, track, index, addresses.
        .subchannel: { (device, _, argument) throws(Errno) in
            let format = argument[0]
            guard format == lbaFormat || format == msfFormat else { throw .invalid }
            let cdb: [UInt8] = [0x42, format == msfFormat ? 2 : 0, 0x40, 1, 0, 0, 0, 0, 16, 0]
            let bytes = try device.fetchAll("READ SUB-CHANNEL", cdb, 16)
            argument[1] = bytes[1]
            argument[2] = bytes[5] << 4 | bytes[5] >> 4
            argument[3] = bytes[6]
            argument[4] = bytes[7]
            putAddress(bytes.bigEndian32(at: 8), format, at: 8, in: &argument)
            putAddress(bytes.bigEndian32(at: 12), format, at: 12, in: &argument)
            return 0
        },
        .lastWritten: { (device, _, argument) throws(Errno) in
            guard let sector = device.lastWritten() else { throw .inputOutput }
            argument.put(sector, length: 8)
            return 0
        },
        .nextWritable: { (device, _, argument) throws(Errno) in
            guard let sector = device.nextWritable() else { throw .inputOutput }
            argument.put(sector, length: 8)
            return 0
        },
    ]

    /// Puts a union cdrom_addr: a number in the machine's order, or minute, second and frame.
    private static func putAddress(
        _ address: UInt32,
        _ format: UInt8,
        at offset: Int,
        in argument: inout ControlArgument
    ) {
        if format == msfFormat {
            argument[offset] = UInt8(address >> 16 & 0xFF)
            argument[offset + 1] = UInt8(address >> 8 & 0xFF)
            argument[offset + 2] = UInt8(address & 0xFF)
        } else {
            argument.put(address, at: offset, length: 4)
        }
    }
}

import SystemPackage

/// The ioctls that read sectors and DVD structures (drivers/cdrom/cdrom.c).
extension ControlTable {
    static let reading: [ControlRequest: Handler] = [
        .readMode1: readsSector(length: 2048, format: 2, fields: 0x10),
        .readMode2: readsSector(length: 2336, format: 0, fields: 0x58),
        .readRaw: readsSector(length: 2352, format: 0, fields: 0xF8),
        // struct cdrom_read_audio: address, format of the address, number of frames. The reply is
        // the frames.
        .readAudio: { (device, _, argument) throws(Errno) in
            let address: Int64
            switch argument[4] {
            case 0x01: address = Int64(argument.int32())
            case 0x02: address = addressOfMSF(argument)
            default: throw .invalid
            }
            let frames = argument.int32(at: 8)
            guard address >= 0, frames > 0, frames <= 75 else { throw .invalid }
            let cdb = readCDB(address, UInt8(frames), format: 1, fields: 0xF8)
            argument.bytes = try device.fetchAll("READ CD", cdb, Int(frames) * 2352)
            return 0
        },
        .dvdReadStructure: readDVDStructure,
    ]

    /// The sector whose struct cdrom_msf the argument begins with.
    private static func addressOfMSF(_ argument: ControlArgument) -> Int64 {
        (Int64(argument[0]) * 60 + Int64(argument[1])) * 75 + Int64(argument[2]) - 150
    }

    /// READ CD (MMC-6 §6.19): the sector type in byte 1, the wanted fields in byte 9.
    private static func readCDB(
        _ address: Int64,
        _ count: UInt8,
        format: UInt8,
        fields: UInt8
    ) -> [UInt8] {
        let address = UInt32(truncatingIfNeeded: address)
        return [
            0xBE, format << 2, UInt8(address >> 24), UInt8(address >> 16 & 0xFF),
            UInt8(address >> 8 & 0xFF), UInt8(address & 0xFF), 0, 0, count, fields, 0, 0,
        ]
    }

    /// Reads one sector over the address that asked for it.
    private static func readsSector(length: Int, format: UInt8, fields: UInt8) -> Handler {
        { (device, _, argument) throws(Errno) in
            let address = addressOfMSF(argument)
            guard address >= 0 else { throw .invalid }
            let cdb = readCDB(address, 1, format: format, fields: fields)
            argument.put(try device.fetchAll("READ CD", cdb, length), at: 0)
            return 0
        }
    }

    /// Where a DVD structure's bytes go in the union dvd_struct: by its type, from which byte of
    /// the drive's reply on, to which place, where the length goes, and how many bytes at most.
    private static let structures: [UInt8: (from: Int, to: Int, length: Int?, limit: Int)] = [
        0x01: (4, 2, nil, 2),
        0x03: (4, 8, 4, 188),
        0x04: (4, 8, 4, 2048),
    ]

    /// DVD_READ_STRUCT (dvd_read_struct), by READ DISC STRUCTURE (MMC-6 §6.22).
    private static let readDVDStructure: Handler = { (device, _, argument) throws(Errno) in
        guard device.capabilities.contains(.dvd) else { throw .notImplemented }
        let type = argument[0]
        let layer = type == 0x03 ? 0 : argument[1]
        guard type == 0x00 || structures[type] != nil else { throw .invalid }
        guard type != 0x00 || layer < 4 else { throw .invalid }
        let length = 2052
        let cdb: [UInt8] = [
            0xAD, 0, 0, 0, 0, 0, layer, type, UInt8(length >> 8), UInt8(length & 0xFF), 0, 0,
        ]
        let bytes = try device.fetch("READ DISC STRUCTURE", cdb, length)
        guard bytes.count >= 6 else { throw .inputOutput }
        if let place = structures[type] {
            let count = max(0, min(place.limit, bytes.count - place.from))
            if let field = place.length { argument.put(count, at: field, length: 4) }
            argument.put(bytes[place.from..<(place.from + count)], at: place.to)
        } else {
            guard bytes.count >= 21 else { throw .inputOutput }
            putLayer(bytes, at: 4 + Int(layer) * 20, in: &argument)
        }
        return 0
    }

    /// Puts a struct dvd_layer: bit fields of the layer's descriptor, and its three addresses.
    private static func putLayer(
        _ bytes: [UInt8],
        at offset: Int,
        in argument: inout ControlArgument
    ) {
        // Each byte's fields are told from the lowest bit on: book version and type; rate and size;
        // layer type, track path, layers; densities; BCA.
        argument[offset] = bytes[4]
        argument[offset + 1] = bytes[5]
        argument[offset + 2] = bytes[6] & 0x7F
        argument[offset + 3] = bytes[7]
        argument[offset + 4] = bytes[20] >> 7
        for (i, place) in [8, 12, 16].enumerated() {
            let address = bytes.bigEndian32(at: place)
            argument.put(address & 0xFF_FFFF, at: offset + 8 + 4 * i, length: 4)
        }
    }
}

import DiscImages
import DiscModel
import MMC

extension VirtualRecorder {
    /// READ DISC STRUCTURE (MMC-6 §6.21), once READ DVD STRUCTURE.
    func readDiscStructure(_ cdb: CDB) throws(Sense) -> [UInt8] {
        let (disc, _, _) = try requireDisc()
        let record = disc.record
        let family = record.medium.facts.family
        // The media type field: 0 DVD, 1 BD; a CD has no such structures.
        let wanted: MediumFacts.Family? = [0: .dvd, 1: .bd][cdb.u8(1) & 0x0F]
        guard family != .cd, family == wanted || cdb.u8(7) >= 0x80 else {
            throw .incompatibleMedium
        }
        let structures = Self.structures.filter { $0.isThere(record) }
        if cdb.u8(7) == 0xFF { return Self.list(structures) }
        guard let structure = structures.first(where: { $0.format == cdb.u8(7) }) else {
            throw cdb.invalid(7)
        }
        return structure.reply(record)
    }

    /// A structure: its number, the discs that have it, and what it says.
    private struct Structure: Sendable {
        let format: Int
        let isThere: @Sendable (DiscRecord) -> Bool
        let reply: @Sendable (DiscRecord) -> [UInt8]

        init(
            _ format: Int,
            _ isThere: @escaping @Sendable (DiscRecord) -> Bool,
            _ reply: @escaping @Sendable (DiscRecord) -> [UInt8]
        ) {
            self.format = format
            self.isThere = isThere
            self.reply = reply
        }
    }

    private static let structures: [Structure] = [
        Structure(0x00, { _ in true }) { record in
            record.medium.facts.family == .bd ? discInformation(record) : physicalFormat(record)
        },
        // Copyright: neither protected nor managed.
        Structure(0x01, { isDVD($0) }) { _ in framed([0, 0, 0, 0]) },
        // Manufacturing information: none.
        Structure(0x04, { isDVD($0) }) { _ in
            framed(Array(repeating: 0, count: 2048))
        },
        // Pre-recorded information of DVD-R and -RW: fields of 8 bytes with the maker's names.
        Structure(0x0E, { isMinus($0) }) { record in framed(prerecorded(record)) },
        // The control data zone of DVD-R and -RW, which says what the disc can hold.
        Structure(0x10, { isMinus($0) }) { physicalFormat($0, isRecorded: false) },
        // The same as format 00h as it stands in the groove of DVD+.
        Structure(0x11, { isPlus($0) }) { record in
            framed(Array(physicalFormat(record)[4..<260]))
        },
        // Where the first layer ends (MMC-6 §6.21, layer boundary information): bit 7 says that it
        // can't be changed any more.
        Structure(layerBoundary, { isDualLayer($0) }) { record in
            let isSet = record.firstLayerSectors != nil || !record.sessions.isEmpty
            let sectors = firstLayer(record)
            return framed(
                [isSet ? 0x80 : 0, 0, 0, 0]
                    + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sectors >> $0) }
            )
        },
    ]

    /// The number of the structure that says where the first of two layers ends.
    private static let layerBoundary = 0x20

    private static func isDualLayer(_ record: DiscRecord) -> Bool {
        [.dvdRDualLayer, .dvdPlusRDualLayer].contains(record.medium)
    }

    /// The sectors of the first layer: half of the disc, in whole blocks, unless a host chose fewer.
    private static func firstLayer(_ record: DiscRecord) -> Int {
        record.firstLayerSectors ?? (record.capacity / 2 + 15) / 16 * 16
    }

    /// SEND DISC STRUCTURE (MMC-6 §6.36): the end of the first layer, before anything is written.
    func sendDiscStructure(_ cdb: CDB, _ list: [UInt8]) throws(Sense) {
        let (disc, _, _) = try requireDisc()
        guard cdb.u8(7) == Self.layerBoundary, Self.isDualLayer(disc.record) else {
            throw cdb.invalid(7)
        }
        guard cdb.u16(8) >= 12, list.count >= 12 else { throw .wrongParameterLength }
        guard disc.record.sessions.isEmpty, disc.record.firstLayerSectors == nil else {
            throw .wrongSequence
        }
        let sectors = list[8..<12].reduce(0) { $0 << 8 | Int($1) }
        // The layers' blocks are of 16 sectors, and the first layer has room for so many.
        guard sectors > 0, sectors % 16 == 0, sectors <= Self.firstLayer(disc.record) else {
            throw .invalidParameter(8)
        }
        disc.record.firstLayerSectors = sectors
        do { try disc.store() } catch { throw .writeError }
    }

    private static func isDVD(_ record: DiscRecord) -> Bool {
        record.medium.facts.family == .dvd
    }

    private static func isMinus(_ record: DiscRecord) -> Bool {
        [.dvdR, .dvdRDualLayer, .dvdRW].contains(record.medium)
    }

    private static func isPlus(_ record: DiscRecord) -> Bool {
        [.dvdPlusR, .dvdPlusRDualLayer, .dvdPlusRW].contains(record.medium)
    }

    /// A structure behind its length (MMC-6 table 385).
    private static func framed(_ data: [UInt8]) -> [UInt8] {
        let length = data.count + 2
        return [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length), 0, 0]
            + data
    }

    /// The list of structures, each with the length of its reply (MMC-6 §6.21.3.3).
    private static func list(_ structures: [Structure]) -> [UInt8] {
        framed(
            structures.flatMap { structure in
                // Bit 7 says that it can be sent, bit 6 that it can be read.
                [
                    UInt8(structure.format), structure.format == layerBoundary ? 0xC0 : 0x40, 0x08,
                    0x04,
                ]
            }
        )
    }

    private static func physicalFormat(_ record: DiscRecord, isRecorded: Bool = true) -> [UInt8] {
        let traits = MediumTraits.of(record)
        let isRAM = record.medium == .dvdRAM
        let first = isRAM ? 0x31000 : 0x30000
        let layers =
            [.dvdRDualLayer, .dvdPlusRDualLayer].contains(record.medium)
                || (record.medium == .dvdROM && record.capacity > 2_298_496) ? 2 : 1
        // What is recorded; on DVD+ and on blank discs what the disc can hold.
        let recorded = isPlus(record) || !isRecorded ? nil : record.layout.leadOut?.rawValue
        let sectors = max(1, recorded ?? record.capacity)
        return PhysicalFormat(
            book: traits.book.type,
            version: traits.book.version,
            layers: layers,
            isOppositeTrackPath: layers == 2,
            layerType: traits.book.layerType,
            firstSector: first,
            lastSector: first + sectors - 1,
            lastSectorOfFirstLayer: layers == 2
                ? first + (record.firstLayerSectors ?? (sectors + 1) / 2) - 1 : 0,
            manufacturer: record.identity.manufacturer,
            type: record.identity.type,
            revision: record.identity.revision
        ).encoded
    }

    /// The fields of a DVD-R's pre-pits: number, 6 bytes, and a parity byte that is not told
    /// (ECMA-279 §26.5; fields 3 and 4 hold the maker's text).
    private static func prerecorded(_ record: DiscRecord) -> [UInt8] {
        let text = Array(record.identity.manufacturer.utf8.prefix(12))
        let padded = text + Array(repeating: 0x20, count: 12 - text.count)
        let fields: [[UInt8]] = [
            [1, 0x40, 0xC1, 0xFD, 0x9E, 0xD8, 0x52],
            [2, 0x85, 0x0E, 0x10, 0x99, 0x88, 0x8A],
            [3] + padded[..<6],
            [4] + padded[6...],
            [5, 0x88, 0x88, 0x88, 0x88, 0x88, 0x88],
        ]
        return fields.flatMap { $0 + [0] }
    }

    /// The disc information of a BD: one unit with the maker's name and the kind of disc.
    private static func discInformation(_ record: DiscRecord) -> [UInt8] {
        var unit = [UInt8](repeating: 0, count: 112)
        func put(_ text: String, at offset: Int, length: Int) {
            for (i, byte) in text.utf8.prefix(length).enumerated() { unit[offset + i] = byte }
        }
        put("DI", at: 0, length: 2)
        unit[2] = 1
        unit[6] = 98
        let kinds: [MediumKind: String] = [
            .bdROM: "BDO", .bdR: "BDR", .bdRDualLayer: "BDR", .bdRE: "BDW", .bdREDualLayer: "BDW",
        ]
        put(kinds[record.medium] ?? "BDO", at: 8, length: 3)
        // The number of layers, and their type: 1 embossed, 2 recordable, 4 rewritable.
        let isDual = [.bdRDualLayer, .bdREDualLayer].contains(record.medium)
        let types: [MediumKind: UInt8] = [
            .bdR: 2, .bdRDualLayer: 2, .bdRE: 4, .bdREDualLayer: 4,
        ]
        unit[12] = (isDual ? 0x20 : 0x10) | (types[record.medium] ?? 1)
        put(record.identity.manufacturer, at: 100, length: 6)
        put(record.identity.type, at: 106, length: 3)
        unit[111] = UInt8(truncatingIfNeeded: record.identity.revision)
        return framed(unit + Array(repeating: 0, count: 4096 - unit.count))
    }
}

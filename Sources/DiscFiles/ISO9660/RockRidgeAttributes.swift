/// What the system use entries of a directory record say of a file: IEEE P1281 (SUSP) and P1282
/// (Rock Ridge).
struct RockRidgeAttributes {
    /// Continuation areas of one record: a target of 4095 bytes needs 17.
    private static let mostContinuations = 64
    /// The longest name or target that is taken: POSIX's `PATH_MAX`.
    private static let longestText = 4096

    private(set) var mode: UInt32?
    private(set) var linkCount: Int?
    /// The file's serial number, which its other names have, too; not in RRIP before 1.12.
    private(set) var serial: UInt64?
    private(set) var userID: UInt32?
    private(set) var groupID: UInt32?
    private(set) var device: (major: UInt32, minor: UInt32)?
    private(set) var modified: FileTime?
    private(set) var accessed: FileTime?
    private(set) var created: FileTime?
    /// The logical block of the directory that this record stands for; RRIP §4.1.5.
    private(set) var childBlock: Int?
    /// Whether the directory is shown elsewhere; RRIP §4.1.5.3.
    private(set) var isRelocated = false
    /// Of the second record of a relocated directory, the logical block of the directory in which it
    /// is shown; RRIP §4.1.5.2.
    private(set) var parentBlock: Int?
    /// The unpacked size of a file that zisofs packed.
    private(set) var unpackedSize: Int?
    /// Bytes to skip before the entries of every record but the root's first; SUSP §5.3.
    private(set) var skippedBytes: Int?
    /// The name by which Rock Ridge is announced, such as `RRIP_1991A`; SUSP §5.5.
    private(set) var extensionName: String?
    /// Whether there is an entry that only Rock Ridge has.
    private(set) var isPresent = false
    /// What is wrong with it: a sentence.
    private(set) var problem: String?

    /// The attributes that AAIP has recorded.
    private(set) var attributes: [FileAttribute] = []

    private var list = AttributeList()
    private var nameBytes: [UInt8]?
    private var nameGoesOn = false
    private var targetBytes: [UInt8]?
    private var targetNeedsSlash = false
    private var continuation: (block: UInt32, offset: UInt32, count: UInt32)?

    /// The name, where an entry has one.
    var name: String? { nameBytes.map { FileName.decoded($0) } }
    /// Where a symlink leads.
    var target: String? { targetBytes.map { FileName.decoded($0) } }

    /// Reads the entries of a record, and on through its continuation areas.
    init(_ area: [UInt8], _ reader: any StructureBytes, blockSize: Int) throws {
        defer {
            let (found, trouble) = list.attributes
            attributes = found
            problem = problem ?? trouble
        }
        var seen: Set<UInt64> = []
        read(area.span)
        while let next = continuation {
            continuation = nil
            let place = UInt64(next.block) << 32 | UInt64(next.offset)
            guard seen.insert(place).inserted, seen.count <= Self.mostContinuations else {
                problem = "A file's attributes go on in a circle."
                return
            }
            // An area lies within a block (SUSP §5.1); some writers count blocks of 2048 anyhow.
            guard next.count <= 2048 * 4 else {
                problem = "A file's attributes go on for \(next.count) bytes, which is too long."
                return
            }
            do {
                let offset = Int(next.block) * blockSize + Int(next.offset)
                let area = try reader.structure(at: offset, count: Int(next.count))
                read(area.span)
            } catch let error as BrokenStructure {
                problem = "The rest of a file's attributes is missing. \(error.sentence)"
                return
            }
        }
    }

    private mutating func read(_ bytes: Span<UInt8>) {
        var position = 0
        while position + 4 <= bytes.count {
            let length = Int(bytes.byte(position + 2))
            guard length >= 4, position + length <= bytes.count else { return }
            if let signature = Signature(rawValue: bytes.big16(position)),
                !take(signature, bytes.extracting(position..<position + length))
            {
                return
            }
            position += length
        }
    }

    /// The entries that are read, by the two letters that they begin with.
    private enum Signature: UInt16 {
        case indicator = 0x5350  // SP
        case continuation = 0x4345  // CE
        case terminator = 0x5354  // ST
        case extensions = 0x4552  // ER
        case present = 0x5252  // RR
        case rights = 0x5058  // PX
        case device = 0x504E  // PN
        case name = 0x4E4D  // NM
        case target = 0x534C  // SL
        case times = 0x5446  // TF
        case child = 0x434C  // CL
        case parent = 0x504C  // PL
        case relocated = 0x5245  // RE
        case packing = 0x5A46  // ZF
        case attributes = 0x414C  // AL
    }

    /// Reads an entry; false for the last one.
    private mutating func take(_ signature: Signature, _ entry: Span<UInt8>) -> Bool {
        switch signature {
        case .indicator: takeIndicator(entry)
        case .continuation: takeContinuation(entry)
        case .terminator: return false
        case .present: isPresent = true
        case .rights: takeRights(entry)
        case .device: takeDevice(entry)
        case .name: takeName(entry)
        case .target: takeTarget(entry)
        case .times: takeTimes(entry)
        case .extensions: takeExtension(entry)
        case .child: childBlock = Int(entry.both32(4))
        case .parent: parentBlock = Int(entry.both32(4))
        case .relocated: isRelocated = true
        case .packing: takePacking(entry)
        case .attributes: list.take(entry)
        }
        return true
    }

    /// SUSP §5.3.
    private mutating func takeIndicator(_ entry: Span<UInt8>) {
        guard entry.byte(4) == 0xBE, entry.byte(5) == 0xEF else { return }
        skippedBytes = Int(entry.byte(6))
    }

    /// SUSP §5.5; the names are those of RRIP 1.09, of 1.12, and of IEEE's draft.
    private mutating func takeExtension(_ entry: Span<UInt8>) {
        let name = entry.text(at: 8, count: min(Int(entry.byte(4)), entry.count - 8))
        if ["RRIP_1991A", "IEEE_P1282", "IEEE_1282"].contains(name) { extensionName = name }
    }

    /// SUSP §5.1.
    private mutating func takeContinuation(_ entry: Span<UInt8>) {
        guard entry.count >= 28 else { return }
        continuation = (entry.both32(4), entry.both32(12), entry.both32(20))
    }

    /// RRIP §4.1.1.
    private mutating func takeRights(_ entry: Span<UInt8>) {
        guard entry.count >= 36 else { return }
        isPresent = true
        mode = entry.both32(4)
        linkCount = Int(entry.both32(12))
        if entry.count >= 44 { serial = UInt64(entry.both32(36)) }
        userID = entry.both32(20)
        groupID = entry.both32(28)
    }

    /// RRIP §4.1.2: one number in two halves, which Linux and libisofs split as here.
    private mutating func takeDevice(_ entry: Span<UInt8>) {
        guard entry.count >= 20 else { return }
        let (high, low) = (entry.both32(4), entry.both32(12))
        // Without a high half all is in the low one, split as the C library splits such numbers.
        device =
            high == 0
            ? (low >> 8 & 0xFFF, low & 0xFF | low >> 12 & 0xF_FF00) : (high, low)
    }

    /// RRIP §4.1.4: bit 0 says that the name goes on, bits 1 and 2 that it is `.` or `..`.
    private mutating func takeName(_ entry: Span<UInt8>) {
        let flags = entry.byte(4)
        isPresent = true
        guard flags & 6 == 0, entry.count >= 5, nameBytes == nil || nameGoesOn else { return }
        var name = nameBytes ?? []
        for offset in 5..<max(5, entry.count) { name.append(entry.byte(offset)) }
        if name.count > Self.longestText {
            problem = "A name of more than \(Self.longestText) bytes is cut."
            name.removeLast(name.count - Self.longestText)
        }
        nameBytes = name
        nameGoesOn = flags & 1 != 0
    }

    /// RRIP §4.1.3: components, each with flags (bit 0: goes on, 1: `.`, 2: `..`, 3: `/`), a length
    /// and text.
    private mutating func takeTarget(_ entry: Span<UInt8>) {
        var target = targetBytes ?? []
        var position = 5
        while position + 2 <= entry.count {
            let flags = entry.byte(position)
            let end = min(position + 2 + Int(entry.byte(position + 1)), entry.count)
            if targetNeedsSlash { target.append(0x2F) }
            targetNeedsSlash = flags & 1 == 0
            if flags & 8 != 0 {
                // Behind other components it is an empty one: two slashes in a row.
                if target.isEmpty { target.append(0x2F) }
                targetNeedsSlash = target.last != 0x2F || target.count > 1
            } else if flags & 6 != 0 {
                target += [UInt8](repeating: 0x2E, count: flags & 4 != 0 ? 2 : 1)
            } else {
                for offset in position + 2..<end { target.append(entry.byte(offset)) }
            }
            position = end
        }
        if target.count > Self.longestText {
            problem = "A symlink's target of more than \(Self.longestText) bytes is cut."
            target.removeLast(target.count - Self.longestText)
        }
        targetBytes = target
    }

    /// RRIP §4.1.6: a bit for each time that is there, in this order; bit 7 says how long they are.
    private mutating func takeTimes(_ entry: Span<UInt8>) {
        let flags = entry.byte(4)
        let width = flags & 0x80 != 0 ? 17 : 7
        var position = 5
        for bit in 0..<3 where flags & 1 << UInt8(bit) != 0 {
            guard position + width <= entry.count else { return }
            let time =
                width == 7
                ? FileTime.ofRecord(entry, at: position) : FileTime.ofDigits(entry, at: position)
            switch bit {
            case 0: created = time
            case 1: modified = time
            default: accessed = time
            }
            position += width
        }
    }

    /// zisofs's own entry, as libisofs describes it: `pz`, and the unpacked size.
    private mutating func takePacking(_ entry: Span<UInt8>) {
        guard entry.holds("pz", at: 4), entry.count >= 16 else { return }
        unpackedSize = Int(entry.both32(8))
    }
}

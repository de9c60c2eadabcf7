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
    /// What is wrong with it: the end of a sentence that begins with them, and what may be lost.
    private var problem: (end: String, loss: FileTreeProblem.Loss)?

    /// The attributes that AAIP has recorded.
    private(set) var attributes: [FileAttribute] = []

    private var list = AttributeList()
    private var nameBytes: [UInt8]?
    private var nameGoesOn = false
    private var targetBytes: [UInt8]?
    private var targetGoesOn = false
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
            if let trouble { note(trouble, .attributes) }
            if nameGoesOn { note("hold only the beginning of a name.", .entries) }
            if targetGoesOn { note("hold only the beginning of a symlink's target.", .contents) }
        }
        var seen: Set<UInt64> = []
        read(area.span)
        while let next = continuation {
            continuation = nil
            let place = UInt64(next.block) << 32 | UInt64(next.offset)
            guard seen.insert(place).inserted, seen.count <= Self.mostContinuations else {
                note("go on in a circle.", .entries)
                return
            }
            // An area lies within a block (SUSP §5.1); some writers count blocks of 2048 anyhow.
            guard next.count <= 2048 * 4 else {
                note("go on for \(next.count) bytes, which is too long.", .entries)
                return
            }
            do {
                let offset = Int(next.block) * blockSize + Int(next.offset)
                let area = try reader.structure(at: offset, count: Int(next.count))
                read(area.span)
            } catch let error as BrokenStructure {
                note("go on where they can't be read. \(error.sentence)", .entries)
                return
            }
        }
    }

    /// Where `SP` stands in the area of the root's record of itself, the one record whose beginning it does
    /// not move: first, or after the 14 bytes that CD-ROM XA has there; SUSP §5.3.
    ///
    /// - Parameter area: The system use area.
    /// - Returns: `nil` if it stands at neither place.
    static func indicator(in area: Span<UInt8>) -> Int? {
        for place in [0, 14]
        where area.holds("SP", at: place) && area.big16(place + 4) == 0xBEEF {
            return place
        }
        return nil
    }

    /// What is wrong, in a sentence about a file, and what may be lost; `nil` if nothing is.
    func problem(of subject: String) -> FileTreeProblem? {
        problem.map {
            FileTreeProblem("The attributes of \(subject) \($0.end)", loss: $0.loss)
        }
    }

    /// Keeps what was wrong first, and the greatest loss.
    private mutating func note(_ end: String, _ loss: FileTreeProblem.Loss) {
        problem = (problem?.end ?? end, max(problem?.loss ?? loss, loss))
    }

    private mutating func read(_ bytes: Span<UInt8>) {
        var position = 0
        while position + 4 <= bytes.count {
            let length = Int(bytes.byte(position + 2))
            let signature = Signature(rawValue: bytes.big16(position))
            guard length >= 4, position + length <= bytes.count,
                signature != nil || Self.isSignature(bytes, at: position)
            else { return breakOff(bytes.extracting(position..<bytes.count)) }
            if let signature,
                !take(signature, bytes.extracting(position..<position + length))
            {
                return
            }
            position += length
        }
    }

    /// Whether an entry of another extension may begin here: all have capitals or digits as their letters.
    private static func isSignature(_ bytes: Span<UInt8>, at position: Int) -> Bool {
        for offset in position..<position + 2 {
            switch bytes.byte(offset) {
            case 0x30...0x39, 0x41...0x5A: continue
            default: return false
            }
        }
        return true
    }

    /// Tells that the entries end before their area does (SUSP §4.1), unless zeros fill it.
    private mutating func breakOff(_ rest: Span<UInt8>) {
        var isFilled = true
        var loss = FileTreeProblem.Loss.attributes
        for position in 0..<rest.count {
            if rest.byte(position) != 0 { isFilled = false }
            // Whichever entries can still be made out there are lost.
            if let signature = Signature(rawValue: rest.big16(position)) {
                loss = max(loss, signature.loss)
            }
        }
        // The 14 bytes of CD-ROM XA, and perhaps a pad byte, have no form of SUSP's.
        if isFilled || (14...15).contains(rest.count) && rest.holds("XA", at: 6) { return }
        note("break off where an entry has a length that can't be right.", loss)
    }

    /// Tells that an entry is shorter than its kind must be.
    private mutating func noteShort(_ signature: Signature) {
        note("have an entry that is shorter than it must be.", signature.loss)
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

        /// What may be lost without such an entry.
        var loss: FileTreeProblem.Loss {
            switch self {
            case .name, .child, .parent, .relocated, .continuation: .entries
            case .rights, .device, .target, .packing: .contents
            case .indicator, .terminator, .extensions, .present, .times, .attributes: .attributes
            }
        }
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
        case .child, .parent:
            guard entry.count >= 12 else {
                noteShort(signature)
                break
            }
            if signature == .child { childBlock = Int(entry.both32(4)) }
            if signature == .parent { parentBlock = Int(entry.both32(4)) }
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
        guard entry.count >= 28 else { return noteShort(.continuation) }
        continuation = (entry.both32(4), entry.both32(12), entry.both32(20))
    }

    /// RRIP §4.1.1.
    private mutating func takeRights(_ entry: Span<UInt8>) {
        guard entry.count >= 36 else { return noteShort(.rights) }
        isPresent = true
        mode = entry.both32(4)
        linkCount = Int(entry.both32(12))
        if entry.count >= 44 { serial = UInt64(entry.both32(36)) }
        userID = entry.both32(20)
        groupID = entry.both32(28)
    }

    /// RRIP §4.1.2: one number in two halves, which Linux and libisofs split as here.
    private mutating func takeDevice(_ entry: Span<UInt8>) {
        guard entry.count >= 20 else { return noteShort(.device) }
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
        guard entry.count >= 5 else { return noteShort(.name) }
        guard flags & 6 == 0, nameBytes == nil || nameGoesOn else { return }
        var name = nameBytes ?? []
        for offset in 5..<max(5, entry.count) { name.append(entry.byte(offset)) }
        if name.count > Self.longestText {
            note("hold a name of more than \(Self.longestText) bytes, which is cut.", .entries)
            name.removeLast(name.count - Self.longestText)
        }
        nameBytes = name
        nameGoesOn = flags & 1 != 0
    }

    /// RRIP §4.1.3: components, each with flags (bit 0: goes on, 1: `.`, 2: `..`, 3: `/`), a length
    /// and text.
    private mutating func takeTarget(_ entry: Span<UInt8>) {
        guard entry.count >= 5 else { return noteShort(.target) }
        var target = targetBytes ?? []
        targetGoesOn = entry.byte(4) & 1 != 0
        var position = 5
        while position + 2 <= entry.count {
            let flags = entry.byte(position)
            let end = min(position + 2 + Int(entry.byte(position + 1)), entry.count)
            if position + 2 + Int(entry.byte(position + 1)) > entry.count { noteShort(.target) }
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
            note(
                "hold a symlink's target of more than \(Self.longestText) bytes, which is cut.",
                .contents
            )
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
            guard position + width <= entry.count else { return noteShort(.times) }
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
        guard entry.holds("pz", at: 4) else { return }
        guard entry.count >= 16 else { return noteShort(.packing) }
        unpackedSize = Int(entry.both32(8))
    }
}

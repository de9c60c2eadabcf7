/// A record of an ISO 9660 directory; ECMA-119 §9.1.
struct DirectoryRecord {
    /// The bits of the flags that are asked for; ECMA-119 §9.1.6.
    struct Flags: OptionSet {
        let rawValue: UInt8

        static let hidden = Flags(rawValue: 0x01)
        static let directory = Flags(rawValue: 0x02)
        static let associated = Flags(rawValue: 0x04)
        /// More records of the same file follow.
        static let continued = Flags(rawValue: 0x80)
    }

    /// Bytes before the name.
    static let fixedLength = 33

    /// The bytes of the whole record.
    let length: Int
    /// The first logical block, at which an extended attribute record may come first.
    let block: Int
    /// The blocks of the extended attribute record.
    let attributeBlocks: Int
    /// The bytes of this part of the file.
    let size: Int
    /// When it was recorded.
    let time: FileTime?
    /// What it is.
    let flags: Flags
    /// The blocks in a unit of an interleaved file, and in the gap behind it.
    let interleave: (unit: Int, gap: Int)
    /// The name, with its version.
    let identifier: [UInt8]
    /// Where the bytes of SUSP are, within those that the record was read from.
    let systemUse: Range<Int>
    /// Whether numbers in both byte orders say the same.
    let ordersAgree: Bool

    /// Reads a record; `nil` if its lengths make no sense.
    ///
    /// - Parameters:
    ///   - bytes: What it is read from.
    ///   - offset: Where it begins.
    ///   - end: Where the record must end at the latest.
    ///   - isDraft: Whether it is one of High Sierra, whose date is a byte shorter.
    init?(_ bytes: Span<UInt8>, at offset: Int, end: Int, isDraft: Bool = false) {
        let length = Int(bytes.byte(offset))
        let nameLength = Int(bytes.byte(offset + 32))
        guard offset + length <= min(end, bytes.count), Self.fixedLength + nameLength <= length
        else { return nil }
        self.init(bytes, at: offset, length: length, nameLength: nameLength, isDraft: isDraft)
    }

    /// Reads the record of the root directory in a volume descriptor.
    ///
    /// It has 34 bytes there (ECMA-119 §8.4.18), whatever its length says: the CSRG Archives discs of
    /// 1998 say 68.
    init(rootAt offset: Int, of descriptor: Span<UInt8>, isDraft: Bool) {
        self.init(
            descriptor,
            at: offset,
            length: Self.fixedLength + 1,
            nameLength: 1,
            isDraft: isDraft
        )
    }

    private init(
        _ bytes: Span<UInt8>,
        at offset: Int,
        length: Int,
        nameLength: Int,
        isDraft: Bool
    ) {
        self.length = length
        let nameEnd = offset + Self.fixedLength + nameLength
        attributeBlocks = Int(bytes.byte(offset + 1))
        block = Int(bytes.both32(offset + 2))
        size = Int(bytes.both32(offset + 10))
        time = FileTime.ofRecord(bytes, at: offset + 18, hasZone: !isDraft)
        flags = Flags(rawValue: bytes.byte(offset + (isDraft ? 24 : 25)))
        interleave = (Int(bytes.byte(offset + 26)), Int(bytes.byte(offset + 27)))
        identifier = (offset + Self.fixedLength..<nameEnd).map { bytes.byte($0) }
        // A pad byte follows a name of even length (ECMA-119 §9.1.12).
        systemUse = min(nameEnd + (nameLength + 1) % 2, offset + length)..<offset + length
        ordersAgree =
            bytes.little32(offset + 2) == bytes.big32(offset + 6)
            && bytes.little32(offset + 10) == bytes.big32(offset + 14)
    }

    /// Whether what follows the last record of a sector looks like a record, though zeros belong there
    /// (ECMA-119 §6.8.1.1): the length of one was lost, and with it all that follow in the sector.
    ///
    /// Old discs have all kinds of rubbish there, so the fields that are recorded twice must agree.
    ///
    /// - Parameters:
    ///   - bytes: A sector, or the rest of one.
    ///   - start: Where the records end.
    /// - Returns: Whether there is one.
    static func isHidden(in bytes: Span<UInt8>, from start: Int) -> Bool {
        guard start < bytes.count, bytes.byte(start) == 0 else { return false }
        for offset in start..<bytes.count where isLikely(bytes, at: offset) { return true }
        return false
    }

    /// Whether the next record stands where a record should end by the length of its name.
    static func isSwallowed(by record: DirectoryRecord, in bytes: Span<UInt8>) -> Bool {
        let use = record.systemUse
        return use.count > fixedLength && isLikely(bytes, at: use.lowerBound)
            && Int(bytes.byte(use.lowerBound)) <= use.count
            && DirectoryRecord(bytes, at: use.lowerBound, end: use.upperBound) != nil
    }

    /// Whether a record seems to begin at a byte, whatever its length says.
    private static func isLikely(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
        let nameLength = Int(bytes.byte(offset + 32))
        return nameLength > 0 && offset + fixedLength + nameLength <= bytes.count
            && bytes.little32(offset + 2) != 0
            && bytes.little32(offset + 2) == bytes.big32(offset + 6)
            && bytes.little32(offset + 10) == bytes.big32(offset + 14)
            && bytes.little16(offset + 28) == bytes.big16(offset + 30)
            && FileTime.ofRecord(bytes, at: offset + 18, hasZone: false) != nil
    }

    /// Whether it is the directory's own record, which comes first; ECMA-119 §6.8.2.2.
    var isSelf: Bool { identifier == [0] }
    /// Whether it is the record of the directory's parent, which comes second.
    var isParent: Bool { identifier == [1] }

    /// The byte of the disc where the file or directory begins, after its extended attribute record.
    func place(blockSize: Int) -> Int { (block + attributeBlocks) * blockSize }
}

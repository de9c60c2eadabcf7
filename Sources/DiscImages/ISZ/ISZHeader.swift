/// The header that each part of an ISZ image begins with.
struct ISZHeader {
    /// The mark.
    static let mark = Array("IsZ!".utf8)
    /// The most bytes it has.
    static let size = 64
    /// The kinds of encryption by their numbers: the sizes of the keys; none where a password is
    /// asked for, and nothing is known of what comes of it.
    static let keySizes: [Int: Int] = [2: 16, 3: 24, 4: 32]

    let serial: Int
    let sectorSize: Int
    let byteCount: Int
    let encryption: Int
    let segmentSize: Int
    let chunkCount: Int
    let chunkSize: Int
    let pointerSize: Int
    let segment: Int
    let chunkTable: Int
    let segmentTable: Int
    let dataOffset: Int
    /// The CRC-32 of the image, where there is one.
    let sum: UInt32?

    /// Reads a header.
    ///
    /// - Throws: ``ImageFormatError`` that names the field that is nonsense.
    init(_ fields: BinaryFields) throws {
        let size = try fields.u8(4, "the size of the header")
        guard size >= 48 else { throw fields.error("the size of the header", 4, "is \(size)") }
        let version = try fields.u8(5, "the version")
        guard version <= 1 else { throw fields.error("the version", 5, "is \(version)") }
        serial = try fields.u32(6, "the serial number")
        sectorSize = try fields.u16(10, "the size of a sector")
        let sectors = try fields.u32(12, "the number of sectors")
        guard sectorSize > 0 else { throw fields.error("the size of a sector", 10, "is 0") }
        guard sectors > 0 else { throw fields.error("the number of sectors", 12, "is 0") }
        byteCount = sectors * sectorSize
        encryption = try fields.u8(16, "the kind of encryption")
        segmentSize = try fields.u64(17, "the size of a segment")
        chunkCount = try fields.u32(25, "the number of chunks")
        chunkSize = try fields.u32(29, "the size of a chunk")
        guard chunkSize > 0, chunkSize <= BlockBytes.largestBlock, chunkSize % sectorSize == 0
        else { throw fields.error("the size of a chunk", 29, "is \(chunkSize)") }
        guard chunkCount == (byteCount - 1) / chunkSize + 1 else {
            throw fields.error(
                "the number of chunks",
                25,
                "is \(chunkCount), but \(byteCount) bytes make \((byteCount - 1) / chunkSize + 1)"
            )
        }
        pointerSize = try fields.u8(33, "the size of a pointer")
        segment = try fields.u8(34, "the number of the segment")
        chunkTable = try fields.u32(35, "the place of the chunk table")
        segmentTable = try fields.u32(39, "the place of the segment table")
        dataOffset = try fields.u32(43, "the place of the data")
        if size >= Self.size, fields.count >= Self.size {
            // It is kept with all its bits turned.
            let kept = UInt32(try fields.u32(48, "the checksum"))
            sum = kept == 0 ? nil : ~kept
        } else {
            sum = nil
        }
    }
}

/// The 512 bytes that end an Apple disk image, or in rare ones begin it.
struct DMGTrailer {
    /// Its size.
    static let size = 512
    /// Its mark.
    static let mark = Array("koly".utf8)

    /// Where the packed blocks lie.
    let dataOffset: Int
    /// How many bytes they have; 0 in some files.
    let dataCount: Int
    /// How many bytes they have in the parts before this one, of a split image.
    let dataBefore: Int
    /// Where the resource fork lies.
    let resources: Range<Int>
    /// Where the property list lies.
    let list: Range<Int>
    /// Which part of a split image this is, and of how many.
    let segment: Int
    let segmentCount: Int
    /// What all parts of a split image have in common.
    let identity: [UInt8]
    /// The checksum of the packed data; `nil` if it is no CRC-32.
    let dataSum: UInt32?
    /// The checksum of the partitions' checksums; `nil` if it is no CRC-32.
    let masterSum: UInt32?
    /// The size of the image in sectors of 512 bytes.
    let sectorCount: Int

    init(_ fields: BinaryFields, fileSize: Int) throws {
        let version = try fields.u32(4, "the version")
        guard version == 4 else { throw fields.error("the version", 4, "is \(version)") }
        dataBefore = try fields.u64(16, "the size of the data in the parts before")
        dataOffset = try fields.u64(24, "the place of the data")
        dataCount = try fields.u64(32, "the size of the data")
        func range(_ at: Int, _ field: String) throws -> Range<Int> {
            let start = try fields.u64(at, "the place of \(field)")
            let count = try fields.u64(at + 8, "the size of \(field)")
            guard start <= fileSize, count <= fileSize - start else {
                throw fields.error("the place of \(field)", at, "lies past the end of the file")
            }
            return start..<(start + count)
        }
        resources = try range(40, "the resource fork")
        list = try range(216, "the property list")
        segment = try fields.u32(56, "the number of the segment")
        segmentCount = try fields.u32(60, "the number of segments")
        identity = try fields.exactly(64, 16, "the identity of the parts")
        func checksum(_ at: Int, _ field: String) throws -> UInt32? {
            // 2 is CRC-32.
            guard try fields.u32(at, "the kind of \(field)") == 2 else { return nil }
            // Some writers leave it 0.
            let value = UInt32(try fields.u32(at + 8, field))
            return value == 0 ? nil : value
        }
        dataSum = try checksum(80, "the checksum of the packed data")
        masterSum = try checksum(352, "the master checksum")
        sectorCount = try fields.u64(492, "the number of sectors")
        guard sectorCount < 1 << 40 else {
            throw fields.error("the number of sectors", 492, "is \(sectorCount)")
        }
        guard dataOffset <= fileSize else {
            throw fields.error("the place of the data", 24, "lies past the end of the file")
        }
    }
}

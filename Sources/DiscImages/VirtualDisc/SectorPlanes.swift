import LinuxCalls

/// Where the sectors of a virtual disc lie in its file.
///
/// Three planes, each with a fixed place for every sector: the 2048 bytes of user data, which alone
/// are enough for DVD, BD and data CDs; the other 304 bytes of a CD's raw sector; and the 96 bytes
/// of its subchannel. What was never written takes no room in the file and reads as zeros.
struct SectorPlanes {
    /// Bytes of user data in a sector.
    static let userSize = 2048
    /// Bytes of a raw sector (ECMA-130 §14).
    static let rawSize = 2352
    /// Bytes of a raw sector beside its user data.
    static let restSize = rawSize - userSize
    /// Bytes of subchannel that go with a sector (ECMA-130 §22).
    static let subchannelSize = 96

    /// Room before LBA 0 for a pregap of 150 sectors, with some to spare.
    private static let before = 512

    let file: File
    /// Where the user data of LBA 0 lie.
    let userOrigin: Int

    /// The planes of a virtual disc: the first from 2 MiB on, the others behind the 1 GiB that the
    /// user data of 99 minutes need.
    init(virtualDisc file: File) {
        self.file = file
        userOrigin = 0x200000 + Self.before * Self.userSize
    }

    /// The only plane of an image file.
    init(image file: File) {
        self.file = file
        userOrigin = 0
    }

    func userOffset(_ lba: Int) -> Int { userOrigin + lba * Self.userSize }

    func restOffset(_ lba: Int) -> Int { 0x4000_0000 + (lba + Self.before) * Self.restSize }

    func subchannelOffset(_ lba: Int) -> Int {
        0x5000_0000 + (lba + Self.before) * Self.subchannelSize
    }

    /// Reads bytes; what was never written reads as zeros, behind the file's end as well.
    func read(at offset: Int, into buffer: inout MutableSpan<UInt8>) throws(SystemError) {
        let count = try file.read(at: offset, into: &buffer)
        Bytes.fill(&buffer, count..<buffer.count, with: 0)
    }

    /// The last sector before LBA 0 that has a place.
    static let firstSector = -before

    /// Gives the room of sectors back.
    func discard(_ sectors: Range<Int>, isCD: Bool) throws(SystemError) {
        try file.punchHole(userOffset(sectors.lowerBound)..<userOffset(sectors.upperBound))
        guard isCD else { return }
        try file.punchHole(restOffset(sectors.lowerBound)..<restOffset(sectors.upperBound))
        try file.punchHole(
            subchannelOffset(sectors.lowerBound)..<subchannelOffset(sectors.upperBound)
        )
    }

    /// Where user data begin in a raw sector of a mode: behind sync and header, and in mode 2
    /// behind the subheader too.
    static func userStart(dataMode: Int) -> Int { dataMode == 2 ? 24 : 16 }
}

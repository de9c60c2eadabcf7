import SpindleJobs

/// The sectors of a disc in memory; what lies behind the last whole one is not there.
final class MemorySectors: SectorSource {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var sectorSize: Int { 2048 }
    var sectorCount: Int? { bytes.count / 2048 }

    func read(at sector: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        guard sector < bytes.count / 2048 else { return 0 }
        let count = min(buffer.count / 2048, bytes.count / 2048 - sector)
        for i in 0..<(count * 2048) { buffer[i] = bytes[sector * 2048 + i] }
        return count
    }
}

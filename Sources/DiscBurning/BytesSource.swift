import LinuxCalls
import Transfer

/// The beginning of something as a source of sectors whose number is not known.
final class BytesSource: SectorSource {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    let sectorSize = 2048
    let sectorCount: Int? = nil

    /// Reads sectors; those behind the end are not there.
    func read(at sector: Int, into buffer: inout MutableSpan<UInt8>) -> Int {
        let there = bytes.count / sectorSize
        guard (0..<there).contains(sector) else { return 0 }
        let count = min(buffer.count / sectorSize, there - sector)
        let part = Array(bytes[sector * sectorSize..<(sector + count) * sectorSize])
        Bytes.copy(part.span, to: &buffer, at: 0)
        return count
    }
}

import LinuxCalls
import Transfer

/// What an image's end has to do with what its file systems and partition tables claim.
public struct ImageEnd: Codable, Hashable, Sendable {
    /// The sectors that the file systems claim, from the disc's beginning.
    public var claimedSectors: Int
    /// The bytes of the file systems that the image lacks; 0 where it has all.
    public var missingBytes: Int
    /// The sectors that lie behind everything that claims any.
    public var sectorsBehind: Int
    /// Whether those that were looked at are zeros.
    public var areZeros: Bool
    /// The first sector behind the end that is not zeros, where one was found.
    public var firstDataBehind: Int?
    /// How many of the sectors behind the end were looked at.
    public var sectorsExamined: Int

    /// The sectors that the image lacks, a piece of one counted as one.
    public var missingSectors: Int { missingBytes / 2048 + (missingBytes % 2048 > 0 ? 1 : 0) }

    /// At most so many sectors behind the end are looked at: 64 MiB.
    static let mostExamined = 32768
    /// The sectors that are read at once.
    private static let piece = 256

    /// Compares, and looks at what lies behind the end.
    ///
    /// - Parameters:
    ///   - volumeEnd: Where the file systems end, in bytes.
    ///   - claimedEnd: Where everything ends that claims an end, in sectors.
    ///   - byteCount: The size of the image's data.
    ///   - source: The data.
    /// - Throws: Errors of the file; sectors that can't be read end the look.
    init(
        volumeEnd: UInt64,
        claimedEnd: Int,
        byteCount: Int,
        source: any SectorSource
    ) throws {
        let size = UInt64(max(0, byteCount))
        claimedSectors = Int(clamping: volumeEnd / 2048 + (volumeEnd % 2048 > 0 ? 1 : 0))
        missingBytes = volumeEnd > size ? Int(clamping: volumeEnd - size) : 0
        let count = source.sectorCount ?? 0
        let end = max(claimedEnd, claimedSectors)
        sectorsBehind = max(0, count - end)
        areZeros = true
        sectorsExamined = 0
        var buffer = [UInt8](repeating: 0, count: Self.piece * source.sectorSize)
        let last = min(count, end + min(sectorsBehind, Self.mostExamined))
        var next = end
        while next < last, areZeros {
            let wanted = min(Self.piece, last - next)
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<(wanted * source.sectorSize))
            let got: Int
            do {
                got = min(wanted, try source.read(at: next, into: &part))
            } catch is UnreadableSectors {
                break
            }
            guard got > 0 else { break }
            for index in 0..<got {
                let sector = index * source.sectorSize..<(index + 1) * source.sectorSize
                guard Bytes.areZero(buffer.span.extracting(sector)) else {
                    areZeros = false
                    firstDataBehind = next + index
                    break
                }
            }
            sectorsExamined += got
            next += got
        }
    }
}

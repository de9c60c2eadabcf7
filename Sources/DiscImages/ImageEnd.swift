public import DiscFiles
import LinuxCalls
import Transfer

/// What an image's end has to do with what its file systems and partition tables claim.
public struct ImageEnd: Codable, Hashable, Sendable {
    /// The sectors that the file systems claim, from the disc's beginning.
    public var claimedSectors: Int
    /// The bytes of the file systems that the image lacks; 0 if it has all.
    public var missingBytes: Int
    /// The sectors of the file system's track that lie after everything that claims any.
    public var sectorsBehind: Int
    /// How many of them were looked at.
    public var sectorsExamined: Int
    /// Whether those that were looked at are zeros; absent if none was.
    public var areZeros: Bool?
    /// The first sector after the end that is not zeros, if one was found.
    public var firstDataBehind: Int?
    /// The sectors from that one to the end of the track; 0 without it.
    public var dataSectorsBehind: Int
    /// How many of the sectors after the end could not be read.
    public var unreadableSectors: Int
    /// The file systems that begin after the end; not part of the encoding.
    public var laterVolumes: [LaterVolume] = []

    private enum CodingKeys: CodingKey {
        case claimedSectors, missingBytes, sectorsBehind, sectorsExamined, areZeros
        case firstDataBehind, dataSectorsBehind, unreadableSectors
    }

    /// The sectors that the image lacks, a piece of one counted as one.
    public var missingSectors: Int { missingBytes / 2048 + (missingBytes % 2048 > 0 ? 1 : 0) }

    /// At most so many sectors after the end are looked at: 64 MiB.
    static let mostExamined = 32768
    /// The sectors that are read at once.
    private static let piece = 256
    /// File systems that are looked into.
    private static let mostVolumes = 99

    /// Compares, and looks at what lies after the end.
    ///
    /// - Parameters:
    ///   - volumeEnd: Where the file systems end, in bytes.
    ///   - claimedEnd: Where everything ends that claims an end, in sectors.
    ///   - byteCount: The size of the image's data.
    ///   - trackEnd: The sector after the track that holds the file system.
    ///   - source: The data.
    /// - Throws: Errors of the file.
    init(
        volumeEnd: UInt64,
        claimedEnd: Int,
        byteCount: Int,
        trackEnd: Int,
        source: any SectorSource
    ) throws {
        let size = UInt64(max(0, byteCount))
        claimedSectors = Int(clamping: volumeEnd / 2048 + (volumeEnd % 2048 > 0 ? 1 : 0))
        missingBytes = volumeEnd > size ? Int(clamping: volumeEnd - size) : 0
        let end = max(claimedEnd, claimedSectors)
        sectorsBehind = max(0, trackEnd - end)
        (sectorsExamined, unreadableSectors, dataSectorsBehind) = (0, 0, 0)
        var starts: [Int] = []
        try look(at: end..<end + min(sectorsBehind, Self.mostExamined), source) {
            if starts.count < Self.mostVolumes { starts.append($0) }
        }
        if let firstDataBehind { dataSectorsBehind = trackEnd - firstDataBehind }
        for start in starts {
            // UDF's descriptors follow those of ISO 9660.
            if let last = laterVolumes.last, start < last.start + 64 { continue }
            if let volume = try LaterVolume(source, at: start) { laterVolumes.append(volume) }
        }
    }

    /// Looks at sectors, and passes on where file systems may begin.
    private mutating func look(
        at range: Range<Int>,
        _ source: any SectorSource,
        note: (Int) -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: Self.piece * source.sectorSize)
        var next = range.lowerBound
        while next < range.upperBound {
            let wanted = min(Self.piece, range.upperBound - next)
            var span = buffer.mutableSpan
            var part = span._mutatingExtracting(..<(wanted * source.sectorSize))
            let got: Int
            do {
                got = min(wanted, try source.read(at: next, into: &part))
            } catch is UnreadableSectors {
                unreadableSectors += wanted
                next += wanted
                continue
            }
            guard got > 0 else { return }
            for index in 0..<got {
                let place = index * source.sectorSize..<(index + 1) * source.sectorSize
                let sector = buffer.span.extracting(place)
                guard !Bytes.areZero(sector) else { continue }
                firstDataBehind = firstDataBehind ?? next + index
                if LaterVolume.isFirstDescriptor(sector) {
                    note(next + index - LaterVolume.descriptorDistance)
                }
            }
            sectorsExamined += got
            areZeros = firstDataBehind == nil
            next += got
        }
    }
}

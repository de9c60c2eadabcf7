import DiscModel
import LinuxCalls
import MMC
import Reports
public import Transfer

/// The sound of a disc in a drive as a source of sectors of 2352 bytes, the low byte first; its
/// sector 0 is LBA 0.
///
/// By READ CD with audio expected, so that data are never taken for sound (MMC-6 §6.19), unless the
/// drive refuses that from the beginning. Where a
/// drive puts the samples has a constant error of its own, the drive's offset.
public final class SoundSource: SectorSource {
    /// Sectors in a command that every host adapter and USB bridge carries: less than 64 KiB.
    private static let sectorsPerCommand = 26

    /// Bytes in a sector.
    public let sectorSize = RawSector.size
    /// The sectors that may be asked for.
    public let sectorCount: Int?
    private let transport: any Transport
    /// The sectors that READ CD is to expect: of any kind, where the drive takes no other wish.
    private var expected = Command.ExpectedSector.audio
    private var isServed = false

    /// Creates a source over a drive's disc.
    ///
    /// - Parameters:
    ///   - drive: The drive.
    ///   - sectors: The sectors that may be asked for.
    public init(_ drive: Drive, sectors: Int) {
        transport = drive.reading
        sectorCount = sectors
    }

    /// Reads sectors.
    ///
    /// - Throws: ``Transfer/UnreadableSectors`` where the drive can't deliver them, and
    ///   ``MMC/TransportError`` where it can't be reached.
    public func read(at start: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let wanted = min(buffer.count / sectorSize, max(0, (sectorCount ?? 0) - start))
        guard wanted > 0, start >= 0 else { return 0 }
        let count = min(wanted, Self.sectorsPerCommand)
        var attentions = 0
        while true {
            let command = Command.readCD(at: LBA(start), sectors: count, expecting: expected)
            let completion = try Bytes.withPart(of: &buffer, 0..<(count * sectorSize)) {
                part throws(TransportError) in
                try transport.send(command, receiving: &part)
            }
            if completion.succeeded, completion.transferred >= count * sectorSize {
                isServed = true
                return count
            }
            if !isServed, expected == .audio, completion.sense?.key == .illegalRequest,
                [0x20, 0x24].contains(completion.sense?.asc)
            {
                expected = .any
                continue
            }
            let isAttention = completion.sense?.key == .unitAttention
            guard isAttention, completion.sense?.asc != 0x28, attentions < 3 else {
                throw UnreadableSectors(
                    start: start,
                    count: count,
                    reason: completion.sense?.description ?? "the drive delivered less"
                )
            }
            attentions += 1
        }
    }
}

import DiscModel
import LinuxCalls
import Transfer

/// A disc of user data whose sectors are full of bytes that tell them apart; some can't be read, and
/// some come wrong.
final class NumberedDisc: DiscSource {
    static let sectorSize = 2048

    let medium: MediumKind
    let layout: DiscLayout
    /// The sectors of its tracks; nothing lies between them.
    private let tracks: [Range<Int>]
    /// Sectors that can't be read.
    var bad: Set<Int>
    /// Sectors that come wrong.
    var wrong: Set<Int> = []
    /// How often each sector was asked for.
    private(set) var reads: [Int: Int] = [:]

    /// Makes a disc.
    ///
    /// - Parameters:
    ///   - tracks: The sectors of each track.
    ///   - medium: What it is.
    ///   - bad: Sectors that can't be read; those between tracks don't count.
    init(_ tracks: [Range<Int>], _ medium: MediumKind = .cdROM, bad: Set<Int> = []) {
        self.medium = medium
        self.tracks = tracks
        self.bad = bad.filter { sector in tracks.contains { $0.contains(sector) } }
        let described = tracks.enumerated().map { index, sectors in
            Track(
                number: index + 1,
                session: 1,
                content: .data,
                start: LBA(sectors.lowerBound),
                length: sectors.count
            )
        }
        layout = DiscLayout(sessions: [
            DiscLayout.Session(
                number: 1,
                tracks: described,
                leadOut: LBA(tracks.last?.upperBound ?? 0)
            )
        ])
    }

    /// The byte that a sector is full of, never 0.
    static func byte(_ sector: Int) -> UInt8 { FakeDisc.byte(sector) }

    func storage(at address: Int) -> SectorStorage {
        let form = tracks.contains { $0.contains(address) } ? SectorForm.user : .absent
        let ends = tracks.flatMap { [$0.lowerBound, $0.upperBound] }
        let end = ends.first { $0 > address } ?? address + 1
        return SectorStorage(mode: .mode1, form: form, count: end - address)
    }

    func readStored(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        let count = buffer.count / Self.sectorSize
        for sector in address..<address + count { reads[sector, default: 0] += 1 }
        for i in 0..<count {
            guard !bad.contains(address + i) else {
                guard i == 0 else { return i }
                throw UnreadableSectors(start: address, count: 1, reason: "it is bad")
            }
            let byte = wrong.contains(address + i) ? 0xEE : Self.byte(address + i)
            Bytes.fill(&buffer, i * Self.sectorSize..<(i + 1) * Self.sectorSize, with: byte)
        }
        return count
    }

    func readStoredSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int
    {
        throw UnreadableSectors(start: address, count: 1, reason: "there is none")
    }
}

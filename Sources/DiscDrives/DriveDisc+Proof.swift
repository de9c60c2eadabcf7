import DiscModel
import LinuxCalls
import MMC
import Transfer

extension DriveDisc {
    /// How often a sector with a wrong EDC is read, the first time included.
    private static let mostReads = 5
    /// Sectors by which the drive is sent away between two reads, so that it reads the disc again and not
    /// its buffer.
    private static let farAway = 4000

    /// Looks at the EDC of whole data sectors, whatever the drive said of them, and reads those again that
    /// are wrong.
    ///
    /// Where the reads differ, what they say together counts, if its EDC proves it. Where all are the same
    /// the disc has it so: some are pressed like that. That is kept, and named.
    ///
    /// - Parameters:
    ///   - count: The sectors.
    ///   - address: The first of them.
    ///   - mode: The mode of their track.
    ///   - buffer: The sectors, 2352 bytes each.
    /// - Throws: What the drive throws besides `UnreadableSectors`.
    func prove(
        _ count: Int,
        at address: Int,
        _ mode: TrackMode,
        in buffer: inout MutableSpan<UInt8>
    ) throws {
        guard mode.isData, mode != .mode2 else { return }
        for i in 0..<count {
            let place = i * RawSector.size..<(i + 1) * RawSector.size
            let faults = Bytes.withPart(of: &buffer, place) { sector in
                SectorCondition(of: sector.span, in: mode, at: LBA(address + i)).faults
            }
            guard faults.contains(.edc) || faults.contains(.sync) else { continue }
            try Bytes.withPart(of: &buffer, place) { sector throws(any Error) in
                try settle(address + i, mode, &sector)
            }
        }
    }

    /// Reads a sector again until its EDC is right, or the reads are enough.
    private func settle(_ address: Int, _ mode: TrackMode, _ sector: inout MutableSpan<UInt8>)
        throws
    {
        var votes = SectorVotes(mode: mode, address: LBA(address))
        votes.add(sector.span)
        var differs = false
        for _ in 1..<Self.mostReads {
            try goAway(from: address)
            guard let again = try readAgain(address) else { continue }
            differs = differs || !Bytes.areEqual(again.span, sector.span)
            votes.add(again.span)
            guard differs, let verdict = votes.verdict() else { continue }
            Bytes.copy(verdict.sector.span, to: &sector)
            Self.add(address, to: &mended)
            return
        }
        Self.add(address, to: &damaged)
    }

    /// The sector as the drive gives it now; `nil` if it can't be read.
    private func readAgain(_ address: Int) throws -> [UInt8]? {
        let source = source(.data)
        var bytes = [UInt8](repeating: 0, count: source.sectorSize)
        do {
            var span = bytes.mutableSpan
            try source.readRun(at: address, sectors: 1, into: &span)
        } catch is UnreadableSectors {
            return nil
        }
        return Array(bytes.prefix(RawSector.size))
    }

    private func goAway(from address: Int) throws {
        guard let track = layout.track(holding: address) else { return }
        let back = address - Self.farAway
        let place = back >= track.start.rawValue ? back : address + Self.farAway
        guard place < track.end.rawValue else { return }
        _ = try readAgain(place)
    }

    /// Adds a sector to runs in rising order, as long as it comes in that order.
    static func add(_ address: Int, to runs: inout [Range<Int>]) {
        guard let last = runs.last else {
            runs = [address..<(address + 1)]
            return
        }
        guard address >= last.upperBound else {
            let isKnown = runs.contains { $0.contains(address) }
            if !isKnown {
                runs.append(address..<(address + 1))
                runs.sort { $0.lowerBound < $1.lowerBound }
            }
            return
        }
        if address == last.upperBound {
            runs[runs.count - 1] = last.lowerBound..<(address + 1)
        } else {
            runs.append(address..<(address + 1))
        }
    }
}

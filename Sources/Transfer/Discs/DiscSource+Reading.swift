public import DiscModel
import LinuxCalls

extension DiscSource {
    /// Reads whole sectors of 2352 bytes; sync, header, EDC and ECC are made where they are not
    /// kept, and where they are kept, are what they are, errors included.
    ///
    /// - Returns: The number of sectors, at least 1; a read may end where what is kept changes.
    /// - Throws: As ``readStored(at:into:)``.
    public func readRaw(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        try read(.raw, at: address, into: &buffer)
    }

    /// Reads the 2048 bytes of user data of data sectors.
    ///
    /// Of form 2 and of mode 2 without a form these are the first 2048 bytes of the user data.
    ///
    /// - Returns: As ``readRaw(at:into:)``.
    /// - Throws: As ``readStored(at:into:)``.
    public func readUserData(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int {
        try read(.user, at: address, into: &buffer)
    }

    /// Reads sectors in a form, whatever form they are kept in.
    ///
    /// - Parameters:
    ///   - form: How much of each sector is wanted.
    ///   - address: The first sector.
    ///   - buffer: A multiple of the form's size.
    /// - Returns: The number of sectors, at least 1.
    /// - Throws: As ``readStored(at:into:)``.
    public func read(
        _ form: SectorForm,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        guard form != .absent, buffer.count >= form.size else { return 0 }
        let storage = storage(at: address)
        let count = min(buffer.count / form.size, storage.count)
        if storage.form == form {
            return try Bytes.withPart(of: &buffer, 0..<(count * form.size)) { part in
                try readStored(at: address, into: &part)
            }
        }
        var stored = [UInt8](repeating: 0, count: count * storage.form.size)
        var done = count
        if storage.form != .absent {
            var span = stored.mutableSpan
            done = min(count, try readStored(at: address, into: &span))
        }
        var raw = [UInt8](repeating: 0, count: RawSector.size)
        for i in 0..<done {
            let from = i * storage.form.size
            let bytes = stored.span.extracting(from..<(from + storage.form.size))
            var sector = raw.mutableSpan
            let place = storage.form.range(in: storage.mode)
            Bytes.copy(bytes, to: &sector, at: place.lowerBound)
            let wanted = Self.place(of: form, in: sector.span, storage)
            if wanted.lowerBound < place.lowerBound || wanted.upperBound > place.upperBound {
                RawSector.complete(
                    &sector,
                    from: storage.form,
                    of: storage.mode,
                    at: LBA(address + i)
                )
            }
            Bytes.copy(sector.span.extracting(wanted), to: &buffer, at: i * form.size)
        }
        return done
    }

    /// Where a form's bytes lie in a sector: what the sector says of itself counts for more than
    /// what its track does.
    private static func place(
        of form: SectorForm,
        in sector: Span<UInt8>,
        _ storage: SectorStorage
    ) -> Range<Int> {
        guard form == .user else { return form.range(in: storage.mode) }
        let isRaw = storage.form == .raw && RawSector.hasSync(sector)
        let isMode2 = isRaw ? sector[15] == 2 : storage.mode.isMode2
        guard isMode2 else { return 16..<2064 }
        guard isRaw || storage.form == .mode2 else { return form.range(in: storage.mode) }
        for i in 16..<20 where sector[i] != sector[i + 4] { return 16..<2064 }
        return 24..<2072
    }

    /// Reads the subchannel of sectors, 96 bytes each, one bit of each channel in each byte; what
    /// is not kept is made from sessions and tracks.
    ///
    /// - Returns: The number of sectors, at least 1.
    /// - Throws: As ``readStored(at:into:)``.
    public func readSubchannel(at address: Int, into buffer: inout MutableSpan<UInt8>) throws -> Int
    {
        let size = SubchannelQ.interleavedSize
        let storage = storage(at: address)
        let count = min(buffer.count / size, storage.count)
        guard count > 0 else { return 0 }
        if storage.subchannel != .absent {
            return try Bytes.withPart(of: &buffer, 0..<(count * size)) { part in
                try readStoredSubchannel(at: address, into: &part)
            }
        }
        for i in 0..<count {
            Bytes.copy(layout.subchannel(of: address + i).span, to: &buffer, at: i * size)
        }
        return count
    }

    /// The stretches of the disc that its tracks take, with the parts of each that are kept alike.
    ///
    /// Sectors between sessions are in none of them.
    public func stretches() -> [(sectors: Range<Int>, storage: SectorStorage, track: Track)] {
        var result: [(sectors: Range<Int>, storage: SectorStorage, track: Track)] = []
        for track in layout.tracks {
            var address = track.extent.lowerBound
            while address < track.extent.upperBound {
                let storage = storage(at: address)
                let end = min(track.extent.upperBound, address + storage.count)
                result.append((address..<end, storage, track))
                address = end
            }
        }
        return result
    }
}

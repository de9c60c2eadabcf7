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

    /// Makes the form from what is kept.
    public func read(
        _ form: SectorForm,
        at address: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws -> Int {
        try read(form, at: address, from: storage(at: address), into: &buffer) {
            address,
            part throws(any Error) in
            try readStored(at: address, into: &part)
        }
    }

    /// Makes sectors in a form from sectors in another one.
    ///
    /// - Parameters:
    ///   - form: How much of each sector is wanted.
    ///   - address: The first sector.
    ///   - storage: What is to be had of the sectors.
    ///   - buffer: A multiple of the form's size.
    ///   - readStored: Reads sectors in the storage's form from an address on.
    /// - Returns: The number of sectors, at least 1.
    /// - Throws: What `readStored` throws.
    public func read(
        _ form: SectorForm,
        at address: Int,
        from storage: SectorStorage,
        into buffer: inout MutableSpan<UInt8>,
        _ readStored: (Int, inout MutableSpan<UInt8>) throws -> Int
    ) throws -> Int {
        guard form != .absent, buffer.count >= form.size else { return 0 }
        let count = min(buffer.count / form.size, storage.count)
        if storage.form == form {
            return try Bytes.withPart(of: &buffer, 0..<(count * form.size)) { part in
                try readStored(address, &part)
            }
        }
        if storage.form == .absent {
            return make(form, count, at: address, storage, into: &buffer)
        }
        // Few at a time, so that they are still in the processor's caches when they are copied.
        let most = min(count, 32)
        var stored = [UInt8](repeating: 0, count: most * storage.form.size)
        var done = 0
        while done < count {
            let wanted = min(most, count - done)
            var got: Int
            do {
                var span = stored.mutableSpan
                var part = span._mutatingExtracting(..<(wanted * storage.form.size))
                got = min(wanted, try readStored(address + done, &part))
            } catch is UnreadableSectors where done > 0 {
                // Whoever reads on from there is told.
                return done
            }
            guard got > 0 else { break }
            for i in 0..<got {
                let from = i * storage.form.size
                Self.convert(
                    stored.span.extracting(from..<(from + storage.form.size)),
                    storage,
                    at: address + done + i,
                    to: form,
                    into: &buffer,
                    at: (done + i) * form.size
                )
            }
            done += got
            if got < wanted { break }
        }
        return done
    }

    /// Makes sectors of which nothing is kept.
    private func make(
        _ form: SectorForm,
        _ count: Int,
        at address: Int,
        _ storage: SectorStorage,
        into buffer: inout MutableSpan<UInt8>
    ) -> Int {
        var sector = [UInt8](repeating: 0, count: RawSector.size)
        for i in 0..<count {
            var span = sector.mutableSpan
            RawSector.complete(&span, from: .absent, of: storage.mode, at: LBA(address + i))
            let range = Self.range(of: form, in: span.span, storage)
            Bytes.copy(span.span.extracting(range), to: &buffer, at: i * form.size)
        }
        return count
    }

    /// Puts a sector that is kept in one form into a buffer in another one.
    private static func convert(
        _ stored: Span<UInt8>,
        _ storage: SectorStorage,
        at address: Int,
        to form: SectorForm,
        into buffer: inout MutableSpan<UInt8>,
        at offset: Int
    ) {
        let place = storage.form.range(in: storage.mode)
        let wanted = range(of: form, in: stored, storage)
        if place.contains(wanted.lowerBound), wanted.upperBound <= place.upperBound {
            let first = wanted.lowerBound - place.lowerBound
            Bytes.copy(
                stored.extracting(first..<(first + wanted.count)),
                to: &buffer,
                at: offset
            )
            return
        }
        var sector = InlineArray<2352, UInt8>(repeating: 0)
        var span = sector.mutableSpan
        Bytes.copy(stored, to: &span, at: place.lowerBound)
        RawSector.complete(&span, from: storage.form, of: storage.mode, at: LBA(address))
        Bytes.copy(span.span.extracting(wanted), to: &buffer, at: offset)
    }

    /// Where a form's bytes lie in a sector, of which a part is given as it is kept: what the sector
    /// says of itself counts for more than what its track does.
    private static func range(
        of form: SectorForm,
        in stored: Span<UInt8>,
        _ storage: SectorStorage
    ) -> Range<Int> {
        guard form == .user else { return form.range(in: storage.mode) }
        let isRaw = storage.form == .raw && RawSector.hasSync(stored)
        let isMode2 = isRaw ? stored[15] == 2 : storage.mode.isMode2
        guard isMode2 else { return 16..<2064 }
        guard isRaw || storage.form == .mode2 else { return form.range(in: storage.mode) }
        let subheader = isRaw ? 16 : 0
        for i in subheader..<(subheader + 4) where stored[i] != stored[i + 4] { return 16..<2064 }
        return 24..<2072
    }

    /// Reads the subchannel of sectors, 96 bytes each, one bit of each channel in each byte; what
    /// is not kept is made from sessions and tracks.
    ///
    /// No disc has a P and a Q of nothing but zeros: where they are that, their place was left
    /// empty, as in the files of CD+G that keep R to W only, and they are made, too.
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
                let got = try readStoredSubchannel(at: address, into: &part)
                for i in 0..<min(got, count) {
                    makePositions(of: address + i, in: &part, at: i * size)
                }
                return got
            }
        }
        for i in 0..<count {
            Bytes.copy(layout.subchannel(of: address + i).span, to: &buffer, at: i * size)
        }
        return count
    }

    /// Makes P and Q of a sector beside the R to W that are kept, if nothing is kept of P and Q.
    private func makePositions(
        of address: Int,
        in buffer: inout MutableSpan<UInt8>,
        at offset: Int
    ) {
        let place = offset..<(offset + SubchannelQ.interleavedSize)
        for index in place where buffer[index] & 0xC0 != 0 { return }
        for (index, byte) in zip(place, layout.subchannel(of: address)) { buffer[index] |= byte }
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

import LinuxCalls
import MMC
import SystemPackage

/// Reading and writing blocks: the page cache and the block layer.
extension OpticalDevice {
    /// The longest run that one command of the block layer's moves: `read_ahead_kb` is 128.
    static let runLength = 128 * 1024
    /// The longest that a command of a program's may move: `max_sectors_kb` is 1280
    /// (BLK_DEF_MAX_SECTORS in include/linux/blkdev.h).
    static let largestCommand = 1280 * 1024

    /// Reads, as `read` and `pread` do.
    ///
    /// - Parameters:
    ///   - handle: Whose offset and read-ahead count.
    ///   - offset: In bytes; absent for the handle's own, which then advances.
    ///   - count: How many bytes are wanted.
    ///   - buffer: Where they go.
    ///   - start: The place in the buffer of the first of them.
    /// - Returns: How many bytes were read: fewer at the end of the disc, and before what can't be
    ///   read.
    /// - Throws: Where nothing could be read.
    func read(
        _ handle: NodeHandle,
        at offset: Int?,
        count: Int,
        into buffer: inout [UInt8],
        from start: Int
    ) throws(Errno) -> Int {
        guard handle.flags.isForReading else { throw .badDescriptor }
        let first = offset ?? handle.offset
        guard first >= 0 else { throw .invalid }
        let wanted = max(0, min(count, size - first, buffer.count - start))
        var done = 0
        while done < wanted {
            let place = first + done
            if let index = cache.index(of: place) {
                done += copy(
                    cache.runs[index],
                    from: place,
                    to: &buffer,
                    at: start + done,
                    wanted - done
                )
                continue
            }
            do throws(Errno) {
                done += try fill(
                    handle,
                    at: place,
                    wanted - done,
                    &buffer,
                    start + done
                )
            } catch {
                guard done > 0 else { throw error }
                break
            }
        }
        if offset == nil { handle.offset = first + done }
        return done
    }

    private func copy(
        _ run: BlockCache.Run,
        from place: Int,
        to buffer: inout [UInt8],
        at start: Int,
        _ wanted: Int
    ) -> Int {
        let from = place - run.start
        let count = min(run.count - from, wanted)
        buffer.replace(at: start, with: run.bytes.span.extracting(from..<(from + count)))
        return count
    }

    /// Gets what is not in the cache: into the program's buffer where it wants the whole window,
    /// else into the cache.
    ///
    /// - Returns: How many bytes went into the buffer.
    private func fill(
        _ handle: NodeHandle,
        at place: Int,
        _ wanted: Int,
        _ buffer: inout [UInt8],
        _ start: Int
    ) throws(Errno) -> Int {
        let page = place / Self.pageLength
        let windowStart = page * Self.pageLength
        if !doubtfulPages.contains(page) {
            let pagesWanted = (place + wanted - 1) / Self.pageLength - page + 1
            let pages = handle.readAhead.pages(at: page, wanted: pagesWanted)
            let length = min(pages * Self.pageLength, size - windowStart)
            do throws(Errno) {
                if place == windowStart, length <= wanted {
                    try readRun(at: windowStart, length, into: &buffer, start)
                    return length
                }
                try cacheRun(at: windowStart, length)
                return 0
            } catch {
                guard error == .inputOutput, length > Self.pageLength, !isChanged else {
                    throw error
                }
                doubtfulPages = page..<(page + pages)
            }
        }
        // A window that failed as a whole is read again page by page (filemap_read).
        try cacheRun(at: windowStart, min(Self.pageLength, size - windowStart))
        return 0
    }

    private func cacheRun(at place: Int, _ length: Int) throws(Errno) {
        var bytes = cache.room(for: length)
        try readRun(at: place, length, into: &bytes, 0)
        cache.add(.init(start: place, count: length, bytes: bytes))
    }

    /// READ (10) of whole sectors.
    private func readRun(
        at place: Int,
        _ length: Int,
        into buffer: inout [UInt8],
        _ start: Int
    ) throws(Errno) {
        let cdb = Self.blockCDB(0x28, place, length)
        let command = Command(
            "READ(10)",
            cdb: cdb,
            data: .fromDrive(length),
            timeout: Self.commandTime
        )
        try transferBlocks(length) { () throws(TransportError) in
            var span = buffer.mutableSpan
            return try Bytes.withPart(of: &span, start..<(start + length)) {
                part throws(TransportError) in
                try transport.send(command, receiving: &part)
            }
        }
    }

    /// READ (10) and WRITE (10).
    private static func blockCDB(_ operation: UInt8, _ place: Int, _ length: Int) -> [UInt8] {
        let address = UInt32(truncatingIfNeeded: place / sectorLength)
        let count = UInt16(truncatingIfNeeded: length / sectorLength)
        return [
            operation, 0, UInt8(address >> 24), UInt8(address >> 16 & 0xFF),
            UInt8(address >> 8 & 0xFF), UInt8(address & 0xFF), 0, UInt8(count >> 8),
            UInt8(count & 0xFF), 0,
        ]
    }

    /// Sends a command of the block layer, again while the drive is becoming ready.
    private func transferBlocks(
        _ length: Int,
        _ send: () throws(TransportError) -> Completion
    ) throws(Errno) {
        // A changed disc is not touched until it has been looked at (sr_init_command).
        guard !isChanged else { throw .inputOutput }
        let deadline = now + 20
        while true {
            let completion: Completion
            do throws(TransportError) {
                completion = try send()
            } catch {
                throw errno(of: error)
            }
            if completion.succeeded {
                guard completion.transferred >= length else { throw .inputOutput }
                return
            }
            let sense = completion.sense
            if sense?.key == .unitAttention { isChanged = true }
            guard let sense, sense.key == .notReady, sense.asc == 0x04,
                [0x01, 0x04, 0x07, 0x08].contains(sense.ascq), now < deadline
            else { throw .inputOutput }
            pause(seconds: 0.02)
        }
    }

    /// Writes, as `write` and `pwrite` do; at once, where Linux would gather.
    ///
    /// - Returns: How many bytes were written.
    func write(
        _ handle: NodeHandle,
        at offset: Int?,
        _ data: Span<UInt8>
    ) throws(Errno) -> Int {
        guard handle.flags.isForWriting else { throw .badDescriptor }
        let first = offset ?? (handle.flags.contains(.append) ? size : handle.offset)
        guard first >= 0 else { throw .invalid }
        guard data.count > 0 else { return 0 }
        guard first < size else { throw .noSpaceLeft }
        let wanted = min(data.count, size - first)
        var done = 0
        while done < wanted {
            do throws(Errno) {
                done += try writePart(at: first + done, data.extracting(done..<wanted))
            } catch {
                guard done > 0 else { throw error }
                break
            }
        }
        if offset == nil { handle.offset = first + done }
        return done
    }

    /// Writes the sectors of one command, or a piece of one sector.
    private func writePart(at place: Int, _ data: Span<UInt8>) throws(Errno) -> Int {
        let within = place % Self.sectorLength
        if within == 0, data.count >= Self.sectorLength {
            let length = min(data.count, Self.runLength) / Self.sectorLength * Self.sectorLength
            try writeRun(at: place, data.extracting(0..<length))
            return length
        }
        let start = place - within
        var sector = [UInt8](repeating: 0, count: Self.sectorLength)
        try readRun(at: start, Self.sectorLength, into: &sector, 0)
        let count = min(data.count, Self.sectorLength - within)
        sector.replace(at: within, with: data.extracting(0..<count))
        try writeRun(at: start, sector.span)
        return count
    }

    private func writeRun(at place: Int, _ data: Span<UInt8>) throws(Errno) {
        let cdb = Self.blockCDB(0x2A, place, data.count)
        cache.remove(place..<(place + data.count))
        isDirty = true
        try transferBlocks(data.count) { () throws(TransportError) in
            var completion = try transport.send(
                Command(
                    "WRITE(10)",
                    cdb: cdb,
                    data: .toDrive(data.count),
                    timeout: Self.commandTime
                ),
                sending: data
            )
            // A drive that took the command took its data; not every carrier counts them.
            if completion.succeeded { completion.transferred = data.count }
            return completion
        }
    }

    /// Moves the handle's offset, as `lseek` does for a block device.
    func seek(_ handle: NodeHandle, _ offset: Int64, from origin: UInt8) throws(Errno) -> Int64 {
        let bases: [UInt8: Int] = [0: 0, 1: handle.offset, 2: size]
        guard let base = bases[origin], let offset = Int(exactly: offset) else { throw .invalid }
        let (sum, overflows) = base.addingReportingOverflow(offset)
        guard !overflows, sum >= 0, sum <= size else { throw .invalid }
        handle.offset = sum
        return Int64(sum)
    }
}

extension [UInt8] {
    /// Puts bytes at a place; both must fit.
    mutating func replace(at offset: Int, with bytes: Span<UInt8>) {
        var span = mutableSpan
        Bytes.copy(bytes, to: &span, at: offset)
    }
}

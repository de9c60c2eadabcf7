internal import CLibCdio

/// Reading sectors. libcdio writes as many bytes as it was asked for, so the buffer and the disc's
/// end are looked at before each call.
extension CdioDrive {
    /// Reads the samples of audio sectors, 2352 bytes each.
    ///
    /// The corresponding C function is `cdio_read_audio_sectors`, which does not tell how many bytes
    /// the drive moved.
    ///
    /// - Parameters:
    ///   - start: The first sector.
    ///   - count: How many.
    ///   - buffer: Filled from its beginning on.
    /// - Throws: ``CdioError``; part of the buffer may have been filled.
    public func readAudio(
        at start: Int,
        count: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws(CdioError) {
        try unsafe read(
            "cdio_read_audio_sectors",
            start,
            count,
            2352,
            Constants.mostSectors,
            &buffer
        ) {
            unsafe cdio_read_audio_sectors($0, $1, $2, UInt32($3)).rawValue
        }
    }

    /// Reads the user data of mode 1 sectors, 2048 bytes each.
    ///
    /// The corresponding C function is `cdio_read_mode1_sector`, once for each sector: the Linux
    /// driver takes the count of bytes for an error, and stops after the first (libcdio 2.1.0,
    /// `_read_mode1_sectors_linux`).
    ///
    /// The parameters and errors are those of ``readAudio(at:count:into:)``.
    public func readMode1(
        at start: Int,
        count: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws(CdioError) {
        try checkAddress(start, count, "cdio_read_mode1_sector")
        try unsafe read("cdio_read_mode1_sector", start, count, 2048, 1, &buffer) {
            device,
            bytes,
            lsn,
            _ in
            let result = unsafe cdio_read_mode1_sector(device, bytes, lsn, false).rawValue
            // Fewer bytes than a sector are an error without a number.
            return result == 2048 ? 0 : min(result, -1)
        }
    }

    /// Reads mode 2 sectors.
    ///
    /// The corresponding C function is `cdio_read_mode2_sectors`.
    ///
    /// - Parameters:
    ///   - start: The first sector.
    ///   - count: How many.
    ///   - isWhole: Whether all 2336 bytes after the header are read, and not only the 2048 of user
    ///     data that form 1 has after its subheader.
    ///   - buffer: Filled from its beginning on.
    /// - Throws: ``CdioError``; part of the buffer may have been filled.
    public func readMode2(
        at start: Int,
        count: Int,
        isWhole: Bool,
        into buffer: inout MutableSpan<UInt8>
    ) throws(CdioError) {
        let size = isWhole ? 2336 : 2048
        try unsafe read(
            "cdio_read_mode2_sectors",
            start,
            count,
            size,
            Constants.mostSectors,
            &buffer
        ) {
            unsafe cdio_read_mode2_sectors($0, $1, $2, isWhole, UInt32($3)).rawValue
        }
    }

    /// Reads sectors of data through the kernel's own reads, 2048 bytes each.
    ///
    /// The corresponding C function is `cdio_read_data_sectors`, once for each sector: it takes a read
    /// that came short for a whole one.
    ///
    /// The parameters and errors are those of ``readAudio(at:count:into:)``.
    public func readData(
        at start: Int,
        count: Int,
        into buffer: inout MutableSpan<UInt8>
    ) throws(CdioError) {
        try checkAddress(start, count, "cdio_read_data_sectors")
        try unsafe read("cdio_read_data_sectors", start, count, 2048, 1, &buffer) {
            unsafe cdio_read_data_sectors($0, $1, $2, 2048, UInt32($3)).rawValue
        }
    }

    /// Fails if libcdio's 32 bits don't hold a sector's place in bytes.
    private func checkAddress(_ start: Int, _ count: Int, _ call: String) throws(CdioError) {
        guard start >= 0, count >= 0, start <= Constants.addressLimit - min(count, 1 << 20) else {
            throw CdioError(
                .outOfBounds,
                call,
                "it reaches no sectors from \(Constants.addressLimit) on"
            )
        }
    }

    private func read(
        _ call: String,
        _ start: Int,
        _ count: Int,
        _ size: Int,
        _ most: Int,
        _ buffer: inout MutableSpan<UInt8>,
        _ body: (OpaquePointer, UnsafeMutableRawPointer, Int32, Int) -> Int32
    ) throws(CdioError) {
        let (bytes, isTooLarge) = count.multipliedReportingOverflow(by: size)
        guard count >= 0, !isTooLarge, bytes <= buffer.count else {
            throw CdioError(
                .outOfBounds,
                call,
                "\(count) sectors of \(size) bytes don't fit into \(buffer.count) bytes"
            )
        }
        guard count > 0 else { return }
        let end = try tableOfContents().leadOut
        guard start >= 0, start <= end - count else {
            throw CdioError(
                .outOfBounds,
                call,
                "the disc has no sectors \(start) to \(start + (count - 1))"
            )
        }
        try unsafe buffer.withUnsafeMutableBytes { bytes throws(CdioError) in
            guard let base = bytes.baseAddress else { return }
            var done = 0
            while done < count {
                let step = min(most, count - done)
                let place = unsafe base + done * size
                // The disc's end has 32 bits, and so has every sector before it.
                let lsn = Int32(start + done)
                try CdioError.check(call) { unsafe body(handle.device, place, lsn, step) }
                done += step
            }
        }
    }
}

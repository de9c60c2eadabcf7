internal import CLibCdio

extension CdioDrive {
    /// The packs of CD-TEXT in the disc's lead-in, 18 bytes each, as the drive gave them.
    ///
    /// The corresponding C function is `cdio_get_cdtext_raw`.
    ///
    /// - Returns: `nil` if the drive gives none.
    public func textPacks() -> [UInt8]? {
        guard let answer = unsafe cdio_get_cdtext_raw(handle.device) else { return nil }
        defer { unsafe cdio_free(answer) }
        // libcdio takes memory by the drive's first answer, and hands the second over without its
        // length: what the header says may be more than there is.
        let room = unsafe malloc_usable_size(answer)
        guard room >= Constants.textHeaderSize else { return nil }
        let said = unsafe Int(answer[0]) << 8 | Int(answer[1])
        let end = min(said + 2, room)
        guard end > Constants.textHeaderSize else { return nil }
        let bytes = unsafe UnsafeBufferPointer(start: answer, count: end)
        let packs = unsafe Array(bytes[Constants.textHeaderSize...])
        let whole = packs.count - packs.count % Constants.textPackSize
        return whole > 0 ? Array(packs.prefix(whole)) : nil
    }

    /// The CD-TEXT as libcdio decodes it.
    ///
    /// - Returns: `nil` if the drive gives none, or libcdio can't read it.
    public func text() -> CdioText? { textPacks().flatMap(CdioText.init(packs:)) }
}

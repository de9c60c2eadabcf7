internal import CLibCdio

extension CdioText {
    /// Has libcdio decode packs.
    ///
    /// The corresponding C function is `cdtext_data_init`. `cdio_get_cdtext` of a drive reads the
    /// packs itself and believes the length in the drive's second answer, beyond the memory that the
    /// first one made it take; so it is not used there.
    ///
    /// The result is `nil` if libcdio can't read them: it wants a description of each block's size, and
    /// refuses characters of two bytes.
    ///
    /// - Parameter packs: Packs of 18 bytes, without the header of a drive's answer.
    public init?(packs: [UInt8]) {
        CdioLog.silence()
        let whole = packs.count - packs.count % Constants.textPackSize
        guard whole > 0, let text = unsafe cdtext_init() else { return nil }
        defer { unsafe cdtext_destroy(text) }
        var bytes = packs
        let result = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            unsafe cdtext_data_init(text, bytes.baseAddress, whole)
        }
        guard result == 0 else { return nil }
        unsafe self.init(text)
    }

    /// Copies what libcdio has decoded.
    init(_ text: OpaquePointer) {
        var blocks: [Block] = []
        for index in 0..<Constants.textBlocks {
            guard unsafe cdtext_set_language_index(text, index) else { continue }
            let entries = unsafe Self.entries(of: text)
            guard !entries.isEmpty else { continue }
            let code = unsafe cdtext_get_language(text)
            let name = unsafe cdtext_lang2str(code).map { unsafe String(cString: $0) }
            blocks.append(Block(language: name.flatMap { $0.isEmpty ? nil : $0 }, entries: entries))
        }
        self.blocks = blocks
    }

    /// The texts in the language that is selected.
    private static func entries(of text: OpaquePointer) -> [Entry] {
        var entries: [Entry] = []
        for track in 0...UInt8(CDIO_CD_MAX_TRACKS.rawValue) {
            for (field, key) in fields {
                guard let found = unsafe cdtext_get_const(text, key, track) else { continue }
                entries.append(
                    Entry(track: Int(track), field: field, text: unsafe String(cString: found))
                )
            }
        }
        return entries
    }

    private static let fields: [(Field, cdtext_field_t)] = [
        (.title, CDTEXT_FIELD_TITLE), (.performer, CDTEXT_FIELD_PERFORMER),
        (.songwriter, CDTEXT_FIELD_SONGWRITER), (.composer, CDTEXT_FIELD_COMPOSER),
        (.message, CDTEXT_FIELD_MESSAGE), (.arranger, CDTEXT_FIELD_ARRANGER),
        (.recordingCode, CDTEXT_FIELD_ISRC), (.catalogNumber, CDTEXT_FIELD_UPC_EAN),
        (.genre, CDTEXT_FIELD_GENRE), (.discIdentification, CDTEXT_FIELD_DISCID),
    ]
}

public import DiscModel
import MMC
public import Reports

extension Drive {
    /// The CD-TEXT in the disc's lead-in.
    ///
    /// - Returns: `nil` if the drive gives none.
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    public func readCDText() throws(Failure) -> [CDTextPack]? {
        let packs = try ask(.readCDText, LeadInText.init(parsing:))?.packs
        return packs.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The disc's media catalogue number.
    ///
    /// - Returns: `nil` if the drive gives none, or something else than a number.
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    public func readCatalogNumber() throws(Failure) -> String? {
        let code = try ask(.readCatalogNumber) { bytes throws(ReplyError) in
            try SubChannelCode(parsing: bytes, length: 13)
        }
        return code?.text.flatMap { CatalogNumber($0)?.text }
    }

    /// A track's recording code.
    ///
    /// - Returns: `nil` if the drive gives none.
    /// - Throws: ``Reports/Failure`` where the drive can't be reached.
    public func readRecordingCode(track: Int) throws(Failure) -> String? {
        try ask(.readRecordingCode(track: track)) { bytes throws(ReplyError) in
            try SubChannelCode(parsing: bytes, length: 12)
        }?.text
    }
}

/// One of Apple's file systems at the beginning of a disc: only that it is there, and its name.
public struct HFSVolume: Codable, Hashable, Sendable {
    /// Which of them: HFS, HFS Plus, or HFSX.
    public var kind: FileSystemClaim.Kind
    /// The volume's name, which only HFS keeps here.
    public var name: String?

    /// Looks at byte 1024 of the first sector.
    ///
    /// Two letters are little to go by, so a field behind each is asked too: the size of HFS's
    /// allocation blocks (Inside Macintosh: Files, chapter 2), the version of the others (TN1150).
    init?(_ bytes: Span<UInt8>) {
        let base = 1024
        let blockSize = bytes.big32(base + 20)
        if bytes.holds("BD", at: base), blockSize > 0, blockSize % 512 == 0 {
            kind = .hfs
            name = bytes.text(at: base + 37, count: min(27, Int(bytes.byte(base + 36))))
        } else if bytes.holds("H+", at: base), bytes.big16(base + 2) == 4 {
            kind = .hfsPlus
        } else if bytes.holds("HX", at: base), bytes.big16(base + 2) == 5 {
            kind = .hfsX
        } else {
            return nil
        }
    }

    /// That it is there; it claims no end.
    var claim: FileSystemClaim {
        FileSystemClaim(kind: kind, name: name, decides: false, evidence: "signature at byte 1024")
    }
}

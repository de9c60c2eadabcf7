/// One description of an ISO 9660 volume: a disc has one for each set of names.
///
/// ECMA-119 §8.4 and §8.5; the High Sierra draft has the same fields at other places.
public struct VolumeDescriptor: Codable, Hashable, Sendable {
    /// Whose names the directory below it has.
    public enum Kind: String, Codable, Sendable {
        /// ISO 9660's own, with the extensions of SUSP and Rock Ridge.
        case primary
        /// UCS-2 names; Microsoft's Joliet specification.
        case joliet
        /// Names of ISO 9660:1999, up to 207 bytes long.
        case enhanced
        /// Another character set.
        case supplementary
        /// The draft of 1986.
        case highSierra = "high-sierra"

        /// The name that people use.
        public var displayName: String {
            switch self {
            case .primary: "ISO 9660"
            case .joliet: "Joliet"
            case .enhanced: "ISO 9660:1999"
            case .supplementary: "supplementary ISO 9660"
            case .highSierra: "High Sierra"
            }
        }
    }

    /// Whose names it leads to.
    public var kind: Kind
    /// Joliet's level, 1 to 3.
    public var jolietLevel: Int?
    /// The sector that it was read from.
    public var sector: Int
    /// The system that may use the first 16 sectors.
    public var systemIdentifier: String
    /// The volume's name.
    public var volumeIdentifier: String
    /// The name of the set that the volume is part of.
    public var volumeSetIdentifier: String
    /// The publisher that the image names.
    public var publisherIdentifier: String
    /// The data preparer that the image names.
    public var preparerIdentifier: String
    /// The program or standard behind the data.
    public var applicationIdentifier: String
    /// When the volume was made, in ISO 8601.
    public var creationDate: String?
    /// When it was changed last, in ISO 8601.
    public var modificationDate: String?
    /// After which it is out of date, in ISO 8601.
    public var expirationDate: String?
    /// From which it may be used, in ISO 8601.
    public var effectiveDate: String?
    /// Bytes in a logical block; Linux knows 512, 1024 and 2048.
    public var logicalBlockSize: Int
    /// The number of logical blocks that the volume has.
    public var volumeSpaceSize: Int
    /// Whether both byte orders of the size say the same.
    public var sizesAgree: Bool
    /// The logical block where the root directory begins.
    public var rootDirectory: Int
    /// Why it leads to no root directory: one sentence; `nil` if it does.
    public var rootProblem: String?

    /// Reads a descriptor of type 1 or 2; nil for everything else.
    init?(_ bytes: Span<UInt8>, sector: Int) {
        let isHighSierra = bytes.holds("CDROM", at: 9)
        guard isHighSierra || bytes.holds("CD001", at: 1) else { return nil }
        switch (isHighSierra, bytes.byte(isHighSierra ? 8 : 0)) {
        case (true, 1): kind = .highSierra
        case (false, 1): kind = .primary
        case (false, 2) where bytes.byte(6) == 2: kind = .enhanced
        case (false, 2):
            jolietLevel = Self.jolietLevel(bytes)
            kind = jolietLevel == nil ? .supplementary : .joliet
        default: return nil
        }
        self.sector = sector
        let isJoliet = kind == .joliet
        func text(_ offset: Int, _ count: Int) -> String {
            isJoliet
                ? bytes.bigEndianText(at: offset, count: count)
                : bytes.text(at: offset, count: count)
        }
        // The draft begins each descriptor with its block number: all is 8 bytes further on.
        let shift = isHighSierra ? 8 : 0
        systemIdentifier = text(8 + shift, 32)
        volumeIdentifier = text(40 + shift, 32)
        volumeSpaceSize = Int(bytes.both32(80 + shift))
        sizesAgree = bytes.little32(80 + shift) == bytes.big32(84 + shift)
        logicalBlockSize = Int(bytes.both16(128 + shift))
        let rootRecord = isHighSierra ? 180 : 156
        rootDirectory = Int(bytes.both32(rootRecord + 2))
        volumeSetIdentifier = text(isHighSierra ? 214 : 190, 128)
        publisherIdentifier = text(isHighSierra ? 342 : 318, 128)
        preparerIdentifier = text(isHighSierra ? 470 : 446, 128)
        applicationIdentifier = text(isHighSierra ? 598 : 574, 128)
        if !isHighSierra {
            creationDate = DescriptorDate.ofVolume(bytes, at: 813)
            modificationDate = DescriptorDate.ofVolume(bytes, at: 830)
            expirationDate = DescriptorDate.ofVolume(bytes, at: 847)
            effectiveDate = DescriptorDate.ofVolume(bytes, at: 864)
        }
    }

    /// The bytes of the volume; `nil` if its block size is none that ECMA-119 §6.2.2 allows.
    public var volumeBytes: UInt64? {
        guard [512, 1024, 2048].contains(logicalBlockSize) else { return nil }
        return UInt64(volumeSpaceSize) * UInt64(logicalBlockSize)
    }

    /// The escape sequences that stand for UCS-2 levels 1 to 3.
    private static func jolietLevel(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.holds("%/", at: 88) else { return nil }
        let levels: [UInt8: Int] = [0x40: 1, 0x43: 2, 0x45: 3]
        return levels[bytes.byte(90)]
    }
}

import MMC

/// What READ CD asks for of each sector (MMC-6 §6.19.2 and table 351).
struct SectorSelection {
    /// What a sector is.
    enum Kind: Int {
        case audio = 1, mode1 = 2, mode2 = 3, mode2Form1 = 4, mode2Form2 = 5
    }

    /// What of the subchannel follows the sector.
    enum Subchannel {
        case none, raw, q
    }

    private let expected: Int
    private let sync: Bool
    private let header: Bool
    private let subheader: Bool
    private let userData: Bool
    private let parity: Bool
    let errorFlagBytes: Int
    let subchannel: Subchannel

    init(_ cdb: CDB) throws(Sense) {
        expected = cdb.u8(1) >> 2 & 7
        guard expected <= Kind.mode2Form2.rawValue else { throw cdb.invalid(1, bit: 4) }
        sync = cdb.bit(9, 7)
        subheader = cdb.bit(9, 6)
        header = cdb.bit(9, 5)
        userData = cdb.bit(9, 4)
        parity = cdb.bit(9, 3)
        switch cdb.u8(9) >> 1 & 3 {
        case 0: errorFlagBytes = 0
        case 1: errorFlagBytes = 294
        case 2: errorFlagBytes = 296
        default: throw cdb.invalid(9, bit: 2)
        }
        switch cdb.u8(10) & 7 {
        case 0: subchannel = .none
        case 1: subchannel = .raw
        case 2: subchannel = .q
        // Corrected R to W.
        case 4: subchannel = .raw
        default: throw cdb.invalid(10, bit: 2)
        }
        // The parts must follow each other in the sector; what lies between them may be left out
        // only where the kind of sector has it not.
        guard !(sync && userData && !header && expected != Kind.audio.rawValue) else {
            throw cdb.invalid(9, bit: 7)
        }
    }

    /// Whether a sector of mode 1 is asked for as its 2048 bytes of user data alone.
    var isUserDataOnly: Bool {
        errorFlagBytes == 0 && subchannel == .none && parts(of: .mode1) == [16..<2064]
    }

    /// The parts of a sector of a kind that are asked for; `nil` if the kind does not fit.
    func parts(of kind: Kind) -> [Range<Int>]? {
        guard fits(kind) else { return nil }
        if kind == .audio {
            return userData || sync || header || subheader || parity ? [0..<2352] : []
        }
        let layout = Self.layouts[kind] ?? (userData: 16..<2352, hasSubheader: false)
        var parts: [Range<Int>] = []
        if sync { parts.append(0..<12) }
        if header { parts.append(12..<16) }
        if subheader, layout.hasSubheader { parts.append(16..<24) }
        if userData { parts.append(layout.userData) }
        if parity, layout.userData.upperBound < 2352 {
            parts.append(layout.userData.upperBound..<2352)
        }
        return parts
    }

    private func fits(_ kind: Kind) -> Bool {
        switch expected {
        case 0: true
        // Any sector of mode 2 without a form.
        case kind.rawValue: true
        default: false
        }
    }

    /// Whether only audio is asked for.
    var wantsAudio: Bool { expected == Kind.audio.rawValue }

    /// The fewest bytes that a sector can take.
    var leastSize: Int { errorFlagBytes + (subchannel == .raw ? 96 : subchannel == .q ? 16 : 0) }

    /// Where the user data of a kind of data sector lie.
    static func userData(of kind: Kind) -> Range<Int> { layouts[kind]?.userData ?? 0..<2352 }

    private static let layouts: [Kind: (userData: Range<Int>, hasSubheader: Bool)] = [
        .mode1: (16..<2064, false),
        .mode2: (16..<2352, false),
        .mode2Form1: (24..<2072, true),
        .mode2Form2: (24..<2348, true),
    ]
}

/// Tells what a raw data sector is.
enum RawSectorKind {
    /// The kind by the header's mode byte and the subheader.
    static func of(_ raw: [UInt8]) -> SectorSelection.Kind {
        guard raw.count >= 24, raw[15] & 3 == 2 else { return .mode1 }
        // The subheader of XA sectors stands twice (CD-ROM XA).
        guard raw[16..<20].elementsEqual(raw[20..<24]) else { return .mode2 }
        return raw[18] & 0x20 == 0 ? .mode2Form1 : .mode2Form2
    }
}

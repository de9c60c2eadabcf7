import MMC

/// The mode pages of the drive (MMC-6 §7): their defaults, what a host can change of them, and what
/// stands in them now.
struct ModePageStore {
    /// What a page is made of.
    struct Definition: Sendable {
        /// What stands behind the length byte when the drive wakes up.
        var initial: [UInt8]
        /// The bits that a host can change.
        var changeable: [UInt8]
    }

    /// The most sectors of a packet of a fixed size: what fits into the drive's buffer.
    private static let largestPacket = 2000

    /// The capabilities page (MMC-6 Annex E.11), which the drive makes again for each reply.
    static let capabilitiesCode = 0x2A

    private var current: [Int: [UInt8]] = [:]
    private var traits: MediumTraits?

    /// The pages that hosts can set, by their codes.
    static let definitions: [Int: Definition] = [
        // Error recovery: read retries (MMC-6 §7.3).
        0x01: Definition(
            initial: [0, 16, 0, 0, 0, 0, 1, 0, 0, 0],
            changeable: [0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0, 0, 0]
        ),
        // Write parameters (MMC-6 §7.5).
        0x05: Definition(
            initial: WriteParameters().encoded,
            changeable: [0x7F, 0xFF, 0x0F, 0xFF, 0, 0x3F, 0xFF, 0]
                + Array(repeating: 0xFF, count: 42)
        ),
        // CD audio control: both channels, full volume (MMC-3 §6.3.7).
        0x0E: Definition(
            initial: [0x04, 0, 0, 0, 0, 75, 1, 0xFF, 2, 0xFF, 0, 0, 0, 0],
            changeable: [0, 0, 0, 0, 0, 0, 0x0F, 0xFF, 0x0F, 0xFF, 0, 0, 0, 0]
        ),
        // Power conditions (SPC-4 §7.5.13).
        0x1A: Definition(
            initial: Array(repeating: 0, count: 10),
            changeable: [0, 0x03, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        ),
        // Timeout and protect (MMC-6 §7.7).
        0x1D: Definition(
            initial: [0, 0, 0x0C, 0, 0, 10, 0, 10],
            changeable: [0, 0, 0x0F, 0, 0xFF, 0xFF, 0xFF, 0xFF]
        ),
    ]

    /// What the host wants of the next writing.
    var writeParameters: WriteParameters {
        WriteParameters(parsing: data(WriteParameters.pageCode) ?? [])
    }

    /// Whether a host has set a page since the disc came.
    func isChosen(_ code: Int) -> Bool { current[code] != nil }

    /// Another disc is in the drive: the write parameters fall back to what that disc takes.
    mutating func mediumChanged(to traits: MediumTraits?) {
        self.traits = traits
        current[WriteParameters.pageCode] = nil
    }

    /// What a page holds when the drive wakes up, or with the disc in it.
    func initial(_ code: Int) -> [UInt8]? {
        // CDs are written track at once; nothing else takes that.
        guard code == WriteParameters.pageCode, let traits, traits.writeTypes[0] != nil,
            traits.writeTypes[1] == nil
        else { return Self.definitions[code]?.initial }
        // DVD-R and DVD-RW: incremental recording in packets of 16 (MMC-6 table 684).
        var parameters = WriteParameters()
        parameters.writeType = WriteParameters.WriteType.packet.rawValue
        parameters.fixedPacket = true
        parameters.trackMode = 5
        parameters.packetSize = 16
        parameters.linkSize = 16
        return parameters.encoded
    }

    /// What a page holds now.
    func data(_ code: Int) -> [UInt8]? {
        current[code] ?? initial(code)
    }

    /// Sets a page as MODE SELECT asks.
    ///
    /// - Parameters:
    ///   - page: The page as it was sent.
    ///   - offset: Where it begins in the parameter list, for the sense data.
    /// - Throws: Sense data that point at what the drive does not accept.
    mutating func select(_ page: ModePages.Page, at offset: Int) throws(Sense) {
        guard let definition = Self.definitions[page.code], let present = data(page.code) else {
            throw .invalidParameter(offset)
        }
        guard page.data.count == definition.initial.count else {
            throw .invalidParameter(offset + 1)
        }
        var next = present
        for i in next.indices {
            let mask = definition.changeable[i]
            next[i] = present[i] & ~mask | page.data[i] & mask
        }
        if page.code == WriteParameters.pageCode {
            try check(WriteParameters(parsing: page.data), at: offset)
        }
        current[page.code] = next
    }

    /// Refuses write parameters that the drive, with the disc in it, can't work by.
    private func check(_ parameters: WriteParameters, at offset: Int) throws(Sense) {
        // Without a disc the drive takes what it takes for CDs.
        let types = traits.map(\.writeTypes) ?? MediumTraits.cdWriteTypes
        // DVD+ and BD: the page means nothing to them, and hosts send it all the same; but a
        // rehearsal would become a burn.
        guard !types.isEmpty else {
            if parameters.testWrite { throw .invalidParameter(offset + 2, bit: 4) }
            return
        }
        guard let blockTypes = types[parameters.writeType] else {
            throw .invalidParameter(offset + 2, bit: 3)
        }
        guard blockTypes.contains(parameters.blockType) else {
            throw .invalidParameter(offset + 4, bit: 3)
        }
        // A packet of a fixed size has one (MMC-6 §7.5.4.18); DVDs have their own.
        let isCD = types[1] != nil
        guard
            !isCD || parameters.writeType != 0 || !parameters.fixedPacket
                || (1...Self.largestPacket).contains(parameters.packetSize)
        else { throw .invalidParameter(offset + 10) }
        // Blocks of user data are of data tracks (MMC-6 table 690).
        guard parameters.blockType < 8 || parameters.trackMode & 4 != 0 else {
            throw .invalidParameter(offset + 3, bit: 3)
        }
    }
}

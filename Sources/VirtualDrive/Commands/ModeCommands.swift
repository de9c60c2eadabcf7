import MMC

extension VirtualRecorder {
    /// MODE SENSE (SPC-4 §6.11 and §6.12).
    func modeSense(_ cdb: CDB, isShort: Bool) throws(Sense) -> [UInt8] {
        let code = cdb.u8(2) & 0x3F
        let control = cdb.u8(2) >> 6
        // No page can be kept over a power cycle.
        guard control != 3 else { throw Sense(.illegalRequest, 0x39, 0x00) }
        guard cdb.u8(3) == 0 || cdb.u8(3) == 0xFF else { throw cdb.invalid(3) }
        let known = (ModePageStore.definitions.keys + [ModePageStore.capabilitiesCode]).sorted()
        let wanted = code == 0x3F ? known : known.filter { $0 == code }
        guard !wanted.isEmpty else { throw cdb.invalid(2, bit: 5) }
        let pages = ModePages(pages: wanted.map { modePage($0, control: control) })
        return isShort ? pages.encoded6 : pages.encoded10
    }

    /// A page's current values, its changeable bits, or its defaults.
    private func modePage(_ code: Int, control: Int) -> ModePages.Page {
        if code == ModePageStore.capabilitiesCode {
            return ModePages.Page(code: code, data: capabilitiesPage(changeable: control == 1))
        }
        let data =
            switch control {
            case 1: ModePageStore.definitions[code]?.changeable
            case 2: modePages.initial(code)
            default: modePages.data(code)
            }
        return ModePages.Page(code: code, data: data ?? [])
    }

    /// MODE SELECT (SPC-4 §6.9 and §6.10).
    func modeSelect(_ cdb: CDB, _ list: [UInt8], isShort: Bool) throws(Sense) {
        guard !cdb.bit(1, 0) else { throw cdb.invalid(1, bit: 0) }
        let length = isShort ? cdb.u8(4) : cdb.u16(7)
        guard length > 0 else { return }
        let given = Array(list.prefix(length))
        let header = isShort ? 4 : 8
        guard given.count >= header else { throw .wrongParameterLength }
        let descriptors = isShort ? Int(given[3]) : Int(given[6]) << 8 | Int(given[7])
        var offset = header + descriptors
        // The pages are checked on a copy: either all are taken or none (SPC-4 §6.9).
        var store = modePages
        while offset < given.count {
            guard offset + 2 <= given.count else { throw .wrongParameterLength }
            let end = offset + 2 + Int(given[offset + 1])
            guard end <= given.count else { throw .wrongParameterLength }
            let page = ModePages.Page(
                code: Int(given[offset] & 0x3F),
                data: Array(given[offset + 2..<end])
            )
            // Subpages and the capabilities can't be set.
            guard given[offset] & 0x40 == 0 else { throw .invalidParameter(offset) }
            try store.select(page, at: offset)
            offset = end
        }
        let before = modePages.writeParameters
        modePages = store
        if modePages.writeParameters != before { method?.parametersChanged() }
    }
}

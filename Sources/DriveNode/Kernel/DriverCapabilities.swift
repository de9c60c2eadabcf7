/// What Linux takes a drive to be able to do: the CDC_ bits of linux/cdrom.h.
struct DriverCapabilities: OptionSet, Sendable {
    let rawValue: Int32

    static let closeTray = DriverCapabilities(rawValue: 0x1)
    static let openTray = DriverCapabilities(rawValue: 0x2)
    static let lock = DriverCapabilities(rawValue: 0x4)
    static let selectDisc = DriverCapabilities(rawValue: 0x10)
    static let cdR = DriverCapabilities(rawValue: 0x2000)
    static let cdRW = DriverCapabilities(rawValue: 0x4000)
    static let dvd = DriverCapabilities(rawValue: 0x8000)
    static let dvdR = DriverCapabilities(rawValue: 0x1_0000)
    static let dvdRAM = DriverCapabilities(rawValue: 0x2_0000)
    static let mrw = DriverCapabilities(rawValue: 0x8_0000)
    static let mrwWrite = DriverCapabilities(rawValue: 0x10_0000)
    static let randomWrite = DriverCapabilities(rawValue: 0x20_0000)

    /// What the driver knows to do (drivers/scsi/sr.c, SR_CAPABILITIES).
    static let ofDriver = DriverCapabilities(rawValue: 0x3B_FBFF)

    /// The bits that a drive's capabilities page takes away where it has not set its own
    /// (get_capabilities of drivers/scsi/sr.c): byte of the page, its bit, ours.
    private static let bitsOfPage: [(byte: Int, mask: UInt8, bit: DriverCapabilities)] = [
        (2, 0x08, .dvd), (3, 0x20, .dvdRAM), (3, 0x10, .dvdR), (3, 0x02, .cdRW), (3, 0x01, .cdR),
        (6, 0x08, .openTray), (6, 0xE0, .closeTray),
    ]

    /// Takes a drive's capabilities page, 2Ah, beginning with its page code.
    init(page: ArraySlice<UInt8>) {
        var capabilities = Self.ofDriver.subtracting(.selectDisc)
        for (byte, mask, bit) in Self.bitsOfPage {
            let place = page.startIndex + byte
            if place >= page.endIndex || page[place] & mask == 0 { capabilities.remove(bit) }
        }
        self = capabilities
    }

    init(rawValue: Int32) {
        self.rawValue = rawValue
    }
}

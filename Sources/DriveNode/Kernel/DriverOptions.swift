/// How the uniform CD-ROM driver behaves: the CDO_ bits of linux/cdrom.h.
struct DriverOptions: OptionSet, Sendable {
    let rawValue: Int32

    static let autoClose = DriverOptions(rawValue: 0x01)
    static let autoEject = DriverOptions(rawValue: 0x02)
    static let useFlags = DriverOptions(rawValue: 0x04)
    static let lock = DriverOptions(rawValue: 0x08)
    static let checkType = DriverOptions(rawValue: 0x10)
}

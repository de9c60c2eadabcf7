/// The list of what computers start from; “El Torito” Bootable CD-ROM Format Specification 1.0, and UEFI
/// 2.10 §13.3.2.
enum BootCatalog {
    /// One for the first entry, and two places of 32 bytes for each further one, in one sector.
    static let mostEntries = 31

    /// A file as the catalog has it.
    struct Entry {
        let platform: UInt8
        let loadCount: UInt16
        let start: UInt32

        init(_ entry: UDFImageOptions.BootEntry, size: Int, start: UInt32) {
            platform = entry.platform.rawValue
            loadCount = entry.loadCount ?? UInt16(clamping: (size + 511) / 512)
            self.start = start
        }
    }

    /// The volume descriptor that leads to the catalog.
    static func record(catalog: UInt32) -> [UInt8] {
        var record = DescriptorBytes()
        record.put(text: "CD001\u{1}EL TORITO SPECIFICATION", at: 1)
        record.put(catalog, at: 71)
        return record.bytes
    }

    /// The catalog: a validation entry, the default entry, and a section for each further one.
    static func bytes(_ entries: [Entry]) -> [UInt8] {
        var catalog = DescriptorBytes()
        catalog.put(UInt8(1), at: 0)
        catalog.put(entries.first?.platform ?? 0, at: 1)
        catalog.put([0x55, 0xAA], at: 30)
        // All words of the validation entry add up to zero.
        let words = stride(from: 0, to: 32, by: 2).map {
            UInt16(catalog.bytes[$0]) | UInt16(catalog.bytes[$0 + 1]) << 8
        }
        catalog.put(0 &- words.reduce(0, &+), at: 28)
        for (index, entry) in entries.enumerated() {
            var offset = 32
            if index > 0 {
                offset = index * 64
                catalog.put(UInt8(index + 1 < entries.count ? 0x90 : 0x91), at: offset)
                catalog.put(entry.platform, at: offset + 1)
                catalog.put(UInt16(1), at: offset + 2)
                offset += 32
            }
            catalog.put(UInt8(0x88), at: offset)
            catalog.put(entry.loadCount, at: offset + 6)
            catalog.put(entry.start, at: offset + 8)
        }
        return catalog.bytes
    }
}

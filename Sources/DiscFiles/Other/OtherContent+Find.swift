extension OtherContent {
    /// The longest text that counts as nothing but one.
    private static let longestText = 1 << 20

    /// Looks for a game disc's mark in the first bytes of a disc.
    static func gameDisc(_ window: Span<UInt8>) -> OtherContent? {
        for mark in KnownMark.discs {
            if let found = mark.content(of: window) { return found }
        }
        return nil
    }

    /// Looks for a file system of hard disks in the first bytes of a disk or a partition.
    static func volume(_ window: Span<UInt8>) -> OtherContent? {
        for mark in KnownMark.disks {
            if let found = mark.content(of: window) { return found }
        }
        return DiskVolume.ext(window) ?? DiskVolume.fat(window)
    }

    /// Looks for anything else that a file may be.
    static func file(_ window: Span<UInt8>) -> OtherContent? {
        for mark in KnownMark.files {
            if let found = mark.content(of: window) { return found }
        }
        return DiskVolume.program(window)
    }

    /// Looks for the footer of a VHD of fixed size, which is all that such an image has: the file's
    /// last 512 bytes.
    static func footer(_ last: Span<UInt8>) -> OtherContent? {
        for offset in stride(from: 0, to: last.count, by: 512)
        where last.holds("conectix", at: offset) {
            return OtherContent(
                kind: .diskImage,
                name: "a VHD image of a virtual machine's disk",
                size: KnownMark.SizeField(offset + 48, 8, .big).value(in: last),
                offset: offset
            )
        }
        return nil
    }

    /// A text: no byte that texts don't have, up to the zeros that fill the last sector.
    static func text(_ window: Span<UInt8>, sectorCount: Int?) -> OtherContent? {
        guard let sectorCount, sectorCount * ContentProbe.sectorSize <= longestText else {
            return nil
        }
        var end = window.count
        while end > 0, window[end - 1] == 0 { end -= 1 }
        guard end > 0, window.count - end < ContentProbe.sectorSize else { return nil }
        for index in 0..<end {
            let byte = window[index]
            guard byte >= 0x20 || [9, 10, 12, 13, 26, 27].contains(byte), byte != 0x7F else {
                return nil
            }
        }
        return OtherContent(kind: .text, name: "a text", offset: 0)
    }
}

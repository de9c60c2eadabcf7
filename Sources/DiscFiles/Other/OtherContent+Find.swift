extension OtherContent {
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
        for mark in KnownMark.files + KnownMark.lzma {
            if let found = mark.content(of: window) { return found }
        }
        return DiskVolume.program(window)
    }

    /// Looks for the mark of an archive, or of a file that is packed otherwise.
    ///
    /// - Parameter window: The first bytes of a file, at least 512 of them where it has so many.
    /// - Returns: What it is; `nil` if it has no such mark.
    package static func archive(_ window: Span<UInt8>) -> OtherContent? {
        for mark in KnownMark.files where mark.kind == .archive {
            if let found = mark.content(of: window) { return found }
        }
        return nil
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

    /// A text: no character that texts don't have, up to the zeros that fill the last sector.
    ///
    /// - Parameters:
    ///   - window: The first bytes.
    ///   - samples: Further sectors, the last one among them, if the window is not all there is.
    /// - Returns: `nil` if it is no text.
    static func text(_ window: Span<UInt8>, samples: [[UInt8]]) -> OtherContent? {
        // A text has no more than what fills its last sector.
        let zeros = samples.last.map { zerosAtEnd($0.span) } ?? zerosAtEnd(window)
        guard zeros < ContentProbe.sectorSize else { return nil }
        var forms = TextForm.forms(of: window, isWhole: samples.isEmpty)
        for sample in samples where !forms.isEmpty {
            let others = TextForm.forms(of: sample.span, isWhole: false)
            forms.removeAll { !others.contains($0) }
        }
        return forms.isEmpty ? nil : OtherContent(kind: .text, name: "a text", offset: 0)
    }

    private static func zerosAtEnd(_ bytes: Span<UInt8>) -> Int {
        var end = bytes.count
        while end > 0, bytes[end - 1] == 0 { end -= 1 }
        return bytes.count - end
    }
}

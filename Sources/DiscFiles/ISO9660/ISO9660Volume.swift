/// An ISO 9660 volume as its descriptor set describes it.
public struct ISO9660Volume: Codable, Hashable, Sendable {
    /// The sector that the volume's session begins with; the descriptors begin 16 sectors later.
    public var sessionStart: Int
    /// The descriptors with names, in the order of the disc; never empty.
    public var descriptors: [VolumeDescriptor]
    /// The extension by which files have POSIX names and permissions, such as `"RRIP_1991A"`.
    public var rockRidge: String?
    /// How many sectors of the disc come before the image, if that is a later session by itself.
    public var sectorsBefore: Int?
    /// The programs that the disc starts a computer with.
    public var bootCatalog: BootCatalog?

    /// The primary descriptor, or the first one where that can't be read.
    public var main: VolumeDescriptor? {
        descriptors.first { $0.kind == .primary || $0.kind == .highSierra } ?? descriptors.first
    }

    /// The volume's name.
    public var volumeIdentifier: String? {
        let names = [main?.volumeIdentifier] + descriptors.map(\.volumeIdentifier)
        return names.compactMap(\.self).first { !$0.isEmpty }
    }

    /// The largest size that a descriptor gives, in bytes.
    public var volumeBytes: UInt64? {
        descriptors.compactMap(\.volumeBytes).filter { $0 > 0 }.max()
    }

    /// The end in bytes, where the size counts from the beginning of the disc.
    public var endCountedFromDisc: UInt64? { volumeBytes }

    /// The end in bytes, where the size counts from the beginning of the session.
    public var endCountedFromSession: UInt64? {
        volumeBytes.map { $0 + UInt64(sessionStart) * 2048 }
    }

    /// The end in bytes, counted in whichever way is possible.
    ///
    /// In a later session genisoimage and libisofs count the size from the session's beginning, as
    /// was seen with both; other programs count it from the disc's beginning. A size that doesn't
    /// reach the root directory counts from the session, since addresses always count from the
    /// disc. Where both are possible, the larger end is taken unless it lies behind the source's.
    ///
    /// - Parameter sectorCount: The source's size, where it is known.
    /// - Returns: The end; `nil` if no descriptor gives a size.
    public func end(sectorCount: Int?) -> UInt64? {
        guard let fromDisc = endCountedFromDisc, let fromSession = endCountedFromSession else {
            return nil
        }
        if let before = sectorsBefore, let count = sectorCount, fromDisc / 2048 > count {
            return fromDisc - min(fromDisc, UInt64(before) * 2048)
        }
        guard sessionStart > 0, let main else { return fromDisc }
        let root = (UInt64(main.rootDirectory) + 1) * UInt64(main.logicalBlockSize)
        let first = (UInt64(sessionStart) + 17) * 2048
        guard fromDisc >= max(root, first) else { return fromSession }
        if let sectorCount, fromSession > UInt64(max(0, sectorCount)) * 2048 { return fromDisc }
        return fromSession
    }

    /// The end that one of the descriptors gives, counted as ``end(sectorCount:)`` counts.
    ///
    /// - Parameters:
    ///   - descriptor: One of ``descriptors``.
    ///   - sectorCount: The source's size, where it is known.
    /// - Returns: The end in bytes; `nil` if it gives no size, or it is not known what that counts from.
    func end(of descriptor: VolumeDescriptor, sectorCount: Int?) -> UInt64? {
        guard sectorsBefore == nil else { return nil }
        var alone = self
        alone.descriptors = [descriptor]
        return alone.end(sectorCount: sectorCount)
    }

    /// What the volume claims.
    func claim(sectorCount: Int?) -> FileSystemClaim? {
        guard let main else { return nil }
        var names: [String] = []
        for descriptor in descriptors {
            switch descriptor.kind {
            case .joliet: names.append("Joliet \(descriptor.jolietLevel ?? 0)")
            case .enhanced: names.append("ISO 9660:1999")
            case .primary, .supplementary, .highSierra: break
            }
        }
        if rockRidge != nil { names.append("Rock Ridge") }
        if bootCatalog != nil { names.append("El Torito") }
        var evidence =
            "volume size \(main.volumeSpaceSize) in blocks of \(main.logicalBlockSize) bytes"
            + " (sector \(main.sector))"
        if !main.sizesAgree { evidence += "; its two byte orders differ" }
        if main.volumeBytes == nil { evidence += "; ISO 9660 has no such block size" }
        if let bytes = volumeBytes, bytes != main.volumeBytes {
            evidence += "; another descriptor gives \(bytes) bytes"
        }
        let end = end(sectorCount: sectorCount)
        if sessionStart > 0, let end {
            evidence +=
                end == endCountedFromDisc
                ? "; counted from the disc's beginning" : "; counted from sector \(sessionStart)"
        }
        return FileSystemClaim(
            kind: main.kind == .highSierra ? .highSierra : .iso9660,
            name: volumeIdentifier,
            version: names.isEmpty ? nil : names.joined(separator: ", "),
            end: end,
            evidence: evidence
        )
    }
}

public import SystemPackage

/// Where a sector lies in one of an image's files.
public struct SectorPosition: Hashable, Sendable {
    /// The file.
    public var file: FilePath
    /// The sector's first byte, from the beginning of the file or of what it unpacks to.
    public var offset: Int
    /// Bytes from this sector to the next.
    public var stride: Int
}

extension ImageDisc {
    /// Where a sector lies.
    ///
    /// - Parameter address: The sector's address on the disc.
    /// - Returns: `nil` if nothing is kept of the sector.
    public func position(of address: Int) -> SectorPosition? {
        guard let place = place(atOrBehind: address), place.sectors.contains(address),
            let file = files[place.file].paths.first
        else { return nil }
        return SectorPosition(
            file: file,
            offset: place.offset + (address - place.sectors.lowerBound) * place.stride,
            stride: place.stride
        )
    }
}

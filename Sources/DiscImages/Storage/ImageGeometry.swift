import DiscModel

/// One way in which an image keeps sectors.
public struct ImageGeometry: Codable, Hashable, Sendable {
    /// Bytes from one sector to the next in the file, or in what it unpacks to.
    public var stride: Int
    /// Bytes that are kept of a sector itself: 2048 of user data up to 2352 of all.
    public var sectorBytes: Int
    /// Bytes of subchannel that are kept with each; 0 without.
    public var subchannelBytes: Int
    /// How the subchannel is kept: `q`, `interleaved` or `linear`.
    public var subchannel: String?
    /// The number of sectors that are kept like this.
    public var sectors: Int
}

extension ImageDisc {
    /// The ways in which the image keeps its sectors, in the order in which they first come.
    public var geometry: [ImageGeometry] {
        var found: [ImageGeometry] = []
        for place in placements {
            let side = place.subchannel
            let index = found.firstIndex {
                $0.stride == place.stride && $0.sectorBytes == place.form.size
                    && $0.subchannel == side?.form.rawValue
            }
            if let index {
                found[index].sectors += place.sectors.count
            } else {
                found.append(
                    ImageGeometry(
                        stride: place.stride,
                        sectorBytes: place.form.size,
                        subchannelBytes: side?.form.size ?? 0,
                        subchannel: side?.form.rawValue,
                        sectors: place.sectors.count
                    )
                )
            }
        }
        return found
    }
}

import DiscModel

/// A run of sectors in a file of a BlindWrite image; tracks don't have to begin or end with one.
struct B6TBlock {
    /// The sectors, by their addresses on the disc.
    var sectors: Range<Int>
    /// How much of each is kept.
    var form: SectorForm
    /// How their subchannel is kept.
    var subchannel: Placement.Subchannel.Form?
    /// The number of the file.
    var file: Int
    /// Where the first sector lies in it.
    var offset: Int

    /// Bytes of a sector in the file.
    var stride: Int { form.size + (subchannel?.size ?? 0) }

    /// What the bytes of a sector say; nothing for numbers that don't occur.
    static func kind(ofSize size: Int) -> (SectorForm, Placement.Subchannel.Form?)? {
        switch size {
        case RawSector.size + 16: return (.raw, .q)
        case RawSector.size + SubchannelQ.interleavedSize: return (.raw, .linear)
        default:
            guard let form = SectorForm(rawValue: size), form != .absent else { return nil }
            return (form, nil)
        }
    }

    /// Where the block keeps some of its sectors.
    func placement(of part: Range<Int>) -> Placement {
        let offset = offset + (part.lowerBound - sectors.lowerBound) * stride
        return Placement(part, form, file: file, offset: offset, with: subchannel)
    }
}

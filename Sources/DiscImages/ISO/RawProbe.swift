import DiscModel
import LinuxCalls

/// Finds out how an image without a descriptor keeps its sectors.
struct RawProbe {
    let bytes: any ByteSource

    /// Whether a volume descriptor of ISO 9660, High Sierra or UDF lies where the user data of a
    /// sector begin.
    func isVolumeDescriptor(at offset: Int) throws -> Bool {
        let head = try bytes.bytes(offset..<(offset + 16))
        guard head.count == 16 else { return false }
        let name = Array(head[1..<6])
        if name == Array("CD001".utf8) || name == Array("BEA01".utf8) { return true }
        return Array(head[9..<14]) == Array("CDROM".utf8)
    }

    /// Whether a sector with a sync pattern and a defined mode lies at a place.
    func header(at offset: Int) throws -> (address: Int, mode: UInt8)? {
        let head = try bytes.bytes(offset..<(offset + 16))
        guard head.count == 16, RawSector.hasSync(head.span), (1...2).contains(head[15]),
            let time = MSF(bcd: head[12], head[13], head[14])
        else { return nil }
        return (time.lba.rawValue, head[15])
    }

    /// Whether sync patterns follow one another in a geometry, as far as the first sectors go.
    func hasSync(_ geometry: RawGeometry) throws -> Bool {
        guard geometry.form == .raw, try header(at: 0) != nil else { return false }
        let sectors = bytes.byteCount / geometry.stride
        for i in 1..<4 where i < sectors {
            if try header(at: i * geometry.stride) == nil { return false }
        }
        return sectors >= 1
    }

    /// The form of the subchannel behind raw sectors, as the checksums of Q show it; `nil` if
    /// neither form has right ones.
    func subchannelForm(_ geometry: RawGeometry) throws -> Placement.Subchannel.Form? {
        var right: [Placement.Subchannel.Form: Int] = [:]
        let sectors = bytes.byteCount / geometry.stride
        for i in 0..<min(sectors, 16) {
            // Spread over the image.
            let sector = i * max(1, sectors / 16)
            let offset = sector * geometry.stride + geometry.form.size
            let kept = try bytes.bytes(offset..<(offset + geometry.subchannel))
            guard kept.count == geometry.subchannel else { continue }
            let forms: [Placement.Subchannel.Form] =
                geometry.subchannel == 16 ? [.q] : [.interleaved, .linear]
            for form in forms {
                let q: ArraySlice<UInt8> =
                    switch form {
                    case .q: kept[0..<12]
                    case .linear: kept[12..<24]
                    case .interleaved: SubchannelOrder.linear(kept)[12..<24]
                    }
                if SubchannelQ.isIntact(Array(q)) { right[form, default: 0] += 1 }
            }
        }
        return right.max { $0.value < $1.value }?.key
    }

    /// The number of the first sector of raw ones, from a place on to the end, that has no sync:
    /// where data are followed by audio.
    ///
    /// Fewer sectors than a track has at least are no audio wherever they lie: they are damaged, or
    /// the run-out behind a track, which rippers fill with zeros.
    func endOfData(_ geometry: RawGeometry, sectors: Int) throws -> Int {
        guard sectors > 1, try header(at: (sectors - 1) * geometry.stride) == nil else {
            return sectors
        }
        /// Whether a sector has a header, or one of those behind it that are too few for a track.
        func isData(_ sector: Int) throws -> Bool {
            for i in sector..<min(sectors, sector + CDGaps.shortestTrack) {
                if try header(at: i * geometry.stride) != nil { return true }
            }
            return false
        }
        var low = 1
        var high = sectors - 1
        while low < high {
            let middle = (low + high) / 2
            if try isData(middle) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return sectors - low < CDGaps.shortestTrack ? sectors : low
    }
}

extension DiscLayout {
    /// One sector of a hundred carries the catalogue number, and another one the recording code
    /// (ECMA-130 §22.3.4: at least one of each in a hundred sectors).
    private static let catalogPhase = 50
    private static let codePhase = 75

    /// The Q of a sector of the program area, as a recorder writes it.
    ///
    /// - Returns: Nothing for a sector that no track and no lead-out has.
    public func position(of address: Int) -> SubchannelQ? {
        if let track = track(holding: address) { return track.position(of: address) }
        guard let session = sessions.last(where: { $0.leadOut.rawValue <= address }),
            let last = session.tracks.last
        else { return nil }
        return SubchannelQ(
            control: last.control,
            track: 0xAA,
            index: 1,
            relative: MSF(LBA(address - session.leadOut.rawValue - MSF.offset)),
            absolute: MSF(LBA(address))
        )
    }

    /// The twelve bytes of Q of a sector: its position, or in some sectors the catalogue number or
    /// the recording code.
    public func q(of address: Int) -> [UInt8] {
        guard let position = position(of: address) else {
            return [UInt8](repeating: 0, count: 12)
        }
        guard let track = track(holding: address), address >= track.start.rawValue else {
            return position.encoded
        }
        let phase = (address - track.start.rawValue) % 100
        let frame = position.absolute.frame
        if phase == Self.catalogPhase,
            let catalog = sessions.first(where: { $0.number == track.session })?.catalog,
            let bytes = SubchannelQ.encoded(
                catalog: catalog,
                control: position.control,
                frame: frame
            )
        {
            return bytes
        }
        if phase == Self.codePhase, let isrc = track.isrc,
            let bytes = SubchannelQ.encoded(isrc: isrc, control: position.control, frame: frame)
        {
            return bytes
        }
        return position.encoded
    }

    /// The 96 bytes of subchannel of a sector, all that follows from sessions and tracks: P and Q,
    /// one bit of each channel in each byte, P highest; R to W are silent.
    public func subchannel(of address: Int) -> [UInt8] {
        let isPause = track(holding: address).map { address < $0.start.rawValue } ?? false
        return SubchannelQ.interleaved(q(of: address), isPause: isPause)
    }
}

extension Track {
    /// The Q of one of the track's sectors.
    public func position(of address: Int) -> SubchannelQ {
        let isPregap = address < start.rawValue
        let index = isPregap ? 0 : 1 + laterIndexes.count { $0.rawValue <= address }
        // In a pregap the time runs down to zero (ECMA-130 §22.3.3.2).
        let distance = isPregap ? start.rawValue - address : address - start.rawValue
        return SubchannelQ(
            control: control,
            track: number,
            index: index,
            relative: MSF(LBA(distance - MSF.offset)),
            absolute: MSF(LBA(address))
        )
    }
}

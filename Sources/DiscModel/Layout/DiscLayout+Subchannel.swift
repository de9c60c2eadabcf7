extension DiscLayout {
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
        guard let track = track(holding: address) else { return position.encoded }
        return position.encoded(
            catalog: sessions.first { $0.number == track.session }?.catalog,
            isrc: track.isrc
        ) { isFirstOfIndex($0) }
    }

    /// Whether a sector is the first one of a track or an index.
    private func isFirstOfIndex(_ address: Int) -> Bool {
        guard let here = position(of: address) else { return false }
        guard let before = position(of: address - 1) else { return true }
        return here.track != before.track || here.index != before.index
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
        let distance = SubchannelQ.distance(of: address, from: start.rawValue)
        return SubchannelQ(
            control: control,
            track: number,
            index: index,
            relative: MSF(LBA(distance - MSF.offset)),
            absolute: MSF(LBA(address))
        )
    }
}

import DiscImages
import DiscModel
import MMC

/// Packets on CDs (write type 0, MMC-6 §4.2.5.4): of a fixed size, whose links have no addresses, or
/// of any size, whose links have them.
extension CDRecording {
    func writePackets(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard let blocks = BlockType.byWriteParameters[parameters.blockType] else {
            throw .wrongKindOfSector
        }
        let size = sectors * blocks.total
        try data.require(size)
        let data = data.extracting(..<size)
        let open = openTrack
        guard lba == open?.nextWritable ?? upcomingTrack()?.start else { throw .notNextWritable }
        guard sectors > 0 else { return }
        if open == nil { try beginTrack(blocks, data) }
        guard let track = openTrack, !track.isDamaged else { throw .notNextWritable }
        // All packets of a track are of one kind.
        let packetSize = parameters.fixedPacket ? parameters.packetSize : nil
        guard track.isPacket, track.packetSize == packetSize, track.form == blocks.form,
            track.dataMode == (blocks.dataMode ?? track.dataMode)
        else { throw .wrongKindOfSector }
        var grown = track
        grown.written += sectors
        guard grown.start + grown.extent + TrackRecord.link <= record.capacity else {
            throw .outOfRange
        }
        try store(data, at: lba, blocks, dataMode: track.dataMode)
        changeOpenTrack { $0.written = grown.written }
        try keeper.recorded(sectors)
        if open == nil { try keeper.keep() }
    }

    /// Writes packets of a formatted CD-RW again, as wholes (MMC-6 §5.3.18).
    func replacePackets(_ data: Span<UInt8>, at lba: Int, sectors: Int) throws(Sense) {
        guard let track = record.tracks.last, let packet = track.packetSize, packet > 0,
            writesPackets, parameters.fixedPacket, parameters.packetSize == packet,
            !parameters.testWrite
        else { throw .incompatibleMedium }
        try data.require(sectors * 2048)
        guard lba >= 0, lba + sectors <= track.written else { throw .outOfRange }
        guard lba % packet == 0, sectors % packet == 0 else { throw .notNextWritable }
        try keeper.write(data.extracting(..<(sectors * 2048)), at: lba)
    }

    /// Ends the packet that is being written: fills up one of a fixed size, and links one of any size
    /// to what follows.
    func endPacket() throws(Sense) {
        guard let track = openTrack, track.isPacket, !track.isDamaged, track.written > 0 else {
            return
        }
        let end = track.start + track.written
        if let size = track.packetSize {
            let rest = track.written % max(1, size)
            guard rest > 0 else { return }
            try keeper.clear(end..<end + size - rest)
            changeOpenTrack { $0.written += size - rest }
        } else if track.isInPacket {
            changeOpenTrack {
                $0.links = ($0.links ?? []) + [end]
                $0.written += TrackRecord.link
            }
        }
    }

    /// Ends a track of packets: fills it up to the shortest length, and leaves of the last link what
    /// stands before the next packet would.
    func endPacketTrack(_ track: TrackRecord) throws(Sense) {
        if track.written < Self.shortestTrack {
            let end = track.start + track.written
            try keeper.clear(end..<track.start + Self.shortestTrack)
            changeOpenTrack { $0.written = Self.shortestTrack }
        }
        try endPacket()
        changeOpenTrack {
            if $0.packetSize == nil {
                _ = $0.links?.popLast()
                $0.written -= TrackRecord.link
            }
            $0.written += Self.runOut
            $0.runOut = Self.runOut
            $0.isClosed = true
        }
    }

    /// Drops the links that lie behind what is left of a track.
    func mendPackets() {
        changeOpenTrack { track in
            let end = track.start + track.written
            track.links?.removeAll { $0 + TrackRecord.link > end }
            // What is left of a link that was cut belongs to no packet.
            if let size = track.packetSize { track.written -= track.written % max(1, size) }
        }
    }
}

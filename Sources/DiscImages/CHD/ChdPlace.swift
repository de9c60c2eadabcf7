import DiscModel

/// Where a track of a CHD image lies, in the image and on the disc.
struct ChdPlace {
    /// The address of its pregap.
    var begin: Int
    /// The address of the first sector that is kept.
    var address: Int
    /// The sectors that are kept, by their numbers in the image.
    var frames: Range<Int>
    /// The address after its last one.
    var end: Int

    /// Lays tracks after one another.
    static func places(_ tracks: [ChdTrack]) -> [ChdPlace] {
        var (address, kept) = (0, 0)
        return tracks.enumerated().map { index, track in
            // The pause before the first track is never kept, and the metadata may count it.
            let usual = index == 0 ? CDGaps.firstPause : 0
            let begin = address
            if !track.keepsPregap { address += max(0, track.pregap - usual) }
            let count = track.frames - track.pad
            let place = ChdPlace(
                begin: begin,
                address: address,
                frames: kept..<(kept + count),
                end: address + count + track.postgap
            )
            address = place.end + track.pad
            kept += track.filledFrames
            return place
        }
    }
}

import DiscModel
import Transfer

/// One file of audio was asked for, and the disc has data.
struct OneSound: Error, CustomStringConvertible {
    private let track: Int

    /// Fails if a disc has data.
    static func check(_ disc: any DiscSource) throws(OneSound) {
        guard let track = disc.layout.tracks.first(where: { $0.mode.isData }) else { return }
        throw OneSound(track: track.number)
    }

    /// One sentence.
    var description: String {
        "Track \(track) is data, for which one file of audio has no place; a file for each track has."
    }
}

import DiscModel
import LinuxCalls
import SystemPackage
import Transfer

/// Writes plain images of 2048-byte sectors.
enum ISOWriter {
    /// Begins an image of the only data track of a disc, or else of the first one; of a disc with
    /// several sessions, of all data from the beginning.
    static func begin(_ disc: any DiscSource, _ path: FilePath, _ options: ImageOptions) throws
        -> any DiscSink
    {
        let data = disc.layout.tracks.filter { $0.mode.isData && $0.length > 0 }
        guard let first = data.first else {
            throw ImageFormatError(
                path.lastComponent?.string ?? path.string,
                "a plain image",
                "the disc",
                "has no data track, and there is no place for audio"
            )
        }
        let placements = data.map { track in
            Placement(
                track.start.rawValue..<track.end.rawValue,
                .user,
                offset: (track.start - first.start) * SectorForm.user.size
            )
        }
        return try PlannedImage(paths: [path], placements: placements, texts: [], options: options)
    }
}

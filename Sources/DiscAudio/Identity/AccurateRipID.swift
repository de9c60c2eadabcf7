import LinuxCalls

/// What names a disc in AccurateRip's database.
///
/// The sums are over the audio tracks and the last lead-out; the freedb id is over all tracks.
public struct AccurateRipID: Hashable, Sendable, CustomStringConvertible {
    /// The number of audio tracks.
    public let tracks: Int
    /// The sum of where the tracks and the lead-out begin.
    public let id1: UInt32
    /// The same with each multiplied by its place, from 1 on.
    public let id2: UInt32
    /// The freedb id.
    public let freedb: UInt32

    /// Takes the numbers of an answer.
    public init(tracks: Int, id1: UInt32, id2: UInt32, freedb: UInt32) {
        self.tracks = tracks
        self.id1 = id1
        self.id2 = id2
        self.freedb = freedb
    }

    /// Makes the id of a disc.
    public init(_ toc: AudioTOC) {
        let starts = toc.audio.map { UInt32($0.start) }
        let end = UInt32(toc.leadOut)
        var (sum, product) = (end, end &* UInt32(starts.count + 1))
        for (index, start) in starts.enumerated() {
            sum &+= start
            product &+= max(1, start) &* UInt32(index + 1)
        }
        self.init(tracks: starts.count, id1: sum, id2: product, freedb: Self.freedb(toc))
    }

    /// The id of a disc at freedb, which CDDB programs use.
    ///
    /// The sum of the digits of all tracks' starts in seconds modulo 255, the seconds from the first
    /// start to the lead-out, and the number of tracks.
    private static func freedb(_ toc: AudioTOC) -> UInt32 {
        func seconds(_ sector: Int) -> Int { (sector + 150) / 75 }
        var digits = 0
        for track in toc.tracks {
            var rest = seconds(track.start)
            while rest > 0 {
                digits += rest % 10
                rest /= 10
            }
        }
        let length = seconds(toc.leadOut) - seconds(toc.tracks.first?.start ?? 0)
        return UInt32(digits % 255) << 24 | UInt32(length & 0xFFFF) << 8
            | UInt32(toc.tracks.count)
    }

    /// The id as it stands in names of files: `010-00164419-00b9f6e2-9e11600b`.
    public var description: String {
        let count = String(tracks)
        let padding = String(repeating: "0", count: max(0, 3 - count.utf8.count))
        return ([padding + count] + [id1, id2, freedb].map(Hexadecimal.word)).joined(separator: "-")
    }

    /// The name of the file that AccurateRip's server answers with.
    public var fileName: String { "dBAR-\(self).bin" }

    /// Where that file lies on the server, from `accuraterip/` on.
    public var serverPath: String {
        let digits = Hexadecimal.word(id1).suffix(3).reversed().map(String.init)
        return (digits + [fileName]).joined(separator: "/")
    }
}

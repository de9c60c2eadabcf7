import LinuxCalls
public import Reports
import SystemPackage
public import Transfer

extension AudioDatabases {
    /// Fails if there is nothing at a place: it would be missing for each of many discs.
    ///
    /// - Parameter places: Where the databases' answers are.
    /// - Throws: ``Reports/Failure`` if nothing is at one of them.
    public static func check(_ places: Places) throws(Failure) {
        if case .path(let place) = places.accurateRip {
            _ = try AnswerFile(place, "AccurateRip", [])
        }
        if case .path(let place) = places.ctdb {
            _ = try AnswerFile(place, "the CUETools Database", [])
        }
    }

    /// Reads the answers about a disc of which only the files of its tracks are known.
    ///
    /// What comes before track 1 is in no file then. So where AccurateRip has no answer about the disc as it is, one
    /// about a disc is taken that is the same but for that.
    ///
    /// - Parameters:
    ///   - places: Where they are.
    ///   - toc: The disc, with track 1 at its beginning.
    ///   - cancellation: Heeded while servers are asked.
    /// - Returns: The answers, and how many sectors come before track 1 on the disc that they are about; `nil` if none
    ///   are known to.
    /// - Throws: ``Reports/Failure`` if a file can't be read or is no answer, or the user stopped it.
    public static func ofFiles(
        _ places: Places,
        _ toc: AudioTOC,
        _ cancellation: Cancellation = Cancellation()
    ) throws(Failure) -> (databases: AudioDatabases, pregap: Int?) {
        let plain = try AudioDatabases(places, of: toc, cancellation: cancellation)
        guard case .path(let place) = places.accurateRip, plain.accurateRip.isEmpty else {
            return (plain, nil)
        }
        for id in ids(at: place, tracks: toc.audio.count) {
            guard let pregap = id.pregap(of: toc), let delayed = toc.delayed(by: pregap) else {
                continue
            }
            let databases = try AudioDatabases(places, of: delayed, cancellation: cancellation)
            return (databases, pregap)
        }
        return (plain, nil)
    }

    /// The discs with so many tracks that there are answers about.
    private static func ids(at place: FilePath, tracks: Int) -> [AccurateRipID] {
        if let names = try? FileSystem.names(in: place) {
            return names.compactMap(AccurateRipID.init(fileName:)).filter { $0.tracks == tracks }
        }
        let file = AnswerFile(path: place, database: "AccurateRip")
        guard let bytes = try? file.read(upTo: AccurateRipAnswer.mostBytes),
            let answer = try? AccurateRipAnswer(parsing: bytes)
        else { return [] }
        return answer.pressings.map(\.id).filter { $0.tracks == tracks }
    }
}

extension AccurateRipID {
    /// Takes an id out of the name of a file with an answer; `nil` if it has none.
    init?(fileName: String) {
        guard fileName.hasPrefix("dBAR-"), fileName.hasSuffix(".bin") else { return nil }
        let parts = fileName.dropFirst(5).dropLast(4).split(separator: "-")
        guard parts.count == 4, let tracks = Int(parts[0]), (1...99).contains(tracks),
            let id1 = Hexadecimal.word(parts[1]), let id2 = Hexadecimal.word(parts[2]),
            let freedb = Hexadecimal.word(parts[3])
        else { return nil }
        self.init(tracks: tracks, id1: id1, id2: id2, freedb: freedb)
    }

    /// By how many sectors a disc would have to begin later to have this id; `nil` if it is another disc.
    func pregap(of toc: AudioTOC) -> Int? {
        let own = AccurateRipID(toc)
        // Each track and the lead-out lie so much later.
        let (sum, rest) = (id1 &- own.id1).quotientAndRemainder(
            dividingBy: UInt32(own.tracks + 1)
        )
        guard rest == 0, sum > 0, sum <= AudioTOC.mostPregap,
            let delayed = toc.delayed(by: Int(sum)), AccurateRipID(delayed) == self
        else { return nil }
        return Int(sum)
    }
}

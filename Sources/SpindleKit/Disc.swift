public import DiscModel
public import Reports
import SpindleJobs
public import SystemPackage

/// What is on a disc, in a drive or in an image.
public struct Disc: Sendable, Hashable {
    /// A track, or the part of an image that would be one.
    public struct Track: Sendable, Hashable {
        /// Its number, from 1.
        public let number: Int
        /// The number of its session, from 1.
        public let session: Int
        /// Whether it is audio; else it is data.
        public let isAudio: Bool
        /// The sector that it begins with.
        public let start: Int
        /// The number of its sectors.
        public let sectors: Int
    }

    /// The kind of disc; `nil` if there is none, or none that the drive knows.
    public let medium: MediumKind?
    /// How far it is recorded.
    public let state: DiscState
    /// The tracks of all sessions.
    public let tracks: [Track]
    /// What is wrong with it, a sentence; `nil` if nothing is known to be.
    public let problem: String?

    /// Looks at a disc.
    ///
    /// - Parameter path: A drive's device node, an image of any format, or a virtual disc.
    /// - Throws: ``SpindleError`` if there is nothing, or nothing that is a disc.
    public init(_ path: FilePath) async throws(SpindleError) {
        self = try await Blocking.call { () throws(SpindleError) in
            Disc(try OpenDisc(path))
        }
    }

    private init(_ disc: OpenDisc) {
        switch disc.content {
        case .drive(_, let report):
            medium = report.medium
            state = report.state
            problem = report.problem
        case .image(let image):
            medium = image.medium
            state = image.state
            problem = image.warnings.first
        }
        tracks = disc.layout.tracks.map { track in
            Track(
                number: track.number,
                session: track.session,
                isAudio: track.content == .audio,
                start: track.start.rawValue,
                sectors: track.length
            )
        }
    }
}

import Testing

/// What peers write on the virtual drive: media and modes in rows, peers in columns.
enum WriteMatrix {
    /// The peers, as columns.
    static let peers = [
        "cdrskin", "wodim", "xorriso", "growisofs", "cdrdao", "dvd+rw-format", "cdrwtool",
    ]

    /// A kind of disc and a way to write it, with what peers are told to do.
    struct Row: Sendable {
        var medium: String
        var mode: String
        /// What must be found on the disc, and be equal.
        var contents: Contents
        var ways: [String: Way]

        /// What the disc is afterwards, where the mode says it.
        var state: String? { WriteMatrix.states[mode] }

        init(_ medium: String, _ mode: String, _ contents: Contents, _ ways: [String: Way]) {
            self.medium = medium
            self.mode = mode
            self.contents = contents
            self.ways = ways
        }
    }

    /// What a peer is told.
    struct Way: Sendable, ExpressibleByStringLiteral {
        var command: String
        /// What is found where the peer writes something else than others do.
        var contents: Contents?
        /// A habit of the drive that the peer needs.
        var quirk: String?

        init(stringLiteral command: String) { self.command = command }

        init(_ command: String, _ contents: Contents? = nil, quirk: String? = nil) {
            self.command = command
            self.contents = contents
            self.quirk = quirk
        }
    }

    /// What a disc holds when it has been written.
    enum Contents: Sendable {
        /// These images at the beginnings of its tracks.
        case tracks([String])
        /// This image at its beginning.
        case start(String)
        /// The files of these trees, which one file system shows.
        case trees([String])
        /// `one.wav` and `two.wav` as tracks, with a gap between them or without.
        case audio(hasGap: Bool)
        /// The same without a gap, with titles.
        case text
        /// An empty file system of this kind over the whole disc.
        case fileSystem(String)
    }

    /// Why a peer does not write so: the first reason that fits holds.
    struct Reason: Sendable {
        var peer: String
        /// The kinds of discs, each by its name or by how its name begins and `*`.
        var media: [String]
        /// The modes; all where it is empty.
        var modes: [String]
        var text: String

        init(_ peer: String, _ media: [String], _ modes: [String], _ text: String) {
            self.peer = peer
            self.media = media
            self.modes = modes
            self.text = text
        }

        init(_ peer: String, _ media: [String], _ text: String) {
            self.init(peer, media, [], text)
        }

        func fits(_ row: Row, _ peer: String) -> Bool {
            guard peer == self.peer, modes.isEmpty || modes.contains(row.mode) else { return false }
            return media.contains { medium in
                medium.hasSuffix("*")
                    ? row.medium.hasPrefix(medium.dropLast()) : row.medium == medium
            }
        }
    }

    /// One field of the table.
    struct Cell: Sendable, CustomTestStringConvertible {
        var row: Row
        var peer: String

        var way: Way? { row.ways[peer] }
        /// Why it is empty, where it is.
        var reason: String? {
            way == nil ? WriteMatrix.reasons.first { $0.fits(row, peer) }?.text : nil
        }
        var testDescription: String { "\(row.medium), \(row.mode): \(peer)" }
    }

    /// What a disc is after some modes, as `info` tells it.
    private static let states = [
        "disc at once": "complete", "disc closed": "complete", "session left open": "appendable",
    ]

    /// All fields.
    static let cells = rows.flatMap { row in peers.map { Cell(row: row, peer: $0) } }
}

import LibCrypto
import LinuxCalls
public import Reports
public import SystemPackage

/// The answers of databases about a disc, as files that were kept.
public struct AudioDatabases: Sendable {
    /// Where answers are.
    public struct Places: Sendable {
        /// AccurateRip's: a file, or a folder with files named as its server names them.
        public var accurateRip: FilePath?
        /// The CUETools Database's: a file, or a folder with `ID.xml` files of their TOC ids.
        public var ctdb: FilePath?

        /// Names no place.
        public init() {}

        /// Whether none is named.
        public var isEmpty: Bool { accurateRip == nil && ctdb == nil }
    }

    /// What AccurateRip has of the disc, if it was asked.
    let accurateRip: [AccurateRipAnswer.Pressing]
    /// What the CUETools Database has of the disc, if it was asked.
    let ctdb: [CTDBAnswer.Entry]
    /// The databases that were asked.
    public let states: [AudioReport.Database]
    /// What is worth knowing of the answers: a sentence each.
    public let notes: [String]
    /// Where parity is looked for.
    private let parityFolder: FilePath?

    static let accurateRipName = "accuraterip"
    static let ctdbName = "ctdb"

    /// Reads the answers about a disc.
    ///
    /// - Parameters:
    ///   - places: Where they are.
    ///   - toc: The disc.
    /// - Throws: ``Reports/Failure`` if a file can't be read or is no answer.
    public init(_ places: Places, of toc: AudioTOC) throws(Failure) {
        let names = try Self.identifiers(toc)
        var (states, notes): ([AudioReport.Database], [String]) = ([], [])
        (accurateRip, ctdb) = (
            try Self.accurateRip(places.accurateRip, names, &states, &notes),
            try Self.ctdb(places.ctdb, toc, names, &states, &notes)
        )
        self.states = states
        self.notes = notes
        parityFolder = places.ctdb.map { place in
            (try? FileSystem.status(place).kind) == .directory
                ? place : FileSystem.directory(of: place)
        }
    }

    private static func identifiers(_ toc: AudioTOC) throws(Failure) -> DiscIdentifiers {
        do {
            return try DiscIdentifiers(toc)
        } catch {
            throw Failure(
                .unchecked,
                error.description,
                meaning: "Without it the disc has no name in the databases.",
                advice: "Use an OpenSSL that offers it."
            )
        }
    }

    private static func accurateRip(
        _ place: FilePath?,
        _ names: DiscIdentifiers,
        _ states: inout [AudioReport.Database],
        _ notes: inout [String]
    ) throws(Failure) -> [AccurateRipAnswer.Pressing] {
        guard let place else { return [] }
        let id = names.accurateRip
        let file = try AnswerFile(place, "AccurateRip", [id.fileName, id.serverPath])
        var state = AudioReport.Database(
            name: accurateRipName,
            source: place.string,
            state: .absent
        )
        defer { states.append(state) }
        guard let file else {
            notes.append(
                "\(place) has no \(id.fileName): no answer of AccurateRip about this disc."
            )
            return []
        }
        let all: [AccurateRipAnswer.Pressing]
        do {
            let bytes = try file.read(upTo: AccurateRipAnswer.mostBytes)
            all = try AccurateRipAnswer(parsing: bytes).pressings
        } catch .notFound {
            notes.append("\(file.path) says that AccurateRip does not have the disc.")
            return []
        } catch {
            throw file.failure(error)
        }
        let own = all.filter { $0.id == id }
        guard !own.isEmpty else {
            state.state = .otherDisc
            let other = all.first.map { " \($0.id)" } ?? ""
            notes.append("\(file.path) is about the disc\(other); this disc is \(id).")
            return []
        }
        if own.count < all.count {
            notes.append("\(file.path) also has records of other discs, which are not looked at.")
        }
        state.state = .found
        state.entries = own.count
        state.confidence = own.flatMap(\.slots).filter(\.isKnown).map(\.confidence).max() ?? 0
        return own
    }

    private static func ctdb(
        _ place: FilePath?,
        _ toc: AudioTOC,
        _ names: DiscIdentifiers,
        _ states: inout [AudioReport.Database],
        _ notes: inout [String]
    ) throws(Failure) -> [CTDBAnswer.Entry] {
        guard let place else { return [] }
        let name = "\(names.ctdb).xml"
        let file = try AnswerFile(place, "the CUETools Database", [name])
        var state = AudioReport.Database(name: ctdbName, source: place.string, state: .absent)
        defer { states.append(state) }
        guard let file else {
            notes.append(
                "\(place) has no \(name): no answer of the CUETools Database about this disc."
            )
            return []
        }
        let answer: CTDBAnswer
        do {
            answer = try CTDBAnswer(parsing: try file.read(upTo: CTDBAnswer.mostBytes))
        } catch .notFound {
            notes.append("\(file.path) says that the CUETools Database does not have the disc.")
            return []
        } catch {
            throw file.failure(error)
        }
        let own = answer.entries(of: toc)
        guard !own.isEmpty else {
            guard let other = answer.entries.first else {
                notes.append("\(file.path) has no entry: the CUETools Database lacks the disc.")
                return []
            }
            state.state = .otherDisc
            let table = other.toc.map { String($0) }.joined(separator: ":")
            notes.append(
                "\(file.path) is about discs with other tables of contents, such as \(table.prefix(80)); this disc has \(names.ctdbTOC)."
            )
            return []
        }
        state.state = .found
        state.entries = own.count
        state.confidence = own.map(\.confidence).max() ?? 0
        return own
    }

    /// The parity of an entry, if its file is there.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - problem: Gets what is wrong with the file that is there, as a sentence's part.
    /// - Returns: `nil` if it is not there, or is none.
    func parity(of entry: CTDBAnswer.Entry, _ problem: inout String?) -> ParityRows? {
        guard let folder = parityFolder, let name = entry.parityFileName else { return nil }
        for candidate in [name, "\(name).parity", "\(name).bin"] {
            let file = AnswerFile(path: folder.appending(candidate), database: "CTDB")
            guard FileSystem.exists(file.path) else { continue }
            do {
                let bytes = try file.read(upTo: 64 * 2 * ParitySyndromes.rowWords)
                if let rows = ParityRows(bytes, count: entry.parityRows) { return rows }
                let found = ParityRows.problem(of: bytes, count: entry.parityRows)
                problem = problem ?? "\(file.path) \(found)"
            } catch {
                problem = problem ?? "\(file.path) \(error.predicate)"
            }
        }
        return nil
    }
}

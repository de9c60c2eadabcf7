import LibCrypto
import LinuxCalls
public import Reports
import SystemPackage
public import Transfer

/// The answers of databases about a disc: files that were kept, or what their servers say.
public struct AudioDatabases: Sendable {
    /// Where answers are.
    public struct Places: Sendable {
        /// AccurateRip's: a file, a folder with files named as its server names them, or an address.
        public var accurateRip: AnswerPlace?
        /// The CUETools Database's: a file, a folder with `ID.xml` files of their TOC ids, or an address.
        public var ctdb: AnswerPlace?
        /// Whether the server of each database is asked of which no place is named.
        public var asksServers = false
        /// How servers are asked, and where their answers are kept.
        public var fetching = Fetching()

        /// Names no place.
        public init() {}

        /// Whether none is named, and no server is asked.
        public var isEmpty: Bool { accurateRip == nil && ctdb == nil && !asksServers }

        /// Whether none is named, though servers are asked.
        public var asksOnlyServers: Bool { accurateRip == nil && ctdb == nil && asksServers }

        /// Whether anything is fetched from the network.
        public var needsNetwork: Bool {
            let isAddress = [accurateRip, ctdb].contains { place in
                if case .address = place { true } else { false }
            }
            return asksServers || isAddress
        }

        /// The places, and the addresses of the servers that are asked.
        public var descriptions: [String] {
            [resolved.accurateRip, resolved.ctdb].compactMap { $0?.description }
        }

        /// The place of each database's answer.
        fileprivate var resolved: (accurateRip: AnswerPlace?, ctdb: AnswerPlace?) {
            (
                accurateRip ?? (asksServers ? .address(fetching.accurateRip) : nil),
                ctdb ?? (asksServers ? .address(fetching.ctdb) : nil)
            )
        }
    }

    /// What AccurateRip has of the disc, if it was asked.
    let accurateRip: [AccurateRipAnswer.Pressing]
    /// What the CUETools Database has of the disc, if it was asked.
    let ctdb: [CTDBAnswer.Entry]
    /// The databases that were asked.
    public let states: [AudioReport.Database]
    /// What is worth knowing of the answers: a sentence each.
    public let notes: [String]
    /// Where parity is looked for; `nil` if the answer came from a server.
    private let parityFolder: FilePath?
    /// Where the answer came from whose parity is fetched; `nil` if that was a file.
    private let parityBase: WebAddress?
    private let lookUp: LookUp

    static let accurateRipName = "accuraterip"
    static let ctdbName = "ctdb"
    /// The database's name in a sentence.
    static let ctdbTitle = "the CUETools Database"

    /// Reads the answers about a disc, and asks servers for those that are to be fetched.
    ///
    /// That a server gives no answer is no failure: its state and a note say so.
    ///
    /// - Parameters:
    ///   - places: Where they are.
    ///   - toc: The disc.
    ///   - cancellation: Heeded while servers are asked.
    /// - Throws: ``Reports/Failure`` if a file can't be read or is no answer, or the user stopped it.
    public init(
        _ places: Places,
        of toc: AudioTOC,
        cancellation: Cancellation = Cancellation()
    ) throws(Failure) {
        let names = try Self.identifiers(toc)
        let lookUp = LookUp(places.fetching, cancellation)
        let (first, second) = places.resolved
        var gathered = Gathered()
        accurateRip = try gathered.take(
            Self.accurateRipName,
            "AccurateRip",
            from: first,
            adding: names.accurateRip.serverPath,
            named: [names.accurateRip.fileName, names.accurateRip.serverPath],
            upTo: AccurateRipAnswer.mostBytes,
            lookUp
        ) { bytes, source throws(AnswerProblem) in
            try Judged(accurateRip: bytes, source, names.accurateRip)
        }
        ctdb = try gathered.take(
            Self.ctdbName,
            Self.ctdbTitle,
            from: second,
            adding: names.ctdbQuery,
            named: ["\(names.ctdb).xml"],
            upTo: CTDBAnswer.mostBytes,
            lookUp
        ) { bytes, source throws(AnswerProblem) in
            try Judged(ctdb: bytes, source, toc, names.ctdbTOC)
        }
        states = gathered.states
        notes = gathered.notes
        self.lookUp = lookUp
        switch second {
        case .path(let place):
            let isFolder = (try? FileSystem.status(place).kind) == .directory
            (parityFolder, parityBase) = (isFolder ? place : FileSystem.directory(of: place), nil)
        case .address(let address):
            (parityFolder, parityBase) = (nil, address.adding(names.ctdbQuery))
        case nil: (parityFolder, parityBase) = (nil, nil)
        }
    }

    /// The names of a disc.
    ///
    /// - Throws: ``Reports/Failure`` if the system's OpenSSL does not make SHA-1.
    static func identifiers(_ toc: AudioTOC) throws(Failure) -> DiscIdentifiers {
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

    /// Whether databases were asked, and none of them gave an answer.
    public var areSilent: Bool {
        !states.isEmpty && states.allSatisfy { $0.state == .noAnswer }
    }

    // MARK: Parity

    /// The parity of an entry, from its file or from where the answer says.
    ///
    /// - Returns: The parity, or why there is none: a sentence, or `nil` if its file is not there.
    /// - Throws: ``AudioReader/Stopped`` if the user stopped it.
    func parity(of entry: CTDBAnswer.Entry) throws(AudioReader.Stopped)
        -> (rows: ParityRows?, problem: String?)
    {
        guard let name = entry.parityFileName else { return (nil, nil) }
        let most = 64 * 2 * ParitySyndromes.rowWords
        let names = ["\(name).parity", name, "\(name).bin"]
        if let parityBase, let location = entry.parityLocation {
            guard let address = parityBase.resolving(location) else {
                return (nil, "Its parity is at no address of the web that can be asked.")
            }
            do throws(Failure) {
                let found = try lookUp.ask(address, Self.ctdbTitle, names: names, upTo: most) {
                    bytes throws(AnswerProblem) in
                    if let problem = AnswerProblem(instead: bytes) { throw problem }
                    guard let rows = ParityRows(bytes, count: entry.parityRows) else {
                        throw .malformed("it is no parity")
                    }
                    return (rows, true)
                }
                let problem = found.isAbsent ? "there is nothing at \(address)" : found.problem
                return (found.answer, problem.map { "Its parity was not fetched: \($0)." })
            } catch {
                throw AudioReader.Stopped()
            }
        }
        guard let parityFolder else { return (nil, nil) }
        var problem: String?
        for candidate in names {
            let file = AnswerFile(path: parityFolder.appending(candidate), database: "CTDB")
            guard FileSystem.exists(file.path) else { continue }
            let found: String
            do {
                let bytes = try file.read(upTo: most)
                if let rows = ParityRows(bytes, count: entry.parityRows) { return (rows, nil) }
                found = ParityRows.problem(of: bytes, count: entry.parityRows)
            } catch {
                found = error.predicate
            }
            problem = problem ?? "\(file.path) \(found): save the parity again as “\(name)”."
        }
        return (nil, problem)
    }
}

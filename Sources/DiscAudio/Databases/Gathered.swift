import Reports
import SystemPackage

/// What the answers of databases come to, as they are read one after the other.
struct Gathered {
    /// The databases that were asked.
    private(set) var states: [AudioReport.Database] = []
    /// What is worth knowing of the answers: a sentence each.
    private(set) var notes: [String] = []

    /// Takes a database's answer from where it is.
    ///
    /// - Parameters:
    ///   - name: The database's name in reports.
    ///   - title: Its name in a sentence.
    ///   - place: Where its answer is; `nil` if it is not asked.
    ///   - path: What is added to the address of a server.
    ///   - names: The names that the answer may have in a folder.
    ///   - most: No answer has more bytes.
    ///   - lookUp: Asks servers.
    ///   - judge: Reads the bytes of an answer that came from a place.
    /// - Returns: What it has of the disc.
    /// - Throws: ``Reports/Failure`` if a file can't be read or is no answer, or the user stopped it.
    mutating func take<Entry>(
        _ name: String,
        _ title: String,
        from place: AnswerPlace?,
        adding path: String,
        named names: [String],
        upTo most: Int,
        _ lookUp: LookUp,
        judge: ([UInt8], String) throws(AnswerProblem) -> Judged<Entry>
    ) throws(Failure) -> [Entry] {
        guard let place else { return [] }
        var state = AudioReport.Database(name: name, source: "\(place)", state: .absent)
        var judged: Judged<Entry>?
        switch place {
        case .path(let path):
            judged = try read(path, title, names, upTo: most, judge)
        case .address(let root):
            let address = root.adding(path)
            let found = try lookUp.ask(address, title, names: names, upTo: most) {
                bytes throws(AnswerProblem) in
                let judged = try judge(bytes, address.description)
                return (judged, judged.state == .found)
            }
            state.source = found.source
            state.problem = found.problem
            state.kept = found.kept
            notes += found.notes
            judged = found.answer
            if found.isAbsent {
                notes.append("\(address) says that \(title) does not have the disc.")
            } else if judged == nil {
                state.state = .noAnswer
            }
        }
        if let judged {
            state.state = judged.state
            state.entries = judged.entries.count
            state.confidence = judged.confidence
            notes += judged.notes
        }
        states.append(state)
        return judged?.entries ?? []
    }

    /// Reads an answer from a file.
    ///
    /// - Returns: `nil` if the database, or the folder, has none of the disc; a note says so.
    private mutating func read<Entry>(
        _ place: FilePath,
        _ title: String,
        _ names: [String],
        upTo most: Int,
        _ judge: ([UInt8], String) throws(AnswerProblem) -> Judged<Entry>
    ) throws(Failure) -> Judged<Entry>? {
        guard let file = try AnswerFile(place, title, names) else {
            notes.append(
                "\(place) has no \(names.first ?? ""): no answer of \(title) about this disc."
            )
            return nil
        }
        do throws(AnswerProblem) {
            return try judge(try file.read(upTo: most), file.path.string)
        } catch .notFound {
            notes.append("\(file.path) says that \(title) does not have the disc.")
            return nil
        } catch {
            throw file.failure(error)
        }
    }
}

/// What an answer says of a disc.
struct Judged<Entry> {
    /// What it has of the disc.
    var entries: [Entry] = []
    /// Whether it has the disc.
    var state = AudioReport.Database.State.found
    /// The most rips that were the same.
    var confidence = 0
    /// What is worth knowing of it: a sentence each.
    var notes: [String] = []
}

extension Judged<AccurateRipAnswer.Pressing> {
    /// Judges AccurateRip's answer.
    ///
    /// - Parameters:
    ///   - bytes: Its bytes.
    ///   - source: Where it came from.
    ///   - id: The disc.
    /// - Throws: ``AnswerProblem`` if it is none.
    init(accurateRip bytes: [UInt8], _ source: String, _ id: AccurateRipID) throws(AnswerProblem) {
        let all = try AccurateRipAnswer(parsing: bytes).pressings
        entries = all.filter { $0.id == id }
        guard !entries.isEmpty else {
            state = .otherDisc
            let other = all.first.map { " \($0.id)" } ?? ""
            notes.append("\(source) is about the disc\(other); this disc is \(id).")
            return
        }
        if entries.count < all.count {
            notes.append("\(source) also has records of other discs, which are not looked at.")
        }
        confidence = entries.flatMap(\.slots).filter(\.isKnown).map(\.confidence).max() ?? 0
    }
}

extension Judged<CTDBAnswer.Entry> {
    /// Judges the CUETools Database's answer.
    ///
    /// - Parameters:
    ///   - bytes: Its bytes.
    ///   - source: Where it came from.
    ///   - toc: The disc.
    ///   - table: Its table of contents, as the database has it.
    /// - Throws: ``AnswerProblem`` if it is none.
    init(ctdb bytes: [UInt8], _ source: String, _ toc: AudioTOC, _ table: String)
        throws(AnswerProblem)
    {
        let answer = try CTDBAnswer(parsing: bytes)
        entries = answer.entries(of: toc)
        guard entries.isEmpty else {
            confidence = entries.map(\.confidence).max() ?? 0
            return
        }
        guard let other = answer.entries.first else {
            state = .absent
            notes.append("\(source) has no entry: the CUETools Database lacks the disc.")
            return
        }
        state = .otherDisc
        let others = other.toc.map { String($0) }.joined(separator: ":")
        notes.append(
            "\(source) is about discs with other tables of contents, such as \(others.prefix(80)); this disc has \(table)."
        )
    }
}

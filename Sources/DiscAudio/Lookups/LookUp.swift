import Reports
import SystemPackage
import Transfer

/// Asks servers, and falls back on what they answered before.
struct LookUp: Sendable {
    /// What came of a question.
    struct Found<Answer> {
        /// What the answer says; `nil` if there is none.
        var answer: Answer?
        /// Whether the server says that it has nothing.
        var isAbsent = false
        /// The address or the file that the answer came from.
        var source: String
        /// The file in which it is kept; `nil` if it is not.
        var kept: String?
        /// Why the server gave no answer, as the rest of a sentence; `nil` if it did.
        var problem: String?
        /// What is worth knowing: a sentence each.
        var notes: [String] = []
    }

    private let fetcher: WebFetcher
    private let kept: KeptAnswers

    /// Prepares questions.
    init(_ fetching: Fetching, _ cancellation: Cancellation) {
        fetcher = WebFetcher(
            agent: fetching.agent,
            seconds: fetching.seconds,
            cancellation: cancellation
        )
        kept = KeptAnswers(folder: fetching.folder)
    }

    /// Asks a server.
    ///
    /// - Parameters:
    ///   - address: The address of the answer.
    ///   - database: The database's name in a sentence.
    ///   - names: The names that the answer may have in the folder; it gets the first.
    ///   - most: No answer has more bytes.
    ///   - read: Reads an answer, and says whether it is worth keeping.
    /// - Returns: What came of it; never a failure of the network.
    /// - Throws: ``Reports/Failure`` if the user stopped it.
    func ask<Answer>(
        _ address: WebAddress,
        _ database: String,
        names: [String],
        upTo most: Int,
        read: ([UInt8]) throws(AnswerProblem) -> (answer: Answer, isWorthKeeping: Bool)
    ) throws(Failure) -> Found<Answer> {
        var found = Found<Answer>(source: address.description)
        let reason: String
        do throws(WebProblem) {
            let bytes = try fetcher.fetch(address, upTo: most)
            do throws(AnswerProblem) {
                let (answer, isWorthKeeping) = try read(bytes)
                found.answer = answer
                if isWorthKeeping, let name = names.first { keep(bytes, as: name, &found) }
                return found
            } catch .notFound {
                throw .notFound
            } catch {
                reason = "what \(address) sends \(error.predicate)"
            }
        } catch .notFound {
            found.isAbsent = true
            return found
        } catch .stopped {
            throw Self.stopped
        } catch {
            reason = error.reason
        }
        found.problem = reason
        for path in names.lazy.compactMap({ kept.path($0) }) {
            let file = AnswerFile(path: path, database: database)
            guard let bytes = try? file.read(upTo: most), let (answer, _) = try? read(bytes) else {
                continue
            }
            found.answer = answer
            found.source = path.string
            found.kept = path.string
            found.notes.append(
                "\(Self.atStart(database)) gave no answer (\(reason)): \(path), which was kept before, is used."
            )
            return found
        }
        found.notes.append("\(Self.atStart(database)) gave no answer: \(reason).")
        return found
    }

    private func keep<Answer>(_ bytes: [UInt8], as name: String, _ found: inout Found<Answer>) {
        if let problem = kept.keep(bytes, as: name) {
            found.notes.append(problem)
        } else {
            found.kept = kept.path(name)?.string
        }
    }

    /// A name that begins a sentence.
    static func atStart(_ name: String) -> String { name.prefix(1).uppercased() + name.dropFirst() }

    /// The failure of a question that the user stopped.
    static var stopped: Failure {
        Failure(
            .interruption,
            "The look-up was stopped.",
            meaning: "Nothing was read or written.",
            advice: "Try again, or leave --lookup out."
        )
    }
}

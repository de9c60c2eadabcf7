import LinuxCalls
import Reports
import SystemPackage

/// A file with a database's answer.
struct AnswerFile {
    let path: FilePath
    /// The database's name in a sentence.
    let database: String

    init(path: FilePath, database: String) {
        self.path = path
        self.database = database
    }

    /// Finds the file that a place names, which may be a folder; `nil` if that has no such file.
    ///
    /// - Parameters:
    ///   - place: The file or folder.
    ///   - database: The database's name in a sentence.
    ///   - names: The names that the file may have in a folder.
    /// - Throws: ``Reports/Failure`` if there is nothing at the place.
    init?(_ place: FilePath, _ database: String, _ names: [String]) throws(Failure) {
        let kind: File.Kind
        do {
            kind = try FileSystem.status(place).kind
        } catch {
            throw Failure(
                .source,
                .noSource,
                "\(place) can't be found: \(error.reason).",
                meaning: "Nothing was checked.",
                advice: "Name the file with the answer of \(database), or the folder that has it."
            )
        }
        guard kind == .directory else {
            self.init(path: place, database: database)
            return
        }
        for name in names {
            let path = place.pushing(FilePath(name))
            if FileSystem.exists(path) {
                self.init(path: path, database: database)
                return
            }
        }
        return nil
    }

    /// Reads it.
    ///
    /// - Throws: ``AnswerProblem`` if it is no file, too large, or can't be read.
    func read(upTo most: Int) throws(AnswerProblem) -> [UInt8] {
        do {
            let file = try File(path, .read, nonBlocking: true)
            let (kind, size) = try file.status()
            guard kind == .regular else { throw AnswerProblem.malformed("it is no plain file") }
            guard size <= most else { throw AnswerProblem.tooLarge }
            var bytes = [UInt8](repeating: 0, count: size)
            var span = bytes.mutableSpan
            let count = try file.read(at: 0, into: &span)
            return Array(bytes.prefix(count))
        } catch let problem as AnswerProblem {
            throw problem
        } catch {
            throw .malformed("it can't be read: \((error as? SystemError)?.reason ?? "\(error)")")
        }
    }

    /// What a problem means for the job.
    func failure(_ problem: AnswerProblem) -> Failure {
        Failure(
            .source,
            problem == .truncated ? .truncated : .badSource,
            "\(path) \(problem.predicate).",
            meaning: "Nothing was checked.",
            advice: "Get the answer of \(database) again, or leave it out."
        )
    }
}
